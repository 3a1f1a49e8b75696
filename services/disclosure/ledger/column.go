package ledger

import "strings"

// field is what a column holds.
type field uint8

const (
	ignored field = iota
	title
	content
	category
	attribute
	number
	formedOn
	channels
	publishedOn
	indexNumber
	state
	record
	continued // of a content that is longer than a cell may be
	serial
	fields // how many there are
)

// column is where a field stands in a sheet.
type column struct {
	index  int
	letter string
	header string
	found  bool
}

// naming is what a field is called: in the disclosure, as the writer writes it, and as people do.
type naming struct {
	path   string
	header string
	also   []string
}

// namings are the names of each field.
func namings() [fields]naming {
	return [fields]naming{
		title:       {"title", "标题", []string{"名称", "信息名称", "信息标题", "文件名称", "文件标题", "公文名称", "公文标题", "事项名称", "公开事项", "公开事项名称", "题名"}},
		content:     {"content", "内容", []string{"信息内容", "公开内容", "正文", "内容概述", "内容摘要", "主要内容", "摘要"}},
		category:    {"category", "信息类别", []string{"类别", "分类", "信息分类", "公开类别", "信息类型", "类型", "所属类别"}},
		attribute:   {"attribute", "公开属性", []string{"属性", "信息公开属性", "公开类型"}},
		number:      {"document_number", "文号", []string{"发文字号", "发文文号", "文件字号", "公文文号", "文件文号", "发文号", "文件编号"}},
		formedOn:    {"formed_on", "形成日期", []string{"成文日期", "成文时间", "形成时间", "生成日期", "生成时间", "产生日期", "制作日期", "印发日期", "发文日期", "发文时间", "信息形成日期"}},
		channels:    {"channels", "公开渠道", []string{"公开方式", "公开形式", "公开载体", "发布渠道", "发布方式", "公开方式及渠道", "渠道"}},
		publishedOn: {"published_on", "公开日期", []string{"发布日期", "发布时间", "公开时间", "公布日期", "公布时间", "上网日期", "上网时间"}},
		indexNumber: {"index_number", "索引号", []string{"信息索引号", "索引编号", "信息索引", "原索引号"}},
		state:       {"state", "状态", []string{"公开状态", "信息状态"}},
		record:      {"", "记录编号", nil},
		continued:   {"", "内容（续）", nil},
		serial:      {"", "序号", []string{"编号", "行号", "no", "no.", "#"}},
	}
}

// names finds the field that a header names, squeezed and without what is in brackets behind it.
var names = func() map[string]field {
	all := make(map[string]field)
	for i, n := range namings() {
		for _, name := range append([]string{n.header, n.path}, n.also...) {
			if name != "" {
				all[key(name)] = field(i)
			}
		}
	}
	return all
}()

// fieldOf is the field of a path in a disclosure.
func fieldOf(path string) (field, bool) {
	if path == "" {
		return ignored, false
	}
	for i, n := range namings() {
		if n.path == path {
			return field(i), true
		}
	}
	return ignored, false
}

// key is a header as it is looked up: 公开日期（年/月/日）* is 公开日期.
func key(header string) string {
	s := strings.ToLower(squeezed(strings.NewReplacer("\n", "", "\r", "").Replace(header)))
	if strings.HasPrefix(s, "内容(续") {
		return "内容(续)"
	}
	if i := strings.IndexAny(s, "(["); i > 0 {
		s = s[:i]
	}
	return strings.Trim(s, "*:☆★、")
}

// letter is the name of a column, of which the first is 0: A, Z, AA.
func letter(i int) string {
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}

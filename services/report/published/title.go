package published

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongkai/services/report/document"
)

// told is what a report says of itself.
type told struct {
	title, organization string
	year                int
}

const titleBlocks = 40 // lines among which a title stands

var (
	reportWord = regexp.MustCompile(`(政府信息公开|政务公开|信息公开)(工作)?(情况)?的?(年度|年)?(工作)?(报告|年报|总结)`)
	yearWord   = regexp.MustCompile(`(?:^|[^0-9])(20[0-9]{2})(?:年度|年|-|—|政府信息公开)`)
	yearNamed  = regexp.MustCompile(`(?:^|[^0-9])(20[0-9]{2})年`)
	yearIn     = regexp.MustCompile(`20[0-9]{2}(年度|年)?`)
	chinese    = regexp.MustCompile(`二[〇○零oO0][〇○零oO0一二三四五六七八九]{2}`)
	signedOn   = regexp.MustCompile(`^20[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日$`)
	sureOrgan  = regexp.MustCompile(`^\p{Han}{2,20}(?:政府|局|厅|乡|镇|街道|办事处|委员会)$`)
	between    = regexp.MustCompile(`[-_|—–]`)
	around     = regexp.MustCompile(`^(关于|中共|(?:附件|标题|名称|信息名称|文字解读|图解)[0-9]?[:：]?)+|(人民政府门户网站|政府网站|门户网站)$`)
	notTitle   = regexp.MustCompile(`^(>|您|当前|位置|首页)|>|(发布|公开|发文|成文|生成)(时间|日期)|来源[:：]|索引号|组配分类|发布机构`)
	organWord  = regexp.MustCompile(`(政府|委员会|办公室|办事处|局|厅|部|院|镇|乡|街道|中心|县|市|区|州|旗|盟|省|会|队|所|站|管委会|集团|公司|学校|大学|医院|署|处|馆|社|团|办|场|苏木)$`)
	noName     = regexp.MustCompile(`^(我|本|全|该|各|以下|新|省级?|市级?|县级?|区级?)(镇|乡|街道|局|县|市|区|单位|机关|办|省|州|政府|委|厅|部|院|场|中心)|^(乡镇|街道|部门|区县|政府)$|[我本](镇|乡|街道|局|办|委|厅)$|[《》"“”?？!]`)
)

// The years that the text tells: of the period that the figures cover, of the day at which they end, of the report.
var yearsTold = []*regexp.Regexp{
	regexp.MustCompile(`(20[0-9]{2})年0?1月0?1日?(?:起|开始)?(?:至|到|-|—|~)(?:同年|20[0-9]{2}年)?12月31日?`),
	regexp.MustCompile(`(?:截至|截止|截止到|截至到)(20[0-9]{2})年12月(?:31日|底)`),
	regexp.MustCompile(`(20[0-9]{2})年度?(?:政府)?(?:信息公开|政务公开)`),
}

// The words in which the text tells whose report it is, the surest first.
var speakers = []*regexp.Regexp{
	regexp.MustCompile(`(?:公布|发布|公开|报告|编制|形成)了?[《〈]?([^,，。;；:：《》〈〉()]{2,30})20[0-9]{2}年度?(?:政府信息公开|政务公开|信息公开)`),
	regexp.MustCompile(`[《〈]([^,，。;；:：《》〈〉()]{2,30})20[0-9]{2}年度?(?:政府信息公开|政务公开|信息公开)`),
	regexp.MustCompile(`(?:[《〈合]|公布|公开|发布|编制|汇总)20[0-9]{2}年度?([^,，。;；:：《》〈〉()]{2,30}?)(?:的)?(?:政府信息公开|政务公开|信息公开)(?:工作)?(?:年度)?(?:报告|工作)`),
	regexp.MustCompile(`(?:^|[,，。;；]|报告|年报)由([^,，。;；:：《》()]{2,30}?)(?:党政综合办公室|党政办公室|党政办|政务公开办公室|政务公开办|(?:政府)?信息公开(?:工作)?办公室|办公室)?(?:负责)?(?:按照|根据|依据|依照|编制|组织|结合|汇总|撰写)`),
	regexp.MustCompile(`(?:请与|可与|请联系|请致电|联系)[:：]?([^,，。;；:：《》()]{2,30}?)(?:党政综合办公室|党政办公室|党政办|综合[^,，。()]{0,6}办公室|政务公开[^,，。()]{0,6}办公室|(?:政府)?信息公开[^,，。()]{0,10}办公室|办公室)?(?:联系|\(|,|，|。|$)`),
	regexp.MustCompile(`(?:^|[,，。])([^,，。《》()]{2,25}(?:政府|局|乡|镇|街道|办事处|委员会))(?:办公室)?(?:对|现将|编制了?|公布|现公布)20[0-9]{2}年`),
	regexp.MustCompile(`涵盖([^,，。;；:：《》()]{2,30}?)20[0-9]{2}年1月`),
	regexp.MustCompile(`(?:^|[。;；])([^,，。;；:：《》()]{2,30}?(?:政府|局|乡|镇|街道|办事处|委员会))(?:根据|按照|依据|依照|结合)`),
	regexp.MustCompile(`(?:^|[,，。])20[0-9]{2}年度?(?:以来|来)?[,，]?([^,，。;；:：《》()0-9]{2,20}?(?:镇|乡|街道|办事处|局|委员会|政府|农场|林场|苏木))(?:严格|认真|按照|在|坚持|继续|深入|全面|根据|积极|紧紧|紧扣|不断|高度|始终|以|进一步|切实|共|通过|聚焦|围绕|政府信息)`),
}

// titleOf finds title, organisation and year: in the first lines, in the title of the file, in what the text says of
// itself.
func titleOf(doc *document.Document) told {
	var t told
	lines := firstLines(doc)
	above := ""
	for _, line := range append([]string{doc.Title}, lines...) {
		line = western(compact(line))
		if len([]rune(line)) > 60 || notTitle.MatchString(line) || strings.ContainsAny(line, "。，,;《》") {
			above = ""
			continue
		}
		if reportWord.MatchString(line) || reportWord.MatchString(above+line) {
			t.take(line, above)
		}
		if t.organization != "" && t.year != 0 {
			break
		}
		above = line
	}
	text := make([]string, 0, len(lines))
	for _, line := range lines {
		text = append(text, western(compact(line)))
	}
	t.fromText(text)
	t.organization = cmp.Or(t.organization, signature(doc), alone(text[:min(len(text), 3)]))
	return t
}

// firstLines are the lines among which the title stands.
func firstLines(doc *document.Document) []string {
	var lines []string
	for _, b := range doc.Blocks {
		if b.Table == nil {
			lines = append(lines, strings.Split(b.Text, "\n")...)
		} else {
			rows := 3
			if inOneColumn(b.Table) { // lines of text
				rows = titleBlocks
			}
			for _, row := range b.Table.Rows[:min(len(b.Table.Rows), rows)] {
				if said := saying(items(row)); len(said) == 1 {
					lines = append(lines, strings.Split(said[0].text, "\n")...)
				}
			}
		}
		if len(lines) > titleBlocks {
			break
		}
	}
	return lines
}

// take takes what a title says, which may be broken in two or stand below the organisation's name.
func (t *told) take(line, above string) {
	for _, title := range []string{line, above + line} {
		for _, part := range between.Split(title, -1) {
			if !reportWord.MatchString(part) {
				continue
			}
			if t.title == "" {
				t.title = line
			}
			if t.organization == "" {
				t.organization = organ(part)
			}
		}
		if m := yearWord.FindStringSubmatch(title); m != nil && t.year == 0 {
			t.year, _ = strconv.Atoi(m[1]) // four digits
		}
		if t.organization != "" && t.year != 0 {
			return
		}
	}
}

// fromText finds what no title says in the text.
func (t *told) fromText(lines []string) {
	for _, words := range speakers {
		for _, line := range lines {
			for _, m := range words.FindAllStringSubmatch(line, -1) {
				if t.organization == "" {
					t.organization = named(m[1])
				}
			}
		}
	}
	for _, words := range yearsTold {
		for _, line := range lines {
			if m := words.FindStringSubmatch(line); m != nil && t.year == 0 && !notTitle.MatchString(line) {
				t.year, _ = strconv.Atoi(m[1]) // four digits
			}
		}
	}
	t.year = cmp.Or(t.year, commonest(lines))
}

// commonest is the year that the text names most, of two the first; 0 if it names none.
func commonest(lines []string) int {
	count, best := map[string]int{}, ""
	for _, line := range lines {
		if notTitle.MatchString(line) {
			continue
		}
		for _, m := range yearNamed.FindAllStringSubmatch(line, -1) {
			if count[m[1]]++; count[m[1]] > count[best] {
				best = m[1]
			}
		}
	}
	year, _ := strconv.Atoi(best) // four digits, or none
	return year
}

// organ is the name of an organisation in a title without what else stands there.
func organ(line string) string {
	if at := reportWord.FindStringIndex(line); at != nil {
		line = line[:at[0]]
	}
	line = yearIn.ReplaceAllString(line, "")
	if strings.HasSuffix(line, "人民") { // 政府 was taken for the beginning of 政府信息公开
		line += "政府"
	}
	return named(line)
}

// alone is the organisation whose name is one of the lines.
func alone(lines []string) string {
	for _, line := range lines {
		if sureOrgan.MatchString(line) && named(line) != "" {
			return line
		}
	}
	return ""
}

// signature is the organisation that stands above the date in the last lines.
func signature(doc *document.Document) string {
	if n := len(doc.Blocks); n > 0 && doc.Blocks[n-1].Table == nil {
		var lines []string
		for _, b := range doc.Blocks[max(0, n-6):] {
			lines = append(lines, strings.Split(b.Text, "\n")...)
		}
		for i, line := range lines {
			if i > 0 && signedOn.MatchString(western(compact(line))) {
				return alone([]string{compact(lines[i-1])})
			}
		}
	}
	return ""
}

// named is a text that is the name of an organisation; empty if it is none.
func named(text string) string {
	text = around.ReplaceAllString(text, "")
	text = strings.Trim(text, " :：、,，()（）-—·•*“”\"")
	if n := len([]rune(text)); n < 2 || n > 40 || !organWord.MatchString(text) || noName.MatchString(text) {
		return ""
	}
	return text
}

// western writes a year that is written in Chinese digits, as 二〇二二年, in ours.
func western(s string) string {
	return chinese.ReplaceAllStringFunc(s, func(year string) string {
		var b strings.Builder
		for _, r := range year {
			b.WriteByte("0123456789"[max(0, slices.Index([]rune("〇一二三四五六七八九"), r))])
		}
		return b.String()
	})
}

package ledger_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"gongkai/services/disclosure/ledger"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// TestRead_Township reads a ledger as a township keeps it: a title above, a header in two rows with merged cells, dates
// as they come, a category that is written once for several rows, a second sheet in another order, a sheet that is
// something else.
func TestRead_Township(t *testing.T) {
	day := time.Date(2018, 3, 5, 0, 0, 0, 0, time.UTC)
	data := workbook(t, func(f *excelize.File) {
		ok(t, f.MergeCell("上半年", "A1", "J1"))
		for _, c := range []string{"A", "B", "C", "D", "J"} {
			ok(t, f.MergeCell("上半年", c+"3", c+"4"))
		}
		ok(t, f.MergeCell("上半年", "E3", "I3"))
		ok(t, f.MergeCell("上半年", "C5", "C7"))
		style, err := f.NewStyle(&excelize.Style{NumFmt: 31})
		ok(t, err)
		ok(t, f.SetCellStyle("上半年", "E5", "E5", style))
	},
		table{"上半年", [][]any{
			{"某镇2018年主动公开政府信息台账"},
			{"填报单位：某镇人民政府"},
			{"序号", "信息名称", "类别", "发文字号", "公开情况", nil, nil, nil, nil, "责任人"},
			{nil, nil, nil, nil, "发布时间", "成文日期", "公开方式", "公开属性", "索引号"},
			{1, "关于做好春耕生产的通知", "政府文件", "某政发[2018]8号", day, "2018年3月1日", "政府网站、公开栏", "主动公开", "AB001-2018-001", "张三"},
			{2, "  关于 防汛\n值班的通知 ", nil, "某政办发（２０１８）12号", 43165, "2018.3.6", "微信公众号，LED屏/会议", "主动公开"},
			{3, "年度工作总结", nil, "某政发【2018】9 号", "2018/03/09 09:30", "2018-3-8", "网站;网站", nil, "ＡＢ００２"},
			{},
			{4, "值班表", "应急管理", nil, "二〇一八年三月十五日", "20180314", "主动公开", nil},
			{"填报人：李四", nil, nil},
		}},
		table{"下半年", [][]any{
			{"公开日期", "标题", "信息类别（必填）*", "内容"},
			{20180705, "=1+1 是标题", "work_update", "第一行\r\n第二行"},
			{"公开日期", "标题", "信息类别（必填）*", "内容"},
			{"2018年7月6日", "无内容", "Other", nil},
		}},
		table{"通讯录", [][]any{{"姓名", "电话"}, {"张三", "123"}}},
		table{"空表", nil},
		table{"填写说明", [][]any{{"请逐行填写"}}},
	)
	rows, err := read(t, data, "台账.xlsx")
	ok(t, err)
	golden(t, "township.txt", tell(rows))
}

// TestRead_Findings reads every kind of wrong cell, all told at once.
func TestRead_Findings(t *testing.T) {
	data := workbook(t, func(f *excelize.File) {
		ok(t, f.SetCellFormula("台账", "A2", `HYPERLINK("http://example.org","标题")`))
		ok(t, f.SetCellFormula("台账", "D3", "TODAY()"))
		ok(t, f.SetCellValue("台账", "A4", "#REF!"))
	},
		table{"台账", [][]any{
			{"标题", "类别", "文号", "公开日期", "公开渠道", "公开属性", "内容", "状态", "备注"},
			{"公式", "政府文件", "", "2018-03-05"},
			{"公式日期", "政府文件", "", "x"},
			{"", "没有的类别", strings.Repeat("号", 101), "2018-02-30", "飞鸽传书、网站", "大概公开", "", "不知道"},
			{strings.Repeat("长", 501), "", "", "2018"},
			{"数字年份", "其他", "", 2018},
			{"两位年份", "其他", "", "18.3.5"},
			{"月份", "其他", "", "2018年13月1日"},
			{"只有月", "其他", "", "2018年3月"},
			{"坏\ufffd字", "其他", "", "2018-3-5 25点"},
		}})
	rows, err := read(t, data, "台账.xlsx")
	ok(t, err)
	golden(t, "findings.txt", tell(rows))
}

func TestRead_Header(t *testing.T) {
	for _, c := range []struct {
		name, csv, want string
	}{
		{"no category", "标题,公开日期\n甲,2018-3-5\n", "1: COLUMN_MISSING"},
		{"title twice", "标题,名称,类别\n甲,乙,其他\n", "1:B COLUMN_TWICE"},
		{"semicolons", "标题;类别\n甲,乙;其他\n", ""},
		{"tabs", "标题\t类别\n甲,乙\t其他\n", ""},
		{"english", "title,category,published_on\n甲,other,2018-03-05\n", ""},
		{"full-width", "　备　注　,x,标　题,类 别（必填）,公开日期（年月日）：\n,,甲,其他,2018-3-5\n", ""},
		{"short rows", "标题,类别,文号\n甲,其他\n乙\n", "3:B CELL_REQUIRED"},
		{"blank rows", "\n\n,,\n标题,类别\n\n,\n甲,其他\n,\n", ""},
		{"quotes", "标题,类别\n\"甲,\"\"乙\"\"\n丙\",其他\n", ""},
		{"formula", "标题,类别\n=1+1,其他\n'=1+1,其他\n", "2:A CELL_IS_FORMULA"},
	} {
		rows, err := read(t, []byte(c.csv), "a.csv")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if got := findings(rows); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestRead_Dates(t *testing.T) {
	for _, c := range []struct{ given, want string }{
		{"2018年3月5日", "2018-03-05"},
		{"2018 年 3 月 5 日", "2018-03-05"},
		{"２０１８年３月５日", "2018-03-05"},
		{"2018年03月05日 09:30:00", "2018-03-05"},
		{"2018年3月5号", "2018-03-05"},
		{"2018-3-5", "2018-03-05"},
		{"2018-03-05T09:30:00+08:00", "2018-03-05"},
		{"2018/03/05 9:30", "2018-03-05"},
		{"2018/3/5 下午 3:30", "2018-03-05"},
		{"2018.3.5", "2018-03-05"},
		{"2018。3。5", "2018-03-05"},
		{"20180305", "2018-03-05"},
		{"43164", "2018-03-05"},
		{"二〇一八年三月五日", "2018-03-05"},
		{"二○一八年十月二十五日", "2018-10-25"},
		{"二零一八年十二月三十日", "2018-12-30"},
		{"2016-02-29", "2016-02-29"},
		{"2018-02-29", ""},
		{"2018-3", ""},
		{"2018", ""},
		{"18-3-5", ""},
		{"2018-3-5 至 3-8", ""},
		{"2018-3-5、3-8", ""},
		{"201835", ""},
		{"20181305", ""},
		{"5/3/2018", ""},
		{"昨天", ""},
		{"2018年三十月五日", ""},
	} {
		rows, err := read(t, []byte("标题,类别,公开日期\n甲,其他,\""+c.given+"\"\n"), "a.csv")
		ok(t, err)
		if got := rows[0].PublishedOn.String(); got != c.want {
			t.Errorf("%s: %q, want %q", c.given, got, c.want)
		}
		if bad := findings(rows); (bad == "2:C DATE_UNREADABLE") != (c.want == "") {
			t.Errorf("%s: findings %q", c.given, bad)
		}
	}
}

func TestRead_DocumentNumbers(t *testing.T) {
	for given, want := range map[string]string{
		"中办发[2016]8号":     "中办发〔2016〕8号",
		"中办发(2016)8号":     "中办发〔2016〕8号",
		"中办发（２０１６）８号":     "中办发〔2016〕8号",
		"中办发【2016】8号":     "中办发〔2016〕8号",
		"中办发〔2016〕8 号":    "中办发〔2016〕8号",
		"中办发〔2016〕8号":     "中办发〔2016〕8号",
		"中办发 2016 8号":     "中办发20168号",
		"博政（办）发[2016]12号": "博政(办)发〔2016〕12号",
		"第8号(1)":          "第8号(1)",
	} {
		rows, err := read(t, []byte("标题,类别,文号\n甲,其他,"+given+"\n"), "a.csv")
		ok(t, err)
		if got := rows[0].Draft.GetDocumentNumber(); got != want {
			t.Errorf("%s: %s, want %s", given, got, want)
		}
		told := strings.Contains(tellFindings(rows[0]), "DOCUMENT_NUMBER_NORMALIZED")
		if changed := strings.ContainsAny(given, "[【") || strings.Contains(given, "(2016)") || strings.Contains(given, "（２０１６）"); told != changed {
			t.Errorf("%s: told %v", given, told)
		}
	}
}

func TestRead_Encodings(t *testing.T) {
	const text = "标题,类别,内容\n关于“𠮷”与㐀的通知,其他,镕\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	ok(t, err)
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("标题,类别,内容\n关于“吉”的通知,其他,镕\n")
	ok(t, err)
	utf16le, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	ok(t, err)
	utf16be, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(text)
	ok(t, err)
	for name, data := range map[string]string{
		"UTF-8": text, "UTF-8 with mark": "\ufeff" + text, "GB18030": gb, "UTF-16LE": utf16le, "UTF-16BE": utf16be,
		"long UTF-8": text + strings.Repeat("长标题，用来越过缓冲区的边界,其他,\n", 5000),
	} {
		rows, err := read(t, []byte(data), "a.csv")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := rows[0].Draft.GetTitle() + rows[0].Draft.GetContent(); got != "关于“𠮷”与㐀的通知镕" || findings(rows) != "" {
			t.Errorf("%s: %s %s", name, got, findings(rows))
		}
	}
	rows, err := read(t, []byte(gbk), "a.csv")
	ok(t, err)
	if got := rows[0].Draft.GetTitle(); got != "关于“吉”的通知" {
		t.Errorf("GBK: %s", got)
	}
	rows, err = read(t, []byte(text+"\xff\xff坏,其他,\n"), "a.csv")
	ok(t, err)
	if got := findings(rows); !strings.Contains(got, "TEXT_UNREADABLE") {
		t.Errorf("neither UTF-8 nor GB18030: %q", got)
	}
}

// TestRead_1904 reads the serial numbers of a workbook that counts from 1904.
func TestRead_1904(t *testing.T) {
	yes := true
	data := workbook(t, func(f *excelize.File) { ok(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes})) },
		table{"台账", [][]any{{"标题", "类别", "公开日期"}, {"甲", "其他", 41702}}})
	rows, err := read(t, data, "a.xlsx")
	ok(t, err)
	if got := rows[0].PublishedOn.String(); got != "2018-03-05" {
		t.Error(got)
	}
}

// TestOpen_Refused gives every kind of file that is no ledger.
func TestOpen_Refused(t *testing.T) {
	if os.Getenv("BRIEF") != "" {
		t.Skip("it reads files at the bounds of size")
	}
	good := workbook(t, nil, table{"台账", [][]any{{"标题", "类别"}, {"甲", "其他"}}})
	zipped := func(files map[string]string) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for name, text := range files {
			f, err := w.Create(name)
			ok(t, err)
			_, err = f.Write([]byte(text))
			ok(t, err)
		}
		ok(t, w.Close())
		return b.Bytes()
	}
	sheet := func(xml string) []byte {
		return zipped(map[string]string{
			"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="a" r:id="rId1"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
			"xl/worksheets/sheet1.xml":   xml,
		})
	}
	header := `<worksheet><sheetData><row><c t="inlineStr"><is><t>标题</t></is></c><c t="inlineStr"><is><t>类别</t></is></c></row>`
	many := strings.Repeat(`<row><c t="inlineStr"><is><t>甲</t></is></c></row>`, ledger.MaxRows+1)
	for _, c := range []struct {
		name string
		file string
		data []byte
		want string
	}{
		{"nothing", "a.csv", nil, "LEDGER_WITHOUT_HEADER"},
		{"a text", "a.txt", []byte("你好\n再见\n"), "LEDGER_WITHOUT_HEADER"},
		{"a picture", "a.xlsx", []byte("\x89PNG\r\n\x1a\n\x00\x00"), "LEDGER_FORMAT_UNKNOWN"},
		{"a picture as csv", "a.csv", []byte("\x89PNG\r\n\x1a\n\x00\x00"), "LEDGER_FORMAT_UNKNOWN"},
		{"a text as xlsx", "a.xlsx", []byte("标题,类别\n"), "LEDGER_FORMAT_UNKNOWN"},
		{"an old workbook", "a.xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on"), "LEDGER_OLD_FORMAT"},
		{"an encrypted workbook", "a.xlsx", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on"), "LEDGER_OLD_FORMAT"},
		{"another zip", "a.xlsx", zipped(map[string]string{"a.txt": "x"}), "LEDGER_FORMAT_UNKNOWN"},
		{"an .ods", "a.xlsx", zipped(map[string]string{"content.xml": "x"}), "LEDGER_OLD_FORMAT"},
		{"an .xlsb", "a.xlsx", zipped(map[string]string{"xl/workbook.bin": "x"}), "LEDGER_OLD_FORMAT"},
		{"half a workbook", "a.xlsx", good[:len(good)/2], "LEDGER_DAMAGED"},
		{"no header", "a.xlsx", workbook(t, nil, table{"a", [][]any{{"姓名", "电话"}, {"张三", 1}}}), "LEDGER_WITHOUT_HEADER"},
		{"the sheet breaks off", "a.xlsx", sheet(header), "LEDGER_DAMAGED"},
		{"a document type", "a.xlsx", sheet(`<!DOCTYPE x [<!ENTITY a "b">]>` + header + "</sheetData>"), "LEDGER_DAMAGED"},
		{"a string that is not there", "a.xlsx", sheet(`<sheetData><row><c t="s"><v>7</v></c></row></sheetData>`), "LEDGER_DAMAGED"},
		{"a cell without end", "a.xlsx", sheet(header + `<row><c t="inlineStr"><is><t>` + strings.Repeat("长", 2<<20)), "LEDGER_DAMAGED"},
		{"too many rows", "a.xlsx", sheet(header + many + "</sheetData></worksheet>"), "LEDGER_TOO_MANY_ROWS"},
		{"too many lines", "a.csv", []byte("标题,类别\n" + strings.Repeat("甲,其他\n", ledger.MaxRows)), "LEDGER_TOO_MANY_ROWS"},
		{"a line without end", "a.csv", []byte("标题,类别\n\"" + strings.Repeat("长,", 3<<20)), "LEDGER_TOO_LARGE"},
		{"no JSON lines", "a.jsonl", []byte("标题,类别\n甲,其他\n"), "LEDGER_FORMAT_UNKNOWN"},
		{"too many parts", "a.xlsx", append(bytes.Repeat([]byte("PK\x03\x04PK\x01\x02"), 10_001), good...), "LEDGER_TOO_LARGE"},
	} {
		rows, err := read(t, c.data, c.file)
		if got := reasonsOf(err); got != c.want {
			t.Errorf("%s: %q, want %q (%d rows)", c.name, got, c.want, len(rows))
		}
	}
	if _, err := ledger.Open(bytes.NewReader(good), ledger.MaxBytes+1, "a.xlsx", forms(t)); reasonsOf(err) != "LEDGER_TOO_LARGE" {
		t.Errorf("a large file: %v", err)
	}
}

// TestOpen_Bomb reads a file that unpacks to a thousand times its size.
func TestOpen_Bomb(t *testing.T) {
	if os.Getenv("BRIEF") != "" {
		t.Skip("it unpacks half a gigabyte")
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="a" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
	} {
		f, err := w.Create(name)
		ok(t, err)
		fmt.Fprint(f, text)
	}
	f, err := w.Create("xl/worksheets/sheet1.xml")
	ok(t, err)
	fmt.Fprint(f, "<worksheet><sheetData>")
	blank := bytes.Repeat([]byte("<row></row>"), 1<<16)
	for range ledger.MaxUnpacked/len(blank) + 1 {
		_, err := f.Write(blank)
		ok(t, err)
	}
	ok(t, w.Close())
	_, err = read(t, b.Bytes(), "a.xlsx")
	if got := reasonsOf(err); got != "LEDGER_TOO_LARGE" {
		t.Errorf("%q", got)
	}
}

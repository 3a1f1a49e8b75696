package ledger

import (
	"fmt"
	"io"
	"strings"

	"gongkai/services/law/form"
	"gongkai/services/law/workday"
)

// templateRows is how many rows of a template have lists to choose from.
const templateRows = 5000

// TemplateName is the name of the template's file.
const TemplateName = "主动公开台账模板.xlsx"

// Template writes an .xlsx file to fill in: the header, a row marked 示例 that reading passes over, lists to choose
// category, channel and attribute from, and a sheet that explains. The categories are those of a year.
func Template(out io.Writer, year int, forms form.Forms) error {
	categories := forms.Categories(year)
	var labels []string
	for _, c := range categories {
		labels = append(labels, c.Label.Zh)
	}
	w := &xlsxWriter{columns: []field{serial, title, category, number, formedOn, publishedOn, channels, attribute, content, indexNumber}}
	w.tail = lists(map[field]list{
		category:  {labels, true},
		channels:  {channelLabels(), false},
		attribute: {attributeLabels(), true},
	}, w.columns)
	if err := w.begin(out, "台账", explanation(labels)); err != nil {
		return fmt.Errorf("write the template: %w", err)
	}
	w.open()
	formed := workday.Date{Year: year, Month: 3, Day: 5}
	published := formed.AddDays(3)
	for i, s := range []string{
		example, "关于做好春季农业生产的通知", labels[0], fmt.Sprintf("某政发〔%d〕8号", year), formed.String(), published.String(),
		"政府网站、公开栏", "主动公开", "正文或摘要，可不填", "",
	} {
		switch w.columns[i] {
		case formedOn:
			w.date(i, s, formed, 5)
		case publishedOn:
			w.date(i, s, published, 5)
		default:
			w.text(i, s, 4)
		}
	}
	if err := w.shut(); err != nil {
		return fmt.Errorf("write the template: %w", err)
	}
	if err := w.close(); err != nil {
		return fmt.Errorf("write the template: %w", err)
	}
	return nil
}

// list is what can be chosen in a column; one that is not strict takes other texts too.
type list struct {
	values []string
	strict bool
}

// lists are the rules of a sheet that let one choose. A list is at most 255 characters long; what is longer is left out.
func lists(of map[field]list, columns []field) string {
	var b strings.Builder
	n := 0
	for i, f := range columns {
		l, ok := of[f]
		values := strings.Join(l.values, ",")
		if !ok || len([]rune(values)) > 255 {
			continue
		}
		n++
		kind := ""
		if l.strict {
			kind = ` showErrorMessage="1" errorTitle="请从列表中选择" error="` + xmlText(strings.Join(l.values, "、")) + `"`
		}
		fmt.Fprintf(&b, `<dataValidation type="list" allowBlank="1"%s sqref="%s2:%s%d"><formula1>"%s"</formula1></dataValidation>`,
			kind, letter(i), letter(i), templateRows+1, xmlText(values))
	}
	return fmt.Sprintf(`<dataValidations count="%d">%s</dataValidations>`, n, b.String())
}

// explanation is the sheet that says how the template is filled in, in both languages.
func explanation(categories []string) string {
	var b strings.Builder
	b.WriteString(`<worksheet xmlns="` + mainSpace + `"><cols><col min="1" max="1" width="110" customWidth="1"/></cols><sheetData>`)
	for i, s := range []string{
		"填写说明",
		"1. 在“台账”表中一行填一条信息；标题和信息类别必填。列的次序可以调整，表头名称请保留。",
		"2. 信息类别：" + strings.Join(categories, "、") + "。",
		"3. 日期可写 2018-03-05、2018/3/5、2018.3.5、20180305 或 2018年3月5日。",
		"4. 公开渠道可填多个，用顿号隔开：" + strings.Join(channelLabels(), "、") + "。",
		"5. 填了公开日期的行，导入时可直接公开；没有公开日期的存为草稿。",
		"6. 序号为“示例”的行不导入。请勿使用公式；有公式的单元格请复制后选择性粘贴为数值。",
		"7. 填有索引号的行，重复导入时按索引号识别；没有的按整行内容识别。",
		"How to fill in: one row a piece of information; title and category are required; several channels are separated by 、; rows with a",
		"publication date can be published on import, others become drafts; rows whose 序号 is 示例 are passed over; no formulas.",
	} {
		fmt.Fprintf(&b, `<row r="%d"><c r="A%d" s="%d" t="inlineStr"><is><t>%s</t></is></c></row>`, i+1, i+1, map[bool]int{true: 1}[i == 0], xmlText(s))
	}
	return b.String() + "</sheetData></worksheet>"
}

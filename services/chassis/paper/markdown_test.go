package paper_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"gongkai/services/chassis/paper"
)

func TestMarkdown(t *testing.T) {
	p := paper.Text
	for name, c := range map[string]struct {
		text string
		want []paper.Block
	}{
		"empty":      {" \n\n", nil},
		"paragraphs": {"第一段。\n第二行。\n\n第三段。", []paper.Block{p(paper.Body, "第一段。"), p(paper.Body, "第二行。"), p(paper.Body, "第三段。")}},
		"bold": {"新收**12**件*其中*", []paper.Block{paper.Paragraph{Runs: []paper.Run{
			{Text: "新收"}, {Text: "12", Bold: true}, {Text: "件"}, {Text: "其中"},
		}}}},
		"headings": {"### 甲\n\n#### 乙\n\n###### 丙", []paper.Block{p(paper.Heading2, "甲"), p(paper.Heading3, "乙"), p(paper.Heading3, "丙")}},
		"lists": {"3. 甲\n4. 乙\n\n- 丙\n  - 丁", []paper.Block{
			paper.Paragraph{Runs: []paper.Run{{Text: "3. "}, {Text: "甲"}}},
			paper.Paragraph{Runs: []paper.Run{{Text: "4. "}, {Text: "乙"}}},
			paper.Paragraph{Runs: []paper.Run{{Text: "• "}, {Text: "丙"}}},
			paper.Paragraph{Runs: []paper.Run{{Text: "• "}, {Text: "丁"}}},
		}},
		"quote, rule, code": {"> 甲\n\n---\n\n```\n<乙>\n```", []paper.Block{p(paper.Body, "甲"), p(paper.Flush, "<乙>")}},
		"html stays text":   {"<script>alert(1)</script>\n\n&lt;乙&gt; \\*丙\\*", []paper.Block{p(paper.Flush, "<script>alert(1)</script>"), p(paper.Body, "<乙> *丙*")}},
		"link":              {"见[网站](https://example.gov.cn/)", []paper.Block{paper.Paragraph{Runs: []paper.Run{{Text: "见"}, {Text: "网站"}, {Text: "（https://example.gov.cn/）"}}}}},
		"table": {"| 甲 | 乙 |\n|---|---|\n| 1 | 22222 |\n| 3 |", []paper.Block{paper.Table{Widths: []int{4, 5}, HeadRows: 1, Rows: [][]paper.Cell{
			{{Text: "甲", Head: true}, {Text: "乙", Head: true}}, {{Text: "1"}, {Text: "22222"}}, {{Text: "3"}, {}},
		}}}},
	} {
		if got := paper.Markdown(c.text, paper.Heading2); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %#v", name, got)
		}
	}
}

// A table that no page takes goes as text, and the rest with it.
func TestMarkdown_Bounds(t *testing.T) {
	wide := strings.Repeat("| 甲 ", 64) + "|\n" + strings.Repeat("|---", 64) + "|\n"
	long := "| 甲 | 乙 | 丙 | 丁 |\n|---|---|---|---|\n" + strings.Repeat("|\n", 2000)
	deep := strings.Repeat("> ", 2000) + "甲"
	for name, text := range map[string]string{"wide": wide, "long": long, "deep": deep} {
		var out bytes.Buffer
		if err := paper.Plain(&out, paper.Document{Body: paper.Markdown(text, paper.Heading2)}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !strings.Contains(out.String(), "甲") {
			t.Errorf("%s: the text is lost", name)
		}
	}
}

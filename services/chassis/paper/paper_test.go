package paper_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gongkai/services/chassis/paper"

	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "write the golden files anew")

// letter is a document with everything that one can have.
func letter() paper.Document {
	return paper.Document{
		Title:     "临江市人民政府办公室\n政府信息公开申请答复书",
		Number:    "临政办公开答〔2024〕7号",
		Addressee: "王某某",
		Body: []paper.Block{
			paper.Text(paper.Body, "你于2024年1月5日提交的政府信息公开申请（登记编号：652701-2024-00007）收悉。现就申请内容答复如下，并附上所查到的信息的目录，供你核对。"),
			paper.Text(paper.Heading1, "一、关于规划"),
			paper.Text(paper.Heading2, "（一）总体规划"),
			paper.Paragraph{Runs: []paper.Run{{Text: "该规划"}, {Text: "已经主动公开", Bold: true}, {Text: "，见 https://example.gov.cn/a?b=1&c=2。"}}},
			paper.Text(paper.Caption, "表1 目录"),
			paper.Table{
				Widths: []int{1, 2, 1, 1}, HeadRows: 2,
				Rows: [][]paper.Cell{
					{{Text: "类别", Columns: 2, Rows: 2, Head: true}, {Text: "页数", Columns: 2, Head: true}},
					{{Text: "原件", Head: true}, {Text: "复制件", Head: true}},
					{{Text: "规划", Rows: 2}, {Text: "文本", Align: paper.Left}, {Text: "12", Align: paper.Right}, {Text: "=1+1"}},
					{{Text: "图纸", Align: paper.Left}, {Text: "3", Align: paper.Right}, {Text: "<b>3</b>"}},
				},
			},
			paper.Text(paper.Heading3, "1.其他"),
			paper.Text(paper.Flush, "第一行\n第二行"),
		},
		Attachments: []string{"规划文本", "图纸目录"},
		Signature:   "临江市人民政府办公室",
		Date:        "2024年1月20日",
		Notes:       []string{"联系人：政府信息公开工作机构，电话：0000-0000000"},
	}
}

type writer func(io.Writer, paper.Document) error

func write(t *testing.T, w writer, d paper.Document) []byte {
	t.Helper()
	var first, second bytes.Buffer
	if err := errors.Join(w(&first, d), w(&second, d)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same document gave other bytes")
	}
	return first.Bytes()
}

// golden compares with a file in testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; see with -update and git diff:\n%s", name, got)
	}
}

// open reads a .docx: every part must be well-formed. It returns the parts by name.
func open(t *testing.T, docx []byte) map[string][]byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string][]byte{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err = errors.Join(err, r.Close()); err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = content
		for d := xml.NewDecoder(bytes.NewReader(content)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s is not well-formed: %v", f.Name, err)
			}
		}
	}
	return parts
}

// docxText is the text of a document's part, a line a paragraph that has any.
func docxText(t *testing.T, part []byte) []string {
	t.Helper()
	var all []string
	var current strings.Builder
	inText := false
	for d := xml.NewDecoder(bytes.NewReader(part)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inText = token.Name.Local == "t"
			if token.Name.Local == "br" {
				current.WriteString("\n")
			}
		case xml.CharData:
			if inText {
				current.Write(token)
			}
		case xml.EndElement:
			inText = false
			if token.Name.Local == "p" {
				if current.Len() > 0 {
					all = append(all, current.String())
				}
				current.Reset()
			}
		}
	}
}

// htmlText is the text of a page, a line a block that has any; it fails at what a page must not have.
func htmlText(t *testing.T, page []byte) []string {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	var current strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			current.WriteString(n.Data)
		case n.Type == html.ElementNode && slices.Contains([]string{"script", "img", "iframe", "a", "link", "object", "svg", "form", "b"}, n.Data):
			t.Errorf("the page has an element %s", n.Data)
		case n.Type == html.ElementNode && n.Data == "br":
			current.WriteString("\n")
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "href" {
				t.Errorf("the page has an attribute %s", a.Key)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if n.Type == html.ElementNode && slices.Contains([]string{"h1", "h2", "h3", "h4", "p", "td", "th", "span", "div", "head"}, n.Data) {
			if s := strings.Trim(current.String(), "\n"); s != "" && n.Data != "head" {
				all = append(all, s)
			}
			current.Reset()
		}
	}
	walk(root)
	return all
}

func TestGolden(t *testing.T) {
	d := letter()
	parts := open(t, write(t, paper.Docx, d))
	golden(t, "letter.document.xml", bytes.ReplaceAll(parts["word/document.xml"], []byte("<w:p>"), []byte("\n<w:p>")))
	golden(t, "letter.core.xml", parts["docProps/core.xml"])
	golden(t, "letter.html", write(t, paper.HTML, d))
	golden(t, "letter.txt", write(t, paper.Plain, d))
}

// What is written holds every text, and in the same order, whatever the form.
func TestText(t *testing.T) {
	d := letter()
	want := []string{
		"临江市人民政府办公室", "政府信息公开申请答复书", "临政办公开答〔2024〕7号", "王某某：",
		"你于2024年1月5日提交的政府信息公开申请（登记编号：652701-2024-00007）收悉。现就申请内容答复如下，并附上所查到的信息的目录，供你核对。",
		"一、关于规划", "（一）总体规划", "该规划已经主动公开，见 https://example.gov.cn/a?b=1&c=2。", "表1 目录",
		"类别", "页数", "原件", "复制件", "规划", "文本", "12", "=1+1", "图纸", "3", "<b>3</b>", "1.其他", "第一行\n第二行",
		"附件：1. 规划文本", "2. 图纸目录", "临江市人民政府办公室", "2024年1月20日", "（联系人：政府信息公开工作机构，电话：0000-0000000）",
	}
	if got := docxText(t, open(t, write(t, paper.Docx, d))["word/document.xml"]); !slices.Equal(got, want) {
		t.Errorf(".docx has %q", got)
	}
	page := strings.Join(htmlText(t, write(t, paper.HTML, d)), "\n")
	if want := strings.Replace(strings.Join(want, "\n"), "附件：1.", "附件：\n1.", 1); page != want {
		t.Errorf("the page has %s", page)
	}
}

// The merged cells of a .docx are merged as office programs do it, and each row covers every column.
func TestDocx_Merged(t *testing.T) {
	part := string(open(t, write(t, paper.Docx, letter()))["word/document.xml"])
	_, table, _ := strings.Cut(part, "<w:tbl>")
	rows := strings.Split(table, "<w:tr>")[1:]
	for i, want := range []string{
		`gridSpan w:val="2" vMerge w:val="restart" gridSpan w:val="2"`,
		`gridSpan w:val="2" vMerge`,
		`vMerge w:val="restart"`,
		`vMerge`,
	} {
		var found []string
		for _, element := range strings.Split(rows[i], "<w:")[1:] {
			if e, _, _ := strings.Cut(element, "/>"); strings.HasPrefix(e, "gridSpan") || strings.HasPrefix(e, "vMerge") {
				found = append(found, strings.ReplaceAll(e, "w:val", "w:val"))
			}
		}
		if got := strings.Join(found, " "); got != want {
			t.Errorf("row %d has %s, want %s", i+1, got, want)
		}
	}
	if n := strings.Count(table, "<w:tblHeader/>"); n != 2 {
		t.Errorf("%d rows stand again on each page", n)
	}
	if !strings.Contains(part, `<w:gridCol w:w="1768"/><w:gridCol w:w="3538"/><w:gridCol w:w="1769"/><w:gridCol w:w="1769"/>`) {
		t.Error("the columns do not share the type area of 8844")
	}
}

func TestRefused(t *testing.T) {
	cell := paper.Cell{Text: "1"}
	for name, table := range map[string]paper.Table{
		"row 1: nothing covers column 2":                             {Widths: []int{1, 1}, Rows: [][]paper.Cell{{cell}}},
		"row 1, cell 2: it reaches beyond the table":                 {Widths: []int{1}, Rows: [][]paper.Cell{{cell, cell}}},
		"row 1, cell 1: it reaches beyond the table":                 {Widths: []int{1}, Rows: [][]paper.Cell{{{Rows: 2}}}},
		"row 2, cell 1: another cell covers its place":               {Widths: []int{1, 1}, Rows: [][]paper.Cell{{cell, {Rows: 2}}, {{Columns: 2}}}},
		"column 1 has the width 0, want 1 to 10000":                  {Widths: []int{0}, Rows: [][]paper.Cell{{cell}}},
		"it has 0 columns and 1 rows":                                {Rows: [][]paper.Cell{{}}},
		"it has 64 columns and 1 rows":                               {Widths: slices.Repeat([]int{1}, 64), Rows: [][]paper.Cell{nil}},
		"it has 1 columns and 0 rows":                                {Widths: []int{1}},
		"the document is too large (文档过大)":                           {Widths: slices.Repeat([]int{1}, 50), Rows: make([][]paper.Cell, 1001)},
		"row 1, cell 1: it reaches beyond the table " /* columns */ : {Widths: []int{1}, Rows: [][]paper.Cell{{{Columns: 1 << 62}}}},
	} {
		for _, w := range []writer{paper.Docx, paper.HTML, paper.Plain} {
			var out bytes.Buffer
			err := w(&out, paper.Document{Body: []paper.Block{table}})
			if err == nil || !strings.Contains(err.Error(), strings.TrimSpace(name)) {
				t.Errorf("%s: %v", name, err)
			}
			if out.Len() > 0 {
				t.Errorf("%s: %d bytes were written all the same", name, out.Len())
			}
		}
	}
	for _, d := range []paper.Document{
		{Title: strings.Repeat("长", 3<<20)},
		{Body: slices.Repeat([]paper.Block{paper.Text(paper.Body, "")}, 20_001)},
		{Notes: []string{strings.Repeat("长", 3<<20)}},
	} {
		if err := paper.Docx(io.Discard, d); !errors.Is(err, paper.ErrTooLarge) {
			t.Errorf("a large document: %v", err)
		}
	}
}

// What cannot be shown, or would show other than it is, is left out; what looks like markup is text.
func TestInjection(t *testing.T) {
	const dangerous = "甲\x00\x1b[31m\u202e乙\ufeff\xff]]><w:p/></w:t><script>alert(1)</script>&amp;\"'>\uffff丙\r\n丁"
	const want = "甲[31m乙]]><w:p/></w:t><script>alert(1)</script>&amp;\"'>丙\n丁"
	d := paper.Document{Body: []paper.Block{
		paper.Text(paper.Body, dangerous),
		paper.Table{Widths: []int{1}, Rows: [][]paper.Cell{{{Text: dangerous, Head: true}}}},
	}}
	if got := docxText(t, open(t, write(t, paper.Docx, d))["word/document.xml"]); !slices.Equal(got, []string{want, want}) {
		t.Errorf(".docx has %q", got)
	}
	if got := htmlText(t, write(t, paper.HTML, d)); !slices.Equal(got, []string{want, want}) {
		t.Errorf("the page has %q", got)
	}
	if got := string(write(t, paper.Plain, d)); strings.ContainsAny(got, "\x00\x1b\u202e\ufeff\uffff\r") {
		t.Errorf("the text has %q", got)
	}
}

// The date stands four characters from the right and the organ in the middle above it; a long organ stands two from the
// right, the date in the middle below it.
func TestPlain_Signature(t *testing.T) {
	for _, c := range []struct{ organ, date, want string }{
		{"某局", "2024年1月20日", strings.Repeat("　", 20) + "某局\n" + strings.Repeat("　", 17) + " 2024年1月20日\n"},
		{"临江市自然资源和规划局", "2024年1月2日", strings.Repeat("　", 15) + "临江市自然资源和规划局\n" + strings.Repeat("　", 17) + " 2024年1月2日\n"},
		{"", "2024年1月2日", strings.Repeat("　", 18) + "2024年1月2日\n"},
	} {
		if got := string(write(t, paper.Plain, paper.Document{Signature: c.organ, Date: c.date})); got != "\n"+c.want {
			t.Errorf("%s, %s:\n%s", c.organ, c.date, got)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("标题", "正文\x1b<script>", "# 甲\n\n- 乙\n\n| a | b |\n|---|---|\n| 1 | **2** |")
	f.Add("\ufffe\x00", "]]>&#0;", "1. 甲\n   > 乙\n\n```\n丙\n```\n<b onclick=x>丁</b> [戊](javascript:alert)")
	f.Fuzz(func(t *testing.T, title, body, markdown string) {
		d := paper.Document{Title: title, Number: body, Addressee: title, Signature: body, Date: title, Notes: []string{body}, Attachments: []string{title, body}}
		d.Body = append(paper.Markdown(markdown, paper.Heading2), paper.Text(paper.Body, body),
			paper.Table{Widths: []int{1, 1}, Rows: [][]paper.Cell{{{Text: title}, {Text: body}}}})
		open(t, write(t, paper.Docx, d))
		htmlText(t, write(t, paper.HTML, d))
		if s := string(write(t, paper.Plain, d)); strings.ContainsAny(s, "\x00\x1b\x7f\u202e") {
			t.Errorf("the text has control characters: %q", s)
		}
	})
}

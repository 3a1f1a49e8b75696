package document_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"gongkai/services/law"
	"gongkai/services/report/document"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, data []byte, name string) (*document.Document, error) {
	t.Helper()
	return document.Read(t.Context(), bytes.NewReader(data), int64(len(data)), name)
}

// tell writes a document down: a line a paragraph, tables as rows of cells.
func tell(doc *document.Document) string {
	var b strings.Builder
	for _, block := range doc.Blocks {
		if block.Table == nil {
			fmt.Fprintf(&b, "%s%s\n", strings.Repeat("#", block.Level), block.Text)
			continue
		}
		for _, row := range block.Table.Rows {
			texts := make([]string, 0, len(row))
			for _, c := range row {
				texts = append(texts, c.Text)
			}
			fmt.Fprintf(&b, "|%s|\n", strings.Join(texts, "|"))
		}
	}
	return b.String()
}

func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range parts {
		part, err := w.Create(name)
		ok(t, err)
		_, err = part.Write([]byte(text))
		ok(t, err)
	}
	ok(t, w.Close())
	return b.Bytes()
}

func docx(t testing.TB, body string) []byte {
	return zipped(t, map[string]string{"word/document.xml": `<w:document xmlns:w="x"><w:body>` + body + `</w:body></w:document>`})
}

func xlsx(t testing.TB, sheet string) []byte {
	return zipped(t, map[string]string{
		"xl/workbook.xml":            `<workbook><sheets><sheet name="一" r:id="r1"/><sheet name="旧" state="hidden" r:id="r2"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="a.xml"/><Relationship Id="r2" Type="x/worksheet" Target="b.xml"/></Relationships>`,
		"xl/a.xml":                   `<worksheet>` + sheet + `</worksheet>`,
		"xl/b.xml":                   `<worksheet><sheetData><row><c t="str"><v>藏</v></c></row></sheetData></worksheet>`,
		"xl/sharedStrings.xml":       `<sst><si><t>甲</t></si><si><r><t>乙</t></r><rPh><t>x</t></rPh><r><t>丙</t></r></si></sst>`,
	})
}

// TestRead reads what is odd in each format.
func TestRead(t *testing.T) {
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String("甲,乙\n1,2\n")
	ok(t, err)
	gbkPage, err := simplifiedchinese.GB18030.NewEncoder().String(`<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head><body>年报</body></html>`)
	ok(t, err)
	for _, c := range []struct {
		name, file string
		data       []byte
		want       string
	}{
		{"html: spans, entities, scripts", "a.html", []byte(`<html><body><script>document.write("<p>x</p>")</script><h1>标&#39064;&nbsp;</h1><p>一<br>二 <b>三</b>
 四</p><table><tr><td rowspan=2>a<td colspan="2">b<tr><td>&lt;c&gt;</td><td>&amp;d</td></table><style>p{}</style><noscript>n</noscript></body>`), "#标题\n一\n二 三 四\n|a|b|b|\n|a|<c>|&d|\n"},
		{"html: a span to the end and beyond", "a.html", []byte(`<table><tr><td rowspan=99>a</td><td>b</td></tr><tr><td>c</td></tr></table>`), "|a|b|\n|a|c|\n"},
		{"html: layout tables", "a.html", []byte(`<table><tr><td>甲<table><tr><td>1</td><td>2</td></tr></table>乙</td></tr></table>`), "甲\n|1|2|\n乙\n"},
		{"html: what calls itself .xls", "a.xls", []byte(`<html><table><tr><td>1</td></tr></table>`), "|1|\n"},
		{"html: never closed", "a.html", []byte(`<div><table><tr><td>1<td>2<tr><td>3`), "|1|2|\n|3||\n"},
		{"html: GB2312", "a.html", []byte(gbkPage), "年报\n"},
		{"html: a caption and text between cells", "a.html", []byte(`<table><caption>表</caption><tr>游离<td>1</td></tr></table>`), "|表||\n|游离|1|\n"},
		{
			"docx: merged, deleted, boxed", "a.docx", docx(t, `<w:p><w:r><w:t>甲</w:t></w:r><w:del><w:r><w:delText>x</w:delText><w:t>y</w:t></w:r></w:del><w:r><w:t>&amp;</w:t><w:br/><w:t>乙</w:t></w:r></w:p>
<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr><w:tc><w:p><w:r><w:t>c</w:t></w:r></w:p></w:tc><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>
<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:p><w:r><w:t>框</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r></w:p>`),
			"甲&\n乙\n|a|a|b|\n||c|b|\n框\n",
		},
		{"docx: legacy merge", "a.docx", docx(t, `<w:tbl><w:tr><w:tc><w:tcPr><w:hMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:tcPr><w:hMerge/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>`), "|a|a|\n"},
		{"xlsx: merged, shared, computed", "a.xlsx", xlsx(t, `<sheetData><row r="2"><c r="B2" t="s"><v>1</v></c><c r="C2"><f>1/3</f><v>0.30000000000000004</v></c></row><row r="9"><c r="C9" t="inlineStr"><is><t>x</t></is></c></row></sheetData><mergeCells><mergeCell ref="B2:B9"/></mergeCells>`), "||乙丙|0.3|\n||乙丙||\n||乙丙||\n||乙丙||\n||乙丙||\n||乙丙||\n||乙丙||\n||乙丙|x|\n"},
		{"csv: GB18030", "a.csv", []byte(gbk), "|甲|乙|\n|1|2|\n"},
		{"csv: UTF-16", "a.csv", []byte("\xff\xfea\x00;\x00b\x00\n\x00"), "|a|b|\n"},
		{"markdown", "a.md", []byte("# 题\n\n| a | b |\n|---|---|\n| 1 | 2 |\n文\n"), "#题\n|a|b|\n|1|2|\n文\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, err := read(t, c.data, c.file)
			ok(t, err)
			if got := tell(doc); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// TestRead_Refused reads what is none of the formats, or too much.
func TestRead_Refused(t *testing.T) {
	if os.Getenv("BRIEF") != "" {
		t.Skip("it reads files at the bounds of size")
	}
	good := docx(t, `<w:p><w:r><w:t>甲</w:t></w:r></w:p>`)
	cell := `<w:tbl><w:tr><w:tc>`
	for _, c := range []struct {
		name, file string
		data       []byte
		want       law.Reason
	}{
		{"a text as .docx", "a.docx", []byte("甲"), document.FormatUnknown},
		{"nothing", "a.csv", nil, document.FormatUnknown},
		{"a picture", "a.html", []byte("\x89PNG\r\n\x1a\n\x00\x00"), document.FormatUnknown},
		{"another archive", "a.docx", zipped(t, map[string]string{"a.txt": "x"}), document.FormatUnknown},
		{"an old document", "a.doc", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), document.OldFormat},
		{"an .odt", "a.odt", zipped(t, map[string]string{"content.xml": "x"}), document.OldFormat},
		{"an .ofd", "a.ofd", zipped(t, map[string]string{"OFD.xml": "x"}), document.OldFormat},
		{"RTF", "a.doc", []byte(`{\rtf1 a}`), document.OldFormat},
		{"half a file", "a.docx", good[:len(good)/2], document.Damaged},
		{"it breaks off", "a.docx", zipped(t, map[string]string{"word/document.xml": "<w:document><w:p>"}), document.Damaged},
		{"entities", "a.docx", zipped(t, map[string]string{"word/document.xml": `<!DOCTYPE x [<!ENTITY a "b">]><w:document>&a;</w:document>`}), document.Damaged},
		{"a string that is not there", "a.xlsx", xlsx(t, `<sheetData><row><c t="s"><v>7</v></c></row></sheetData>`), document.Damaged},
		{"tables in tables without end", "a.docx", docx(t, strings.Repeat(cell, 100_000)), document.TooLarge},
		{"the same in HTML", "a.html", []byte("<html>" + strings.Repeat("<table><tr><td>", 1_000_000)), document.TooLarge},
		{"a table without end", "a.html", []byte("<html><table>" + strings.Repeat("<tr><td>1</td></tr>", 30_000)), document.TooLarge},
		{"wide spans", "a.html", []byte("<html><table>" + strings.Repeat(`<tr><td colspan="1000" rowspan="65000">1</td></tr>`, 19_000)), document.TooLarge},
		{"merged cells without end", "a.xlsx", xlsx(t, `<sheetData><row><c r="A1"><v>1</v></c><c r="IV1"><v>1</v></c></row><row r="15000"><c r="A15000"><v>1</v></c></row></sheetData><mergeCells>`+strings.Repeat(`<mergeCell ref="A1:IV15000"/>`, 1000)+`</mergeCells>`), document.TooLarge},
		{"very much text", "a.txt", bytes.Repeat([]byte("长"), 6<<20), document.TooLarge},
		{"an archive that unpacks to very much", "a.docx", docx(t, strings.Repeat(" ", 257<<20)), document.TooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := read(t, c.data, c.file)
			if got := law.Reasons(err); len(got) != 1 || got[0] != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
	if _, err := document.Read(t.Context(), bytes.NewReader(nil), 200<<20, "a.docx"); len(law.Reasons(err)) != 1 || law.Reasons(err)[0] != document.TooLarge {
		t.Errorf("a file of 200 MB: %v", err)
	}
}

// TestRead_Cancelled stops when nobody waits any more.
func TestRead_Cancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	data := []byte("<html>" + strings.Repeat("<p>a</p>", 100_000))
	if _, err := document.Read(ctx, bytes.NewReader(data), int64(len(data)), "a.html"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want it cancelled", err)
	}
}

// sound holds a document, or the error in its place, to the contract.
func sound(t *testing.T, data []byte, name string) {
	doc, err := read(t, data, name)
	if err != nil {
		if len(law.Reasons(err)) == 0 {
			t.Fatalf("an error without a reason: %v", err)
		}
		return
	}
	for _, b := range doc.Blocks {
		if b.Table == nil {
			if strings.TrimSpace(b.Text) == "" {
				t.Fatal("a blank paragraph")
			}
			continue
		}
		for r, row := range b.Table.Rows {
			if len(row) != b.Table.Columns() {
				t.Fatalf("row %d has %d cells of %d", r, len(row), b.Table.Columns())
			}
		}
	}
}

func FuzzReadHTML(f *testing.F) {
	f.Add([]byte(`<table><tr><td rowspan=2>a<td colspan=3>b<table><tr><th>c</table></table><h2>d</h2><pre> e`))
	f.Add([]byte(`<title>a<meta name=ArticleTitle content="b"><tr></td><td></table><script><!--<td>`))
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, append([]byte("<html>"), data...), "a.html") })
}

func FuzzReadText(f *testing.F) {
	f.Add([]byte("a,\"b\n;c\td\n|a|b|\n# e"), "a.csv")
	f.Add([]byte("# a\n|b|c|\n|-|-|\nd"), "a.md")
	f.Fuzz(sound)
}

func FuzzReadDOCX(f *testing.F) {
	f.Add(`<w:p><w:pPr><w:pStyle w:val="1"/></w:pPr><w:r><w:t>a</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/><w:vMerge/><w:hMerge/></w:tcPr></w:tc></w:tr></w:tbl>`)
	f.Fuzz(func(t *testing.T, body string) { sound(t, docx(t, body), "a.docx") })
}

func FuzzReadXLSX(f *testing.F) {
	f.Add(`<sheetData><row r="2"><c r="B2" t="s"><v>0</v></c><c><v>1e3</v></c></row></sheetData><mergeCells><mergeCell ref="B2:D9"/></mergeCells>`)
	f.Fuzz(func(t *testing.T, sheet string) { sound(t, xlsx(t, sheet), "a.xlsx") })
}

// FuzzReadFile reads any bytes under any name.
func FuzzReadFile(f *testing.F) {
	f.Add(docx(f, `<w:p/>`), "a.docx")
	f.Add([]byte("\xd0\xcf\x11\xe0"), "a.doc")
	f.Add(pageOf(words, ""), "a.pdf")
	f.Fuzz(sound)
}

package ledger_test

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"
	"unicode/utf8"

	"gongkai/services/disclosure/ledger"
	"gongkai/services/law/form"

	"buf.build/go/protovalidate"
)

// check reads whatever it is, and holds what comes out to the contract: a row without anything wrong is a disclosure
// that the service takes.
func check(t *testing.T, data []byte, name string, categories form.Forms) {
	f, err := ledger.Open(bytes.NewReader(data), int64(len(data)), name, categories)
	if err != nil {
		if reasonsOf(err) == err.Error() {
			t.Fatalf("an error without a reason: %v", err)
		}
		return
	}
	defer func() { ok(t, f.Close()) }()
	for r, err := range f.Rows() {
		if err != nil {
			if reasonsOf(err) == err.Error() {
				t.Fatalf("an error without a reason: %v", err)
			}
			return
		}
		for _, finding := range r.Findings {
			for _, v := range finding.Values {
				if !utf8.ValidString(v) {
					t.Fatalf("a finding is not UTF-8: %+v", finding)
				}
			}
		}
		if r.Draft == nil || r.Refused() {
			continue
		}
		if err := protovalidate.Validate(r.Draft); err != nil {
			t.Fatalf("row %d: %v", r.Number, err)
		}
		if on := r.PublishedOn; !on.IsZero() && !on.Valid() {
			t.Fatalf("row %d: date %v", r.Number, on)
		}
	}
}

func FuzzReadText(f *testing.F) {
	for _, s := range []string{
		"标题,类别,公开日期,公开渠道\n甲,其他,2018年3月5日,网站、微信\n", "\ufefftitle;category\n\"a\n;b;c\n", "\xb1\xea\xcc\xe2,\xc0\xe0\xb1\xf0\n\xbc\xd7,\xc6\xe4\xcb\xfb\n",
		"\xff\xfe\x07\x68\x98\x98,\x00", `{"title":"甲","category":"other","formedOn":{"year":2018,"month":13},"channels":[99]}`, "标题,类别\n=1,'=2\n",
	} {
		f.Add([]byte(s), true)
		f.Add([]byte(s), false)
	}
	categories := forms(f)
	f.Fuzz(func(t *testing.T, data []byte, json bool) {
		if json {
			check(t, data, "a.jsonl", categories)
		} else {
			check(t, data, "a.csv", categories)
		}
	})
}

// FuzzReadWorkbook reads any archive.
func FuzzReadWorkbook(f *testing.F) {
	f.Add(workbook(f, nil, table{"台账", [][]any{{"标题", "类别", "公开日期"}, {"甲", "其他", 43164}}}))
	f.Add(write(f, ledger.XLSX))
	categories := forms(f)
	f.Fuzz(func(t *testing.T, data []byte) { check(t, data, "a.xlsx", categories) })
}

// FuzzReadSheet reads any sheet, shared strings and workbook in an archive that is whole.
func FuzzReadSheet(f *testing.F) {
	f.Add(`<worksheet><sheetData><row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="inlineStr"><is><t>类别</t></is></c></row><row><c t="s"><v>1</v></c><c><f>1</f><v>2</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`,
		`<sst><si><t>标题</t></si><si><r><t>甲&amp;</t></r><rPh><t>x</t></rPh></si></sst>`, `<workbook><sheets><sheet name="a" r:id="rId1"/></sheets></workbook>`)
	f.Add(`<x:worksheet a='>'><!-- c --><![CDATA[x]]><x:sheetData/>`, `<sst/>`, `<workbook><workbookPr date1904="1"/><sheets><sheet name="a" id="rId1"/></sheets></workbook>`)
	categories := forms(f)
	f.Fuzz(func(t *testing.T, sheet, strings, book string) {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, p := range [][2]string{
			{"xl/worksheets/sheet1.xml", sheet},
			{"xl/sharedStrings.xml", strings},
			{"xl/workbook.xml", book},
			{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		} {
			part, err := w.Create(p[0])
			ok(t, err)
			_, err = io.WriteString(part, p[1])
			ok(t, err)
		}
		ok(t, w.Close())
		check(t, b.Bytes(), "a.xlsx", categories)
	})
}

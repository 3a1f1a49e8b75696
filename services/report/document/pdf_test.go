package document_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"gongkai/services/law"
	"gongkai/services/report/document"
)

// pdfFile makes a file of the objects from number 3 on; 1 and 2 are the catalogue and the pages, whose page is object 3.
func pdfFile(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	objects = append([]string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>"}, objects...)
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

func stream(content string) string {
	return fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content)
}

// pageOf makes a file of one page with the fonts F (plain), G (GBK) and U (two bytes of Unicode), and more of the page.
func pageOf(content, more string) []byte {
	return pdfFile(
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R/G 6 0 R/U 7 0 R/T 9 0 R>>/XObject<</P 11 0 R/Form 12 0 R>>>>"+more+">>",
		stream(content),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/FirstChar 32/Widths[250]/Encoding<</Differences[1/one/two/uni4E2D]>>>>",
		"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/GBK-EUC-H/DescendantFonts[8 0 R]>>",
		"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/UniGB-UCS2-H/DescendantFonts[8 0 R]>>",
		"<</Type/Font/Subtype/CIDFontType0/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000>>",
		"<</Type/Font/Subtype/Type0/BaseFont/AAAAAA+Song/Encoding/Identity-H/DescendantFonts[8 0 R]/ToUnicode 10 0 R>>",
		stream("1 begincodespacerange <0000> <ffff> endcodespacerange 2 beginbfrange <0001> <0003> <2F00> <0004> <0005> [<7532> <4E59>] endbfrange 1 beginbfchar <0009> <0031> endbfchar"),
		"<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>\nstream\nx\nendstream",
		"<</Type/XObject/Subtype/Form/Matrix[1 0 0 1 0 -100]/BBox[0 0 595 842]/Length 43>>\nstream\nBT /U 10 Tf 60 700 Td <53EF4EE58BFB> Tj ET \nendstream",
	)
}

// box rules a rectangle.
func box(x, y, w, h int) string { return fmt.Sprintf("%d %d %d %d re S ", x, y, w, h) }

const words = "BT /U 10 Tf 60 780 Td <653F5E9C4FE1606F516C5F005E745EA662A5544A793A4F8B> Tj <793A4F8B653F5E9C4FE1606F5E745EA662A5544A> Tj ET "

func TestRead_PDF(t *testing.T) {
	table := box(60, 600, 100, 20) + box(60, 580, 50, 20) + box(110, 580, 50, 20)
	at := func(x, y int, font, text string) string {
		return fmt.Sprintf("BT /%s 10 Tf %d %d Td %s Tj ET ", font, x, y, text)
	}
	head := "政府信息公开年度报告示例示例政府信息年度报告\n"
	for _, c := range []struct {
		name, content, more, want string
	}{
		{"fonts", words + at(60, 700, "G", "<D6D0B9FA31>") + at(60, 680, "T", "<00010002000400050009>") + at(60, 660, "F", `(\001\002 \(a\)\003)`), "", head + "中国1\n一丨甲乙1\n12 (a)中\n"},
		{"a merged cell", words + table + at(65, 605, "U", "<7532>") + at(65, 585, "F", "(1)") + at(115, 585, "F", "(2)"), "", head + "|甲|甲|\n|1|2|\n"},
		{"thin rectangles", words + "60 600 100 .5 re f 60 580 100 .5 re f 60 580 .5 20 re f 110 580 .5 20 re f 160 580 .5 20 re f " + at(65, 585, "F", "(1)") + at(115, 585, "F", "(2)"), "", head + "|1|2|\n"},
		{"drawn twice", words + at(60, 700, "F", "(12)") + "BT /F 10 Tf 60.3 700 Td (12) Tj ET", "", head + "12\n"},
		{"a form", words + "/Form Do", "", head + "可以读\n"},
		{"turned by the page", "0 1 -1 0 842 0 cm " + words + at(60, 700, "F", "(1)"), "/Rotate 90", head + "1\n"},
		{"turned by the text", "0 1 -1 0 842 0 cm " + words + at(60, 500, "F", "(1)"), "", head + "1\n"},
		{"a page number", words + at(290, 30, "F", "(- 3 -)"), "", head},
		{"a picture in the content", words + "BI /W 1 /H 1 ID \x01EI\x02 EI " + at(60, 700, "F", "(1)"), "", head + "1\n"},
		{"an array with gaps", words + "BT /F 10 Tf 60 700 Td [(1)-2000(2)20(3)] TJ ET", "", head + "1 23\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, err := read(t, pageOf(c.content, c.more), "a.pdf")
			ok(t, err)
			if got := tell(doc); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// TestRead_PDFEncrypted reads a file that is encrypted, but opens without a password.
func TestRead_PDFEncrypted(t *testing.T) {
	data, err := os.ReadFile("testdata/empty.pdf")
	ok(t, err)
	doc, err := read(t, data, "a.pdf")
	ok(t, err)
	if got := tell(doc); got != "a file that opens without a password\n" {
		t.Errorf("got %s", got)
	}
}

func TestRead_PDFRefused(t *testing.T) {
	password, err := os.ReadFile("testdata/password.pdf")
	ok(t, err)
	good := pageOf(words, "")
	for _, c := range []struct {
		name string
		data []byte
		want law.Reason
	}{
		{"pictures only", pageOf("/P Do", ""), document.PicturesOnly},
		{"nothing", pageOf("", ""), document.FormatUnknown},
		{"a font that says nothing", pageOf("BT /T 10 Tf 60 700 Td <"+strings.Repeat("0077", 50)+"> Tj ET", ""), document.TextUnreadable},
		{"a password", password, document.PasswordNeeded},
		{"half a file", good[:200], document.Damaged},
		{"a form in itself", pageOf(strings.Repeat("/Form Do ", 10)+words, ""), ""},
		{"very many operators", pageOf(strings.Repeat("0 0 m 9 0 l S ", 600_000)+words, ""), document.TooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := read(t, c.data, "a.pdf")
			got := append(law.Reasons(err), "")
			if got[0] != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

func FuzzReadPDF(f *testing.F) {
	f.Add([]byte(words + box(60, 600, 100, 20) + box(60, 580, 50, 20) + "/Form Do BT /T 9 Tf <0001> Tj ET 1 0 0 1 5 5 cm BI ID x EI"))
	f.Fuzz(func(t *testing.T, content []byte) {
		sound(t, pageOf(string(content), ""), "a.pdf")
		sound(t, append([]byte("%PDF-1.4\n"), content...), "a.pdf")
	})
}

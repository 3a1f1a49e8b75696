package document

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"gongkai/services/chassis/ooxml"
	"gongkai/services/law"
)

// Bounds of a file.
const (
	MaxBytes = 64 << 20 // of the file

	maxUnpacked = 256 << 20 // bytes of .xlsx and .docx, once unpacked
	maxText     = 4 << 20   // bytes of all text
	maxTables   = 2_000
	maxRows     = 20_000  // of one table
	maxColumns  = 256     // of one table
	maxPlaces   = 500_000 // of all tables, merged cells counted at each place
	maxDepth    = 16      // of tables in tables
)

// Reasons why a file cannot be read, with the values that their texts name.
const (
	FormatUnknown law.Reason = "DOCUMENT_FORMAT_UNKNOWN" // none
	OldFormat     law.Reason = "DOCUMENT_OLD_FORMAT"     // format
	Damaged       law.Reason = "DOCUMENT_DAMAGED"        // cause
	TooLarge      law.Reason = "DOCUMENT_TOO_LARGE"      // limit

	PicturesOnly   law.Reason = "DOCUMENT_PICTURES_ONLY"   // pages
	TextUnreadable law.Reason = "DOCUMENT_TEXT_UNREADABLE" // none
	PasswordNeeded law.Reason = "DOCUMENT_PASSWORD_NEEDED" // none
)

// Format is what kind of file a document came from.
type Format string

// The formats.
const (
	XLSX Format = "xlsx"
	DOCX Format = "docx"
	HTML Format = "html"
	CSV  Format = "csv"
	PDF  Format = "pdf"
	Text Format = "text" // plain, or Markdown
)

// Document is what a file says.
type Document struct {
	Format Format
	Title  string // that the file gives itself beside its text; may be empty
	Blocks []Block
}

// Block is a paragraph or a table.
type Block struct {
	Text  string // of a paragraph, its lines separated by \n; never blank
	Level int    // of a heading that the file marks as one, from 1; else 0
	Table *Table // nil for a paragraph
}

// Table is a grid: every row has the same number of cells.
type Table struct {
	Name string // of its sheet; may be empty
	Rows [][]Cell
}

// Cell is one place of a table. A merged cell stands at each place that it covers, with the place where it begins.
type Cell struct {
	Text        string // trimmed, lines separated by \n
	Row, Column int    // where it begins
}

// Columns is how many columns the table has.
func (t *Table) Columns() int {
	if len(t.Rows) == 0 {
		return 0
	}
	return len(t.Rows[0])
}

// Read reads a file of so many bytes. The name tells the format where the content does not.
//
// It errs with a [*law.Breach] whose reason is one of the package's, with the context's error, or if the file cannot be
// read at all.
func Read(ctx context.Context, in io.ReaderAt, size int64, name string) (*Document, error) {
	if size > MaxBytes {
		return nil, refuse(TooLarge, "limit", fmt.Sprintf("%d MiB", MaxBytes>>20))
	}
	head := make([]byte, min(size, 4096))
	if _, err := in.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	doc, err := read(ctx, in, size, head, strings.ToLower(path.Ext(name)))
	switch {
	case err == nil:
		return doc, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	}
	return nil, damaged(err)
}

func read(ctx context.Context, in io.ReaderAt, size int64, head []byte, extension string) (*Document, error) {
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return readOffice(ctx, in, size)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return nil, refuse(OldFormat, "format", oldFormat(extension))
	case bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")):
		return readPDF(ctx, in, size)
	case bytes.HasPrefix(head, []byte(`{\rtf`)):
		return nil, refuse(OldFormat, "format", ".rtf")
	}
	data := make([]byte, size)
	if n, err := in.ReadAt(data, 0); err != nil && err != io.EOF || int64(n) < size {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	page := isHTML(head)
	if bytes.IndexByte(head, 0) >= 0 && !isUTF16(head) || len(bytes.TrimSpace(head)) == 0 || needsArchive(extension) && !page {
		return nil, refuse(FormatUnknown)
	}
	if page || extension == ".html" || extension == ".htm" {
		return readHTML(ctx, decode(data, charsetOf(head)))
	}
	text := decode(data, "")
	if garbled(text) {
		return nil, refuse(FormatUnknown)
	}
	if extension == ".csv" || extension == ".tsv" {
		return readCSV(ctx, text)
	}
	return readText(ctx, text)
}

// oldFormat names the format of a file in Microsoft's old container. A new file with a password has the same.
func oldFormat(extension string) string {
	switch extension {
	case ".doc", ".xls", ".ppt", ".wps", ".et":
		return extension
	}
	return ".doc/.xls"
}

func needsArchive(extension string) bool {
	switch extension {
	case ".docx", ".xlsx", ".xlsm", ".pdf", ".doc", ".xls", ".wps", ".ofd":
		return true
	}
	return false
}

// readOffice tells the formats that are archives apart.
func readOffice(ctx context.Context, in io.ReaderAt, size int64) (*Document, error) {
	pkg, err := ooxml.Open(in, size, maxUnpacked)
	if err != nil {
		return nil, err
	}
	main := mainPart(pkg)
	switch {
	case strings.HasPrefix(main, "word/"):
		return readDOCX(ctx, pkg, main)
	case strings.HasPrefix(main, "xl/"):
		return readXLSX(ctx, pkg, main)
	case pkg.Has("OFD.xml"):
		return nil, refuse(OldFormat, "format", ".ofd")
	case pkg.Has("content.xml"):
		return nil, refuse(OldFormat, "format", ".odt/.ods")
	case pkg.Has("xl/workbook.bin"):
		return nil, refuse(OldFormat, "format", ".xlsb")
	}
	return nil, refuse(FormatUnknown)
}

// mainPart is the path of a package's main part, in lower case; empty if it has none that is known.
func mainPart(pkg *ooxml.Package) string {
	if targets, err := pkg.Relations("/", "/officeDocument"); err == nil {
		for _, t := range targets {
			if t = strings.ToLower(t); pkg.Has(t) && strings.HasSuffix(t, ".xml") {
				return t
			}
		}
	}
	for _, name := range []string{"word/document.xml", "xl/workbook.xml"} {
		if pkg.Has(name) {
			return name
		}
	}
	return ""
}

// refuse makes the error of a file that cannot be read.
func refuse(r law.Reason, kv ...string) error {
	broken := law.Under(law.Citation{})
	broken.If(true, r, "file", kv...)
	return broken.Err()
}

// damaged is the error of a file that does not hold together, or is beyond the bounds. An error that has a reason keeps
// it.
func damaged(err error) error {
	var b *law.Breach
	switch {
	case errors.As(err, &b):
		return err
	case errors.Is(err, ooxml.ErrTooLarge), errors.Is(err, ooxml.ErrLong), errors.Is(err, errTooMuch):
		return refuse(TooLarge, "limit", fmt.Sprintf("文字 %d MiB text，单元格 %d cells，解压后 %d MiB unpacked", maxText>>20, maxPlaces, maxUnpacked>>20))
	}
	return refuse(Damaged, "cause", strings.ToValidUTF8(err.Error(), "\uFFFD"))
}

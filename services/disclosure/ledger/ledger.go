package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
	"strings"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/ooxml"
	"gongkai/services/law"
	"gongkai/services/law/form"
	"gongkai/services/law/workday"
)

// Bounds of a file.
const (
	MaxBytes    = 64 << 20  // of the file
	MaxUnpacked = 512 << 20 // bytes of an .xlsx, once unpacked
	MaxRows     = 200_000   // of all sheets together, without blank ones

	maxColumns = 256
	maxSheets  = 100
)

// Reasons why a file as a whole cannot be read, with the values that their texts name.
const (
	FormatUnknown law.Reason = "LEDGER_FORMAT_UNKNOWN" // none
	OldFormat     law.Reason = "LEDGER_OLD_FORMAT"     // none
	Damaged       law.Reason = "LEDGER_DAMAGED"        // cause
	TooLarge      law.Reason = "LEDGER_TOO_LARGE"      // limit, in MiB
	TooManyRows   law.Reason = "LEDGER_TOO_MANY_ROWS"  // limit
	WithoutHeader law.Reason = "LEDGER_WITHOUT_HEADER" // none
)

// Reasons of findings, with the values that their texts name.
const (
	ColumnMissing  law.Reason = "COLUMN_MISSING"             // column
	ColumnTwice    law.Reason = "COLUMN_TWICE"               // column, other
	CellIsFormula  law.Reason = "CELL_IS_FORMULA"            // column
	CellIsError    law.Reason = "CELL_IS_ERROR"              // column, value
	TextUnreadable law.Reason = "TEXT_UNREADABLE"            // column, value
	DateUnreadable law.Reason = "DATE_UNREADABLE"            // column, value
	ChannelUnknown law.Reason = "CHANNEL_UNKNOWN"            // value, known
	ValueUnknown   law.Reason = "VALUE_UNKNOWN"              // column, value, known
	CellRequired   law.Reason = "CELL_REQUIRED"              // column
	CellTooLong    law.Reason = "CELL_TOO_LONG"              // column, length, limit
	LineUnreadable law.Reason = "LINE_UNREADABLE"            // cause
	NumberWritten  law.Reason = "DOCUMENT_NUMBER_NORMALIZED" // given, written; a note
	ColumnUnknown  law.Reason = "COLUMN_NOT_IMPORTED"        // column; a note
	SheetSkipped   law.Reason = "SHEET_NOT_IMPORTED"         // none; a note
)

// Row is one row of a ledger, or, without a draft, what there is to say of a sheet and its header.
type Row struct {
	Sheet  string // its name; of a .csv or JSON lines the file's
	Number int    // as the spreadsheet counts it, from 1; 0 for the whole sheet

	// ID is the id of the record that an export wrote the row from; else empty.
	ID string
	// Draft is what is disclosed. Its index number is the one that the ledger gives; its state is set if the ledger
	// states it.
	Draft *disclosurev1.Disclosure
	// PublishedOn is the date of publication; no date if there is none.
	PublishedOn workday.Date
	// Findings are what is wrong with the row, and notes.
	Findings []Finding

	columns *[fields]column
}

// Finding is something in a row that a person must see.
type Finding struct {
	// Column is the letter of the column; empty where there is none.
	Column string
	// Header is what the ledger calls the column.
	Header string
	// Note tells that nothing is wrong: the row is taken, and this is how.
	Note bool
	// Violation says what it is. Its field is that of the disclosure.
	law.Violation
}

// Refused tells whether something is wrong with the row.
func (r *Row) Refused() bool {
	for _, f := range r.Findings {
		if !f.Note {
			return true
		}
	}
	return false
}

// Note adds what is to be told of a field, although nothing is wrong.
func (r *Row) Note(v law.Violation) {
	r.Add(v)
	r.Findings[len(r.Findings)-1].Note = true
}

// Add adds what breaks a rule in a field of the disclosure, in the column that the field came from.
func (r *Row) Add(v law.Violation) {
	f := Finding{Header: v.Field, Violation: v}
	if id, ok := fieldOf(v.Field); ok && r.columns != nil {
		f.Column, f.Header = r.columns[id].letter, r.columns[id].header
	}
	r.Findings = append(r.Findings, f)
}

// cellKind is what a cell holds.
type cellKind uint8

const (
	written cellKind = iota // text
	numeric                 // a number, as digits
	formula                 // text is what the formula came to when the file was saved
	failure                 // an error value
)

// cell is one cell of a sheet.
type cell struct {
	text string
	kind cellKind
}

// line is one row of a sheet as it stands there. Its cells live until the next one.
type line struct {
	number int
	cells  []cell
}

// table is an open file of one of the formats.
type table interface {
	// sheets are the names of its sheets.
	sheets() []string
	// lines walks the rows of one sheet that are not blank.
	lines(sheet int) iter.Seq2[line, error]
	// later is by how many days its dates are later than their serial numbers say.
	later() int
	close() error
}

// File is an open ledger. It is not safe for concurrent use.
type File struct {
	table   table
	json    *jsonLines
	forms   form.Forms
	unnamed string
}

// Open opens a ledger of so many bytes, which must stay readable until it is closed. The name tells the format where
// the content does not, and stands for the sheet where there is none. The forms say which categories a year has.
//
// It errs with a [*law.Breach] whose reason is one of the file's.
func Open(in io.ReaderAt, size int64, name string, forms form.Forms) (*File, error) {
	if size > MaxBytes {
		return nil, refuse(TooLarge, "limit", "64")
	}
	f := &File{forms: forms, unnamed: path.Base(strings.ReplaceAll(name, `\`, "/"))}
	head := make([]byte, 4096)
	n, err := in.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("read %s: %w", f.unnamed, err)
	}
	head, err = head[:n], nil
	extension := strings.ToLower(path.Ext(name))
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		f.table, err = openWorkbook(in, size)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		err = refuse(OldFormat)
	case extension == ".xlsx" || extension == ".xlsm":
		err = refuse(FormatUnknown)
	case extension == ".jsonl" || extension == ".ndjson" || extension == ".json":
		f.json = &jsonLines{in: in, size: size}
	default:
		f.table, err = openCSV(in, size, head, f.unnamed)
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Close removes what reading has put aside.
func (f *File) Close() error {
	if f.table == nil {
		return nil
	}
	return f.table.close()
}

// Rows reads the file from its start, row after row, blank ones left out. Every row is new. The first error ends it; it is a [*law.Breach] with
// a reason of the file's, unless the file could not be read at all. A file without any header is such an error, but
// only at its end.
func (f *File) Rows() iter.Seq2[*Row, error] {
	if f.json != nil {
		return f.json.rows(f.unnamed)
	}
	return func(yield func(*Row, error) bool) {
		count, headers := 0, 0
		for i, name := range f.table.sheets() {
			s := &sheet{name: name, forms: f.forms, later: f.table.later()}
			for l, err := range f.table.lines(i) {
				if count++; err == nil && count > MaxRows {
					err = refuse(TooManyRows, "limit", "200000")
				}
				if err != nil {
					yield(nil, err)
					return
				}
				if !all(s.read(l), yield) {
					return
				}
				if s.given {
					break
				}
			}
			if s.known {
				headers++
			}
			if !all(s.end(len(f.table.sheets()) > 1), yield) {
				return
			}
		}
		if headers == 0 {
			yield(nil, refuse(WithoutHeader))
		}
	}
}

// all yields rows until it is enough.
func all(rows []*Row, yield func(*Row, error) bool) bool {
	for _, r := range rows {
		if !yield(r, nil) {
			return false
		}
	}
	return true
}

// refuse makes the error of a file that cannot be read.
func refuse(r law.Reason, kv ...string) error {
	broken := law.Under(law.Citation{})
	broken.If(true, r, "file", kv...)
	return broken.Err()
}

// damaged is the error of a file that breaks off or does not hold together. An error that has a reason keeps it.
func damaged(err error) error {
	var b *law.Breach
	var path *fs.PathError
	if err == nil || errors.As(err, &b) || errors.As(err, &path) { // a path is that of a file of our own
		return err
	}
	if errors.Is(err, ooxml.ErrTooLarge) {
		return refuse(TooLarge, "limit", "512")
	}
	return refuse(Damaged, "cause", err.Error())
}

package ledger

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/law/form"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// Format is a format that a ledger is written in; it is the extension of the file, without the dot.
type Format string

// The formats.
const (
	XLSX  Format = "xlsx"
	CSV   Format = "csv"
	JSONL Format = "jsonl"
)

// ContentType is the media type of a format.
func (f Format) ContentType() string {
	switch f {
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case CSV:
		return "text/csv; charset=utf-8"
	}
	return "application/jsonl; charset=utf-8"
}

// Writer writes a ledger row after row, and holds none of them. What it writes [File] reads back equal: draft, date,
// id. Only what no spreadsheet can hold is lost, signs that XML does not have.
type Writer struct {
	forms form.Forms
	out   interface {
		row(r *Row, cells []string) error
		close() error
	}
}

// writtenColumns are the columns, in the order in which they are written.
func writtenColumns() []field {
	return []field{title, category, number, formedOn, publishedOn, channels, attribute, content, indexNumber, state, record}
}

// headers are the headers of columns.
func headers(columns []field) []string {
	all := make([]string, len(columns))
	for i, f := range columns {
		all[i] = namings()[f].header
	}
	return all
}

// NewWriter begins a ledger. The sheet is named so, where there are sheets; the forms give the categories their labels.
func NewWriter(out io.Writer, format Format, sheet string, forms form.Forms) (*Writer, error) {
	w := &Writer{forms: forms}
	var err error
	switch format {
	case XLSX:
		w.out, err = newXLSX(out, sheet)
	case CSV:
		w.out, err = newCSV(out)
	case JSONL:
		w.out = jsonWriter{out}
	default:
		err = fmt.Errorf("write a ledger: there is no format %q", format)
	}
	return w, err
}

// Write writes a row.
func (w *Writer) Write(r *Row) error {
	if err := w.out.row(r, w.cells(r)); err != nil {
		return fmt.Errorf("write a row of a ledger: %w", err)
	}
	return nil
}

// Close writes what is left, without closing the writer below.
func (w *Writer) Close() error {
	if err := w.out.close(); err != nil {
		return fmt.Errorf("end a ledger: %w", err)
	}
	return nil
}

// cells are the texts of a row, in the order of the columns.
func (w *Writer) cells(r *Row) []string {
	d := r.Draft
	var ways []string
	for _, c := range d.GetChannels() {
		ways = append(ways, channelTable.labels[int32(c)])
	}
	label := d.GetCategory()
	for _, c := range w.forms.Categories(yearOf(r)) {
		if c.ID == label {
			label = c.Label.Zh
			break
		}
	}
	return []string{
		d.GetTitle(), label, d.GetDocumentNumber(), civil(d.GetFormedOn()).String(), r.PublishedOn.String(), strings.Join(ways, "、"),
		attributeTable.labels[int32(d.GetAttribute())], d.GetContent(), d.GetIndexNumber(), stateTable.labels[int32(d.GetState())], r.ID,
	}
}

// csvWriter writes a .csv file for spreadsheets: UTF-8 with a byte order mark, lines that end in CR LF.
type csvWriter struct{ *csv.Writer }

func newCSV(out io.Writer) (csvWriter, error) {
	w := csvWriter{csv.NewWriter(out)}
	w.UseCRLF = true
	if _, err := io.WriteString(out, "\ufeff"); err != nil {
		return w, err
	}
	return w, w.Write(headers(writtenColumns()))
}

func (w csvWriter) row(_ *Row, cells []string) error {
	for i, s := range cells {
		cells[i] = escaped(s)
	}
	return w.Write(cells)
}

func (w csvWriter) close() error {
	w.Flush()
	return w.Error()
}

// jsonWriter writes a disclosure a line, in the JSON of the contract.
type jsonWriter struct{ out io.Writer }

func (w jsonWriter) row(r *Row, _ []string) error {
	d := proto.CloneOf(r.Draft)
	if d == nil {
		d = &disclosurev1.Disclosure{}
	}
	d.PublishedOn = toProto(r.PublishedOn)
	if d.GetName() == "" {
		d.Name = r.ID
	}
	spaced, err := protojson.Marshal(d)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := json.Compact(&b, spaced); err != nil { // protojson varies its spaces
		return err
	}
	b.WriteByte('\n')
	_, err = w.out.Write(b.Bytes())
	return err
}

func (w jsonWriter) close() error { return nil }

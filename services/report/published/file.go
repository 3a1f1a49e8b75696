package published

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"gongkai/services/law/form"
	"gongkai/services/report/document"
)

// ReadFile reads a report from a file of so many bytes: a document, or a report of the suite in JSON. The name tells the
// format where the content does not. It errs as [document.Read] and [Read] do.
func ReadFile(ctx context.Context, in io.ReaderAt, size int64, name string, forms form.Forms, hints Hints) (*Report, error) {
	head := make([]byte, min(size, 512))
	if _, err := in.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if isObject(start) && size <= document.MaxBytes && !bytes.HasPrefix(head, []byte(`{\rtf`)) {
		from := int64(len(head) - len(start))
		return readJSON(io.NewSectionReader(in, from, size-from), forms, hints)
	}
	doc, err := document.Read(ctx, in, size, name)
	if err != nil {
		return nil, err
	}
	return Read(doc, forms, hints)
}

// isObject tells whether a file begins as an object of JSON does: not as {{title}} of a page.
func isObject(start []byte) bool {
	rest, ok := bytes.CutPrefix(start, []byte("{"))
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return ok && (len(rest) == 0 || rest[0] == '"' || rest[0] == '}')
}

// message is a report as REST returns it.
type message struct {
	Name         string `json:"name"`
	Form         string `json:"form"`
	Organization string `json:"organization"`
	Figures      []struct {
		Cell  string      `json:"cell"`
		Value json.Number `json:"value"`
		State string      `json:"state"`
	} `json:"figures"`
	Narratives []struct {
		Part     string `json:"part"`
		Markdown string `json:"markdown"`
	} `json:"narratives"`
}

const mostFigures = 20_000

// readJSON reads a report that the suite has published.
func readJSON(in io.Reader, forms form.Forms, hints Hints) (*Report, error) {
	decoder := json.NewDecoder(in)
	var m message
	if err := decoder.Decode(&m); err != nil {
		return nil, refuse(document.Damaged, "cause", strings.ToValidUTF8(err.Error(), "\uFFFD"))
	}
	if m.Form == "" || len(m.Figures) == 0 || len(m.Figures) > mostFigures {
		return nil, refuse(NoReport)
	}
	chosen, err := candidates(forms, cmp.Or(hints.Form, strings.TrimPrefix(m.Form, "reportForms/")))
	if err != nil {
		return nil, err
	}
	r := &Report{Form: chosen[0], Year: hints.Year, Organization: m.Organization, Title: m.Name, Figures: map[string]Figure{}, Narratives: map[string]string{}}
	rest, period, _ := strings.Cut(m.Name, "/reports/")
	if year, err := strconv.Atoi(period[:min(len(period), 4)]); err == nil && r.Year == 0 {
		r.Year = year
	}
	r.Organization = cmp.Or(r.Organization, strings.TrimPrefix(rest, "organizations/"))
	for _, f := range m.Figures {
		value, err := strconv.ParseInt(cmp.Or(f.Value.String(), "0"), 10, 64)
		figure := Figure{Value: value, Raw: clipped(f.Value.String())}
		switch {
		case err != nil:
			figure.State = Unreadable
		case f.State == "FIGURE_STATE_UNFILLED":
			figure.State = Blank
		case f.State == "FIGURE_STATE_STATED_NONE":
			figure.State = StatedNone
		}
		r.Figures[f.Cell] = figure
	}
	for _, n := range m.Narratives {
		r.Narratives[n.Part] = n.Markdown
	}
	return r, nil
}

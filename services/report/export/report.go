package export

import (
	"fmt"
	"io"

	"gongkai/services/chassis/paper"
	"gongkai/services/law/form"
	"gongkai/services/law/workday"
)

// Report is a report of a period, as it is written.
type Report struct {
	Form         *form.Form
	Name         string // organizations/{organization}/reports/{period}
	Organization string // its name
	Period       workday.Period
	Figures      map[string]form.Figure // by cell
	Narratives   map[string]string      // in Markdown, by part
}

// Format is a kind of file.
type Format string

// The formats.
const (
	DOCX Format = "docx"
	HTML Format = "html"
	XLSX Format = "xlsx"
	CSV  Format = "csv"
	JSON Format = "json"
)

// Formats are all formats.
func Formats() []Format { return []Format{DOCX, HTML, XLSX, CSV, JSON} }

// ContentType is the format's media type; empty of an unknown one.
func (f Format) ContentType() string {
	switch f {
	case DOCX:
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case HTML:
		return "text/html; charset=utf-8"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case CSV:
		return "text/csv; charset=utf-8"
	case JSON:
		return "application/json"
	}
	return ""
}

// Title is what the report is called: 临江市人民政府2023年政府信息公开工作年度报告.
func (r Report) Title() string { return r.Organization + r.subject() }

// subject is the title without the organisation.
func (r Report) subject() string {
	first := r.Period.First()
	switch r.Period.Kind() {
	case workday.Quarter:
		return fmt.Sprintf("%d年第%s季度政府信息公开工作报告", first.Year, numeral((int(first.Month)+2)/3))
	case workday.Month:
		return fmt.Sprintf("%d年%d月政府信息公开工作报告", first.Year, int(first.Month))
	case workday.Year:
		return fmt.Sprintf("%d年政府信息公开工作年度报告", first.Year)
	}
	return "政府信息公开工作报告"
}

// FileName is the name of the file.
func (r Report) FileName(f Format) string { return r.Title() + "." + string(f) }

// Write writes the report. It errs for an unknown format, for a report without form, for one that is larger than any
// that an organ writes ([paper.ErrTooLarge]), and with w.
func (r Report) Write(w io.Writer, f Format) error {
	if r.Form == nil {
		return fmt.Errorf("write report %s: it has no form", r.Name)
	}
	var err error
	switch f {
	case DOCX:
		err = paper.Docx(w, r.Document())
	case HTML:
		err = paper.HTML(w, r.Document())
	case XLSX:
		err = r.xlsx(w)
	case CSV:
		err = r.csv(w)
	case JSON:
		err = r.json(w)
	default:
		err = fmt.Errorf("there is no format %q", f)
	}
	if err != nil {
		return fmt.Errorf("write report %s: %w", r.Name, err)
	}
	return nil
}

// PDF writes the report as PDF in a font. It errs as [Report.Write] does, and with [paper.ErrFont].
func (r Report) PDF(w io.Writer, font paper.Font) error {
	if r.Form == nil {
		return fmt.Errorf("write report %s: it has no form", r.Name)
	}
	if err := paper.PDF(w, r.Document(), font); err != nil {
		return fmt.Errorf("write report %s: %w", r.Name, err)
	}
	return nil
}

// Document is the report on paper.
func (r Report) Document() paper.Document {
	d := paper.Document{Title: r.Organization + "\n" + r.subject()}
	for _, s := range r.sections() {
		d.Body = append(d.Body, paper.Text(paper.Heading1, s.heading))
		d.Body = append(d.Body, s.blocks...)
	}
	return d
}

// section is a part of the report.
type section struct {
	heading string
	blocks  []paper.Block
}

func (r Report) sections() []section {
	var all []section
	for i, p := range r.Form.Parts {
		s := section{heading: numeral(i+1) + "、" + p.Label.Zh, blocks: paper.Markdown(r.Narratives[p.ID], paper.Heading2)}
		if sentence := r.sentence(p); sentence != "" {
			s.blocks = append(s.blocks, paper.Text(paper.Body, sentence))
		}
		for _, t := range r.tables(p) {
			s.blocks = append(s.blocks, t)
		}
		all = append(all, s)
	}
	return all
}

// numeral writes a small number in Chinese.
func numeral(n int) string {
	digits := []rune("一二三四五六七八九十")
	switch {
	case n <= 10:
		return string(digits[n-1])
	case n < 20:
		return "十" + string(digits[n-11])
	}
	return fmt.Sprint(n)
}

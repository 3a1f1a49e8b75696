package page

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"strconv"

	"gongkai/gateway"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"
)

// report is the content of a report's page.
type report struct {
	words
	Name, Heading, Form, Rollup string
	State, StateClass           string
	Version                     int32
	Scope, Owed                 string // whose figures it gives, where not its own alone; link to who misses among them
	Missing                     int32
	Reasons                     []reason
	Copies                      []signedCopy
	Parts                       []reportPart
}

// signedCopy is a signed and stamped copy of a version.
type signedCopy struct {
	Version            int32
	Link, Kind, SHA256 string
	KiB                int32
}

// reportPart is one part of the report: text, tables as the form prints them, and figures that stand in none.
type reportPart struct {
	Label   string
	Text    template.HTML
	Tables  []reportTable
	Figures []reportFigure
}

// reportFigure is one figure of the report.
type reportFigure struct {
	Cell, Label, Text, State string
	Link                     string // to the records behind it
	Source                   string // to the log entries behind it, for whoever is signed in
	Sum                      bool
}

func (s *site) showReport(v *visit, r *http.Request) error {
	of, err := newSubject(r.PathValue("organization"), r.PathValue("period"))
	if err != nil {
		return err
	}
	m, err := s.report.GetReport(v.ctx, &reportv1.GetReportRequest{Name: of.reportName()})
	if err != nil {
		return err
	}
	f, err := s.report.GetReportForm(v.ctx, &reportv1.GetReportFormRequest{Name: m.GetForm()})
	if err != nil {
		return err
	}
	name, err := s.organizationName(v, of.Organization)
	if err != nil {
		return err
	}
	w, form := words{v.language}, newSheet(f)
	content := report{
		words: w, Name: name, Heading: w.heading("report", of.Period), Form: w.label(f.GetTitle()), Rollup: of.rollup(),
		State: w.reportState(m.GetState()), StateClass: reportClasses[m.GetState()], Version: m.GetVersion(),
	}
	if m.GetBelow() != nil {
		content.Scope = w.F("summed_scope", w.T(m.GetScope().String()), m.GetBelow().GetAccepted())
		content.Missing, content.Owed = m.GetBelow().GetMissing(), of.owed("missing", "")
	}
	if m.GetState() == reportv1.ReportState_REPORT_STATE_RETURNED {
		content.Reasons = reasons(m.GetReturnReasons(), form, w)
	}
	if content.Parts, err = reportParts(m, form, of, w); err != nil {
		return err
	}
	if !m.GetAcceptedOnly() || m.GetState() == reportv1.ReportState_REPORT_STATE_PUBLISHED { // the public has them from then on
		content.Copies = signedCopies(m, of, w)
	}
	return s.show(v, http.StatusOK, "report", name+" "+content.Heading, content)
}

func signedCopies(m *reportv1.Report, of subject, w words) []signedCopy {
	var all []signedCopy
	for _, c := range m.GetSignedCopies() {
		all = append(all, signedCopy{
			Version: c.GetVersion(), Link: fmt.Sprintf("%s/signed-copy?version=%d", of.report(""), c.GetVersion()),
			Kind: w.T(c.GetMediaType()), SHA256: hex.EncodeToString(c.GetSha256()), KiB: (c.GetSize() + 1023) / 1024,
		})
	}
	return all
}

// sendSignedCopy sends the signed copy of a version as a file, never to be shown in the site's own name.
func (s *site) sendSignedCopy(v *visit, r *http.Request) error {
	of, err := newSubject(r.PathValue("organization"), r.PathValue("period"))
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(cmp.Or(r.URL.Query().Get("version"), "0"), 10, 32)
	if err != nil {
		return fault.Field("version", "BAD_FORMAT")
	}
	m, err := s.report.GetSignedCopy(v.ctx, &reportv1.GetSignedCopyRequest{Name: of.reportName(), Version: int32(version)})
	if err != nil {
		return err
	}
	file, known := gateway.SignedCopyName(of.Organization, of.Period.String(), m.GetSignedCopy())
	if !known {
		return notFound(of.report(""))
	}
	h := v.w.Header()
	h.Set("Content-Type", m.GetSignedCopy().GetMediaType())
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s"`, file))
	_, _ = v.w.Write(m.GetContent())
	return nil
}

func reportParts(m *reportv1.Report, form *sheet, of subject, w words) ([]reportPart, error) {
	texts, figures, own := map[string]string{}, map[string]*reportv1.Figure{}, map[string]*reportv1.Figure{}
	for _, n := range m.GetNarratives() {
		texts[n.GetPart()] = n.GetMarkdown()
	}
	for _, f := range m.GetFigures() {
		figures[f.GetCell()] = f
	}
	for _, f := range m.GetOwnFigures() {
		own[f.GetCell()] = f
	}
	var parts []reportPart
	for _, p := range form.form.GetParts() {
		text, err := markdown(texts[p.GetId()])
		if err != nil {
			return nil, fmt.Errorf("render part %s of %s: %w", p.GetId(), m.GetName(), err)
		}
		made := reportPart{Label: w.label(p.GetLabel()), Text: text}
		placed := map[string]map[[2]string]reportFigure{} // by table, row and column
		for _, c := range p.GetCells() {
			figure := form.reportFigure(c, figures[c.GetId()], of, w)
			switch {
			case figures[c.GetId()].GetState() == reportv1.FigureState_FIGURE_STATE_SUMMED:
				figure.Link, figure.Source = "", of.cell(c.GetId())
				figure.State = w.F("summed_figure", form.amount64(c.GetId(), whole(own[c.GetId()])))
			case figures[c.GetId()].GetState() == reportv1.FigureState_FIGURE_STATE_DERIVED && !m.GetAcceptedOnly():
				figure.Source = of.lineage(c.GetId(), "records", true, "")
			}
			if c.GetTable() == "" {
				made.Figures = append(made.Figures, figure)
				continue
			}
			if placed[c.GetTable()] == nil {
				placed[c.GetTable()] = map[[2]string]reportFigure{}
			}
			placed[c.GetTable()][[2]string{c.GetRow(), c.GetColumn()}] = figure
		}
		for _, t := range p.GetTables() {
			made.Tables = append(made.Tables, tableOf(t, placed[t.GetId()], w))
		}
		parts = append(parts, made)
	}
	return parts, nil
}

// whole is the value of a figure, which may be too large for a count.
func whole(f *reportv1.Figure) int64 { return cmp.Or(f.GetFen(), int64(f.GetValue())) }

func (s *sheet) reportFigure(c *reportv1.FormCell, f *reportv1.Figure, of subject, w words) reportFigure {
	made := reportFigure{Cell: c.GetId(), Label: s.heading(c.GetId(), w), Text: "—", State: w.figureState(f.GetState()), Sum: len(c.GetSum()) > 0}
	switch f.GetState() {
	case reportv1.FigureState_FIGURE_STATE_UNSPECIFIED, reportv1.FigureState_FIGURE_STATE_UNFILLED:
		return made
	case reportv1.FigureState_FIGURE_STATE_STATED_NONE:
		made.Text = w.T("none")
	default:
		made.Text = s.amount64(c.GetId(), whole(f))
	}
	if categories, ok := s.categories(c.GetId()); ok {
		made.Link = of.disclosures(categories)
	}
	return made
}

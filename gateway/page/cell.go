package page

import (
	"net/http"

	reportv1 "gongkai/proto/gongkai/report/v1"
)

// cell is the content of the page that tells what a roll-up's figure sums.
type cell struct {
	words
	Name, Period, Label string
	Rollup              string // link to the roll-up
	Reports, Records    string // links to what it sums, report by report and entry by entry; empty: there is no such list
	Parts               []part
	Lines               []line
	Total               figure
	AcceptedOnly        bool
}

// part is another cell that the figure is the sum of.
type part struct {
	Label  string
	Figure figure
}

// line is one organisation's share.
type line struct {
	Name, Status, StatusClass string
	Own                       bool
	Figure                    figure
}

// showCell shows what a roll-up's figure sums. Where it is nothing but the organisation's own figure, it
// leads on to the records behind it.
func (s *site) showCell(v *visit, r *http.Request) error {
	of, err := newSubject(r.PathValue("organization"), r.PathValue("period"))
	if err != nil {
		return err
	}
	l, err := parseLook(r.URL.Query())
	if err != nil {
		return err
	}
	m, form, err := s.getRollup(v, of, l)
	if err != nil {
		return err
	}
	id := r.PathValue("cell")
	wanted, ok := form.cells[id]
	if !ok {
		return notFound(id)
	}
	if own := onlyOwn(m, id); own != nil {
		if link := form.source(own, of, id); link != "" {
			return redirect(v, link)
		}
	}
	w := words{v.language}
	content := cell{
		words: w, Name: m.GetDisplayName(), Period: w.period(of.Period), Label: form.heading(id, w), Rollup: l.to(of.rollup()),
		AcceptedOnly: m.GetAcceptedOnly(), Total: form.figure(id, m.GetTotals()[id], true, "", w),
	}
	if l.scope != "departments" {
		content.Reports = of.lineage(id, "", l.scope == "own", "")
		if !content.AcceptedOnly && m.GetTotals()[id].Records != nil {
			content.Records = of.lineage(id, "records", l.scope == "own", "")
		}
	}
	for _, p := range wanted.GetSum() {
		content.Parts = append(content.Parts, part{form.heading(p, w), form.figure(p, m.GetTotals()[p], true, l.to(of.cell(p)), w)})
	}
	for _, row := range m.GetRows() {
		content.Lines = append(content.Lines, line{
			Name: row.GetDisplayName(), Status: w.rollupStatus(row.GetStatus()), StatusClass: statusClasses[row.GetStatus()],
			Own: row.GetOwn(), Figure: rowFigure(row, form, of.of(row.GetOrganization()), id, w),
		})
	}
	return s.show(v, http.StatusOK, "cell", content.Name+w.space()+content.Period+w.space()+content.Label, content)
}

// onlyOwn returns the organisation's own row if a figure is that row's and that of nobody below it: these
// neither owe a report nor have records in the cell. Else it returns nil.
func onlyOwn(m *reportv1.Rollup, cell string) *reportv1.RollupRow {
	var own *reportv1.RollupRow
	for _, r := range m.GetRows() {
		f := r.GetFigures()[cell]
		switch {
		case r.GetOwn():
			own = r
		case r.GetStatus() != reportv1.RollupStatus_ROLLUP_STATUS_NOT_OWED, f.GetSubmitted() != 0, f.GetRecords() != 0:
			return nil
		}
	}
	return own
}

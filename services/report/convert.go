package report

import (
	"time"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/law"
	"gongkai/services/law/form"
	"gongkai/services/law/workday"

	"google.golang.org/genproto/googleapis/type/date"
)

func day(d *date.Date) workday.Date {
	return workday.Date{Year: int(d.GetYear()), Month: time.Month(d.GetMonth()), Day: int(d.GetDay())}
}

func dateOf(d workday.Date) *date.Date {
	return &date.Date{Year: int32(d.Year), Month: int32(d.Month), Day: int32(d.Day)}
}

var figureStates = map[form.State]reportv1.FigureState{
	form.Unfilled:   reportv1.FigureState_FIGURE_STATE_UNFILLED,
	form.Derived:    reportv1.FigureState_FIGURE_STATE_DERIVED,
	form.StatedNone: reportv1.FigureState_FIGURE_STATE_STATED_NONE,
	form.Typed:      reportv1.FigureState_FIGURE_STATE_TYPED,
	form.Given:      reportv1.FigureState_FIGURE_STATE_GIVEN,
	form.Slashed:    reportv1.FigureState_FIGURE_STATE_SLASHED,
	form.Unreadable: reportv1.FigureState_FIGURE_STATE_UNREADABLE,
	form.Unknown:    reportv1.FigureState_FIGURE_STATE_UNKNOWN,
	form.Summed:     reportv1.FigureState_FIGURE_STATE_SUMMED,
}

var units = map[form.Unit]reportv1.Unit{
	form.Count:   reportv1.Unit_UNIT_COUNT,
	form.Fen:     reportv1.Unit_UNIT_FEN,
	form.Yuan:    reportv1.Unit_UNIT_YUAN,
	form.WanYuan: reportv1.Unit_UNIT_WAN_YUAN,
}

func label(l law.Label) *reportv1.Label { return &reportv1.Label{Zh: l.Zh, En: l.En} }

func formMessage(f *form.Form) *reportv1.ReportForm {
	out := &reportv1.ReportForm{
		Name: "reportForms/" + f.ID, Title: label(f.Title),
		FirstYear: int32(f.FirstYear), LastYear: int32(f.LastYear),
	}
	for _, p := range f.Parts {
		part := &reportv1.FormPart{Id: p.ID, Label: label(p.Label), Narrative: p.Narrative, MayStateNone: p.MayStateNone}
		for _, c := range p.Cells {
			part.Cells = append(part.Cells, &reportv1.FormCell{
				Id: c.ID, Label: label(c.Label), Unit: units[c.Unit], Facts: c.Facts, Sum: c.Sum,
				Table: c.Table, Row: c.Row, Column: c.Column, PrintedIn: units[c.PrintedIn()], Signed: c.Signed,
			})
		}
		for i := range p.Tables {
			part.Tables = append(part.Tables, tableMessage(&p.Tables[i]))
		}
		out.Parts = append(out.Parts, part)
	}
	for _, c := range f.Categories {
		out.Categories = append(out.Categories, &reportv1.FormCategory{Id: c.ID, Label: label(c.Label)})
	}
	return out
}

func tableMessage(t *form.Table) *reportv1.FormTable {
	out := &reportv1.FormTable{Id: t.ID, Label: label(t.Label), Transposed: t.Transposed}
	if t.Note != (law.Label{}) {
		out.Note = label(t.Note)
	}
	for _, r := range t.Rows {
		out.Rows = append(out.Rows, &reportv1.FormLine{Id: r.ID, Label: label(r.Label), Headings: headings(t.RowGroups, r.Group)})
	}
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, &reportv1.FormLine{Id: c.ID, Label: label(c.Label), Headings: headings(t.ColGroups, c.Group)})
	}
	return out
}

// headings are the labels over a row or column, from the outermost.
func headings(groups []form.Group, group string) []*reportv1.Label {
	var out []*reportv1.Label
	for i := len(groups) - 1; i >= 0; i-- { // a group stands after the one that it is under
		if groups[i].ID == group {
			out = append([]*reportv1.Label{label(groups[i].Label)}, out...)
			group = groups[i].Under
		}
	}
	return out
}

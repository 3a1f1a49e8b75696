package export

import (
	"cmp"
	"fmt"
	"strings"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/law/form"
	"gongkai/services/law/workday"
)

// Of makes a report of what the report service answers, and of the organisation's name. It errs for a report whose name
// or form is not known.
func Of(m *reportv1.Report, organization string, forms form.Forms) (Report, error) {
	f, err := formOf(m.GetForm(), forms)
	if err != nil {
		return Report{}, err
	}
	_, period, _ := strings.Cut(m.GetName(), "/reports/")
	p, err := workday.ParsePeriod(period)
	if err != nil {
		return Report{}, fmt.Errorf("read the name of report %q: %w", m.GetName(), err)
	}
	r := Report{Form: f, Name: m.GetName(), Organization: organization, Period: p, Figures: map[string]form.Figure{}, Narratives: map[string]string{}}
	for _, figure := range m.GetFigures() {
		r.Figures[figure.GetCell()] = form.Figure{Value: cmp.Or(figure.GetFen(), int64(figure.GetValue())), State: stateOf(figure.GetState())}
	}
	for _, n := range m.GetNarratives() {
		r.Narratives[n.GetPart()] = n.GetMarkdown()
	}
	return r, nil
}

func formOf(name string, forms form.Forms) (*form.Form, error) {
	f, ok := forms.Get(strings.TrimPrefix(name, "reportForms/"))
	if !ok {
		return nil, fmt.Errorf("there is no form %q", name)
	}
	return f, nil
}

func stateOf(s reportv1.FigureState) form.State {
	switch s {
	case reportv1.FigureState_FIGURE_STATE_DERIVED:
		return form.Derived
	case reportv1.FigureState_FIGURE_STATE_STATED_NONE:
		return form.StatedNone
	case reportv1.FigureState_FIGURE_STATE_TYPED:
		return form.Typed
	case reportv1.FigureState_FIGURE_STATE_GIVEN:
		return form.Given
	case reportv1.FigureState_FIGURE_STATE_SUMMED:
		return form.Summed
	}
	return form.Unfilled
}

// FormatOf is the format of a name, as docx; none: DOCX.
func FormatOf(name string) (Format, bool) {
	if name == "" {
		return DOCX, true
	}
	f := Format(strings.ToLower(name))
	return f, f.ContentType() != ""
}

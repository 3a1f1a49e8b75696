package report

import (
	"fmt"
	"maps"
	"slices"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/law"
	"gongkai/services/law/form"

	"google.golang.org/protobuf/proto"
)

// mergeNarratives puts new texts over those that a draft has, in the order of the form.
func mergeNarratives(f *form.Form, old, given []*reportv1.Narrative) ([]*reportv1.Narrative, error) {
	texts := make(map[string]string)
	for _, n := range old {
		texts[n.GetPart()] = n.GetMarkdown()
	}
	var wrong []law.Violation
	for i, n := range given {
		if _, ok := f.Part(n.GetPart()); !ok {
			wrong = append(wrong, law.Violation{
				Field: fmt.Sprintf("narratives[%d].part", i), Reason: form.UnknownPart, Values: map[string]string{"part": n.GetPart(), "form": f.ID},
			})
		}
		for _, id := range form.CellsIn(n.GetMarkdown()) {
			if _, ok := f.Find(id); !ok {
				wrong = append(wrong, law.Violation{
					Field: fmt.Sprintf("narratives[%d].markdown", i), Reason: form.UnknownCell, Values: map[string]string{"cell": id, "form": f.ID},
				})
			}
		}
		texts[n.GetPart()] = n.GetMarkdown()
	}
	if len(wrong) > 0 {
		return nil, fault.Fields(wrong...)
	}
	var out []*reportv1.Narrative
	for _, p := range f.Parts {
		if text := texts[p.ID]; text != "" {
			out = append(out, &reportv1.Narrative{Part: p.ID, Markdown: text})
		}
	}
	return out, nil
}

// givenTexts are the texts of a report as they were given: with the cells that they name, not with the figures.
func givenTexts(r *reportv1.Report) []*reportv1.Narrative {
	return slices.Concat(r.GetNarratives(), r.GetNarrativeTemplates())
}

// tellFigures writes the figures of a report into its texts where these name cells, and keeps the texts as they were
// given. Of the annex only an organisation's own figures are known. It must be called with s.mu held.
func (s *Server) tellFigures(r kv.Reader, n reportName, f *form.Form, report *reportv1.Report) error {
	report.NarrativeTemplates = nil
	figures := figuresIn(report)
	if _, ok := f.Annex(n.period.Year()); ok && !sums(report.GetScope()) {
		measures, err := s.ownMeasures(r, n, f, true)
		if err != nil {
			return err
		}
		maps.Copy(figures, f.DeriveAnnex(n.period.Year(), measures))
	}
	for _, text := range report.GetNarratives() {
		if len(form.CellsIn(text.GetMarkdown())) > 0 {
			report.NarrativeTemplates = append(report.NarrativeTemplates, proto.CloneOf(text))
			text.Markdown = f.Fill(text.GetMarkdown(), figures)
		}
	}
	return nil
}

func narrativesIn(r *reportv1.Report) map[string]string {
	out := make(map[string]string, len(r.GetNarratives()))
	for _, n := range r.GetNarratives() {
		out[n.GetPart()] = n.GetMarkdown()
	}
	return out
}

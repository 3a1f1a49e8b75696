package check

import (
	"strings"

	"gongkai/services/law/form"
	"gongkai/services/law/organ"
)

// narratives checks that the parts have text.
func (r *run) narratives() {
	if r.Narratives == nil {
		return
	}
	for _, p := range r.Form.Parts {
		if !p.Narrative || strings.TrimSpace(r.Narratives[p.ID]) != "" {
			continue
		}
		f := about(p)
		if !r.Published {
			f.Severity = Hard
		}
		r.add(TextMissing, f)
	}
	r.assessment()
}

// assessment looks in a government's part one for what R2019 art. 50(4) of its report asks for beside the rest.
func (r *run) assessment() {
	if r.Organ.Kind != organ.Government || !r.tabular() {
		return
	}
	p := r.Form.Parts[0]
	text := r.Narratives[p.ID]
	if strings.TrimSpace(text) == "" {
		return
	}
	var zhMissing, enMissing []string
	for _, wanted := range []struct {
		zh, en string
		words  []string
	}{
		{"工作考核", "assessment", []string{"考核", "考评"}},
		{"社会评议", "public appraisal", []string{"评议", "满意度"}},
		{"责任追究", "accountability", []string{"责任追究", "追责", "问责", "追究责任", "责任追查"}},
	} {
		if !containsAny(text, wanted.words) {
			zhMissing, enMissing = append(zhMissing, wanted.zh), append(enMissing, wanted.en)
		}
	}
	if zhMissing == nil {
		return
	}
	f := about(p)
	d := r.catalogue[TextAssessment]
	f.Text = zh(d.Text.Zh+"；未见："+strings.Join(zhMissing, "、"), d.Text.En+"; not found: "+strings.Join(enMissing, ", "))
	r.add(TextAssessment, f)
}

func containsAny(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// mentions compares the figures that the text tells with the cells. A figure that is told in several ways is right if one
// of them is; one that may be about something else accuses nobody.
func (r *run) mentions() {
	if r.Narratives == nil {
		return
	}
	texts := make([]string, len(r.Form.Parts))
	for i, p := range r.Form.Parts {
		texts[i] = form.Plain(r.Narratives[p.ID])
	}
	by := form.Speaker{Name: r.Organ.Name}
	if r.Period.Kind() != 0 {
		by.Year = r.Period.Year()
	}
	for _, m := range r.Form.Mentions {
		if expected, cell, ok := r.told(m); ok {
			r.mention(m, texts, by, expected, cell)
		}
	}
}

// mention compares one figure.
func (r *run) mention(m form.Mention, texts []string, by form.Speaker, expected int64, cell form.Cell) {
	var wrong *Finding
	for i, p := range r.Form.Parts {
		for _, s := range m.In(texts[i], by) {
			if cell.Agrees(s.Number, expected) {
				return
			}
			if _, _, readable := cell.Read(s.Number); wrong == nil && !s.Doubtful && readable {
				f := r.at(cell)
				f.Part, f.Cells = p.ID, m.Cells
				f.Expected, f.Found = cell.Write(expected), s.Words
				wrong = &f
			}
		}
	}
	if wrong != nil {
		r.add(TextFigures, *wrong)
	}
}

// told is what a mention should say: the sum of its cells.
func (r *run) told(m form.Mention) (int64, form.Cell, bool) {
	terms := make([]form.Term, len(m.Cells))
	for i, id := range m.Cells {
		terms[i] = form.Term{Cell: id}
	}
	s := r.side(terms)
	first, ok := r.Form.Find(m.Cells[0])
	return s.value, first, ok && s.filled > 0 && !s.gaps && !s.closed
}

// tabular tells whether the report is on a form of R2019, which has tables.
func (r *run) tabular() bool {
	_, ok := r.Form.Cell("t3.received.total")
	return ok
}

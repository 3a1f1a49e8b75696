package disclosure

import (
	"context"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/disclosure/ledger"
	"gongkai/services/law"
)

// mostFindings is how many findings an answer holds.
const mostFindings = 1000

// told is a finding with its place.
type told struct {
	sheet string
	row   int
	ledger.Finding
}

// outcome gathers what became of the rows.
type outcome struct {
	publish bool
	undated bool // it was told that dates are not kept

	read, made, published, unchanged, bad, sheets int32
	findings                                      int32
	errors, notes                                 []told
}

// add counts an item.
func (o *outcome) add(i *item) {
	for _, v := range i.wrong {
		i.row.Add(v)
	}
	switch i.fate {
	case refused:
		o.bad++
	case unchanged:
		o.unchanged++
	case made:
		o.made++
	}
	if i.fate != aside {
		o.read++
	} else if i.row.Refused() {
		o.sheets++
	}
	if i.publishes && (i.fate == made || i.fate == completed) {
		o.published++
	}
	if i.fate == made && !o.publish && !o.undated && !i.row.PublishedOn.IsZero() {
		o.undated = true
		i.row.Note(law.Violation{Field: "published_on", Reason: DateNotImported})
	}
	for _, f := range i.row.Findings {
		o.findings++
		at := told{i.row.Sheet, i.row.Number, f}
		switch {
		case !f.Note && len(o.errors) < mostFindings:
			o.errors = append(o.errors, at)
		case f.Note && len(o.notes) < mostFindings:
			o.notes = append(o.notes, at)
		}
	}
}

// refused tells whether something is wrong with a row or a sheet.
func (o *outcome) refused() bool { return o.bad+o.sheets > 0 }

// answer is the answer, in the language of the caller.
func (o *outcome) answer(ctx context.Context, applied bool) *disclosurev1.ImportDisclosuresResponse {
	out := &disclosurev1.ImportDisclosuresResponse{
		ReadCount: o.read, CreatedCount: o.made, PublishedCount: o.published, UnchangedCount: o.unchanged,
		RefusedCount: o.bad, Applied: applied, FindingCount: o.findings,
	}
	language := fault.LanguageOf(ctx)
	for _, f := range append(o.errors, o.notes[:min(len(o.notes), mostFindings-len(o.errors))]...) {
		severity := disclosurev1.ImportFinding_SEVERITY_ERROR
		if f.Note {
			severity = disclosurev1.ImportFinding_SEVERITY_NOTE
		}
		out.Findings = append(out.Findings, &disclosurev1.ImportFinding{
			Severity: severity, Sheet: f.sheet, Row: int32(f.row), Column: f.Column, Header: f.Header, Field: f.Field,
			Reason: string(f.Reason), Values: f.Values, Message: fault.Text(f.Violation, language),
		})
	}
	return out
}

package page

import (
	"net/http"
	"net/url"
	"strings"

	reportv1 "gongkai/proto/gongkai/report/v1"
)

// discrepancies is the content of the page that tells what does not fit in the reports of an area.
type discrepancies struct {
	words
	Name, Period, Rollup string
	Groups               []discrepancyGroup
}

// discrepancyGroup are those of one kind.
type discrepancyGroup struct {
	Heading, Expected, Found string
	Size                     int32
	Lines                    []discrepancyLine
	Next                     string // to the rest of them
}

// discrepancyLine is one figure that does not fit.
type discrepancyLine struct {
	Name, Link, Cell, CellLink    string
	Expected, Found, Reason, Note string
	Verdict                       string
}

// discrepancyKinds are the kinds in their order, with the words of their columns.
var discrepancyKinds = []struct {
	kind            reportv1.DiscrepancyKind
	expected, found string
}{
	{reportv1.DiscrepancyKind_DISCREPANCY_KIND_OVER_YEARS, "expected", "found"},
	{reportv1.DiscrepancyKind_DISCREPANCY_KIND_BASES, "by_records", "by_report"},
	{reportv1.DiscrepancyKind_DISCREPANCY_KIND_JUMP, "period_before", "this_period"},
}

// perKind is how many of a kind are shown on the first page.
const perKind = 50

// showDiscrepancies shows the first of each kind, or with ?kind= one kind, page by page.
func (s *site) showDiscrepancies(v *visit, r *http.Request) error {
	of, err := newSubject(r.PathValue("organization"), r.PathValue("period"))
	if err != nil {
		return err
	}
	w := words{v.language}
	content := discrepancies{words: w, Period: w.period(of.Period), Rollup: of.rollup()}
	if content.Name, err = s.organizationName(v, of.Organization); err != nil {
		return err
	}
	var form *sheet
	only := r.URL.Query().Get("kind")
	for _, k := range discrepancyKinds {
		name := strings.ToLower(strings.TrimPrefix(k.kind.String(), "DISCREPANCY_KIND_"))
		if only != "" && only != name {
			continue
		}
		in := &reportv1.ListDiscrepanciesRequest{Name: of.rollupName(), Kinds: []reportv1.DiscrepancyKind{k.kind}, PageSize: perKind}
		if only != "" {
			in.PageToken = r.URL.Query().Get("page_token")
		}
		m, err := s.report.ListDiscrepancies(v.ctx, in)
		if err != nil {
			return err
		}
		if form == nil {
			if form, err = s.formOf(v, of); err != nil {
				return err
			}
		}
		group := discrepancyGroup{Heading: w.T(k.kind.String()), Expected: w.T(k.expected), Found: w.T(k.found), Size: m.GetTotalSize()}
		for _, d := range m.GetDiscrepancies() {
			group.Lines = append(group.Lines, makeDiscrepancy(d, form, of, w))
		}
		if token := m.GetNextPageToken(); token != "" {
			group.Next = of.discrepancies() + "?" + url.Values{"kind": {name}, "page_token": {token}}.Encode()
		}
		content.Groups = append(content.Groups, group)
	}
	return s.show(v, http.StatusOK, "discrepancies", w.T("discrepancies")+w.space()+content.Name+w.space()+content.Period, content)
}

// formOf is the form of a period.
func (s *site) formOf(v *visit, of subject) (*sheet, error) {
	forms, err := s.sheets(v)
	if err != nil {
		return nil, err
	}
	return forms.of(of.Period.Year()), nil
}

func makeDiscrepancy(d *reportv1.Discrepancy, form *sheet, of subject, w words) discrepancyLine {
	own := of.of(d.GetOrganization())
	l := discrepancyLine{
		Name: d.GetDisplayName(), Link: own.report(d.GetCell()), Cell: w.label(d.GetLabel()), CellLink: own.cell(d.GetCell()),
		Expected: form.amount(d.GetCell(), d.GetExpected()), Found: form.amount(d.GetCell(), d.GetFound()), Reason: w.label(d.GetReason()),
	}
	if d.GetFromRecords() {
		l.Note, l.Link = w.T("from_records"), own.rollup()
	}
	if verdict := d.GetFinding().GetVerdict(); verdict != nil {
		l.Verdict = w.T(verdict.GetKind().String()) + w.T("colon") + verdict.GetReason() + w.T("dash") + verdict.GetJudgedBy()
	}
	return l
}

func (s subject) discrepancies() string { return s.rollup() + "/discrepancies" }

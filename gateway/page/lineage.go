package page

import (
	"net/http"
	"net/url"
	"strings"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"
)

// lineage is the content of the page that tells what a figure sums, entry by entry or report by report.
type lineage struct {
	words
	Name, Period, Label, Cell string // Cell: link to the figure's own page
	Records, Own              bool
	Choices                   []choice
	Total                     string
	Lines                     []lineageLine
	First, Next               string
}

// lineageLine is one report or log entry.
type lineageLine struct {
	Name, Resource, Link, Kind, Date, Entry, Amount string
	Version                                         int32
}

func (s *site) showLineage(v *visit, r *http.Request) error {
	of, err := newSubject(r.PathValue("organization"), r.PathValue("period"))
	if err != nil {
		return err
	}
	query := r.URL.Query()
	in := &reportv1.ListLineageRequest{
		Name: of.rollupName(), Cell: r.PathValue("cell"), Basis: reportv1.RollupBasis_ROLLUP_BASIS_SUBMITTED, Own: query.Get("own") == "1",
		PageSize: 100, PageToken: query.Get("page_token"),
	}
	switch query.Get("basis") {
	case "", "submitted":
	case "records":
		in.Basis = reportv1.RollupBasis_ROLLUP_BASIS_RECORDS
	default:
		return fault.Field("basis", "NOT_IN_LIST")
	}
	m, err := s.report.ListLineage(v.ctx, in)
	if err != nil {
		return err
	}
	form, err := s.formOf(v, of)
	if err != nil {
		return err
	}
	w, records := words{v.language}, in.GetBasis() == reportv1.RollupBasis_ROLLUP_BASIS_RECORDS
	content := lineage{
		words: w, Period: w.period(of.Period), Label: form.heading(in.GetCell(), w), Cell: of.cell(in.GetCell()), Records: records, Own: in.GetOwn(),
		Total: form.amount64(in.GetCell(), m.GetTotal()),
		Choices: []choice{
			{w.T("by_reports"), of.lineage(in.GetCell(), "submitted", in.GetOwn(), ""), !records},
			{w.T("by_entries"), of.lineage(in.GetCell(), "records", in.GetOwn(), ""), records},
		},
	}
	if content.Name, err = s.organizationName(v, of.Organization); err != nil {
		return err
	}
	for _, i := range m.GetItems() {
		content.Lines = append(content.Lines, makeLineage(i, form, of, in.GetCell(), w))
	}
	if in.GetPageToken() != "" {
		content.First = of.lineage(in.GetCell(), query.Get("basis"), in.GetOwn(), "")
	}
	if next := m.GetNextPageToken(); next != "" {
		content.Next = of.lineage(in.GetCell(), query.Get("basis"), in.GetOwn(), next)
	}
	return s.show(v, http.StatusOK, "lineage", content.Label+w.space()+content.Name+w.space()+content.Period, content)
}

func makeLineage(i *reportv1.LineageItem, form *sheet, of subject, cell string, w words) lineageLine {
	l := lineageLine{
		Name: i.GetDisplayName(), Resource: i.GetResource(), Version: i.GetVersion(), Entry: i.GetEntry(), Date: civil(i.GetDate()), Amount: form.amount64(cell, i.GetAmount()),
	}
	switch {
	case i.GetEntry() == "":
		l.Link = of.of(i.GetOrganization()).report(cell)
	case strings.Contains(i.GetResource(), "/disclosures/"):
		l.Link = "/" + i.GetResource()
	}
	if i.GetKind() != "" {
		l.Kind = w.T(i.GetKind())
	}
	return l
}

// lineage is the page of what a figure sums.
func (s subject) lineage(cell, basis string, own bool, token string) string {
	values := url.Values{}
	if basis != "" && basis != "submitted" {
		values.Set("basis", basis)
	}
	if own {
		values.Set("own", "1")
	}
	if token != "" {
		values.Set("page_token", token)
	}
	path := s.cell(cell) + "/lineage"
	if len(values) > 0 {
		path += "?" + values.Encode()
	}
	return path
}

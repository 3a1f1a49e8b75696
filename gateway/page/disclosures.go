package page

import (
	"fmt"
	"html/template"
	"net/http"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"

	"google.golang.org/genproto/googleapis/type/date"
)

// pageSize is how many records one page lists.
const pageSize = 200

// list is the content of the page that lists disclosures.
type list struct {
	words
	Name, Period string
	Categories   []string
	Records      []entry
	From, To     int
	First, Next  string // links; empty where there is no such page
}

// entry is one record in a list.
type entry struct {
	Number                                          int
	Title, Link, Category, PublishedOn, IndexNumber string
}

func (s *site) showDisclosures(v *visit, r *http.Request) error {
	q, err := parseQuery(r.URL.Query())
	if err != nil {
		return err
	}
	name, err := s.organizationName(v, r.PathValue("organization"))
	if err != nil {
		return err
	}
	forms, err := s.sheets(v)
	if err != nil {
		return err
	}
	res, err := s.disclosure.ListDisclosures(v.ctx, &disclosurev1.ListDisclosuresRequest{
		Parent: "organizations/" + r.PathValue("organization"), PageSize: pageSize, PageToken: q.token, Filter: q.filter(),
	})
	if err != nil {
		return err
	}
	w := words{v.language}
	content := list{words: w, Name: name, From: q.from, To: q.from + len(res.GetDisclosures()) - 1}
	year := 0
	if !q.period.IsZero() {
		content.Period, year = w.period(q.period), q.period.Year()
	}
	for _, c := range q.categories {
		content.Categories = append(content.Categories, forms.of(year).category(c, w))
	}
	for i, d := range res.GetDisclosures() {
		content.Records = append(content.Records, entry{
			Number: q.from + i, Title: d.GetTitle(), Link: "/" + d.GetName(), PublishedOn: civil(d.GetPublishedOn()), IndexNumber: d.GetIndexNumber(),
			Category: forms.of(int(d.GetPublishedOn().GetYear())).category(d.GetCategory(), w),
		})
	}
	path := r.URL.Path + "?"
	if q.token != "" {
		content.First = path + query{period: q.period, categories: q.categories}.encode()
	}
	if next := res.GetNextPageToken(); next != "" {
		content.Next = path + query{period: q.period, categories: q.categories, token: next, from: q.from + len(res.GetDisclosures())}.encode()
	}
	return s.show(v, http.StatusOK, "disclosures", name+w.space()+w.T("disclosures"), content)
}

// record is the content of one disclosure's page.
type record struct {
	words
	Name, List                         string
	Title, Category, State, StateClass string
	IndexNumber, DocumentNumber        string
	FormedOn, PublishedOn, WithdrawnOn string
	WithdrawReason                     string
	Channels                           []string
	Text                               template.HTML
}

func (s *site) showDisclosure(v *visit, r *http.Request) error {
	organization := r.PathValue("organization")
	d, err := s.disclosure.GetDisclosure(v.ctx, &disclosurev1.GetDisclosureRequest{
		Name: "organizations/" + organization + "/disclosures/" + r.PathValue("disclosure"),
	})
	if err != nil {
		return err
	}
	name, err := s.organizationName(v, organization)
	if err != nil {
		return err
	}
	forms, err := s.sheets(v)
	if err != nil {
		return err
	}
	text, err := markdown(d.GetContent())
	if err != nil {
		return fmt.Errorf("render %s: %w", d.GetName(), err)
	}
	w := words{v.language}
	content := record{
		words: w, Name: name, List: "/organizations/" + organization + "/disclosures",
		Title: d.GetTitle(), Category: forms.of(int(d.GetPublishedOn().GetYear())).category(d.GetCategory(), w),
		State: w.disclosureState(d.GetState()), StateClass: disclosureClasses[d.GetState()],
		IndexNumber: d.GetIndexNumber(), DocumentNumber: d.GetDocumentNumber(), FormedOn: civil(d.GetFormedOn()),
		PublishedOn: civil(d.GetPublishedOn()), WithdrawnOn: civil(d.GetWithdrawnOn()), WithdrawReason: d.GetWithdrawReason(), Text: text,
	}
	for _, c := range d.GetChannels() {
		content.Channels = append(content.Channels, w.channel(c))
	}
	return s.show(v, http.StatusOK, "disclosure", d.GetTitle(), content)
}

// organizationName is what an organisation is called today.
func (s *site) organizationName(v *visit, id string) (string, error) {
	if !organizationID.MatchString(id) {
		return "", notFound("organizations/" + id)
	}
	o, err := s.directory.GetOrganization(v.ctx, &directoryv1.GetOrganizationRequest{Name: "organizations/" + id})
	if err != nil {
		return "", err
	}
	return o.GetDisplayName(), nil
}

// sheets are all report forms.
type sheets []*sheet

func (s *site) sheets(v *visit) (sheets, error) {
	res, err := s.report.ListReportForms(v.ctx, &reportv1.ListReportFormsRequest{})
	if err != nil {
		return nil, err
	}
	var all sheets
	for _, f := range res.GetReportForms() {
		all = append(all, newSheet(f))
	}
	return all, nil
}

// of is the form of a year, for its categories: that which covers it, else the latest.
func (all sheets) of(year int) *sheet {
	found := newSheet(&reportv1.ReportForm{})
	for _, s := range all {
		found = s
		if last := int(s.form.GetLastYear()); int(s.form.GetFirstYear()) <= year && (last == 0 || year <= last) {
			break
		}
	}
	return found
}

// civil writes a date; empty if it is unset.
func civil(d *date.Date) string {
	if d == nil {
		return ""
	}
	return time.Date(int(d.GetYear()), time.Month(d.GetMonth()), int(d.GetDay()), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

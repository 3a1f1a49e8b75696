package page

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"

	"google.golang.org/genproto/googleapis/type/date"
)

// owed is the content of the page that tells who owes a report, at any level below an organisation.
type owed struct {
	words
	Name, Period, Rollup string
	Choices              []choice
	Lines                []owedLine
	First, Next          string
}

// choice is one way to narrow a list.
type choice struct {
	Label, Link string
	Chosen      bool
}

// owedLine is one organisation that owes a report.
type owedLine struct {
	Name, Link, Above, Status, StatusClass string
	Due                                    due
}

// due is by when a report is due.
type due struct {
	On, ByLaw string // by law: empty if that is the date
	SetBy     string // the id of who has set it
	DaysLate  int32
}

func dueOf(on, byLaw *date.Date, setBy string, daysLate int32) due {
	d := due{On: civil(on), SetBy: strings.TrimPrefix(setBy, "organizations/"), DaysLate: daysLate}
	if setBy != "" {
		d.ByLaw = civil(byLaw)
	}
	return d
}

// narrowing is what the list can be narrowed to.
type narrowing struct {
	value, label string // of its parameter; in the table of texts
	statuses     []reportv1.RollupStatus
}

var narrowings = []narrowing{
	{"", "everyone", nil},
	{"late", "overdue", nil},
	{"missing", "missing", []reportv1.RollupStatus{reportv1.RollupStatus_ROLLUP_STATUS_MISSING}},
	{"returned", "returned", []reportv1.RollupStatus{reportv1.RollupStatus_ROLLUP_STATUS_RETURNED}},
	{"submitted", "submitted", []reportv1.RollupStatus{reportv1.RollupStatus_ROLLUP_STATUS_SUBMITTED}},
	{"accepted", "accepted", []reportv1.RollupStatus{reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED}},
}

func (s *site) showOwed(v *visit, r *http.Request) error {
	of, err := newSubject(r.PathValue("organization"), r.PathValue("period"))
	if err != nil {
		return err
	}
	only, token := r.URL.Query().Get("only"), r.URL.Query().Get("page_token")
	i := slices.IndexFunc(narrowings, func(n narrowing) bool { return n.value == only })
	if i < 0 {
		return fault.Field("only", "NOT_IN_LIST")
	}
	m, err := s.report.ListOwedReports(v.ctx, &reportv1.ListOwedReportsRequest{
		Name: of.rollupName(), Late: only == "late", Statuses: narrowings[i].statuses, PageToken: token, PageSize: 200,
	})
	if err != nil {
		return err
	}
	name, err := s.organizationName(v, of.Organization)
	if err != nil {
		return err
	}
	w := words{v.language}
	content := owed{words: w, Name: name, Period: w.period(of.Period), Rollup: of.rollup()}
	for _, n := range narrowings {
		content.Choices = append(content.Choices, choice{w.T(n.label), of.owed(n.value, ""), n.value == only})
	}
	for _, o := range m.GetOwedReports() {
		own := of.of(o.GetOrganization())
		l := owedLine{
			Name: o.GetDisplayName(), Link: own.rollup(), Above: strings.TrimPrefix(o.GetAbove(), "organizations/"),
			Status: w.rollupStatus(o.GetStatus()), StatusClass: statusClasses[o.GetStatus()],
			Due: dueOf(o.GetDueOn(), o.GetDueByLaw(), o.GetDueSetBy(), o.GetDaysLate()),
		}
		if o.GetVersion() > 0 {
			l.Link = own.report("")
		}
		content.Lines = append(content.Lines, l)
	}
	if token != "" {
		content.First = of.owed(only, "")
	}
	if next := m.GetNextPageToken(); next != "" {
		content.Next = of.owed(only, next)
	}
	return s.show(v, http.StatusOK, "owed", w.T("owed_title")+w.space()+name+w.space()+content.Period, content)
}

// owed is the list of who owes a report; empty: everyone, from the first page on.
func (s subject) owed(only, token string) string {
	values := url.Values{}
	if only != "" {
		values.Set("only", only)
	}
	if token != "" {
		values.Set("page_token", token)
	}
	path := s.rollup() + "/owed"
	if len(values) > 0 {
		path += "?" + values.Encode()
	}
	return path
}

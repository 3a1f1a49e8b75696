package e2e_test

import (
	"errors"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gongkai/deploy/demo"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"
)

// seed is what 贝林哈日莫墩乡 published in its report of 2018, cell by cell of the form of 2007.
var seed = map[string]struct {
	value int32
	state reportv1.FigureState
}{
	"disclosed.total":                            {550, reportv1.FigureState_FIGURE_STATE_DERIVED},
	"disclosed.government_document":              {24, reportv1.FigureState_FIGURE_STATE_DERIVED},
	"disclosed.work_report":                      {1, reportv1.FigureState_FIGURE_STATE_DERIVED},
	"disclosed.emergency_management":             {365, reportv1.FigureState_FIGURE_STATE_DERIVED},
	"disclosed.work_update":                      {130, reportv1.FigureState_FIGURE_STATE_DERIVED},
	"disclosed.other":                            {30, reportv1.FigureState_FIGURE_STATE_DERIVED},
	"requests.received":                          {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
	"requests.concluded":                         {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
	"requests.already_public":                    {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
	"requests.granted":                           {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
	"requests.partial":                           {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
	"requests.denied":                            {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
	"requests.denied.state_secret":               {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
	"requests.denied.business_secret":            {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
	"requests.denied.privacy":                    {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
	"requests.denied.security":                   {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
	"requests.denied.not_government_information": {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
	"requests.denied.other":                      {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
	"requests.not_held":                          {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
	"requests.not_existing":                      {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
	"requests.unclear":                           {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
	"requests.other":                             {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
	"fees.charged":                               {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
	"fees.waived":                                {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
	"appeals.reconsideration":                    {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
	"appeals.litigation":                         {0, reportv1.FigureState_FIGURE_STATE_STATED_NONE},
}

// TestMainJob does the year of the city over REST and checks what the leading group then sees.
func TestMainJob(t *testing.T) {
	t.Parallel()
	e := start(t)
	run := func() *demo.Result {
		t.Helper()
		result, err := demo.Run(t.Context(), demo.Options{BaseURL: e.url, Tokens: func(role, organization string) (string, error) {
			return e.token(access.Role(role), organization), nil
		}})
		e.check(err)
		return result
	}
	city, err := demo.Load()
	e.check(err)
	first := run()
	rollup := &reportv1.Rollup{}
	raw := e.get("/v1/organizations/652701/rollups/2018", e.token(access.Supervisor, demo.CityID), rollup)
	if string(raw) != string(first.RollupJSON) {
		t.Error("the roll-up that the run returns is not what REST returns")
	}
	j := &job{env: e, city: city, rollup: rollup, records: map[string]map[string]int32{}}
	j.count()

	t.Run("seed report", j.seedReport)
	t.Run("submitted basis", j.submittedBasis)
	t.Run("records basis", j.recordsBasis)
	t.Run("differences", j.differences)
	t.Run("returned and late", j.returnedAndLate)
	t.Run("public view", j.publicView)
	t.Run("page", j.page)
	t.Run("again", func(t *testing.T) {
		before := e.sizes()
		second := run()
		if !second.Reused || string(second.RollupJSON) != string(first.RollupJSON) {
			t.Errorf("the second run reused: %v", second.Reused)
		}
		for log, size := range e.sizes() {
			if size != before[log] {
				t.Errorf("the second run added %d entries to %s", size-before[log], log)
			}
		}
	})
}

// job is the city after its year, with what the test itself has counted.
type job struct {
	*env
	city    *demo.City
	rollup  *reportv1.Rollup
	records map[string]map[string]int32 // counted over REST: by organisation and cell
}

// count counts every record of every organisation, page by page.
func (j *job) count() {
	j.t.Helper()
	for _, o := range j.city.Organizations {
		id := o.GetOrganizationId()
		j.records[id] = map[string]int32{}
		for page := ""; ; {
			list := &disclosurev1.ListDisclosuresResponse{}
			j.get("/v1/organizations/"+id+"/disclosures?pageSize=97&pageToken="+url.QueryEscape(page), "", list)
			for _, d := range list.GetDisclosures() {
				if d.GetPublishedOn().GetYear() != 2018 || d.GetState() != disclosurev1.State_STATE_PUBLISHED {
					j.t.Errorf("%s is no published record of 2018", d.GetName())
				}
				j.records[id]["disclosed."+d.GetCategory()]++
				j.records[id]["disclosed.total"]++
			}
			if page = list.GetNextPageToken(); page == "" {
				break
			}
		}
	}
	for _, q := range j.city.Requests {
		j.records[q.Organization]["requests.received"]++
		if q.Outcome != "" {
			cell := "requests." + strings.Replace(q.Outcome, "denied_", "denied.", 1)
			j.records[q.Organization][cell]++
			j.records[q.Organization]["requests.concluded"]++
			if strings.HasPrefix(q.Outcome, "denied_") {
				j.records[q.Organization]["requests.denied"]++
			}
		}
	}
}

func (j *job) row(id string) *reportv1.RollupRow {
	j.t.Helper()
	return sole(j.env, j.rollup.GetRows(), func(r *reportv1.RollupRow) bool { return r.GetCode() == id })
}

func (j *job) report(t *testing.T, id string) *reportv1.Report {
	t.Helper()
	r := &reportv1.Report{}
	j.get("/v1/organizations/"+id+"/reports/2018", "", r)
	return r
}

func (j *job) seedReport(t *testing.T) {
	report, row := j.report(t, demo.TownshipID), j.row(demo.TownshipID)
	if len(report.GetFigures()) != len(seed) || len(row.GetFigures()) != len(seed) {
		t.Errorf("the report has %d cells and the row %d, the form of 2007 has %d", len(report.GetFigures()), len(row.GetFigures()), len(seed))
	}
	for _, f := range report.GetFigures() {
		want, ok := seed[f.GetCell()]
		if !ok || f.GetValue() != want.value || f.GetState() != want.state {
			t.Errorf("report: %s is %d, %v; want %d, %v", f.GetCell(), f.GetValue(), f.GetState(), want.value, want.state)
		}
	}
	for cell, want := range seed {
		f, ok := row.GetFigures()[cell]
		if !ok || f.GetSubmitted() != want.value || f.GetState() != want.state {
			t.Errorf("row: %s is %d, %v; want %d, %v", cell, f.GetSubmitted(), f.GetState(), want.value, want.state)
		}
		if f.GetRecords() != want.value || f.GetLate() != 0 || f.GetDifference() != 0 {
			t.Errorf("row: %s has %d records, %d late, difference %d; want %d, 0, 0", cell, f.GetRecords(), f.GetLate(), f.GetDifference(), want.value)
		}
		if category, ok := strings.CutPrefix(cell, "disclosed."); ok && category != "total" && j.city.Figure(demo.TownshipID, category) != int(want.value) {
			t.Errorf("the demo's data have %d of %s, the published report %d", j.city.Figure(demo.TownshipID, category), category, want.value)
		}
	}
	if report.GetState() != reportv1.ReportState_REPORT_STATE_ACCEPTED || report.GetVersion() != 1 || report.GetForm() != "reportForms/2007" {
		t.Errorf("the report is %v, version %d, on %s", report.GetState(), report.GetVersion(), report.GetForm())
	}
}

func (j *job) submittedBasis(t *testing.T) {
	sums := map[string]int32{}
	accepted := 0
	for _, row := range j.rollup.GetRows() {
		if row.GetStatus() != reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED {
			for cell, f := range row.GetFigures() {
				if f.GetSubmitted() != 0 {
					t.Errorf("%s is not accepted, but counts %d in %s", row.GetCode(), f.GetSubmitted(), cell)
				}
			}
			continue
		}
		accepted++
		for _, f := range j.report(t, row.GetCode()).GetFigures() {
			sums[f.GetCell()] += f.GetValue()
			if got := row.GetFigures()[f.GetCell()].GetSubmitted(); got != f.GetValue() {
				t.Errorf("%s: %s is %d in the roll-up, %d in the report", row.GetCode(), f.GetCell(), got, f.GetValue())
			}
		}
	}
	for cell := range seed {
		if got := j.rollup.GetTotals()[cell].GetSubmitted(); got != sums[cell] {
			t.Errorf("submitted total of %s is %d, the accepted reports sum up to %d", cell, got, sums[cell])
		}
	}
	if accepted != 11 || j.rollup.GetAccepted() != 11 || j.rollup.GetOwed() != 12 || j.rollup.GetMissing() != 1 ||
		j.rollup.GetSubmitted() != 0 || j.rollup.GetReturned() != 0 || j.rollup.GetAcceptedOnly() {
		t.Errorf("%d rows are accepted; the roll-up says %d of %d, %d missing, %d waiting, %d returned", accepted,
			j.rollup.GetAccepted(), j.rollup.GetOwed(), j.rollup.GetMissing(), j.rollup.GetSubmitted(), j.rollup.GetReturned())
	}
	if got := j.rollup.GetTotals()["disclosed.total"].GetSubmitted(); got != 4599 {
		t.Errorf("submitted total is %d, want 4599", got)
	}
}

func (j *job) recordsBasis(t *testing.T) {
	all := map[string]int32{}
	for id, cells := range j.records {
		for cell, n := range cells {
			all[cell] += n
			if _, ok := seed[cell]; !ok {
				t.Errorf("%s has records in %s, which is no cell", id, cell)
			}
		}
	}
	for cell := range seed {
		total := j.rollup.GetTotals()[cell]
		if total.GetRecords() != all[cell] {
			t.Errorf("records total of %s is %d, counted are %d", cell, total.GetRecords(), all[cell])
		}
		for _, row := range j.rollup.GetRows() {
			if got := row.GetFigures()[cell].GetRecords(); got != j.records[row.GetCode()][cell] {
				t.Errorf("%s: %s has %d records, counted are %d", row.GetCode(), cell, got, j.records[row.GetCode()][cell])
			}
		}
	}
	// The demo's own data: its records, one added on return, one late.
	for _, category := range []string{"government_document", "work_report", "emergency_management", "work_update", "other"} {
		for _, row := range j.rollup.GetRows() {
			want := j.city.Figure(row.GetCode(), category)
			for _, extra := range []demo.Record{j.city.Added, j.city.Late} {
				if extra.Organization == row.GetCode() && extra.Draft.GetCategory() == category {
					want++
				}
			}
			if got := row.GetFigures()["disclosed."+category].GetRecords(); int(got) != want {
				t.Errorf("%s: %d records of %s, entered were %d", row.GetCode(), got, category, want)
			}
		}
	}
	if got := j.rollup.GetTotals()["disclosed.total"].GetRecords(); int(got) != len(j.city.Records)+2 || got != 5083 {
		t.Errorf("%d records in all, entered were %d, want 5083", got, len(j.city.Records)+2)
	}
}

func (j *job) differences(t *testing.T) {
	type key struct {
		organization, cell string
		cause              reportv1.DifferenceCause
	}
	want := map[key]int32{}
	for cell, n := range j.records[demo.MissingID] {
		want[key{nameOf(demo.MissingID), cell, reportv1.DifferenceCause_DIFFERENCE_CAUSE_MISSING}] = n
	}
	for _, cell := range []string{"disclosed.total", "disclosed." + j.city.Late.Draft.GetCategory()} {
		want[key{nameOf(demo.LateID), cell, reportv1.DifferenceCause_DIFFERENCE_CAUSE_LATE}] = 1
	}
	cells := map[string]int32{}
	for _, d := range j.rollup.GetDifferences() {
		k := key{d.GetOrganization(), d.GetCell(), d.GetCause()}
		if d.GetDifference() != want[k] {
			t.Errorf("%v differs by %d, want %d", k, d.GetDifference(), want[k])
		}
		delete(want, k)
		cells[d.GetCell()] += d.GetDifference()
	}
	for k, n := range want {
		t.Errorf("%v should differ by %d and is not listed", k, n)
	}
	for cell, total := range j.rollup.GetTotals() {
		if total.GetDifference() != total.GetRecords()-total.GetSubmitted() || total.GetDifference() != cells[cell] {
			t.Errorf("%s: records %d - submitted %d, difference %d, explained %d", cell, total.GetRecords(), total.GetSubmitted(), total.GetDifference(), cells[cell])
		}
	}
	if got := cells["disclosed.total"]; got != 484 {
		t.Errorf("the bases differ by %d, want the 483 of the missing and the late one", got)
	}
}

func (j *job) returnedAndLate(t *testing.T) {
	returned, late, missing := j.row(demo.ReturnedID), j.row(demo.LateID), j.row(demo.MissingID)
	if returned.GetVersion() != 2 || returned.GetStatus() != reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED || len(returned.GetReturnReasons()) != 2 {
		t.Errorf("the returned report is %v, version %d, with %d reasons", returned.GetStatus(), returned.GetVersion(), len(returned.GetReturnReasons()))
	}
	if got := returned.GetFigures()["disclosed.government_document"].GetSubmitted(); got != 29 || int(got) != j.city.Figure(demo.ReturnedID, "government_document")+1 {
		t.Errorf("the mended report has %d government documents, want 29", got)
	}
	for cell, f := range late.GetFigures() {
		want := int32(0)
		if cell == "disclosed.total" || cell == "disclosed.work_update" {
			want = 1
		}
		if f.GetLate() != want || f.GetDifference() != want {
			t.Errorf("%s: %d late, difference %d, want %d", cell, f.GetLate(), f.GetDifference(), want)
		}
	}
	if missing.GetStatus() != reportv1.RollupStatus_ROLLUP_STATUS_MISSING || missing.GetVersion() != 0 {
		t.Errorf("the missing one is %v, version %d", missing.GetStatus(), missing.GetVersion())
	}
}

// publicView checks that the public sees what is accepted and nothing else.
func (j *job) publicView(t *testing.T) {
	public := &reportv1.Rollup{}
	raw := j.get("/v1/organizations/652701/rollups/2018", "", public)
	if !public.GetAcceptedOnly() || public.GetAccepted() != 11 || public.GetOwed() != 12 || public.GetMissing() != 0 || len(public.GetDifferences()) != 0 {
		t.Errorf("the public sees accepted only: %v, %d of %d, %d missing, %d differences", public.GetAcceptedOnly(),
			public.GetAccepted(), public.GetOwed(), public.GetMissing(), len(public.GetDifferences()))
	}
	if strings.Contains(string(raw), demo.MissingID) || strings.Contains(string(raw), "小营盘") {
		t.Error("the public sees who is missing")
	}
	for _, row := range public.GetRows() {
		if row.GetStatus() != reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED || len(row.GetReturnReasons()) != 0 {
			t.Errorf("the public sees %s as %v, with %d reasons", row.GetCode(), row.GetStatus(), len(row.GetReturnReasons()))
		}
		for cell, f := range row.GetFigures() {
			want := j.row(row.GetCode()).GetFigures()[cell]
			if f.GetSubmitted() != want.GetSubmitted() || f.GetState() != want.GetState() {
				t.Errorf("%s: the public sees %d in %s, accepted is %d", row.GetCode(), f.GetSubmitted(), cell, want.GetSubmitted())
			}
			if f.Records != nil || f.Late != nil || f.Difference != nil {
				t.Errorf("%s: the public sees the records of %s", row.GetCode(), cell)
			}
		}
	}
	if len(public.GetRows()) != 11 {
		t.Errorf("the public sees %d rows, want 11", len(public.GetRows()))
	}
	for cell, f := range public.GetTotals() {
		if f.GetSubmitted() != j.rollup.GetTotals()[cell].GetSubmitted() || f.Records != nil {
			t.Errorf("the public's total of %s is %v", cell, f)
		}
	}
}

var (
	tableRow = regexp.MustCompile(`(?s)<tr.*?</tr>`)
	anchor   = regexp.MustCompile(`<a href="([^"]*)"[^>]*>([^<]*)</a>`)
	listed   = regexp.MustCompile(`<td class="n">(\d+)</td><th scope="row"><a href="(/organizations/652701201/disclosures/[^"]+)">`)
	nextPage = regexp.MustCompile(`<a[^>]*href="([^"]*page_token=[^"]*)"`)
)

// page goes from the 550 of the first page to the 550 records.
func (j *job) page(t *testing.T) {
	link := ""
	for _, tr := range tableRow.FindAllString(j.html(t, "/"), -1) {
		if !strings.Contains(tr, "贝林哈日莫墩乡人民政府") {
			continue
		}
		for _, a := range anchor.FindAllStringSubmatch(tr, -1) {
			if a[2] == "550" {
				link = html.UnescapeString(a[1])
			}
		}
	}
	if link == "" {
		t.Fatal("no 550 with a link in the township's row")
	}
	seen := map[string]bool{}
	for pages := 0; link != ""; pages++ {
		if pages > 20 {
			t.Fatal("the list does not end")
		}
		text := j.html(t, link)
		for _, m := range listed.FindAllStringSubmatch(text, -1) {
			if n, _ := strconv.Atoi(m[1]); n != len(seen)+1 || seen[m[2]] {
				t.Fatalf("record %s has number %s, after %d others", m[2], m[1], len(seen))
			}
			seen[m[2]] = true
		}
		if link = ""; nextPage.MatchString(text) {
			link = html.UnescapeString(nextPage.FindStringSubmatch(text)[1])
		}
	}
	if len(seen) != 550 {
		t.Errorf("the list behind the 550 has %d records", len(seen))
	}
	for record := range seen {
		d := &disclosurev1.Disclosure{}
		j.get("/v1"+record, "", d)
		if text := j.html(t, record); !strings.Contains(text, html.EscapeString(d.GetTitle())) {
			t.Errorf("the page of %s does not show its title", record)
		}
		break
	}
}

// html reads a page, through at most three redirections.
func (j *job) html(t *testing.T, path string) string {
	t.Helper()
	for range 4 {
		in, err := http.NewRequestWithContext(t.Context(), http.MethodGet, j.url+path, nil)
		j.check(err)
		out, err := j.http.Do(in)
		j.check(err)
		body, err := io.ReadAll(out.Body)
		j.check(errors.Join(err, out.Body.Close()))
		if out.StatusCode == http.StatusSeeOther {
			path = out.Header.Get("Location")
			continue
		}
		if out.StatusCode != http.StatusOK {
			t.Fatalf("GET %s: HTTP %d", path, out.StatusCode)
		}
		return string(body)
	}
	t.Fatalf("too many redirections, the last to %s", path)
	return ""
}

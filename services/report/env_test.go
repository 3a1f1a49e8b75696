package report_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/suite"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const (
	city    = "organizations/652701"
	town    = "organizations/652701201"
	second  = "organizations/652701202"
	farm    = "organizations/652701400" // owes no report
	village = "organizations/652701201001"
)

// env is the whole suite in this process, a small city in it. When the test ends, every log must verify, and
// every record and total must be what the logs say.
type env struct {
	t          testing.TB
	suite      *suite.Suite
	clock      atomic.Int64 // seconds since 1970
	directory  directoryv1.DirectoryServiceClient
	disclosure disclosurev1.DisclosureServiceClient
	logs       logv1.LogServiceClient
	reportv1.ReportServiceClient
}

func start(t testing.TB) *env { return startOn(t, "2019-01-10") }

// startOn starts on a day. A later one is not to be set before everything has connected: the tokens by which the services
// follow each other would have expired on the way.
func startOn(t testing.TB, day string) *env {
	t.Helper()
	e := &env{t: t}
	e.today(day)
	var err error
	e.suite, err = suite.Open(suite.Options{Data: t.TempDir(), Now: func() time.Time { return time.Unix(e.clock.Load(), 0) }})
	must(t, err)
	t.Cleanup(func() {
		verdict, err := e.suite.Verify(context.Background())
		must(t, err)
		for _, d := range verdict.Differences {
			t.Error(d)
		}
		must(t, e.suite.Close(context.Background()))
	})
	conn := e.suite.Conn
	e.directory, e.disclosure = directoryv1.NewDirectoryServiceClient(conn), disclosurev1.NewDisclosureServiceClient(conn)
	e.logs, e.ReportServiceClient = logv1.NewLogServiceClient(conn), reportv1.NewReportServiceClient(conn)
	e.enter()
	return e
}

func (e *env) enter() {
	e.t.Helper()
	in := &directoryv1.BatchCreateOrganizationsRequest{}
	for _, o := range []struct{ id, parent, name, noReport string }{
		{"65", "", "新疆维吾尔自治区人民政府", ""},
		{"6527", "65", "博尔塔拉蒙古自治州人民政府", ""},
		{"652701", "6527", "博乐市人民政府", ""},
		{"652701201", "652701", "贝林哈日莫墩乡人民政府", ""},
		{"652701202", "652701", "乌图布拉格镇人民政府", ""},
		{"652701400", "652701", "示例农场", "不向市里报送"},
		{"652701201001", "652701201", "示例村民委员会", "村委会不是行政机关"},
	} {
		kind := directoryv1.Kind_KIND_GOVERNMENT
		switch {
		case len(o.id) == 12:
			kind = directoryv1.Kind_KIND_VILLAGERS_COMMITTEE
		case o.noReport != "":
			kind = directoryv1.Kind_KIND_OTHER
		}
		parent := ""
		if o.parent != "" {
			parent = "organizations/" + o.parent
		}
		in.Requests = append(in.Requests, &directoryv1.CreateOrganizationRequest{OrganizationId: o.id, Organization: &directoryv1.Organization{
			DisplayName: o.name, Parent: parent, Kind: kind, OwesReport: o.noReport == "", NoReportReason: o.noReport, FoundedOn: day("1984-01-01"),
		}})
	}
	_, err := e.directory.BatchCreateOrganizations(e.as("*", access.Administrator), in)
	must(e.t, err)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// today sets the clock to noon in Shanghai.
func (e *env) today(day string) {
	at, err := time.Parse(time.RFC3339, day+"T12:00:00+08:00")
	must(e.t, err)
	e.clock.Store(at.Unix())
}

// as is the context of an account with roles in an organisation.
func (e *env) as(organization string, roles ...access.Role) context.Context {
	e.t.Helper()
	who := access.Identity{Account: "acc-1"}
	for _, role := range roles {
		who.Grants = append(who.Grants, access.Grant{Role: role, Organization: strings.TrimPrefix(organization, "organizations/")})
	}
	token, err := e.suite.Issuer.Mint(who, time.Hour)
	must(e.t, err)
	return metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+token)
}

// publish creates and publishes records of an organisation.
func (e *env) publish(organization, category string, days ...string) (names []string) {
	e.t.Helper()
	desk := e.as(organization, access.Clerk, access.Reviewer)
	for i, d := range days {
		made, err := e.disclosure.CreateDisclosure(desk, &disclosurev1.CreateDisclosureRequest{
			Parent: organization, Disclosure: &disclosurev1.Disclosure{Title: fmt.Sprint("示例", i), Category: category},
		})
		must(e.t, err)
		_, err = e.disclosure.PublishDisclosure(desk, &disclosurev1.PublishDisclosureRequest{Name: made.GetName(), PublishedOn: day(d)})
		must(e.t, err)
		names = append(names, made.GetName())
	}
	return names
}

// compilation is a request that can be submitted afterwards.
func compilation(organization, period string) *reportv1.CompileReportRequest {
	return &reportv1.CompileReportRequest{Parent: organization, Period: period, StatedNone: []string{"requests", "fees", "appeals"}, Narratives: []*reportv1.Narrative{
		{Part: "overview", Markdown: "概述"}, {Part: "problems", Markdown: "问题"},
	}}
}

// compile, submit, giveBack and accept take an organisation's report of 2018 on.
func (e *env) compile(organization string) *reportv1.Report {
	e.t.Helper()
	r, err := e.CompileReport(e.as(organization, access.Clerk), compilation(organization, "2018"))
	must(e.t, err)
	return r
}

func (e *env) submit(organization string) *reportv1.Report {
	e.t.Helper()
	r, err := e.SubmitReport(e.as(organization, access.Clerk), &reportv1.SubmitReportRequest{Name: organization + "/reports/2018"})
	must(e.t, err)
	return r
}

func (e *env) giveBack(organization, why string) *reportv1.Report {
	e.t.Helper()
	r, err := e.ReturnReport(e.as(city, access.Supervisor), &reportv1.ReturnReportRequest{
		Name: organization + "/reports/2018", Reasons: []*reportv1.ReturnReason{{Cell: "disclosed.other", Text: why}},
	})
	must(e.t, err)
	return r
}

func (e *env) accept(organization string) *reportv1.Report {
	e.t.Helper()
	r, err := e.AcceptReport(e.as(city, access.Supervisor), &reportv1.AcceptReportRequest{Name: organization + "/reports/2018"})
	must(e.t, err)
	return r
}

// rollup is the city's, once it holds everything that was recorded before.
func (e *env) rollup(ctx context.Context) *reportv1.Rollup {
	e.t.Helper()
	want := make(map[string]int64)
	for _, log := range []string{"logs/directory", "logs/disclosure", "logs/request"} {
		c, err := e.logs.GetCheckpoint(context.Background(), &logv1.GetCheckpointRequest{Name: log})
		must(e.t, err)
		want[log] = c.GetSize()
	}
	for {
		out, err := e.GetRollup(ctx, &reportv1.GetRollupRequest{Name: city + "/rollups/2018"})
		must(e.t, err)
		behind := false
		have := make(map[string]int64)
		for _, b := range out.GetBasis() {
			have[b.GetLog()] = b.GetSize()
		}
		for log, size := range want {
			behind = behind || have[log] < size
		}
		if !behind {
			return out
		}
	}
}

// row is a roll-up's row as a line: status, then submitted/records/late of a cell.
func row(out *reportv1.Rollup, organization, cell string) string {
	for _, r := range out.GetRows() {
		if r.GetOrganization() == organization {
			return strings.TrimPrefix(r.GetStatus().String(), "ROLLUP_STATUS_") + " " + cells(r.GetFigures()[cell])
		}
	}
	return "none"
}

func cells(f *reportv1.RollupFigure) string {
	if f.Records == nil {
		return fmt.Sprint(f.GetSubmitted())
	}
	return fmt.Sprintf("%d/%d/%d", f.GetSubmitted(), f.GetRecords(), f.GetLate())
}

// differences are a roll-up's, as organisation cell CAUSE n.
func differences(out *reportv1.Rollup) string {
	var all []string
	for _, d := range out.GetDifferences() {
		all = append(all, fmt.Sprintf("%s %s %s %d", strings.TrimPrefix(d.GetOrganization(), "organizations/"), d.GetCell(),
			strings.TrimPrefix(d.GetCause().String(), "DIFFERENCE_CAUSE_"), d.GetDifference()))
	}
	return strings.Join(all, ", ")
}

func value(r *reportv1.Report, cell string) int32 {
	for _, f := range r.GetFigures() {
		if f.GetCell() == cell {
			return f.GetValue()
		}
	}
	return -1
}

func day(s string) *date.Date {
	var d date.Date
	if _, err := fmt.Sscanf(s, "%d-%d-%d", &d.Year, &d.Month, &d.Day); err != nil {
		panic(err)
	}
	return &d
}

// refusal is what an error says: code, reason, and the reasons of its fields.
func refusal(err error) string {
	s := status.Convert(err)
	if s.Code() == codes.OK {
		return "OK"
	}
	parts := []string{s.Code().String()}
	var fields []string
	for _, detail := range s.Details() {
		switch d := detail.(type) {
		case *errdetails.ErrorInfo:
			parts = append(parts, d.GetReason())
		case *errdetails.BadRequest:
			for _, v := range d.GetFieldViolations() {
				fields = append(fields, v.GetField()+"="+v.GetReason())
			}
		}
	}
	slices.Sort(fields)
	return strings.Join(append(parts, fields...), " ")
}

func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

package e2e_test

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// bad is one bad call and how it is refused.
type bad struct {
	name  string
	token string
	in    proto.Message
	// large is what takes very long under the race detector.
	large bool
	code  codes.Code
	http  int
	// reason is that of the ErrorInfo.
	reason string
	// field is `path REASON` of a field violation; empty if the error is about no field.
	field string
	// rule is `REASON article` of a precondition; empty if none is broken.
	rule string
	// about is what the ErrorInfo names: a resource, a permission.
	about map[string]string
}

const (
	badRequest = http.StatusBadRequest
	conflict   = http.StatusConflict

	r2007 = "Regulation on Open Government Information (2007) art. "
	r2019 = "Regulation on Open Government Information (2019) art. "
)

// badCalls are the bad inputs that the suite promises to refuse, each as one call.
func badCalls(e *env) []bad {
	return slices.Concat(badOrganizations(e), badRecords(e), badQueries(e), badReports(e))
}

// record asks for a draft.
func record(parent, category, title string) *disclosurev1.CreateDisclosureRequest {
	return &disclosurev1.CreateDisclosureRequest{
		Parent: nameOf(parent), Disclosure: &disclosurev1.Disclosure{Title: title, Category: category, FormedOn: day(2018, 6, 1)},
	}
}

func badOrganizations(e *env) []bad {
	system, root := e.token(access.System, cityA), e.root()
	circle := moved(7)
	circle.Parent = nameOf(townA)
	return []bad{
		{
			name: "unknown organisation", token: system, in: record(unknown, "other", "示例"),
			code: codes.NotFound, http: http.StatusNotFound, reason: "NOT_FOUND", about: map[string]string{"resource": nameOf(unknown)},
		},
		{
			name: "unknown organisation of a request", token: root, in: &requestv1.CreateInformationRequestRequest{
				Parent: nameOf(unknown), InformationRequest: &requestv1.InformationRequest{
					ApplicantKind: requestv1.ApplicantKind_APPLICANT_KIND_BUSINESS, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_FAX, ReceivedOn: day(2018, 6, 1),
				},
			},
			code: codes.NotFound, http: http.StatusNotFound, reason: "NOT_FOUND", about: map[string]string{"resource": nameOf(unknown)},
		},
		{
			name: "level that cannot be a parent", token: root, in: &directoryv1.CreateOrganizationRequest{
				OrganizationId: "652701203", Organization: &directoryv1.Organization{
					DisplayName: "示例", Parent: nameOf(villageA), Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true, FoundedOn: day(2018, 1, 1),
				},
			},
			code: codes.FailedPrecondition, http: badRequest, reason: "PARENT_LEVEL_NOT_HIGHER",
			field: "organization.parent PARENT_LEVEL_NOT_HIGHER", rule: "PARENT_LEVEL_NOT_HIGHER Constitution (1982) art. 30",
		},
		{
			name: "cycle", token: root, in: &directoryv1.ReviseOrganizationRequest{Name: nameOf(cityA), Version: circle},
			code: codes.FailedPrecondition, http: badRequest, reason: "PARENT_LEVEL_NOT_HIGHER",
			field: "version.parent ORGANIZATION_CYCLE", rule: "ORGANIZATION_CYCLE ",
		},
		{
			name: "move in the future", token: root, in: &directoryv1.ReviseOrganizationRequest{
				Name: nameOf(townA), Version: &directoryv1.OrganizationVersion{
					EffectiveOn: day(2019, 3, 21), Parent: nameOf(cityB), DisplayName: "示例", Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true,
				},
			},
			code: codes.FailedPrecondition, http: badRequest, reason: "ORGANIZATION_DATE_IN_FUTURE",
			field: "version.effective_on ORGANIZATION_DATE_IN_FUTURE", rule: "ORGANIZATION_DATE_IN_FUTURE ",
		},
	}
}

func badRecords(e *env) []bad {
	clerk, reviewer, draft := e.token(access.Clerk, townA), e.token(access.Reviewer, townA), e.draft(townA, "other")
	return []bad{
		{
			name: "publication in the future", token: reviewer, in: &disclosurev1.PublishDisclosureRequest{Name: draft.GetName(), PublishedOn: day(2019, 3, 21)},
			code: codes.FailedPrecondition, http: badRequest, reason: "PUBLISH_DATE_IN_FUTURE",
			field: "published_on PUBLISH_DATE_IN_FUTURE", rule: "PUBLISH_DATE_IN_FUTURE " + r2007 + "18",
		},
		{
			name: "receipt in the future", token: clerk, in: &requestv1.CreateInformationRequestRequest{
				Parent: nameOf(townA), InformationRequest: &requestv1.InformationRequest{
					ApplicantKind: requestv1.ApplicantKind_APPLICANT_KIND_BUSINESS, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_FAX, ReceivedOn: day(2019, 3, 21),
				},
			},
			code: codes.FailedPrecondition, http: badRequest, reason: "RECEIVED_IN_FUTURE",
			field: "information_request.received_on RECEIVED_IN_FUTURE", rule: "RECEIVED_IN_FUTURE " + r2007 + "20",
		},
		{
			name: "no day of the calendar", token: reviewer, in: &disclosurev1.PublishDisclosureRequest{Name: draft.GetName(), PublishedOn: day(2018, 2, 29)},
			code: codes.InvalidArgument, http: badRequest, reason: "INVALID_FIELD", field: "published_on BAD_DATE",
		},
		{
			name: "category that the form does not know", token: clerk, in: record(townA, "weather", "示例"),
			code: codes.InvalidArgument, http: badRequest, reason: "INVALID_FIELD", field: "disclosure.category CATEGORY_UNKNOWN_TO_FORM",
		},
		{
			name: "title of 10 MiB", large: true, token: clerk, in: record(townA, "other", strings.Repeat("x", 10<<20)),
			code: codes.InvalidArgument, http: badRequest, reason: "INVALID_FIELD", field: "disclosure.title TOO_LONG",
		},
		{
			name: "stale etag", token: reviewer, in: &disclosurev1.PublishDisclosureRequest{Name: draft.GetName(), PublishedOn: day(2018, 6, 1), Etag: "7"},
			code: codes.Aborted, http: conflict, reason: "STALE_ETAG", field: "etag STALE_ETAG", about: map[string]string{"resource": draft.GetName()},
		},
	}
}

// badQueries are bad in how they are asked, or by whom.
func badQueries(e *env) []bad {
	clerk := e.token(access.Clerk, townA)
	again := record(townA, "other", "示例：同一编号")
	again.RequestId = "once"
	do[*disclosurev1.Disclosure](e, clerk, again)
	again = proto.CloneOf(again)
	again.Disclosure.Title = "示例：另一条"
	e.publish(townA, "other", day(2018, 6, 1))
	e.publish(townA, "other", day(2018, 6, 2))
	query := &disclosurev1.ListDisclosuresRequest{Parent: nameOf(townA), PageSize: 1, Filter: `category = "other"`}
	token := do[*disclosurev1.ListDisclosuresResponse](e, clerk, query).GetNextPageToken()
	if token == "" {
		e.t.Fatal("no token of a next page")
	}
	return []bad{
		{
			name: "page token of another query", token: clerk, in: &disclosurev1.ListDisclosuresRequest{Parent: nameOf(townA), PageSize: 1, PageToken: token},
			code: codes.InvalidArgument, http: badRequest, reason: "INVALID_PAGE_TOKEN", field: "page_token INVALID_PAGE_TOKEN",
		},
		{
			name: "filter that does not parse", token: clerk, in: &disclosurev1.ListDisclosuresRequest{Parent: nameOf(townA), Filter: `category = `},
			code: codes.InvalidArgument, http: badRequest, reason: "INVALID_FILTER", field: "filter INVALID_FILTER",
		},
		{
			name: "same request_id, another body", token: clerk, in: again,
			code: codes.AlreadyExists, http: conflict, reason: "REQUEST_ID_REUSED", field: "request_id REQUEST_ID_REUSED", about: map[string]string{"request_id": "once"},
		},
		{
			name: "watch from beyond the end", in: &logv1.WatchEntriesRequest{Parent: "logs/disclosure", Start: 1 << 40},
			code: codes.OutOfRange, http: badRequest, reason: "OUT_OF_RANGE", field: "start OUT_OF_RANGE",
		},
		{
			name: "watch of a log that is not the one followed", in: &logv1.WatchEntriesRequest{Parent: "logs/disclosure", Start: 1, Root: make([]byte, 32)},
			code: codes.FailedPrecondition, http: badRequest, reason: "LOG_DIVERGED",
		},
		{
			name: "no token", in: record(townA, "other", "示例"),
			code: codes.Unauthenticated, http: http.StatusUnauthorized, reason: "UNAUTHENTICATED",
		},
		{
			name: "garbage token", token: "garbage", in: record(townA, "other", "示例"),
			code: codes.Unauthenticated, http: http.StatusUnauthorized, reason: "UNAUTHENTICATED",
		},
		{
			name: "garbage token for what is public", token: "garbage", in: &disclosurev1.ListDisclosuresRequest{Parent: nameOf(townA)},
			code: codes.Unauthenticated, http: http.StatusUnauthorized, reason: "UNAUTHENTICATED",
		},
		{
			name: "another's organisation", token: clerk, in: record(townB, "other", "示例"),
			code: codes.PermissionDenied, http: http.StatusForbidden, reason: "PERMISSION_DENIED",
			about: map[string]string{"organization": nameOf(townB), "permission": "record"},
		},
	}
}

func badReports(e *env) []bad {
	clerk, supervisor, report := e.token(access.Clerk, townA), e.token(access.Supervisor, cityA), e.submitted(townC)
	return []bad{
		{
			name: "report of a period without a form", token: clerk, in: &reportv1.CompileReportRequest{Parent: nameOf(townA), Period: "2007"},
			code: codes.FailedPrecondition, http: badRequest, reason: "NO_FORM_FOR_PERIOD",
			field: "period NO_FORM_FOR_PERIOD", rule: "NO_FORM_FOR_PERIOD " + r2019 + "50(2)",
		},
		{
			name: "roll-up of a period without a form", token: supervisor, in: &reportv1.GetRollupRequest{Name: nameOf(cityA) + "/rollups/2007"},
			code: codes.FailedPrecondition, http: badRequest, reason: "NO_FORM_FOR_PERIOD",
			field: "period NO_FORM_FOR_PERIOD", rule: "NO_FORM_FOR_PERIOD " + r2019 + "50(2)",
		},
		{
			name: "negative count", token: clerk, in: &reportv1.CompileReportRequest{
				Parent: nameOf(townA), Period: "2018", TypedFigures: []*reportv1.Figure{{Cell: "disclosed.other", Value: -1}},
			},
			code: codes.InvalidArgument, http: badRequest, reason: "INVALID_FIELD", field: "typed_figures[0].value NEGATIVE_FIGURE",
		},
		{
			name: "accept without the right", token: e.token(access.Clerk, townC), in: &reportv1.AcceptReportRequest{Name: report.GetName()},
			code: codes.PermissionDenied, http: http.StatusForbidden, reason: "PERMISSION_DENIED",
			about: map[string]string{"organization": nameOf(townC), "permission": "supervise"},
		},
		{
			name: "accept by another city", token: e.token(access.Supervisor, cityB), in: &reportv1.AcceptReportRequest{Name: report.GetName()},
			code: codes.PermissionDenied, http: http.StatusForbidden, reason: "PERMISSION_DENIED",
			about: map[string]string{"organization": nameOf(townC), "permission": "supervise"},
		},
		{
			name: "return without a reason", token: supervisor, in: &reportv1.ReturnReportRequest{Name: report.GetName()},
			code: codes.InvalidArgument, http: badRequest, reason: "INVALID_FIELD", field: "reasons REQUIRED",
		},
		{
			name: "return with an empty reason", token: supervisor, in: &reportv1.ReturnReportRequest{Name: report.GetName(), Reasons: []*reportv1.ReturnReason{{}}},
			code: codes.InvalidArgument, http: badRequest, reason: "INVALID_FIELD", field: "reasons[0].text REQUIRED",
		},
	}
}

// submitted compiles and submits an organisation's report of 2018, with nothing in it.
func (e *env) submitted(organization string) *reportv1.Report {
	e.t.Helper()
	e.compile(organization, "requests", "fees", "appeals")
	return do[*reportv1.Report](e, e.token(access.Clerk, organization), &reportv1.SubmitReportRequest{Name: nameOf(organization) + "/reports/2018"})
}

// compile compiles an organisation's report of 2018.
func (e *env) compile(organization string, none ...string) *reportv1.Report {
	e.t.Helper()
	return do[*reportv1.Report](e, e.token(access.Clerk, organization), &reportv1.CompileReportRequest{
		Parent: nameOf(organization), Period: "2018", StatedNone: none,
		Narratives: []*reportv1.Narrative{{Part: "overview", Markdown: "示例。"}, {Part: "problems", Markdown: "示例。"}},
	})
}

// TestBadInput makes every bad call over gRPC and over REST, in both languages.
func TestBadInput(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.enter()
	for _, b := range badCalls(e) {
		t.Run(b.name, func(t *testing.T) {
			if b.large && os.Getenv("BRIEF") != "" {
				t.Skip("it is very large")
			}
			before := e.sizes()
			_, err := e.rpc(e.tcp, b.token, "", b.in)
			b.check(t, "gRPC", err, "zh-CN")
			_, err = e.rpc(e.tcp, b.token, "en-GB, zh;q=0.5", b.in)
			b.check(t, "gRPC in English", err, "en")
			_, code, err := e.rest(b.token, "", b.in)
			b.check(t, "REST", err, "zh-CN")
			_, english, err := e.rest(b.token, "en", b.in)
			b.check(t, "REST in English", err, "en")
			if code != b.http || english != b.http {
				t.Errorf("HTTP %d, in English %d, want %d", code, english, b.http)
			}
			e.unchanged(t, before)
		})
	}
}

// unchanged checks that no log has grown.
func (e *env) unchanged(t *testing.T, before map[string]int64) {
	t.Helper()
	for log, size := range e.sizes() {
		if size != before[log] {
			t.Errorf("%s has grown from %d to %d", log, before[log], size)
		}
	}
}

// check checks a refusal to its last detail.
func (b bad) check(t *testing.T, over string, err error, locale string) {
	t.Helper()
	s := status.Convert(err)
	if s.Code() != b.code {
		t.Errorf("%s: %v, want %v", over, err, b.code)
		return
	}
	d := details(s)
	if d.info.GetReason() != b.reason || d.info.GetDomain() != "gongkai" {
		t.Errorf("%s: reason %s of %s, want %s", over, d.info.GetReason(), d.info.GetDomain(), b.reason)
	}
	for key, want := range b.about {
		if got := d.info.GetMetadata()[key]; got != want {
			t.Errorf("%s: it names %s %q, want %q", over, key, got, want)
		}
	}
	if b.field != "" && !slices.Contains(d.fields, b.field) || b.field == "" && len(d.fields) > 0 {
		t.Errorf("%s: fields %q, want %q", over, d.fields, b.field)
	}
	if b.rule != "" && !slices.Contains(d.rules, b.rule) || b.rule == "" && len(d.rules) > 0 {
		t.Errorf("%s: rules %q, want %q", over, d.rules, b.rule)
	}
	if d.text.GetLocale() != locale || isChinese(d.text.GetMessage()) != (locale == "zh-CN") {
		t.Errorf("%s: in %s %q, want it in %s", over, d.text.GetLocale(), d.text.GetMessage(), locale)
	}
	if len(s.Message()) > 4<<10 || len(d.text.GetMessage()) > 4<<10 {
		t.Errorf("%s: it says again what it was told, in %d bytes", over, len(s.Message()))
	}
}

// found are the details of a status.
type found struct {
	info          *errdetails.ErrorInfo
	text          *errdetails.LocalizedMessage
	fields, rules []string
}

func details(s *status.Status) found {
	var f found
	for _, d := range s.Details() {
		switch d := d.(type) {
		case *errdetails.ErrorInfo:
			f.info = d
		case *errdetails.LocalizedMessage:
			f.text = d
		case *errdetails.BadRequest:
			for _, v := range d.GetFieldViolations() {
				f.fields = append(f.fields, v.GetField()+" "+v.GetReason())
			}
		case *errdetails.PreconditionFailure:
			for _, v := range d.GetViolations() {
				f.rules = append(f.rules, v.GetType()+" "+v.GetSubject())
			}
		}
	}
	return f
}

// isChinese tells whether a text is written in Chinese: the calls here hold no Chinese that English would quote.
func isChinese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// TestNotUTF8 sends text that is not UTF-8, which no client of the contract can write.
func TestNotUTF8(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.enter()
	before, clerk := e.sizes(), e.token(access.Clerk, townA)
	want := bad{code: codes.InvalidArgument, reason: "UNDECODABLE", field: "title NOT_UTF8"}

	in, err := proto.Marshal(&disclosurev1.CreateDisclosureRequest{
		Parent: nameOf(townA), Disclosure: &disclosurev1.Disclosure{Title: "mark", Category: "other"},
	})
	e.check(err)
	in = bytes.Replace(in, []byte("mark"), []byte("\xff\xfe\xfdm"), 1)
	err = e.tcp.Invoke(as(t.Context(), clerk, ""), "/gongkai.disclosure.v1.DisclosureService/CreateDisclosure", &in, new([]byte), grpc.ForceCodecV2(raw{}))
	want.check(t, "gRPC", err, "zh-CN")

	for name, r := range map[string]request{
		"REST":         {method: http.MethodPost, path: "/v1/organizations/652701201/disclosures", body: []byte("{\"title\":\"\xff\xfe\",\"category\":\"other\"}")},
		"REST, path":   {method: http.MethodGet, path: "/v1/organizations/%ff"},
		"REST, query":  {method: http.MethodGet, path: "/v1/organizations/652701201/disclosures?filter=%ff"},
		"REST, escape": {method: http.MethodPost, path: "/v1/organizations/652701201/disclosures", body: []byte(`{"title":"\ud800","category":"other"}`)},
	} {
		code, body := e.send(r, clerk, "")
		got := status.Convert(e.refusal(code, body))
		if d := details(got); code != badRequest || got.Code() != codes.InvalidArgument || d.info.GetReason() != "UNDECODABLE" || d.text.GetLocale() != "zh-CN" {
			t.Errorf("%s: HTTP %d, %v %s", name, code, got, d.info.GetReason())
		}
	}
	code, body := e.send(request{method: http.MethodPost, path: "/v1/organizations/652701201/disclosures", body: []byte("{\"title\":\"\xff\",\"category\":\"other\"}")}, clerk, "en")
	want.check(t, "REST in English", e.refusal(code, body), "en")
	e.unchanged(t, before)
}

// raw is a codec that sends bytes as they are.
type raw struct{}

var _ encoding.CodecV2 = raw{}

func (raw) Name() string { return "proto" }

func (raw) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(*v.(*[]byte))}, nil
}

func (raw) Unmarshal(data mem.BufferSlice, v any) error {
	*v.(*[]byte) = data.Materialize()
	return nil
}

// TestUnknownMethod calls what does not exist.
func TestUnknownMethod(t *testing.T) {
	t.Parallel()
	e := start(t)
	for over, conn := range map[string]grpc.ClientConnInterface{"gRPC": e.tcp, "in-process": e.suite.Conn} {
		err := conn.Invoke(context.Background(), "/gongkai.report.v1.ReportService/Guess", &reportv1.GetReportRequest{}, &reportv1.Report{})
		bad{code: codes.Unimplemented, reason: "UNIMPLEMENTED"}.check(t, over, err, "zh-CN")
	}
	code, body := e.send(request{method: http.MethodGet, path: "/v1/guesses"}, "", "")
	bad{code: codes.NotFound, reason: "NOT_FOUND", about: map[string]string{"resource": "/v1/guesses"}}.check(t, "REST", e.refusal(code, body), "zh-CN")
	if code != http.StatusNotFound {
		t.Errorf("HTTP %d", code)
	}
}

// TestTooLarge sends more than a message may have.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.enter()
	before, clerk := e.sizes(), e.token(access.Clerk, townA)
	in := record(townA, "other", strings.Repeat("x", 17<<20))
	for language, locale := range map[string]string{"": "zh-CN", "en": "en"} {
		_, code, err := e.rest(clerk, language, in)
		bad{code: codes.ResourceExhausted, reason: "TOO_LARGE"}.check(t, "REST", err, locale)
		if code != http.StatusRequestEntityTooLarge {
			t.Errorf("HTTP %d", code)
		}
	}
	err := e.tcp.Invoke(as(t.Context(), clerk, ""), path(methodOf(in)), in, &disclosurev1.Disclosure{}, grpc.MaxCallSendMsgSize(64<<20))
	bad{code: codes.ResourceExhausted, reason: "TOO_LARGE"}.check(t, "gRPC", err, "zh-CN")
	in = record(townA, "other", strings.Repeat("x", 33<<20))
	err = e.tcp.Invoke(as(t.Context(), clerk, ""), path(methodOf(in)), in, &disclosurev1.Disclosure{}, grpc.MaxCallSendMsgSize(64<<20))
	if status.Code(err) != codes.ResourceExhausted { // refused by gRPC itself, before it is read
		t.Errorf("gRPC: %v", err)
	}
	e.unchanged(t, before)
}

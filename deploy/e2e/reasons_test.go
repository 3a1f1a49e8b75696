package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	apiv1 "gongkai/proto/gongkai/api/v1"
	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/law/deadline"
	"gongkai/services/law/form"
	"gongkai/services/law/organ"
	"gongkai/services/law/publication"
	"gongkai/services/law/workday"
	"gongkai/services/report"
	"gongkai/services/report/published"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
)

const (
	department = cityA + "-jiaoyuju"
	young      = "652701204" // a township below cityA, founded in the middle of 2018
	ended      = "652701205" // one that ended before
)

// TestReasons provokes every reason of the public enum over gRPC and over REST, in both languages. A reason without a
// row fails it.
func TestReasons(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.enter()
	e.enterMore()
	rows := slices.Concat(calls(e), chassisRows(t), fields(e), organizations(e), disclosures(e), requests(e), personalData(e), steps(t), reports(e), files(e), findings(e), calculations(e), rules(t), deadlines(e))
	large := []string{"TOO_LARGE", "LEDGER_TOO_LARGE", "LEDGER_TOO_MANY_ROWS"}
	provoked := map[string]bool{}
	for _, p := range rows {
		t.Run(p.reason, func(t *testing.T) {
			if os.Getenv("BRIEF") != "" && slices.Contains(large, p.reason) {
				t.Skip("it takes very large input")
			}
			p.check(t)
		})
		provoked["ERROR_REASON_"+p.reason] = true
	}
	for name, number := range apiv1.ErrorReason_value {
		if number != 0 && !provoked[name] {
			t.Errorf("nothing provokes %s", name)
		}
		delete(provoked, name)
	}
	for name := range provoked {
		t.Errorf("%s is no reason", name)
	}
}

// enterMore enters organisations that something is odd about.
func (e *env) enterMore() {
	e.t.Helper()
	for _, in := range []proto.Message{
		newcomer(department, cityA, func(o *directoryv1.Organization) { o.Kind = directoryv1.Kind_KIND_DEPARTMENT }),
		newcomer(young, cityA, func(o *directoryv1.Organization) { o.FoundedOn = day(2018, 6, 1) }),
		newcomer(ended, cityA, nil),
		&directoryv1.AbolishOrganizationRequest{Name: nameOf(ended), EndedOn: day(2017, 1, 1)},
	} {
		do[*directoryv1.Organization](e, e.root(), in)
	}
}

// newcomer asks for a township, or what a change makes of it.
func newcomer(id, parent string, change func(*directoryv1.Organization)) *directoryv1.CreateOrganizationRequest {
	o := &directoryv1.Organization{DisplayName: "示例机关", Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true, FoundedOn: day(2008, 5, 1)}
	if parent != "" {
		o.Parent = nameOf(parent)
	}
	if change != nil {
		change(o)
	}
	return &directoryv1.CreateOrganizationRequest{OrganizationId: id, Organization: o}
}

// calls are reasons that any method can have.
func calls(e *env) []provocation {
	clerk, reviewer, draft := e.token(access.Clerk, townA), e.token(access.Reviewer, townA), e.draft(townA, "other")
	reused := record(townA, "other", "示例：同一编号")
	reused.RequestId = "reused"
	do[*disclosurev1.Disclosure](e, clerk, reused)
	reused = proto.CloneOf(reused)
	reused.Disclosure.Title = "示例：另一条"
	garbled, err := proto.Marshal(record(townA, "other", "mark"))
	e.check(err)
	garbled = bytes.Replace(garbled, []byte("mark"), []byte("\xff\xfe\xfdm"), 1)
	unreadable := e.sending(clerk, func(ctx context.Context) error {
		return e.tcp.Invoke(ctx, path(methodOf(reused)), &garbled, new([]byte), grpc.ForceCodecV2(raw{}))
	}, request{http.MethodPost, "/v1/organizations/652701201/disclosures", []byte("{\"title\":\"\xff\xfe\",\"category\":\"other\"}")})
	large := strings.Repeat("x", 17<<20)
	tooLarge := e.sending(clerk, func(ctx context.Context) error {
		in := record(townA, "other", large)
		return e.tcp.Invoke(ctx, path(methodOf(in)), in, &disclosurev1.Disclosure{}, grpc.MaxCallSendMsgSize(32<<20))
	}, request{http.MethodPost, "/v1/organizations/652701201/disclosures", []byte(`{"title":"` + large + `"}`)})
	unknownMethod := e.sending("", func(ctx context.Context) error {
		return e.tcp.Invoke(ctx, "/gongkai.report.v1.ReportService/Guess", &reportv1.GetReportRequest{}, &reportv1.Report{})
	}, request{http.MethodDelete, "/v1/organizations/652701201", nil})
	list := func(change func(*disclosurev1.ListDisclosuresRequest)) proto.Message {
		in := &disclosurev1.ListDisclosuresRequest{Parent: nameOf(townA)}
		change(in)
		return in
	}
	return []provocation{
		{"INVALID_FIELD", codes.InvalidArgument, e.calling(clerk, record(townA, "", "")), ""},
		{"UNDECODABLE", codes.InvalidArgument, unreadable, ""},
		{"NOT_UTF8", codes.InvalidArgument, unreadable, ""},
		{"TOO_LARGE", codes.ResourceExhausted, tooLarge, ""},
		{"INVALID_FILTER", codes.InvalidArgument, e.calling(clerk, list(func(in *disclosurev1.ListDisclosuresRequest) { in.Filter = "category =" })), ""},
		{"INVALID_PAGE_TOKEN", codes.InvalidArgument, e.calling(clerk, list(func(in *disclosurev1.ListDisclosuresRequest) { in.PageToken = "x" })), ""},
		{"NOT_FOUND", codes.NotFound, e.calling("", &directoryv1.GetOrganizationRequest{Name: nameOf(unknown)}), ""},
		{"ALREADY_EXISTS", codes.AlreadyExists, e.calling(e.root(), newcomer(townA, cityA, nil)), ""},
		{"REQUEST_ID_REUSED", codes.AlreadyExists, e.calling(clerk, reused), ""},
		{"STALE_ETAG", codes.Aborted, e.calling(reviewer, &disclosurev1.PublishDisclosureRequest{Name: draft.GetName(), PublishedOn: day(2018, 6, 1), Etag: "7"}), ""},
		{"UNAUTHENTICATED", codes.Unauthenticated, e.calling("", record(townA, "other", "示例")), ""},
		{"PERMISSION_DENIED", codes.PermissionDenied, e.calling(clerk, record(townB, "other", "示例")), ""},
		{"OUT_OF_RANGE", codes.OutOfRange, e.calling("", &logv1.WatchEntriesRequest{Parent: "logs/disclosure", Start: 1 << 40}), ""},
		{"LOG_DIVERGED", codes.FailedPrecondition, e.calling("", &logv1.WatchEntriesRequest{Parent: "logs/disclosure", Start: 1, Root: make([]byte, 32)}), ""},
		{"UNIMPLEMENTED", codes.Unimplemented, unknownMethod, ""},
	}
}

// chassisRows are reasons that a sound suite has no occasion for.
func chassisRows(t *testing.T) []provocation {
	return []provocation{
		{"UNAVAILABLE", codes.Unavailable, stopping(t), "it is told while a suite stops, see TestStopUnderLoad"},
		{"DEADLINE_EXCEEDED", codes.DeadlineExceeded, slow(t), "no method takes so long"},
		{"INTERNAL", codes.Internal, failing(t, func(context.Context) error { panic("示例") }), "no method panics"},
		{"STORAGE_FULL", codes.ResourceExhausted, failing(t, func(context.Context) error { return kv.ErrFull }), "a full disk is provoked in services/chassis/kv/bolt"},
		{"LOG_DAMAGED", codes.DataLoss, damaged(t, &logv1.ListEntriesRequest{Parent: "logs/report"}), ""},
	}
}

// fields are the rules of fields.
func fields(e *env) []provocation {
	token := e.root()
	draft := func(change func(*disclosurev1.Disclosure)) provoke {
		in := record(townA, "other", "示例")
		change(in.Disclosure)
		return e.calling(token, in)
	}
	twice := []disclosurev1.Channel{disclosurev1.Channel_CHANNEL_PRESS, disclosurev1.Channel_CHANNEL_PRESS}
	const bad = codes.InvalidArgument
	return []provocation{
		{"REQUIRED", bad, draft(func(d *disclosurev1.Disclosure) { d.Title = " " }), ""},
		{"TOO_LONG", bad, draft(func(d *disclosurev1.Disclosure) { d.Title = strings.Repeat("长", 501) }), ""},
		{"TOO_SHORT", bad, e.calling(token, &reportv1.CompileReportRequest{Parent: nameOf(townA), Period: "201"}), ""},
		{"TOO_MANY", bad, e.calling(token, &reportv1.CompileReportRequest{Parent: nameOf(townA), Period: "2018", Narratives: slices.Repeat([]*reportv1.Narrative{{Part: "overview"}}, 21)}), ""},
		{"NOT_UNIQUE", bad, draft(func(d *disclosurev1.Disclosure) { d.Channels = twice }), ""},
		{"BAD_FORMAT", bad, e.calling("", &directoryv1.GetOrganizationRequest{Name: "organizations/x"}), ""},
		{"NOT_IN_LIST", bad, draft(func(d *disclosurev1.Disclosure) { d.Attribute = 99 }), ""},
		{"OUT_OF_BOUNDS", bad, e.calling("", &directoryv1.ListOrganizationsRequest{PageSize: 1001}), ""},
		{"BAD_DATE", bad, draft(func(d *disclosurev1.Disclosure) { d.FormedOn = day(2018, 2, 30) }), ""},
		{
			"TOO_FEW", bad, failing(e.t, func(context.Context) error { return fault.Field("requests", "TOO_FEW", "limit", "2") }),
			"no list of today's contracts must have more than one item, and one that is empty is told REQUIRED",
		},
		{
			"BREAKS_RULE", bad, failing(e.t, func(context.Context) error {
				return fault.Field("title", "BREAKS_RULE", "rule", "must not be a sentence")
			}),
			"every rule of today's contracts has a reason of its own; this one is for rules to come",
		},
	}
}

func organizations(e *env) []provocation {
	const broken = codes.FailedPrecondition
	root := e.root()
	create := func(id, parent string, change func(*directoryv1.Organization)) provoke {
		return e.calling(root, newcomer(id, parent, change))
	}
	abolish := func(id string, on *date.Date, successors ...string) provoke {
		return e.calling(root, &directoryv1.AbolishOrganizationRequest{Name: nameOf(id), EndedOn: on, Successors: successors})
	}
	revise := func(id, parent string, on *date.Date) provoke {
		v := moved(7)
		v.Parent, v.EffectiveOn = nameOf(parent), on
		return e.calling(root, &directoryv1.ReviseOrganizationRequest{Name: nameOf(id), Version: v})
	}
	return []provocation{
		{"ORGANIZATION_ID_MALFORMED", broken, create("6527012", cityA, nil), ""},
		{"ORGANIZATION_WITHOUT_VERSION", broken, e.calling(root, &directoryv1.CorrectOrganizationRequest{Name: nameOf(villageA), EffectiveOn: day(2008, 5, 1), Reason: "示例"}), ""},
		{"EFFECTIVE_DATE_MISSING", broken, create("652701209", cityA, func(o *directoryv1.Organization) { o.FoundedOn = nil }), ""},
		{"VERSION_AFTER_END", broken, abolish(townC, day(2008, 5, 1)), ""},
		{"DISPLAY_NAME_MISSING", broken, create("652701209", cityA, func(o *directoryv1.Organization) { o.DisplayName = "" }), ""},
		{"KIND_DOES_NOT_FIT_LEVEL", broken, create("652701209", cityA, func(o *directoryv1.Organization) { o.Kind = directoryv1.Kind_KIND_VILLAGERS_COMMITTEE }), ""},
		{"NO_REPORT_WITHOUT_REASON", broken, create("652701209", cityA, func(o *directoryv1.Organization) { o.OwesReport = false }), ""},
		{"ROOT_NOT_PROVINCE", broken, create("6528", "", nil), ""},
		{"PARENT_UNKNOWN", broken, revise(townA, unknown, day(2018, 7, 1)), ""},
		{"PARENT_DOES_NOT_EXIST_THEN", broken, create("652701209", cityA, func(o *directoryv1.Organization) { o.FoundedOn = day(2007, 1, 1) }), ""},
		{"PARENT_LEVEL_NOT_HIGHER", broken, create("652701209", villageA, nil), ""},
		{"PARENT_IS_DEPARTMENT", broken, create("652701209", department, nil), ""},
		{"DEPARTMENT_NOT_BELOW_ITS_GOVERNMENT", broken, create(cityA+"-a", cityB, func(o *directoryv1.Organization) { o.Kind = directoryv1.Kind_KIND_DEPARTMENT }), ""},
		{"ORGANIZATION_CYCLE", broken, revise(cityA, townA, day(2018, 7, 1)), ""},
		{"ORGANIZATION_HAS_CHILDREN", broken, abolish(townA, day(2018, 7, 1)), ""},
		{"SUCCESSOR_UNKNOWN", broken, abolish(townC, day(2018, 7, 1), nameOf(unknown)), ""},
		{"SUCCESSOR_DOES_NOT_EXIST_THEN", broken, abolish(townC, day(2018, 7, 1), nameOf(ended)), ""},
		{"ORGANIZATION_DATE_IN_FUTURE", broken, revise(townA, cityB, day(2019, 3, 21)), ""},
		{"ORGANIZATION_ENDED_ALREADY", broken, abolish(ended, day(2018, 7, 1)), ""},
	}
}

func disclosures(e *env) []provocation {
	const broken = codes.FailedPrecondition
	root := e.root()
	draft, published := e.draft(townA, "other"), e.publish(townA, "other", day(2018, 6, 1))
	withdrawn := e.publish(townA, "other", day(2018, 6, 2))
	do[*disclosurev1.Disclosure](e, root, &disclosurev1.WithdrawDisclosureRequest{Name: withdrawn.GetName(), Reason: "示例"})
	publish := func(d *disclosurev1.Disclosure, on *date.Date) provoke {
		return e.calling(root, &disclosurev1.PublishDisclosureRequest{Name: d.GetName(), PublishedOn: on})
	}
	update := func(d *disclosurev1.Disclosure, path string) provoke {
		given := &disclosurev1.Disclosure{Name: d.GetName(), Title: "示例", Category: "other"}
		return e.calling(root, &disclosurev1.UpdateDisclosureRequest{Disclosure: given, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{path}}})
	}
	internal := draftOf(townA)
	internal.Disclosure.Attribute = disclosurev1.Attribute_ATTRIBUTE_ON_REQUEST
	onRequest := do[*disclosurev1.Disclosure](e, root, internal)
	ahead := draftOf(townA)
	ahead.Disclosure.FormedOn = day(2019, 3, 21)
	early := do[*disclosurev1.Disclosure](e, root, draftOf(young))
	return []provocation{
		{"CATEGORY_UNKNOWN_TO_FORM", codes.InvalidArgument, e.calling(root, record(townA, "weather", "示例")), ""},
		{"FORMED_IN_FUTURE", codes.InvalidArgument, e.calling(root, ahead), ""},
		{"PARENT_DIFFERS", codes.InvalidArgument, e.calling(root, &disclosurev1.BatchCreateDisclosuresRequest{
			Parent: nameOf(townA), Requests: []*disclosurev1.CreateDisclosureRequest{record(townC, "other", "示例")},
		}), ""},
		{"UNKNOWN_FIELD", codes.InvalidArgument, update(draft, "colour"), ""},
		{"PUBLISH_DATE_MISSING", broken, update(published, "published_on"), ""},
		{"PUBLISH_DATE_IN_FUTURE", broken, publish(draft, day(2019, 3, 21)), ""},
		{"PUBLISHED_BEFORE_FORMED", broken, publish(draft, day(2017, 5, 31)), ""},
		{"NOT_A_DRAFT", broken, publish(published, day(2018, 6, 1)), ""},
		{"NOT_PUBLISHED", broken, e.calling(root, &disclosurev1.WithdrawDisclosureRequest{Name: draft.GetName(), Reason: "示例"}), ""},
		{"WITHDRAWN", broken, update(withdrawn, "content"), ""},
		{"NOT_FOR_DISCLOSURE", broken, publish(onRequest, day(2018, 6, 1)), ""},
		{"ORGANIZATION_NOT_ON_DATE", broken, e.calling(root, &disclosurev1.PublishDisclosureRequest{Name: early.GetName(), PublishedOn: day(2018, 5, 31)}), ""},
	}
}

func requests(e *env) []provocation {
	const broken = codes.FailedPrecondition
	clerk := e.token(access.Clerk, townA)
	receipt := func(on *date.Date) proto.Message {
		return &requestv1.CreateInformationRequestRequest{Parent: nameOf(townA), InformationRequest: &requestv1.InformationRequest{
			ApplicantKind: requestv1.ApplicantKind_APPLICANT_KIND_BUSINESS, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_FAX, ReceivedOn: on,
		}}
	}
	open := do[*requestv1.InformationRequest](e, clerk, receipt(day(2018, 6, 1)))
	concluded := do[*requestv1.InformationRequest](e, clerk, receipt(day(2018, 6, 1)))
	conclude := func(r *requestv1.InformationRequest, outcome string, on *date.Date) *requestv1.ConcludeInformationRequestRequest {
		return &requestv1.ConcludeInformationRequestRequest{Name: r.GetName(), Outcome: outcome, AnsweredOn: on}
	}
	do[*requestv1.InformationRequest](e, clerk, conclude(concluded, "granted", day(2018, 6, 8)))
	return []provocation{
		{"RECEIVED_IN_FUTURE", broken, e.calling(clerk, receipt(day(2019, 3, 21))), ""},
		{"RECEIVED_BEFORE_REGULATION", broken, e.calling(clerk, receipt(day(2008, 4, 30))), ""},
		{"UNKNOWN_OUTCOME", broken, e.calling(clerk, conclude(open, "forgotten", day(2018, 6, 8))), ""},
		{"OUTCOME_NOT_IN_FORCE", broken, e.calling(clerk, conclude(open, "denied_internal_affairs", day(2018, 6, 8))), ""},
		{"ALREADY_CONCLUDED", broken, e.calling(clerk, conclude(concluded, "granted", day(2018, 6, 9))), ""},
		{"ANSWERED_IN_FUTURE", broken, e.calling(clerk, conclude(open, "granted", day(2019, 3, 21))), ""},
		{"ANSWERED_BEFORE_RECEIVED", broken, e.calling(clerk, conclude(open, "granted", day(2018, 5, 31))), ""},
	}
}

func reports(e *env) []provocation {
	const bad, broken = codes.InvalidArgument, codes.FailedPrecondition
	root := e.root()
	compile := func(organization, period string, change func(*reportv1.CompileReportRequest)) *reportv1.CompileReportRequest {
		in := &reportv1.CompileReportRequest{Parent: nameOf(organization), Period: period}
		if change != nil {
			change(in)
		}
		return in
	}
	typed := func(figures ...*reportv1.Figure) func(*reportv1.CompileReportRequest) {
		return func(in *reportv1.CompileReportRequest) { in.TypedFigures = figures }
	}
	none := func(part string) func(*reportv1.CompileReportRequest) {
		return func(in *reportv1.CompileReportRequest) { in.StatedNone = []string{part} }
	}
	submit := func(name string) provoke { return e.calling(root, &reportv1.SubmitReportRequest{Name: name}) }
	submitted, accepted := e.submitted(townC), e.submitted(townB)
	do[*reportv1.Report](e, root, &reportv1.AcceptReportRequest{Name: accepted.GetName()})
	draft := do[*reportv1.Report](e, root, compile(townA, "2018", nil))
	const most = 1<<31 - 1 // the sum of two cells does not fit
	unfit := do[*reportv1.Report](e, root, compile(young, "2018", typed(&reportv1.Figure{Cell: "disclosed.other", Value: most}, &reportv1.Figure{Cell: "disclosed.work_report", Value: 1})))
	regulating := do[*reportv1.Report](e, root, compile(townA, "2019-01", func(in *reportv1.CompileReportRequest) {
		f, _ := e.forms().Get("2019")
		for _, c := range f.Cells() {
			if len(c.Facts)+len(c.Sum) == 0 {
				in.TypedFigures = append(in.TypedFigures, &reportv1.Figure{Cell: c.ID, Value: 1})
			}
		}
		for _, p := range f.Parts {
			if p.Narrative {
				in.Narratives = append(in.Narratives, &reportv1.Narrative{Part: p.ID, Markdown: "示例"})
			}
		}
	}))
	judge := &reportv1.JudgeFindingRequest{Name: regulating.GetName(), Check: "t3.balance", Kind: reportv1.VerdictKind_VERDICT_KIND_EXPLAINED, Reason: "示例", JudgedBy: "示例"}
	set := func(on *date.Date) provoke {
		return e.calling(root, &reportv1.SetDueDatesRequest{Name: nameOf(cityA) + "/dueDates/2018", SetBy: "示例", Dates: []*reportv1.DueDateSetting{
			{Kind: reportv1.ReporterKind_REPORTER_KIND_TOWNSHIP, DueOn: on},
		}})
	}
	pdf := []byte("%PDF-1.7")
	attach := func(name string, version int32, content []byte) provoke {
		return e.calling(root, &reportv1.AttachSignedCopyRequest{Name: name, Version: version, Content: content, AttachedBy: "示例"})
	}
	do[*reportv1.Report](e, root, &reportv1.AttachSignedCopyRequest{Name: accepted.GetName(), Version: 1, Content: pdf, AttachedBy: "示例"})
	return []provocation{
		{"SIGNED_COPY_EXISTS", broken, attach(accepted.GetName(), 1, pdf), ""},
		{"SIGNED_COPY_OTHER_VERSION", broken, attach(submitted.GetName(), 2, pdf), ""},
		{"SIGNED_COPY_NOT_SUBMITTED", broken, attach(draft.GetName(), 1, pdf), ""},
		{"SIGNED_COPY_KIND_UNKNOWN", bad, attach(submitted.GetName(), 1, []byte("示例")), ""},
		{"REPORT_DUE_AFTER_LAW", broken, set(day(2019, 4, 1)), ""},
		{"REPORT_DUE_BEFORE_PERIOD_ENDED", broken, set(day(2018, 12, 31)), ""},
		{"REPORT_CHECK_FAILED", broken, submit(regulating.GetName()), ""},
		{"FINDING_NOT_FOUND", broken, e.calling(root, judge), ""},
		{"FORM_UNKNOWN", bad, e.calling(root, &reportv1.CheckFiguresRequest{Report: &reportv1.CheckedReport{Form: "reportForms/1999"}}), ""},
		{"REPORT_NOT_ACCEPTED", broken, e.calling(root, &reportv1.PublishReportRequest{Name: draft.GetName()}), ""},
		{"REPORT_NOT_PUBLISHED", broken, e.calling(root, &reportv1.CorrectReportRequest{Name: draft.GetName(), Reason: "示例", CorrectedBy: "示例"}), ""},
		{"CELL_FROM_RECORDS", bad, e.calling(root, &reportv1.GiveFiguresRequest{
			Parent: nameOf(townA), Period: "2018", Source: "示例", Figures: []*reportv1.Figure{{Cell: "disclosed.other", Value: 1}},
		}), ""},
		{"NO_FORM_FOR_PERIOD", broken, e.calling(root, compile(townA, "2007", nil)), ""},
		{"PERIOD_MALFORMED", bad, e.calling(root, compile(townA, "2018-13", nil)), ""},
		{"NEGATIVE_FIGURE", bad, e.calling(root, compile(townA, "2018", typed(&reportv1.Figure{Cell: "disclosed.other", Value: -1}))), ""},
		{"UNKNOWN_CELL", bad, e.calling(root, compile(townA, "2018", typed(&reportv1.Figure{Cell: "disclosed.weather"}))), ""},
		{"UNKNOWN_PART", bad, e.calling(root, compile(townA, "2018", none("weather"))), ""},
		{"CELL_IS_SUM", bad, e.calling(root, compile(townA, "2018", typed(&reportv1.Figure{Cell: "disclosed.total"}))), ""},
		{"PART_CANNOT_BE_NONE", bad, e.calling(root, compile(townA, "2018", none("disclosure"))), ""},
		{"STATED_NONE_NOT_ZERO", broken, e.calling(root, compile(townA, "2018", func(in *reportv1.CompileReportRequest) {
			in.TypedFigures, in.StatedNone = []*reportv1.Figure{{Cell: "requests.received", Value: 1}}, []string{"requests"}
		})), ""},
		{"NARRATIVE_MISSING", broken, submit(draft.GetName()), ""},
		{"SUM_DIFFERS", broken, submit(unfit.GetName()), ""},
		{"REPORT_ALREADY_SUBMITTED", broken, e.calling(root, compile(townC, "2018", nil)), ""},
		{"REPORT_ALREADY_ACCEPTED", broken, e.calling(root, compile(townB, "2018", nil)), ""},
		{"REPORT_NOT_A_DRAFT", broken, submit(submitted.GetName()), ""},
		{"REPORT_NOT_SUBMITTED", broken, e.calling(root, &reportv1.AcceptReportRequest{Name: draft.GetName()}), ""},
		{"PERIOD_NOT_ENDED", broken, running(e.t), ""},
		{"ORGANIZATION_ABSENT_IN_PERIOD", broken, e.calling(root, compile(young, "2017", nil)), ""},
	}
}

// forms are those that are part of the program.
func (e *env) forms() form.Forms {
	forms, err := form.Embedded()
	if err != nil {
		e.t.Fatal(err)
	}
	return forms
}

// files are what is wrong with a ledger as a whole.
func files(e *env) []provocation {
	const bad = codes.InvalidArgument
	whole := workbook(e, cells("标题", "信息类别"))
	return []provocation{
		{"LEDGER_FORMAT_UNKNOWN", bad, e.importing("台账.xlsx", []byte("示例")), ""},
		{"LEDGER_OLD_FORMAT", bad, e.importing("台账.xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")), ""},
		{"LEDGER_DAMAGED", bad, e.importing("台账.xlsx", whole[:len(whole)/2]), ""},
		{"LEDGER_TOO_LARGE", bad, e.importing("台账.csv", []byte("标题,信息类别\n"+strings.Repeat("x", 5<<20)+",其他\n")), ""},
		{"LEDGER_TOO_MANY_ROWS", bad, e.importing("台账.csv", []byte("序号,标题,信息类别\n"+strings.Repeat("示例,示例,其他\n", 200_000))), ""},
		{"LEDGER_WITHOUT_HEADER", bad, e.importing("台账.csv", []byte("甲,乙\n")), ""},
	}
}

// findings are what is told of the rows of a ledger.
func findings(e *env) []provocation {
	sheet := func(lines ...string) provoke { return e.importing("台账.csv", []byte(strings.Join(lines, "\n"))) }
	excel := func(sheets ...string) provoke { return e.importing("台账.xlsx", workbook(e, sheets...)) }
	header := cells("标题", "信息类别")
	known := []byte("标题,信息类别,索引号\n示例：已导入,其他,A-1\n")
	_, err := e.upload(as(e.t.Context(), e.root(), ""), &disclosurev1.ImportSettings{Parent: nameOf(townA), FileName: "台账.csv"}, known)
	e.check(err)
	return []provocation{
		{"COLUMN_MISSING", codes.OK, sheet("标题,公开日期", "示例,2018-03-05"), ""},
		{"COLUMN_TWICE", codes.OK, sheet("标题,文件名称,信息类别", "示例,示例,其他"), ""},
		{"COLUMN_NOT_IMPORTED", codes.OK, sheet("标题,信息类别,经办人", "示例,其他,某某"), ""},
		{"SHEET_NOT_IMPORTED", codes.OK, excel(header+cells("示例", "其他"), cells("甲", "乙")), ""},
		{"CELL_IS_FORMULA", codes.OK, excel(header + `<row><c t="str"><f>A1</f><v>示例</v></c><c t="inlineStr"><is><t>其他</t></is></c></row>`), ""},
		{"CELL_IS_ERROR", codes.OK, excel(header + `<row><c t="e"><v>#REF!</v></c><c t="inlineStr"><is><t>其他</t></is></c></row>`), ""},
		{"CELL_REQUIRED", codes.OK, sheet("标题,信息类别", ",其他"), ""},
		{"CELL_TOO_LONG", codes.OK, sheet("标题,信息类别", strings.Repeat("长", 501)+",其他"), ""},
		{"TEXT_UNREADABLE", codes.OK, sheet("标题,信息类别", "示\x01例,其他"), ""},
		{"DATE_UNREADABLE", codes.OK, sheet("标题,信息类别,公开日期", "示例,其他,明天"), ""},
		{"CHANNEL_UNKNOWN", codes.OK, sheet("标题,信息类别,公开渠道", "示例,其他,飞鸽"), ""},
		{"VALUE_UNKNOWN", codes.OK, sheet("标题,信息类别,公开属性", "示例,其他,随意"), ""},
		{"LINE_UNREADABLE", codes.OK, e.importing("台账.jsonl", []byte(`{"title":"示例","category":"other"}`+"\n[]\n")), ""},
		{"DOCUMENT_NUMBER_NORMALIZED", codes.OK, sheet("标题,信息类别,文号", "示例,其他,示政发[2018]1号"), ""},
		{"INDEX_NUMBER_TWICE", codes.OK, sheet("标题,信息类别,索引号", "示例,其他,B-1", "示例二,其他,B-1"), ""},
		{"RECORD_DIFFERS", codes.OK, e.importing("台账.csv", bytes.Replace(known, []byte("已导入"), []byte("已改动"), 1)), ""},
		{"ROW_WITHDRAWN", codes.OK, sheet("标题,信息类别,状态", "示例,其他,已撤回"), ""},
		{"PUBLICATION_DATE_NOT_IMPORTED", codes.OK, sheet("标题,信息类别,公开日期", "示例,其他,2018-03-05"), ""},
	}
}

// publish reads a file as a published report.
func publish(t *testing.T, forms form.Forms, name string, data []byte, id string) error {
	_, err := published.ReadFile(t.Context(), bytes.NewReader(data), int64(len(data)), name, forms, published.Hints{Form: id})
	return err
}

// onePage is a PDF of one page, which has a picture P and a font F that says nothing of its characters.
func onePage(content string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var at []int
	for i, o := range []string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</P 6 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content),
		"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[7 0 R]>>",
		"<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>\nstream\nx\nendstream",
		"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>",
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}

// rules are rules that hold in the law's own packages and that no call can break today.
func rules(t *testing.T) []provocation {
	calendar, err := workday.Official()
	if err != nil {
		t.Fatal(err)
	}
	forms, err := form.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	locked, err := os.ReadFile("../../services/report/document/testdata/password.pdf")
	if err != nil {
		t.Fatal(err)
	}
	on := func(y, m, d int) workday.Date { return workday.Date{Year: y, Month: time.Month(m), Day: d} }
	year := func(s string) workday.Period { p, _ := workday.ParsePeriod(s); return p }
	due := func(period string, set workday.Date) error {
		_, err := deadline.ReportDue(deadline.Department, year(period), set)
		return err
	}
	figure := func(f form.Figure) error {
		return forms[0].Check(map[string]form.Figure{"disclosed.other": f}, nil)
	}
	version := func(y int) organ.Version {
		return organ.Version{EffectiveOn: on(y, 1, 1), DisplayName: "示例", Kind: organ.Government, OwesReport: true}
	}
	_, _, negative := calendar.Add(on(2018, 1, 1), -1)
	const dates, filled = "the contract refuses such a date first: BAD_DATE", "compiling a report fills in every cell"
	const listed = "a version finds its place by its date, and one of the same date is told ALREADY_EXISTS"
	const offline = "published reports are checked on the command line only, today"
	var rows []provocation
	for _, r := range []struct {
		reason string
		err    error
		why    string
	}{
		{"END_DATE_INVALID", organ.NewTree().Check(organ.Organization{ID: "65", Versions: []organ.Version{version(2008)}, EndedOn: on(2018, 2, 30)}), dates},
		{"VERSIONS_NOT_ASCENDING", organ.NewTree().Check(organ.Organization{ID: "65", Versions: []organ.Version{version(2009), version(2008)}}), listed},
		{"SUCCESSOR_WITHOUT_END", organ.NewTree().Check(organ.Organization{ID: "65", Versions: []organ.Version{version(2008)}, Successors: []organ.ID{"64"}}), "successors are named by the call that ends an organisation"},
		{"CELL_UNFILLED", figure(form.Figure{}), filled},
		{"FIGURE_STATE_UNKNOWN", figure(form.Figure{State: 9}), filled},
		{"CANNOT_STATE_NONE", figure(form.Figure{State: form.StatedNone}), "a report is compiled with whole parts as none: PART_CANNOT_BE_NONE"},
		{"PUBLISH_DATE_INVALID", publication.Check(publication.Publication{PublishedOn: on(2018, 2, 30)}, on(2019, 1, 1)), dates},
		{"WORKING_DAYS_NEGATIVE", negative, "the contract refuses such a number first: INVALID_FIELD"},
		{"REPORT_PERIOD_NOT_A_YEAR", due("2018-06", workday.Date{}), "a report of a month has no due date, which is no error"},
		{"REPORT_YEAR_BEFORE_REGULATION", due("2007", workday.Date{}), "there is no form for such a year: NO_FORM_FOR_PERIOD"},
		{"RECONCILIATION_TOO_WIDE", report.MayReconcile(3001), "no test has so many organisations"},
		{"DOCUMENT_FORMAT_UNKNOWN", publish(t, forms, "示例.docx", []byte("示例"), ""), offline},
		{"DOCUMENT_OLD_FORMAT", publish(t, forms, "示例.doc", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ""), offline},
		{"DOCUMENT_DAMAGED", publish(t, forms, "示例.docx", []byte("PK\x03\x04"), ""), offline},
		{"DOCUMENT_TOO_LARGE", publish(t, forms, "示例.txt", bytes.Repeat([]byte("x"), 17<<20), ""), offline},
		{"DOCUMENT_PICTURES_ONLY", publish(t, forms, "示例.pdf", onePage("/P Do"), ""), offline},
		{"DOCUMENT_TEXT_UNREADABLE", publish(t, forms, "示例.pdf", onePage("BT /F 9 Tf 50 50 Td <"+strings.Repeat("0077", 50)+"> Tj ET"), ""), offline},
		{"DOCUMENT_PASSWORD_NEEDED", publish(t, forms, "示例.pdf", locked, ""), offline},
		{"PUBLISHED_NO_REPORT", publish(t, forms, "示例.txt", []byte("示例"), ""), offline},
		{"PUBLISHED_FORM_UNKNOWN", publish(t, forms, "示例.txt", []byte("示例"), "1999"), offline},
	} {
		if r.err == nil {
			t.Errorf("the rule does not give %s", r.reason)
			continue
		}
		rows = append(rows, provocation{r.reason, codes.FailedPrecondition, failing(t, func(context.Context) error { return r.err }), r.why})
	}
	return rows
}

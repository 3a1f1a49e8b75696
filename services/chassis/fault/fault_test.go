package fault_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	apiv1 "gongkai/proto/gongkai/api/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/law"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

var errSecret = errors.New("password of the store")

// answer is a status taken apart.
type answer struct {
	code       codes.Code
	message    string
	info       *errdetails.ErrorInfo
	fields     []string // path=REASON
	broken     []string // REASON@article
	locale     string
	localized  string
	everything string // all texts, as the caller gets them
}

func read(t *testing.T, s *status.Status) answer {
	t.Helper()
	a := answer{code: s.Code(), message: s.Message(), everything: s.Proto().String()}
	for _, d := range s.Details() {
		switch d := d.(type) {
		case *errdetails.ErrorInfo:
			a.info = d
		case *errdetails.BadRequest:
			for _, v := range d.GetFieldViolations() {
				a.fields = append(a.fields, v.GetField()+"="+v.GetReason())
				if v.GetDescription() == "" || v.GetLocalizedMessage().GetMessage() == "" {
					t.Errorf("%s has no text", v.GetField())
				}
			}
		case *errdetails.PreconditionFailure:
			for _, v := range d.GetViolations() {
				a.broken = append(a.broken, v.GetType()+"@"+v.GetSubject())
			}
		case *errdetails.LocalizedMessage:
			a.locale, a.localized = d.GetLocale(), d.GetMessage()
		default:
			t.Errorf("unexpected detail %T", d)
		}
	}
	if a.info == nil || a.info.GetDomain() != fault.Domain {
		t.Fatalf("no ErrorInfo of ours: %v", s)
	}
	return a
}

// Every kind of error: its code, its reason with its values, its fields, and its text in both languages.
func TestStatus(t *testing.T) {
	article := law.Citation{Act: law.R2019, Article: "26"}
	breach := law.Under(article)
	breach.If(true, "PUBLISH_DATE_IN_FUTURE", "published_on", "date", "2019-02-01", "today", "2019-01-10")
	breach.Under(law.Citation{}).If(true, "NOT_A_DRAFT", "")
	for _, c := range []struct {
		err    error
		code   codes.Code
		reason string
		values map[string]string
		fields []string
		zh, en string
	}{
		{
			fault.Field("disclosure.title", "TOO_LONG", "limit", "200"), codes.InvalidArgument, "INVALID_FIELD",
			map[string]string{"count": "1"},
			[]string{"disclosure.title=TOO_LONG"},
			"标题：超过长度上限200字；请缩短。", "disclosure.title: is longer than 200 characters; shorten it.",
		},
		{
			fault.Fields(law.Violation{Field: "a", Reason: "REQUIRED"}, law.Violation{Field: "b", Reason: "BAD_DATE"}), codes.InvalidArgument, "INVALID_FIELD",
			map[string]string{"count": "2"},
			[]string{"a=REQUIRED", "b=BAD_DATE"},
			"有2处填写不符合规定", "2 fields break a rule",
		},
		{
			fault.Invalid("filter", apiv1.ErrorReason_ERROR_REASON_INVALID_FILTER, errors.New("at 3: {field}")), codes.InvalidArgument, "INVALID_FILTER",
			map[string]string{"field": "filter", "cause": "at 3: {field}"},
			[]string{"filter=INVALID_FILTER"},
			"筛选条件无法识别，请检查", "at 3: {field}.",
		},
		{
			fault.Invalid("page_token", apiv1.ErrorReason_ERROR_REASON_INVALID_PAGE_TOKEN, nil), codes.InvalidArgument, "INVALID_PAGE_TOKEN",
			map[string]string{"field": "page_token"},
			[]string{"page_token=INVALID_PAGE_TOKEN"},
			"翻页标记无效", "page token",
		},
		{
			fault.NotFound("organizations/1"), codes.NotFound, "NOT_FOUND",
			map[string]string{"resource": "organizations/1"},
			nil, "没有找到“organizations/1”；请核对代码或编号。", "organizations/1 was not found; check its name.",
		},
		{
			fault.Exists("organizations/1"), codes.AlreadyExists, "ALREADY_EXISTS",
			map[string]string{"resource": "organizations/1"},
			nil, "“organizations/1”已经存在；请勿重复新建，如需改动请修改已有的。", "organizations/1 exists already; change it",
		},
		{
			fault.RequestIDReused("r-1"), codes.AlreadyExists, "REQUEST_ID_REUSED",
			map[string]string{"request_id": "r-1"},
			[]string{"request_id=REQUEST_ID_REUSED"},
			"“r-1”已用于", "r-1 was used before",
		},
		{
			fault.Stale("organizations/1", "3", "4"), codes.Aborted, "STALE_ETAG",
			map[string]string{"resource": "organizations/1", "etag": "3", "current": "4"},
			[]string{"etag=STALE_ETAG"},
			"已被他人修改", "was changed since it was read",
		},
		{fault.Unauthenticated(errSecret), codes.Unauthenticated, "UNAUTHENTICATED", nil, nil, "请先登录", "no valid token"},
		{
			fault.Denied(apiv1.Permission_PERMISSION_PUBLISH, "652701"), codes.PermissionDenied, "PERMISSION_DENIED",
			map[string]string{"permission": "publish", "permission_zh": "公开和撤回信息", "organization": "organizations/652701"},
			nil, "“organizations/652701”没有此项权限（公开和撤回信息）", "lacks the permission publish",
		},
		{
			fault.Denied(apiv1.Permission_PERMISSION_ADMINISTER, ""), codes.PermissionDenied, "PERMISSION_DENIED",
			map[string]string{"permission": "administer", "permission_zh": "管理机关名录", "organization": "organizations/*"},
			nil, "organizations/*", "organizations/*",
		},
		{fault.Busy(errSecret), codes.Unavailable, "UNAVAILABLE", nil, nil, "请稍后重试", "try again"},
		{fault.Undecodable(errSecret), codes.InvalidArgument, "UNDECODABLE", nil, nil, "无法读取", "cannot be decoded"},
		{
			fault.Undecodable(errors.New("proto: field gongkai.disclosure.v1.Disclosure.title contains invalid UTF-8")), codes.InvalidArgument, "UNDECODABLE",
			nil,
			[]string{"title=NOT_UTF8"},
			"无法读取", "cannot be decoded",
		},
		{fault.BeyondLog("start", errSecret), codes.OutOfRange, "OUT_OF_RANGE", nil, []string{"start=OUT_OF_RANGE"}, "超出日志末尾", "beyond the end"},
		{fault.LogDiverged(errSecret), codes.FailedPrecondition, "LOG_DIVERGED", nil, nil, "不一致", "not the one that was followed"},
		{
			breach.Err(), codes.FailedPrecondition, "PUBLISH_DATE_IN_FUTURE",
			map[string]string{"date": "2019-02-01", "today": "2019-01-10", "article": article.String()},
			[]string{"published_on=PUBLISH_DATE_IN_FUTURE"},
			"公开日期2019-02-01晚于今天（2019-01-10）；请在公开之后登记，或核对日期。（" + article.Label().Zh + "） 不是草稿，不能再次公开；",
			"Publication date 2019-02-01 is after today, 2019-01-10; enter it once it is published, or check the date. (" + article.Label().En + ") It is no draft",
		},
		{eventlog.ErrNoLog, codes.NotFound, "NOT_FOUND", map[string]string{"resource": "logs"}, nil, "没有找到", "was not found"},
		{eventlog.ErrBeyondLog, codes.OutOfRange, "OUT_OF_RANGE", nil, []string{"start=OUT_OF_RANGE"}, "超出日志末尾", "beyond the end"},
		{eventlog.ErrDiverged, codes.FailedPrecondition, "LOG_DIVERGED", nil, nil, "不一致", "not the one that was followed"},
		{eventlog.ErrCorrupt, codes.DataLoss, "LOG_DAMAGED", nil, nil, "日志已损坏", "damaged"},
		{eventlog.ErrTooLarge, codes.InvalidArgument, "TOO_LARGE", nil, nil, "过大", "larger"},
		{kv.ErrClosed, codes.Unavailable, "UNAVAILABLE", nil, nil, "请稍后重试", "try again"},
		{kv.ErrUnknownOutcome, codes.Unavailable, "UNAVAILABLE", nil, nil, "请稍后重试", "try again"},
		{context.Canceled, codes.Canceled, "DEADLINE_EXCEEDED", nil, nil, "超时或已取消", "ran out of time"},
		{context.DeadlineExceeded, codes.DeadlineExceeded, "DEADLINE_EXCEEDED", nil, nil, "超时或已取消", "ran out of time"},
		{status.Error(codes.Unavailable, errSecret.Error()), codes.Unavailable, "UNAVAILABLE", nil, nil, "请稍后重试", "try again"},
		{status.Error(codes.Canceled, errSecret.Error()), codes.Canceled, "DEADLINE_EXCEEDED", nil, nil, "超时或已取消", "ran out of time"},
		{status.Error(codes.ResourceExhausted, errSecret.Error()), codes.ResourceExhausted, "TOO_LARGE", nil, nil, "过大", "larger"},
		{status.Error(codes.Unimplemented, errSecret.Error()), codes.Unimplemented, "UNIMPLEMENTED", nil, nil, "没有这个方法", "no such method"},
	} {
		for language, text := range map[fault.Language]string{fault.Chinese: c.zh, fault.English: c.en} {
			s, own := fault.Status(fmt.Errorf("a page of %s: %w", errSecret, c.err), language, "id-1")
			a := read(t, s)
			if !own || a.code != c.code || a.info.GetReason() != c.reason || !maps.Equal(a.info.GetMetadata(), c.values) || !slices.Equal(a.fields, c.fields) {
				t.Errorf("%v: %+v", c.err, a)
			}
			if a.locale != string(language) || !strings.Contains(a.localized, text) {
				t.Errorf("%v in %s: %q, want %q", c.err, language, a.localized, text)
			}
			if !strings.Contains(a.message, c.en) {
				t.Errorf("%v: message %q is not the English text", c.err, a.message)
			}
			if strings.Contains(a.everything, errSecret.Error()) {
				t.Errorf("%v lets out its cause: %s", c.err, a.everything)
			}
		}
	}
}

// Each broken rule is a precondition with its article; those about a field are violations of it too.
func TestStatus_Breach(t *testing.T) {
	broken := law.Under(law.Citation{Act: law.R2007, Article: "31"})
	broken.If(true, "REPORT_NOT_A_DRAFT", "")
	broken.If(true, "PERIOD_NOT_ENDED", "name", "period", "2018", "last", "2018-12-31")
	s, _ := fault.Status(broken.Err(), fault.English, "")
	article := law.Citation{Act: law.R2007, Article: "31"}.String()
	a := read(t, s)
	if want := []string{"REPORT_NOT_A_DRAFT@" + article, "PERIOD_NOT_ENDED@" + article}; !slices.Equal(a.broken, want) {
		t.Errorf("preconditions %v, want %v", a.broken, want)
	}
	if want := []string{"name=PERIOD_NOT_ENDED"}; !slices.Equal(a.fields, want) {
		t.Errorf("fields %v, want %v", a.fields, want)
	}
}

// Whatever is none of ours becomes INTERNAL with the call's id, and nothing of it is told.
func TestStatus_Foreign(t *testing.T) {
	for _, err := range []error{
		errSecret, fmt.Errorf("read: %w", errSecret), status.Error(codes.Internal, errSecret.Error()), status.Error(codes.NotFound, errSecret.Error()),
		status.Error(codes.Unknown, errSecret.Error()), &kv.PanicError{Value: errSecret, Stack: []byte("stack")}, &law.Breach{}, errors.Join(errSecret, errSecret),
	} {
		for _, l := range []fault.Language{fault.Chinese, fault.English} {
			s, own := fault.Status(err, l, "id-1")
			a := read(t, s)
			if own || a.code != codes.Internal || a.info.GetReason() != "INTERNAL" || a.info.GetMetadata()["id"] != "id-1" || !strings.Contains(a.localized, "id-1") {
				t.Errorf("%v: %+v", err, a)
			}
			if strings.Contains(a.everything, errSecret.Error()) || strings.Contains(a.everything, "stack") {
				t.Errorf("%v is let out: %s", err, a.everything)
			}
		}
	}
}

// A status that another service of ours made goes on as it is, without what was wrapped around it.
func TestStatus_PassesOn(t *testing.T) {
	first, _ := fault.Status(fault.NotFound("organizations/1"), fault.English, "")
	again, own := fault.Status(fmt.Errorf("%w: ask: %w", errSecret, first.Err()), fault.Chinese, "id-2")
	if !own || again.Proto().String() != first.Proto().String() {
		t.Errorf("%v, want %v", again, first)
	}
}

// Errors are compared with a template, and keep their cause for the log.
func TestError(t *testing.T) {
	err := fmt.Errorf("create: %w", fault.Exists("organizations/1"))
	if !errors.Is(err, fault.Exists("")) || errors.Is(err, fault.NotFound("")) || errors.Is(err, fault.RequestIDReused("")) {
		t.Error("templates do not tell errors apart")
	}
	busy := fault.Busy(errSecret)
	if !errors.Is(busy, errSecret) || !strings.Contains(busy.Error(), errSecret.Error()) || busy.Code() != codes.Unavailable || busy.Reason() != "UNAVAILABLE" {
		t.Errorf("%v has lost its cause", busy)
	}
	if got := fault.Field("title", "REQUIRED").Error(); !strings.Contains(got, "title: is required.") {
		t.Errorf("the log reads %q", got)
	}
}

func TestPrefers(t *testing.T) {
	for _, c := range []struct {
		header string
		want   fault.Language
	}{
		{"", fault.Chinese},
		{"en", fault.English},
		{"en-US,en;q=0.9", fault.English},
		{"EN-gb", fault.English},
		{"zh", fault.Chinese},
		{"zh-CN,zh;q=0.9,en;q=0.8", fault.Chinese},
		{"en;q=0.8,zh;q=0.9", fault.Chinese},
		{"zh;q=0.1,en;q=0.2", fault.English},
		{"en;q=0,zh", fault.Chinese},
		{"zh-TW", fault.Chinese},
		{"zh-Hant-HK,en;q=0.5", fault.Chinese},
		{"fr", fault.Chinese},
		{"fr,en;q=0.1", fault.English},
		{"fr, de;q=0.5", fault.Chinese},
		{"*", fault.Chinese},
		{"en;q=nonsense", fault.Chinese},
		{"\x00\xff;;;,,,", fault.Chinese},
		{"en" + strings.Repeat(",en", 400), fault.Chinese}, // too long to be looked at
		{strings.Repeat("a-", 400), fault.Chinese},
	} {
		if got := fault.Prefers(c.header); got != c.want {
			t.Errorf("%.40q: %s, want %s", c.header, got, c.want)
		}
	}
	with := func(md metadata.MD) context.Context { return metadata.NewIncomingContext(context.Background(), md) }
	if got := fault.LanguageOf(with(metadata.Pairs("accept-language", "en"))); got != fault.English {
		t.Errorf("in a call: %s", got)
	}
	if got := fault.LanguageOf(with(nil)); got != fault.Chinese {
		t.Errorf("in a call without the header: %s", got)
	}
}

func FuzzPrefers(f *testing.F) {
	for _, seed := range []string{"", "en", "zh-CN,zh;q=0.9,en;q=0.8", "*;q=0", "en-"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if l := fault.Prefers(header); l != fault.Chinese && l != fault.English {
			t.Errorf("%q gives %q", header, l)
		}
	})
}

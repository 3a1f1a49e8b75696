package server_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/server"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// What is wrong with a call is told from the outside in: the token, that there is none, the request, the
// permission. So nobody learns of a request what its token does not entitle it to.
func TestOrder(t *testing.T) {
	e := start(t)
	const invalid = "a name"
	for _, c := range []struct {
		name string
		ctx  context.Context
		in   *directoryv1.CorrectOrganizationRequest
		want string
	}{
		{"damaged token, invalid request", with(t, "authorization", "Bearer x"), correction(invalid), "Unauthenticated UNAUTHENTICATED"},
		{"other scheme", with(t, "authorization", "Basic x"), correction(town), "Unauthenticated UNAUTHENTICATED"},
		{"no token, invalid request", t.Context(), correction(invalid), "Unauthenticated UNAUTHENTICATED"},
		{"empty token", with(t, "authorization", ""), correction(town), "Unauthenticated UNAUTHENTICATED"},
		{"no permission, invalid request", e.as(access.Clerk, town), correction(invalid), "InvalidArgument INVALID_FIELD name=BAD_FORMAT"},
		{"no permission", e.as(access.Clerk, town), correction(town), "PermissionDenied PERMISSION_DENIED"},
		{"another organisation's", e.as(access.Administrator, town), correction(city), "PermissionDenied PERMISSION_DENIED"},
		{"unknown organisation", e.as(access.Administrator, city), correction(unknown), "NotFound NOT_FOUND"},
		{"own", e.as(access.Administrator, town), correction(town), "OK"},
		{"child", e.as(access.Administrator, city), correction(town), "OK"},
		{"everywhere", e.as(access.Administrator, access.Everywhere), correction(unknown), "OK"},
	} {
		reached := false
		e.stub.call = func(ctx context.Context) error {
			reached = true
			if access.From(ctx).Account != "acc-1" || !strings.HasPrefix(access.Authority(ctx), "administrator@organizations/") {
				t.Errorf("%s: %+v by %q", c.name, access.From(ctx), access.Authority(ctx))
			}
			return nil
		}
		_, err := e.CorrectOrganization(c.ctx, c.in)
		if got := refusal(err); got != c.want || reached != (c.want == "OK") {
			t.Errorf("%s: %s, reached %v, want %s", c.name, got, reached, c.want)
		}
	}
	// A token that does not hold is refused also where none is needed: else its bearer takes the public view for the whole.
	_, err := e.GetOrganization(with(t, "authorization", "Bearer x"), &directoryv1.GetOrganizationRequest{Name: town})
	if got := refusal(err); got != "Unauthenticated UNAUTHENTICATED" {
		t.Errorf("public method, damaged token: %s", got)
	}
}

// A panic ends its call only, and its cause stands in the log under the id that the caller gets.
func TestPanic(t *testing.T) {
	e := start(t)
	e.stub.call = func(context.Context) error { panic("of the test") }
	e.stub.watch = func(grpc.ServerStreamingServer[logv1.WatchEntriesResponse]) error { panic("of the test") }
	ctx := with(t, "x-request-id", "panic-1")
	_, unary := e.GetOrganization(ctx, &directoryv1.GetOrganizationRequest{Name: town})
	stream, err := e.logs.WatchEntries(ctx, &logv1.WatchEntriesRequest{Parent: "logs/x"})
	must(t, err)
	_, streamed := stream.Recv()
	for _, err := range []error{unary, streamed} {
		if got := refusal(err); got != "Internal INTERNAL" || !strings.Contains(err.Error(), "panic-1") || strings.Contains(err.Error(), "of the test") {
			t.Errorf("%s: %v", got, err)
		}
	}
	causes := 0
	for _, line := range e.log.of(t, "panic-1") {
		if cause, _ := line["cause"].(string); strings.Contains(cause, "of the test") && strings.Contains(cause, "chain_test.go") {
			causes++
		}
	}
	if causes != 2 {
		t.Errorf("the log has %d causes: %v", causes, e.log.of(t, "panic-1"))
	}
	e.stub.call = nil
	_, err = e.GetOrganization(ctx, &directoryv1.GetOrganizationRequest{Name: town})
	must(t, err)
}

// What a method returns and is none of ours is told to the operator only.
func TestForeignError(t *testing.T) {
	e := start(t)
	e.stub.call = func(context.Context) error { return errors.New("disk 3 is full") }
	_, err := e.GetOrganization(with(t, "x-request-id", "foreign-1"), &directoryv1.GetOrganizationRequest{Name: town})
	if got := refusal(err); got != "Internal INTERNAL" || strings.Contains(err.Error(), "disk") || !strings.Contains(err.Error(), "foreign-1") {
		t.Errorf("%s: %v", got, err)
	}
	if lines := e.log.of(t, "foreign-1"); len(lines) != 2 || lines[0]["cause"] != "disk 3 is full" {
		t.Errorf("log: %v", lines)
	}
}

// Every call is logged once, with who called what, how it ended and how long it took: also one that could
// not be decoded.
func TestAccessLog(t *testing.T) {
	e := start(t)
	ctx := metadata.AppendToOutgoingContext(e.as(access.Administrator, town), "x-request-id", "log-1")
	_, err := e.CorrectOrganization(ctx, correction(town))
	must(t, err)
	err = e.conn.Invoke(with(t, "x-request-id", "log-2"), directoryv1.DirectoryService_CorrectOrganization_FullMethodName, []byte{0xff}, nil, grpc.ForceCodecV2(bytesCodec{}))
	if got := refusal(err); got != "InvalidArgument UNDECODABLE" {
		t.Errorf("undecodable: %s", got)
	}
	for id, want := range map[string][2]string{"log-1": {"OK", "acc-1"}, "log-2": {"InvalidArgument", ""}} {
		lines := e.log.of(t, id)
		if len(lines) != 1 || lines[0]["code"] != want[0] || lines[0]["account"] != want[1] ||
			lines[0]["method"] != directoryv1.DirectoryService_CorrectOrganization_FullMethodName || lines[0]["took"] == nil {
			t.Errorf("%s: %v", id, lines)
		}
	}
}

func TestUnknownMethod(t *testing.T) {
	e := start(t)
	for _, method := range []string{"/gongkai.directory.v1.DirectoryService/Nothing", "/gongkai.nothing.v1.Nothing/Nothing", "/grpc.reflection.v1.Nothing/" + strings.Repeat("x", 5000)} {
		err := e.conn.Invoke(with(t, "x-request-id", "unknown-1"), method, &directoryv1.GetOrganizationRequest{}, &directoryv1.Organization{})
		if got := refusal(err); got != "Unimplemented UNIMPLEMENTED" {
			t.Errorf("%s: %s", method, got)
		}
	}
	lines := e.log.of(t, "unknown-1")
	if len(lines) != 3 {
		t.Errorf("log: %v", lines)
	}
	for _, line := range lines {
		if line["code"] != "Unimplemented" || line["method"] != "unknown" {
			t.Errorf("log: %v", line)
		}
	}
}

// A call keeps the id it brings, if that may stand in a log line, and gets one otherwise; both are told.
func TestID(t *testing.T) {
	e := start(t)
	for _, c := range []struct {
		given string
		kept  string // empty: it gets another one
	}{
		{"abc-1_Z", "abc-1_Z"},
		{strings.Repeat("a", 64), strings.Repeat("a", 64)},
		{strings.Repeat("a", 65), strings.Repeat("a", 64)},
		{"", ""},
		{"two words", ""},
		{"a=b", ""},
		{`"quoted"`, ""},
	} {
		var inside string
		e.stub.call = func(ctx context.Context) error {
			inside = server.ID(ctx)
			return nil
		}
		var header metadata.MD
		_, err := e.GetOrganization(with(t, "x-request-id", c.given), &directoryv1.GetOrganizationRequest{Name: town}, grpc.Header(&header))
		must(t, err)
		told := strings.Join(header.Get("x-request-id"), " ")
		if told != inside || len(told) < 7 || c.kept != "" && told != c.kept || c.kept == "" && told == c.given {
			t.Errorf("given %q: %q, told %q", c.given, inside, told)
		}
	}
	if server.ID(t.Context()) != "" {
		t.Error("there is an id outside of a call")
	}
}

// A call has a minute at most, and no more than its caller gives it.
func TestDeadline(t *testing.T) {
	e := start(t)
	var left time.Duration
	e.stub.call = func(ctx context.Context) error {
		at, ok := ctx.Deadline()
		left = time.Until(at)
		if !ok {
			t.Error("no deadline")
		}
		return nil
	}
	in := &directoryv1.GetOrganizationRequest{Name: town}
	_, err := e.GetOrganization(t.Context(), in)
	must(t, err)
	if left < 50*time.Second || left > time.Minute {
		t.Errorf("without a deadline: %s left", left)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, err = e.GetOrganization(ctx, in)
	must(t, err)
	if left > 10*time.Second {
		t.Errorf("with one of 10 s: %s left", left)
	}
	e.stub.call = func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}
	short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err = e.GetOrganization(short, in); !strings.HasPrefix(refusal(err), "DeadlineExceeded") {
		t.Errorf("run out: %v", err)
	}
}

// Errors of methods are statuses in the caller's language.
func TestLanguage(t *testing.T) {
	e := start(t)
	e.stub.call = func(context.Context) error { return fault.NotFound(town) }
	for language, want := range map[string]string{"en-GB": "was not found", "zh-CN": "没有找到", "": "没有找到"} {
		_, err := e.GetOrganization(with(t, "accept-language", language), &directoryv1.GetOrganizationRequest{Name: town})
		if got := localized(err); !strings.Contains(got, want) {
			t.Errorf("%q: %q", language, got)
		}
	}
}

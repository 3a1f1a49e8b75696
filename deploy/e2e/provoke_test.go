package e2e_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gongkai/gateway"
	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/bolt"
	"gongkai/services/chassis/server"
	"gongkai/services/law"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// provocation is how a caller comes to read one reason.
type provocation struct {
	reason string
	code   codes.Code
	by     provoke
	// why is set if no call of today's methods is told the reason: it says what keeps it away. Then the rule itself
	// gives it, or a service of the test's that stands on the same chassis, and the chassis and the gateway tell it.
	why string
}

// provoke does what the reason is told for, over gRPC and over REST, in a language.
type provoke func(language string) []told

// told is what came back.
type told struct {
	over     string
	http     int // 0 over gRPC
	err      error
	findings []*disclosurev1.ImportFinding
}

// statusCodes are the HTTP codes of the refusals here. REST has no method that does not exist, but paths that do not
// take one.
var statusCodes = map[codes.Code]int{
	codes.OK: 200, codes.InvalidArgument: 400, codes.FailedPrecondition: 400, codes.OutOfRange: 400, codes.Unauthenticated: 401,
	codes.PermissionDenied: 403, codes.NotFound: 404, codes.Unimplemented: 405, codes.AlreadyExists: 409, codes.Aborted: 409,
	codes.ResourceExhausted: 413, codes.Internal: 500, codes.DataLoss: 500, codes.Unavailable: 503, codes.DeadlineExceeded: 504,
}

// http is the HTTP code of the refusal: that of its code, but for the one that has a code of HTTP's own.
func (p provocation) http() int {
	if p.reason == "STORAGE_FULL" {
		return http.StatusInsufficientStorage
	}
	return statusCodes[p.code]
}

// check provokes a reason in both languages and compares what is told with the table of texts.
func (p provocation) check(t *testing.T) {
	text := fault.Texts()[law.Reason(p.reason)]
	for language, want := range map[string]string{"": text.Zh, "en-GB, zh;q=0.5": text.En} {
		locale := fault.Prefers(language)
		for _, got := range p.by(language) {
			at := fmt.Sprintf("over %s in %s", got.over, locale)
			if code := status.Code(got.err); code != p.code {
				t.Errorf("%s: %v, want %v", at, got.err, p.code)
				continue
			}
			if got.http != 0 && got.http != p.http() {
				t.Errorf("%s: HTTP %d, want %d", at, got.http, p.http())
			}
			texts := p.texts(t, got, locale)
			if len(texts) == 0 {
				t.Errorf("%s: the reason is not among %v %v", at, status.Convert(got.err).Details(), got.findings)
			}
			for said, values := range texts {
				if !reads(want, said, values) || strings.ContainsAny(said, "{}") {
					t.Errorf("%s: it reads %q, the text is %q, the values %v", at, said, want, values)
				}
			}
		}
	}
}

// texts are what is said for the reason, each with the values told beside it, if there are any. All texts of a
// refusal must be in the language.
func (p provocation) texts(t *testing.T, got told, locale fault.Language) map[string]map[string]string {
	t.Helper()
	said := map[string]map[string]string{}
	var info *errdetails.ErrorInfo
	for _, d := range status.Convert(got.err).Details() {
		switch d := d.(type) {
		case *errdetails.ErrorInfo:
			if info = d; d.GetDomain() != fault.Domain {
				t.Errorf("the domain is %s", d.GetDomain())
			}
		case *errdetails.BadRequest:
			for _, v := range d.GetFieldViolations() {
				if l := v.GetLocalizedMessage(); l.GetLocale() != string(locale) {
					t.Errorf("%s is told in %s", v.GetField(), l.GetLocale())
				} else if v.GetReason() == p.reason {
					said[l.GetMessage()] = nil
				}
			}
		case *errdetails.PreconditionFailure:
			for _, v := range d.GetViolations() {
				if v.GetType() == p.reason {
					said[v.GetDescription()] = nil
				}
			}
		case *errdetails.LocalizedMessage:
			if d.GetLocale() != string(locale) {
				t.Errorf("%s is told in %s", p.reason, d.GetLocale())
			}
			if info.GetReason() == p.reason {
				said[d.GetMessage()] = info.GetMetadata()
			}
		}
	}
	for _, f := range got.findings {
		if f.GetReason() == p.reason {
			said[f.GetMessage()] = f.GetValues()
		}
	}
	return said
}

var value = regexp.MustCompile(`\\\{[a-z_]+\\\}`)

// reads tells whether a sentence is a text with its values filled in, those that are known and any others; an article
// or another sentence may follow.
func reads(text, said string, values map[string]string) bool {
	if len(values) > 0 {
		for name, v := range values {
			text = strings.ReplaceAll(text, "{"+name+"}", v)
		}
		return strings.HasPrefix(said, text)
	}
	return regexp.MustCompile("^" + value.ReplaceAllString(regexp.QuoteMeta(text), ".+") + `(（.+）| \(.+\))?$`).MatchString(said)
}

// calling makes a call.
func (e *env) calling(token string, in proto.Message) provoke {
	return func(language string) []told {
		_, rpc := e.rpc(e.tcp, token, language, in)
		_, code, rest := e.rest(token, language, in)
		return []told{{over: "gRPC", err: rpc}, {over: "REST", http: code, err: rest}}
	}
}

// sending does something of its own over gRPC, and over REST sends what no message says.
func (e *env) sending(token string, rpc func(context.Context) error, r request) provoke {
	return func(language string) []told {
		code, body := e.send(r, token, language)
		return []told{{over: "gRPC", err: rpc(as(e.t.Context(), token, language))}, {over: "REST", http: code, err: e.refusal(code, body)}}
	}
}

// importing imports a file into a township, in a dry run.
func (e *env) importing(name string, content []byte) provoke {
	token := e.root()
	in := &disclosurev1.ImportSettings{Parent: nameOf(townA), FileName: name, DryRun: true}
	r := request{http.MethodPost, "/v1/organizations/652701201/disclosures:import?dryRun=true&fileName=" + url.QueryEscape(name), content}
	return func(language string) []told {
		out, err := e.upload(as(e.t.Context(), token, language), in, content)
		rpc := told{over: "gRPC", err: err, findings: out.GetFindings()}
		code, body := e.send(r, token, language)
		if code != http.StatusOK {
			return []told{rpc, {over: "REST", http: code, err: e.refusal(code, body)}}
		}
		over := &disclosurev1.ImportDisclosuresResponse{}
		e.check(protojson.Unmarshal(body, over))
		return []told{rpc, {over: "REST", http: code, findings: over.GetFindings()}}
	}
}

// upload imports a file over gRPC.
func (e *env) upload(ctx context.Context, in *disclosurev1.ImportSettings, content []byte) (*disclosurev1.ImportDisclosuresResponse, error) {
	stream, err := disclosurev1.NewDisclosureServiceClient(e.tcp).ImportDisclosures(ctx)
	e.check(err)
	parts := []*disclosurev1.ImportDisclosuresRequest{{Part: &disclosurev1.ImportDisclosuresRequest_Settings{Settings: in}}}
	for rest := content; len(rest) > 0; rest = rest[min(len(rest), 1<<20):] {
		parts = append(parts, &disclosurev1.ImportDisclosuresRequest{Part: &disclosurev1.ImportDisclosuresRequest_Chunk{Chunk: rest[:min(len(rest), 1<<20)]}})
	}
	for _, part := range parts {
		if err := stream.Send(part); errors.Is(err, io.EOF) {
			break // the answer says why
		} else if err != nil {
			return nil, err
		}
	}
	return stream.CloseAndRecv()
}

// workbook makes an .xlsx file of sheets, given as the rows of their XML.
func workbook(e *env, sheets ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name, content string) {
		w, err := z.Create(name)
		e.check(err)
		_, err = io.WriteString(w, content)
		e.check(err)
	}
	var names, relations string
	for i, rows := range sheets {
		names += fmt.Sprintf(`<sheet name="表%d" sheetId="%d" r:id="r%d"/>`, i+1, i+1, i)
		relations += fmt.Sprintf(`<Relationship Id="r%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`, i, i)
		add(fmt.Sprintf("xl/worksheets/sheet%d.xml", i), "<worksheet><sheetData>"+rows+"</sheetData></worksheet>")
	}
	add("xl/workbook.xml", "<workbook><sheets>"+names+"</sheets></workbook>")
	add("xl/_rels/workbook.xml.rels", "<Relationships>"+relations+"</Relationships>")
	e.check(z.Close())
	return b.Bytes()
}

// cells is a row of texts in the XML of a sheet.
func cells(texts ...string) string {
	var b strings.Builder
	for _, s := range texts {
		b.WriteString(`<c t="inlineStr"><is><t>` + s + `</t></is></c>`)
	}
	return "<row>" + b.String() + "</row>"
}

// stub is a service on the suite's chassis that fails as a test wants it to, by the organisation asked for.
type stub struct {
	directoryv1.UnimplementedDirectoryServiceServer
	fail map[string]func(context.Context) error
}

// GetOrganization implements [directoryv1.DirectoryServiceServer].
func (s *stub) GetOrganization(ctx context.Context, in *directoryv1.GetOrganizationRequest) (*directoryv1.Organization, error) {
	return nil, s.fail[in.GetName()](ctx)
}

// chassis serves a stub over TCP and through a gateway, which gives a call some time.
func chassis(t *testing.T, timeout time.Duration, fail map[string]func(context.Context) error) (*env, *server.Server) {
	t.Helper()
	e := &env{t: t, http: &http.Client{}}
	s, err := server.New(server.Options{}) // everybody calls without a token
	e.check(err)
	directoryv1.RegisterDirectoryServiceServer(s, &stub{fail: fail})
	e.check(s.Ready())
	rpc, web := e.listen(), e.listen()
	e.tcp, err = grpc.NewClient(rpc.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	e.check(err)
	handler, err := gateway.New(t.Context(), gateway.Connections{
		Directory: e.tcp, Disclosure: e.tcp, Request: e.tcp, Report: e.tcp, Calculator: e.tcp, Logs: map[string]grpc.ClientConnInterface{"directory": e.tcp},
	}, gateway.Options{Timeout: timeout})
	e.check(err)
	e.url, e.web = "http://"+web.Addr().String(), gateway.Server(handler)
	e.served.Go(func() { _ = s.Serve(rpc) })
	e.served.Go(func() { _ = e.web.Serve(web) })
	t.Cleanup(func() {
		e.http.CloseIdleConnections()
		_ = e.web.Close()
		_ = e.tcp.Close()
		s.Stop(context.Background())
		e.served.Wait()
	})
	return e, s
}

// failing provokes an error of a stub.
func failing(t *testing.T, fail func(context.Context) error) provoke {
	t.Helper()
	e, _ := chassis(t, time.Minute, map[string]func(context.Context) error{nameOf(cityA): fail})
	return e.calling("", &directoryv1.GetOrganizationRequest{Name: nameOf(cityA)})
}

// slow provokes what runs out of time: over REST that of the gateway, over gRPC that of a call within the call, since a
// caller whose own time is over does not hear of it any more.
func slow(t *testing.T) provoke {
	t.Helper()
	e, _ := chassis(t, 20*time.Millisecond, map[string]func(context.Context) error{nameOf(cityA): func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		defer cancel()
		<-ctx.Done()
		return ctx.Err()
	}})
	return e.calling("", &directoryv1.GetOrganizationRequest{Name: nameOf(cityA)})
}

// stopping provokes a server that is about to stop.
func stopping(t *testing.T) provoke {
	t.Helper()
	e, s := chassis(t, time.Minute, nil)
	s.Drain(t.Context())
	return e.calling("", &directoryv1.GetOrganizationRequest{Name: nameOf(cityA)})
}

// damaged provokes a log of which a byte was changed behind the suite's back.
func damaged(t *testing.T, in proto.Message) provoke {
	t.Helper()
	data := t.TempDir()
	e := run(t, data, clock)
	e.enter()
	do[*reportv1.Report](e, e.token(access.Clerk, townA), &reportv1.CompileReportRequest{Parent: nameOf(townA), Period: "2018"})
	e.check(e.stop())
	engine, err := bolt.Open(filepath.Join(data, "report.db"))
	e.check(err)
	db, err := kv.Open(engine, kv.Options{})
	e.check(err)
	e.check(db.Update(context.Background(), func(tx kv.Tx) error {
		entries := kv.Bucket{Name: "log.entries", Grows: true}
		var key, value []byte
		for p, err := range tx.Scan(entries, kv.Range{}) {
			if err != nil {
				return err
			}
			key, value = bytes.Clone(p.Key), bytes.Clone(p.Value)
		}
		value[0] ^= 0x80
		return tx.Put(entries, key, value)
	}))
	e.check(db.Close())
	e = run(t, data, clock)
	return e.calling(e.root(), in)
}

// running provokes a report of a year that has not ended, in the summer of 2018: the years after it have no form.
func running(t *testing.T) provoke {
	t.Helper()
	e := run(t, t.TempDir(), func() time.Time { return time.Date(2018, time.July, 2, 4, 0, 0, 0, time.UTC) })
	e.enter()
	token := e.token(access.Clerk, townA)
	report := do[*reportv1.Report](e, token, &reportv1.CompileReportRequest{Parent: nameOf(townA), Period: "2018"})
	return e.calling(token, &reportv1.SubmitReportRequest{Name: report.GetName()})
}

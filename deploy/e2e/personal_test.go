package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gongkai/gateway"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/telemetry"
	"gongkai/services/law"
	service "gongkai/services/request"
	"gongkai/services/suite"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

// marks are planted values: each is one that nothing else holds.
type marks struct{ n int }

// next is the next mark. What is masked shows its first character or its last four at most.
func (m *marks) next() string {
	m.n++
	return fmt.Sprintf("mark%06dplanted%06dend", m.n, m.n)
}

// planted tells whether a text holds a mark.
func planted(text []byte) bool { return bytes.Contains(text, []byte("planted")) }

// secret tells whether a field holds personal data, as its contract says.
func secret(f protoreflect.FieldDescriptor) bool {
	return f.Options().(*descriptorpb.FieldOptions).GetDebugRedact()
}

// plant marks the texts of a message: the secret ones, or all that are not names. Dates and choices get a value that
// holds, so that a call comes as far as it can.
func (m *marks) plant(in protoreflect.Message, name string, all bool) {
	fields := in.Descriptor().Fields()
	for i := range fields.Len() {
		switch f := fields.Get(i); {
		case f.IsMap():
		case f.Message() != nil && f.Message().FullName() == "google.type.Date":
			in.Set(f, protoreflect.ValueOfMessage(day(2018, 6, 1).ProtoReflect()))
		case f.Message() != nil && f.IsList():
			m.plant(in.Mutable(f).List().AppendMutable().Message(), name, all)
		case f.Message() != nil:
			if strings.HasPrefix(string(f.Message().FullName()), "gongkai.") {
				m.plant(in.Mutable(f).Message(), name, all)
			}
		case f.Kind() == protoreflect.EnumKind && !f.IsList():
			in.Set(f, protoreflect.ValueOfEnum(1))
		case f.Kind() != protoreflect.StringKind:
		case f.Name() == "name" || f.Name() == "parent":
			in.Set(f, protoreflect.ValueOfString(name))
		case secret(f) || all:
			if f.IsList() {
				in.Mutable(f).List().Append(protoreflect.ValueOfString(m.next()))
			} else {
				in.Set(f, protoreflect.ValueOfString(m.next()))
			}
		}
	}
}

// held is what a test can search while others write to it.
type held struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements [io.Writer].
func (h *held) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(p)
}

func (h *held) bytes() []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	return bytes.Clone(h.text.Bytes())
}

// TestPersonalData_Nowhere plants marks in every text of every method of the request service, over gRPC and REST, well
// formed and not. None of them stands in a file, a backup, a log line, a metric, a span of a trace; and of personal data none in an
// answer or a refusal either, but where they are read in clear.
func TestPersonalData_Nowhere(t *testing.T) {
	t.Parallel()
	lines, metrics := new(held), telemetry.NewMetrics("test")
	logger := slog.New(slog.NewJSONHandler(lines, &slog.HandlerOptions{Level: slog.LevelDebug}))
	spans := new(collected)
	exporter, err := telemetry.OTLP(t.Context(), spans.serve(t))
	if err != nil {
		t.Fatal(err)
	}
	tracing := telemetry.NewTracing(exporter, 1, "test")
	e := runWith(t, suite.Options{Data: t.TempDir(), Now: clock, Logger: logger, Metrics: metrics, Tracing: tracing}, gateway.Options{Logger: logger, Metrics: metrics, Tracing: tracing})
	t.Cleanup(e.verify)
	e.enter()
	m, root := new(marks), e.root()

	create := &requestv1.CreateInformationRequestRequest{}
	m.plant(create.ProtoReflect(), nameOf(townA), false)
	var names []string
	for i := range 3 {
		create.RequestId = fmt.Sprint("planting-", i)
		q := do[*requestv1.InformationRequest](e, root, create)
		names = append(names, q.GetName())
		if text, err := protojson.Marshal(q); err != nil || planted(text) || !strings.Contains(string(text), "***") {
			t.Errorf("shown: %s, %v", text, err)
		}
	}
	do[*requestv1.InformationRequest](e, root, &requestv1.ConcludeInformationRequestRequest{Name: names[1], Outcome: "granted", AnsweredOn: day(2018, 6, 8)})
	for _, method := range methods() {
		if method.Parent().FullName() != "gongkai.request.v1.RequestService" {
			continue
		}
		for _, name := range names {
			for _, all := range []bool{false, true} {
				e.plantCall(m, root, method, name, all)
			}
		}
	}
	for _, body := range []string{ // the decoder's own errors quote what they stumble over
		`{"applicantKind":1,"channel":1,"personalData":{"documentNumber":["%s"]}}`, `{"personalData":{"applicantName":{"%s":1}}}`,
		`{"personalData":"%s"}`, `{"personalData":{"%s":"x"}}`, `{"personalData":{"contact":"%s"`, `{"identityCheck":"%s"}`, `{"receivedOn":"%s"}`,
	} {
		_, answer := e.send(entering(body, m.next()), root, "")
		if planted(answer) {
			t.Logf("the decoder tells the caller its own input: %s", answer) // nobody else sees it
		}
	}
	e.nowhere(lines, metrics)
	e.check(tracing.ForceFlush(t.Context()))
	text := spans.bytes()
	for _, want := range []string{"CreateInformationRequest", "PublishAnswer", "commit", "POST"} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("no span has %s", want)
		}
	}
	if i := bytes.Index(text, []byte("planted")); i >= 0 {
		t.Errorf("a span has %q", text[max(0, i-100):min(len(text), i+30)])
	}
}

// collected is what a collector of traces was sent.
type collected struct {
	collector.UnimplementedTraceServiceServer
	held
}

// Export implements [collector.TraceServiceServer].
func (c *collected) Export(_ context.Context, in *collector.ExportTraceServiceRequest) (*collector.ExportTraceServiceResponse, error) {
	sent, err := proto.Marshal(in)
	if err == nil {
		_, err = c.Write(sent)
	}
	return &collector.ExportTraceServiceResponse{}, err
}

// serve runs the collector until the test ends, and returns its URL.
func (c *collected) serve(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := grpc.NewServer()
	collector.RegisterTraceServiceServer(s, c)
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	t.Cleanup(func() {
		s.Stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String()
}

// entering is the call that enters a request, with a body that holds a mark.
func entering(body, mark string) request {
	return request{http.MethodPost, "/v1/organizations/652701201/informationRequests", []byte(fmt.Sprintf(body, mark))}
}

// plantCall makes a call with marks over gRPC and over REST.
func (e *env) plantCall(m *marks, token string, method protoreflect.MethodDescriptor, name string, all bool) {
	e.t.Helper()
	if method.Input().Fields().ByName("parent") != nil && !strings.Contains(string(method.Name()), "Reads") {
		name = nameOf(townA)
	}
	kind, err := protoregistry.GlobalTypes.FindMessageByName(method.Input().FullName())
	e.check(err)
	in := kind.New().Interface()
	if strings.HasSuffix(string(method.Name()), "Appeal") && method.Input().Fields().ByName("name") != nil {
		name = nameOf(townA) + "/appeals/" + name[len(name)-26:] // there is none
	}
	m.plant(in.ProtoReflect(), name, all)
	out, rpc := e.rpc(e.tcp, token, "", in)
	over, _, rest := e.rest(token, "", in)
	if method.Output().FullName() == "gongkai.request.v1.PersonalData" {
		return
	}
	for _, out := range []proto.Message{out, over} {
		if out == nil {
			continue
		}
		text, err := protojson.Marshal(out)
		e.check(err)
		if planted(text) {
			e.t.Errorf("%s answers %s", method.FullName(), text)
		}
	}
	for _, err := range []error{rpc, rest} {
		text, marshal := protojson.Marshal(status.Convert(err).Proto())
		e.check(marshal)
		if planted(text) && !all { // other fields than secret ones may be told back
			e.t.Errorf("%s refuses with %s", method.FullName(), text)
		}
	}
}

// nowhere fails the test if a mark stands in a file of the data folder, in a backup, a log line or a metric.
func (e *env) nowhere(lines *held, metrics *telemetry.Metrics) {
	e.t.Helper()
	var archive bytes.Buffer
	_, err := suite.Archive{Keys: e.data}.Backup(as(e.t.Context(), e.root(), ""), &archive, func(string) grpc.ClientConnInterface { return e.tcp })
	e.check(err)
	shown := httptest.NewRecorder()
	telemetry.Admin{Metrics: metrics}.Handler().ServeHTTP(shown, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	e.check(e.stop())
	texts := map[string][]byte{"the log": lines.bytes(), "the backup": archive.Bytes(), "the metrics": shown.Body.Bytes()}
	e.check(filepath.WalkDir(e.data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		texts[path], err = os.ReadFile(path)
		return err
	}))
	if len(texts) < 12 || len(texts["the log"]) < 1000 || len(texts["the metrics"]) < 1000 || archive.Len() < 1000 {
		e.t.Fatalf("searched %v only", sorted(texts))
	}
	for what, text := range texts {
		if i := bytes.Index(text, []byte("planted")); i >= 0 {
			e.t.Errorf("%s has %q", what, text[max(0, i-100):min(len(text), i+30)])
		}
	}
}

// personalData are the reasons of what has to do with personal data.
func personalData(e *env) []provocation {
	const broken = codes.FailedPrecondition
	root := e.root()
	enter := func(data *requestv1.PersonalData, on *date.Date) *requestv1.InformationRequest {
		return do[*requestv1.InformationRequest](e, root, &requestv1.CreateInformationRequestRequest{Parent: nameOf(townA), InformationRequest: &requestv1.InformationRequest{
			ApplicantKind: requestv1.ApplicantKind_APPLICANT_KIND_BUSINESS, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_FAX, ReceivedOn: on, PersonalData: data,
		}})
	}
	none, open, erased := enter(nil, day(2018, 6, 1)), enter(&requestv1.PersonalData{ApplicantName: "示例"}, day(2018, 6, 1)), enter(&requestv1.PersonalData{ApplicantName: "示例"}, day(2018, 6, 1))
	do[*requestv1.InformationRequest](e, root, &requestv1.ConcludeInformationRequestRequest{Name: erased.GetName(), Outcome: "granted", AnsweredOn: day(2018, 6, 8)})
	erase := func(q *requestv1.InformationRequest) proto.Message {
		return &requestv1.ErasePersonalDataRequest{Name: q.GetName(), Reason: requestv1.ErasureReason_ERASURE_REASON_PURPOSE_FULFILLED}
	}
	do[*requestv1.InformationRequest](e, root, erase(erased))
	read := func(q *requestv1.InformationRequest) provoke {
		return e.calling(root, &requestv1.ReadPersonalDataRequest{Name: q.GetName(), Purpose: requestv1.ReadPurpose_READ_PURPOSE_HANDLING})
	}
	unreadable := law.Under(law.Citation{})
	unreadable.If(true, service.PersonalDataUnreadable, "")
	return []provocation{
		{"PERSONAL_DATA_NONE", broken, read(none), ""},
		{"PERSONAL_DATA_ERASED", broken, read(erased), ""},
		{"PERSONAL_DATA_IN_USE", broken, e.calling(root, erase(open)), ""},
		{"PERSONAL_DATA_UNREADABLE", broken, failing(e.t, func(context.Context) error { return unreadable.Err() }), "a server has one key file; provoked in services/request"},
	}
}

package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"testing"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// TestTransports makes the same calls, in the same order, on two suites: one reached over TCP, the other by the
// connection within the process. The answers are equal, but for what is drawn at random.
func TestTransports(t *testing.T) {
	t.Parallel()
	over := func(way func(*env) grpc.ClientConnInterface) []string {
		e := start(t)
		s := &script{env: e, conn: way(e)}
		s.play()
		return s.lines
	}
	tcp := over(func(e *env) grpc.ClientConnInterface { return e.tcp })
	inProcess := over(func(e *env) grpc.ClientConnInterface { return e.suite.Conn })
	if diff := cmp.Diff(tcp, inProcess); diff != "" {
		t.Errorf("-TCP +in-process:\n%s", diff)
	}
	called := map[string]bool{}
	failed := 0
	for _, line := range tcp {
		var method, code string
		if _, err := fmt.Sscan(line, &method, &code); err != nil {
			t.Fatal(err)
		}
		called[method] = true
		if code == "Internal" || code == "Unknown" {
			t.Errorf("a fault of the server's own: %s", line)
		}
		if code != "OK" {
			failed++
		}
	}
	for _, m := range methods() {
		if !called[path(m)] {
			t.Errorf("%s is not in the matrix", m.FullName())
		}
	}
	if failed < len(methods()) {
		t.Errorf("only %d calls of %d were refused", failed, len(tcp))
	}
}

// script is a series of calls over one connection, and what came of them.
type script struct {
	*env
	conn  grpc.ClientConnInterface
	lines []string
}

// call makes a call, in Chinese and as one who may, and notes the answer.
func (s *script) call(token string, in proto.Message) proto.Message {
	s.t.Helper()
	out, err := s.rpc(s.conn, token, "", in)
	s.note(in, out, err)
	return out
}

// refused makes a call and notes the answer in both languages.
func (s *script) refused(token string, in proto.Message) {
	s.t.Helper()
	for _, language := range []string{"", "en"} {
		out, err := s.rpc(s.conn, token, language, in)
		s.note(in, out, err)
	}
}

var random = []struct {
	what *regexp.Regexp
	is   string
}{
	{regexp.MustCompile(`[0-9A-HJKMNP-TV-Z]{26}`), "ULID"},
	{regexp.MustCompile(`"(commitment|salt|payload|root|oldRoot|leafHash|note|verifierKey|contentSha256|nextPageToken)":"[^"]+"`), `"$1":"…"`},
	{regexp.MustCompile(`"hashes":\["[^\]]*\]`), `"hashes":["…"]`},
}

// note writes an answer such that two can be compared.
func (s *script) note(in, out proto.Message, err error) {
	s.t.Helper()
	if err != nil {
		out = status.Convert(err).Proto()
	}
	text, jsonErr := protojson.Marshal(out)
	s.check(jsonErr)
	var line bytes.Buffer
	s.check(json.Compact(&line, text))
	answer := line.String()
	for _, r := range random {
		answer = r.what.ReplaceAllString(answer, r.is)
	}
	s.lines = append(s.lines, fmt.Sprintf("%s %v %s", path(methodOf(in)), status.Code(err), answer))
}

// play calls every method of every service: it succeeds, and is refused for each kind of reason.
func (s *script) play() {
	s.t.Helper()
	s.enter()
	s.organizations()
	s.disclosures()
	s.requests()
	s.reports()
	s.logs()
	for _, m := range methods() {
		in := fill(s.t, m, townA)
		s.refused("", in)
		s.refused("garbage", in)
		s.refused(s.token(access.Clerk, townC), in)
	}
}

func (s *script) organizations() {
	root := s.root()
	newcomer := &directoryv1.CreateOrganizationRequest{
		OrganizationId: "652701203", RequestId: "newcomer", Organization: &directoryv1.Organization{
			DisplayName: "示例机关", Parent: nameOf(cityA), Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true, FoundedOn: day(2008, 5, 1),
		},
	}
	s.call(root, newcomer)
	s.call(root, newcomer) // again, by its request_id
	version := moved(7)
	s.call(root, &directoryv1.ReviseOrganizationRequest{Name: nameOf("652701203"), Version: version, Etag: "1"})
	s.refused(root, &directoryv1.ReviseOrganizationRequest{Name: nameOf("652701203"), Version: version, Etag: "1"})
	s.call(root, &directoryv1.CorrectOrganizationRequest{Name: nameOf("652701203"), EffectiveOn: day(2018, 7, 1), Version: moved(8), Reason: "示例"})
	s.refused(root, &directoryv1.CorrectOrganizationRequest{Name: nameOf("652701203"), EffectiveOn: day(2018, 7, 1), Reason: "示例"})
	s.call(root, &directoryv1.AbolishOrganizationRequest{Name: nameOf("652701203"), EndedOn: day(2018, 12, 1), Successors: []string{nameOf(townB)}})
	s.refused(root, &directoryv1.AbolishOrganizationRequest{Name: nameOf(townA), EndedOn: day(2018, 12, 1), Successors: []string{nameOf(unknown)}})
	newcomer.RequestId = ""
	s.refused(root, &directoryv1.BatchCreateOrganizationsRequest{Requests: []*directoryv1.CreateOrganizationRequest{newcomer}})
	s.call("", &directoryv1.GetOrganizationRequest{Name: nameOf("652701203"), AsOf: day(2018, 7, 31)})
	s.refused("", &directoryv1.GetOrganizationRequest{Name: nameOf(unknown)})
	list := &directoryv1.ListOrganizationsRequest{Under: nameOf("6527"), Subtree: true, PageSize: 3}
	list.PageToken = s.call("", list).(*directoryv1.ListOrganizationsResponse).GetNextPageToken()
	s.call("", list)
	list.Subtree = false
	s.refused("", list)
}

func (s *script) disclosures() {
	clerk, reviewer := s.token(access.Clerk, townA), s.token(access.Reviewer, townA)
	draft := s.call(clerk, draftOf(townA)).(*disclosurev1.Disclosure)
	s.call(clerk, &disclosurev1.BatchCreateDisclosuresRequest{Parent: nameOf(townA), Requests: []*disclosurev1.CreateDisclosureRequest{draftOf(townA), draftOf(townA)}})
	s.refused(clerk, &disclosurev1.BatchCreateDisclosuresRequest{Parent: nameOf(townA), Requests: []*disclosurev1.CreateDisclosureRequest{draftOf(townC), {}}})
	s.refused("", &disclosurev1.GetDisclosureRequest{Name: draft.GetName()})
	publish := &disclosurev1.PublishDisclosureRequest{Name: draft.GetName(), PublishedOn: day(2018, 6, 1)}
	s.refused(reviewer, &disclosurev1.PublishDisclosureRequest{Name: draft.GetName(), PublishedOn: day(2030, 6, 1)})
	published := s.call(reviewer, publish).(*disclosurev1.Disclosure)
	s.refused(reviewer, publish)
	s.call("", &disclosurev1.GetDisclosureRequest{Name: draft.GetName()})
	published.Title = "示例：已更正"
	s.call(reviewer, &disclosurev1.UpdateDisclosureRequest{Disclosure: published})
	s.refused(reviewer, &disclosurev1.UpdateDisclosureRequest{Disclosure: published}) // its etag is an old one now
	s.call(clerk, &disclosurev1.ListDisclosuresRequest{Parent: nameOf(townA), PageSize: 2})
	s.refused(clerk, &disclosurev1.ListDisclosuresRequest{Parent: nameOf(townA), Filter: "category ="})
	s.call(reviewer, &disclosurev1.WithdrawDisclosureRequest{Name: draft.GetName(), Reason: "示例"})
	s.refused(reviewer, &disclosurev1.WithdrawDisclosureRequest{Name: draft.GetName(), Reason: "示例"})
}

func (s *script) requests() {
	clerk := s.token(access.Clerk, townA)
	in := &requestv1.CreateInformationRequestRequest{Parent: nameOf(townA), InformationRequest: &requestv1.InformationRequest{
		ApplicantKind: requestv1.ApplicantKind_APPLICANT_KIND_BUSINESS, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_FAX, ReceivedOn: day(2018, 6, 1),
	}}
	name := s.call(clerk, in).(*requestv1.InformationRequest).GetName()
	s.refused(s.root(), &requestv1.ConcludeInformationRequestRequest{Name: name, Outcome: "guessed", AnsweredOn: day(2018, 5, 1)})
	s.call(clerk, &requestv1.ConcludeInformationRequestRequest{Name: name, Outcome: "granted", AnsweredOn: day(2018, 6, 8)})
	s.call(clerk, &requestv1.GetInformationRequestRequest{Name: name})
	s.call(clerk, &requestv1.ListInformationRequestsRequest{Parent: nameOf(townA), PageSize: 1})
	s.refused(s.root(), &requestv1.ListInformationRequestsRequest{Parent: nameOf(unknown), PageSize: 1})
}

func (s *script) reports() {
	clerk, supervisor, name := s.token(access.Clerk, townA), s.token(access.Supervisor, cityA), nameOf(townA)+report2018
	s.call("", &reportv1.ListReportFormsRequest{})
	s.call("", &reportv1.GetReportFormRequest{Name: "reportForms/2007"})
	s.refused("", &reportv1.GetReportFormRequest{Name: "reportForms/1999"})
	compile := &reportv1.CompileReportRequest{Parent: nameOf(townA), Period: "2018", StatedNone: []string{"fees", "appeals"}}
	s.call(clerk, compile)
	s.refused(clerk, &reportv1.SubmitReportRequest{Name: name}) // its texts are missing
	compile.Narratives = []*reportv1.Narrative{{Part: "overview", Markdown: "示例。"}, {Part: "problems", Markdown: "示例。"}}
	s.call(clerk, compile)
	s.call(clerk, &reportv1.SubmitReportRequest{Name: name})
	s.refused("", &reportv1.GetReportRequest{Name: name})
	s.call(supervisor, &reportv1.ReturnReportRequest{Name: name, Reasons: []*reportv1.ReturnReason{{Text: "示例"}}})
	s.refused(supervisor, &reportv1.AcceptReportRequest{Name: name})
	s.call(clerk, compile)
	s.call(clerk, &reportv1.SubmitReportRequest{Name: name})
	s.call(supervisor, &reportv1.AcceptReportRequest{Name: name})
	s.call("", &reportv1.GetReportRequest{Name: name})
	s.call("", &reportv1.ListReportsRequest{Parent: nameOf(townA)})
	s.call("", &reportv1.GetRollupRequest{Name: nameOf(cityA) + "/rollups/2018"})
	s.settle()
	s.call(supervisor, &reportv1.GetRollupRequest{Name: nameOf(cityA) + "/rollups/2018"})
	s.refused(supervisor, &reportv1.GetRollupRequest{Name: nameOf(cityA) + "/rollups/2030"})
}

func (s *script) logs() {
	for _, log := range []string{"directory", "disclosure", "request", "report", "weather"} {
		name := "logs/" + log
		s.call("", &logv1.GetCheckpointRequest{Name: name})
		for _, token := range []string{"", s.token(access.Auditor, cityA)} {
			s.call(token, &logv1.ListEntriesRequest{Parent: name, Decode: true})
			s.call(token, &logv1.WatchEntriesRequest{Parent: name, Decode: true})
		}
		s.call("", &logv1.ProveInclusionRequest{Name: name + "/entries/1"})
		s.call("", &logv1.ProveConsistencyRequest{Name: name, OldSize: 1})
		s.refused("", &logv1.WatchEntriesRequest{Parent: name, Start: 1, Root: make([]byte, 32)})
		s.refused("", &logv1.ListEntriesRequest{Parent: name, Start: 1 << 40})
		s.refused("", &logv1.ProveConsistencyRequest{Name: name, OldSize: 1 << 40})
	}
}

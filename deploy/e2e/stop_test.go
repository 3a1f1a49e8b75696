package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// writers write disclosures, each until its first refusal.
type writers struct {
	running sync.WaitGroup
	enough  chan struct{} // closed when so many are acknowledged that a stop interrupts something
	written atomic.Int64

	mu           sync.Mutex
	acknowledged []string // guarded by mu
	refusals     []error  // guarded by mu
}

// write starts 64 writers, who call in one way or another.
func (e *env) write(call func(context.Context, string, *disclosurev1.CreateDisclosureRequest) (*disclosurev1.Disclosure, error)) *writers {
	e.t.Helper()
	const many = 64
	w := &writers{enough: make(chan struct{})}
	tokens := map[string]string{townA: e.token(access.Clerk, townA), townB: e.token(access.Clerk, townB), townC: e.token(access.Clerk, townC)}
	ctx, cancel := context.WithCancel(context.Background()) // that of the test is over when it stops
	e.t.Cleanup(cancel)
	for i := range many {
		town := []string{townA, townB, townC}[i%3]
		w.running.Go(func() {
			for n := 0; ; n++ {
				in := draftOf(town)
				in.RequestId = fmt.Sprintf("writer-%d-%d", i, n)
				out, err := call(ctx, tokens[town], in)
				if w.note(out.GetName(), err); err != nil {
					return
				}
				if w.written.Add(1) == 4*many {
					close(w.enough)
				}
			}
		})
	}
	return w
}

func (w *writers) note(name string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.refusals = append(w.refusals, err)
		return
	}
	w.acknowledged = append(w.acknowledged, name)
}

// kept checks that everything acknowledged is there, and nothing that was never asked for.
func (w *writers) kept(e *env) {
	e.t.Helper()
	there := map[string]bool{}
	for _, town := range []string{townA, townB, townC} {
		for page := ""; ; {
			list := do[*disclosurev1.ListDisclosuresResponse](e, e.root(), &disclosurev1.ListDisclosuresRequest{Parent: nameOf(town), PageSize: 1000, PageToken: page})
			for _, d := range list.GetDisclosures() {
				there[d.GetName()] = true
			}
			if page = list.GetNextPageToken(); page == "" {
				break
			}
		}
	}
	for _, name := range w.acknowledged {
		if !there[name] {
			e.t.Errorf("%s was acknowledged and is gone", name)
		}
	}
	if more := len(there) - len(w.acknowledged); more < 0 || more > len(w.refusals) {
		e.t.Errorf("%d records, %d were acknowledged and %d refused", len(there), len(w.acknowledged), len(w.refusals))
	}
	// Whoever was refused tries again, and writes nothing twice.
	in := draftOf(townA)
	in.RequestId = "writer-0-0"
	if d := do[*disclosurev1.Disclosure](e, e.token(access.Clerk, townA), in); !there[d.GetName()] {
		e.t.Errorf("the repetition wrote %s", d.GetName())
	}
}

// TestStopUnderLoad stops the services while 64 write. Everything acknowledged is there afterwards; everything else
// was refused such that it can be tried again.
func TestStopUnderLoad(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.enter()
	w := e.write(func(ctx context.Context, token string, in *disclosurev1.CreateDisclosureRequest) (*disclosurev1.Disclosure, error) {
		out := &disclosurev1.Disclosure{}
		return out, e.tcp.Invoke(as(ctx, token, ""), path(methodOf(in)), in, out)
	})
	<-w.enough
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	e.check(e.close(ctx))
	w.running.Wait()
	typed := 0
	for _, err := range w.refusals {
		s := status.Convert(err)
		if s.Code() != codes.Unavailable {
			t.Errorf("a writer was refused with %v", err)
		}
		if d := details(s); d.info != nil { // from the suite; else the connection was gone already
			typed++
			bad{code: codes.Unavailable, reason: "UNAVAILABLE"}.check(t, "while it stops", err, "zh-CN")
		}
	}
	if typed == 0 {
		t.Errorf("none of %d refusals says why", len(w.refusals))
	}
	if err := e.suite.Err(); err != nil {
		t.Errorf("the suite says it broke: %v", err)
	}
	e.verify() // the stores are closed: as fsck does it
	w.kept(open(t, e.data))
}

// TestStopByGateway stops everything as the program does, from the outside in, while 64 write over REST: whoever is
// answered has written, the others are not answered.
func TestStopByGateway(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.enter()
	w := e.write(func(ctx context.Context, token string, in *disclosurev1.CreateDisclosureRequest) (*disclosurev1.Disclosure, error) {
		out := &disclosurev1.Disclosure{}
		r, err := transcode(in)
		if err != nil {
			return out, err
		}
		code, body, err := e.exchange(ctx, r, token, "")
		if err != nil {
			return out, errNoAnswer
		}
		if code != http.StatusOK {
			return out, fmt.Errorf("HTTP %d %s", code, body)
		}
		return out, protojson.Unmarshal(body, out)
	})
	<-w.enough
	e.check(e.stop())
	w.running.Wait()
	for _, err := range w.refusals {
		if !errors.Is(err, errNoAnswer) {
			t.Errorf("a writer was answered %v", err)
		}
	}
	w.kept(open(t, e.data))
}

var errNoAnswer = errors.New("no answer")

// TestRestart opens the same data again: all answers are the same to the byte, and the followers go on.
func TestRestart(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.enter()
	for month := range 5 {
		e.publish(townA, "other", day(2018, month+1, 2))
	}
	do[*requestv1.InformationRequest](e, e.root(), &requestv1.CreateInformationRequestRequest{Parent: nameOf(townB), InformationRequest: &requestv1.InformationRequest{
		ApplicantKind: requestv1.ApplicantKind_APPLICANT_KIND_BUSINESS, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_FAX, ReceivedOn: day(2018, 6, 1),
	}})
	e.settle()
	e.submitted(townA)
	e.accept(townA)
	e.publish(townA, "other", day(2018, 11, 2))
	before := e.everything()
	e.verify()
	e.check(e.stop())

	again := open(t, e.data)
	after := again.everything()
	if len(before) != len(after) || len(before) < 15 {
		t.Fatalf("%d answers before, %d after", len(before), len(after))
	}
	for i := range before {
		if !proto.Equal(before[i], after[i]) {
			t.Errorf("before:\n%v\nafter:\n%v", before[i], after[i])
		}
	}
	again.publish(townA, "other", day(2018, 12, 2))
	again.inRollup(t, "after the restart", townA, "2018", total, cell{5, 7, 2}, explained{late: 2})
	if token := e.token(access.Clerk, townA); again.token(access.Clerk, townA) != token {
		t.Error("the key of the tokens is another one")
	}
}

// everything is what a suite answers to every kind of read.
func (e *env) everything() []proto.Message {
	e.t.Helper()
	root := e.root()
	answers := []proto.Message{
		e.rollup(root, "6527", "2018"), e.rollup(root, cityA, "2018"), e.rollup(root, cityA, "2018-q1"), e.rollup("", cityA, "2018"),
	}
	for _, log := range sorted(e.sizes()) {
		answers = append(answers, do[*logv1.Checkpoint](e, "", &logv1.GetCheckpointRequest{Name: log}))
		answers = append(answers, do[*logv1.ListEntriesResponse](e, root, &logv1.ListEntriesRequest{Parent: log, PageSize: 1000, Decode: true}))
	}
	for _, id := range []string{townA, townB, townC} {
		answers = append(answers,
			do[*directoryv1.Organization](e, "", &directoryv1.GetOrganizationRequest{Name: nameOf(id)}),
			do[*disclosurev1.ListDisclosuresResponse](e, root, &disclosurev1.ListDisclosuresRequest{Parent: nameOf(id), PageSize: 2}),
			do[*requestv1.ListInformationRequestsResponse](e, root, &requestv1.ListInformationRequestsRequest{Parent: nameOf(id)}),
			do[*reportv1.ListReportsResponse](e, root, &reportv1.ListReportsRequest{Parent: nameOf(id)}))
	}
	return answers
}

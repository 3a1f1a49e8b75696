package request

import (
	"strings"
	"testing"

	logv1 "gongkai/proto/gongkai/log/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/law/ground"
	"gongkai/services/law/workday"

	"pgregory.net/rapid"
)

// In any generated year the tables hold: what is received and carried over is what is concluded and carried forward, in
// every column, however often a request is withdrawn, linked, split, ordered anew or concluded again; and every year's
// carried over is the last one's carried forward.
func TestIdentities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fold := map[string]int64{} // year and measure → sum
		before := map[int][]*logv1.Fact{}
		requests := rapid.SliceOfN(rapid.Custom(generated), 1, 20).Draw(t, "requests")
		moves := rapid.IntRange(0, 60).Draw(t, "moves")
		count := func(i int) {
			for _, f := range before[i] {
				fold[yearOf(f)] -= f.GetValue()
			}
			before[i] = facts("652701201", requests[i])
			for _, f := range before[i] {
				fold[yearOf(f)] += f.GetValue()
			}
		}
		for i := range requests {
			count(i)
		}
		for range moves {
			i := rapid.IntRange(0, len(requests)-1).Draw(t, "request")
			move(t, requests[i])
			count(i)
		}
		for kind := range requestv1.ApplicantKind_name {
			if kind == 0 {
				continue
			}
			column, over := "."+applicant(requestv1.ApplicantKind(kind)), int64(0)
			for _, year := range []string{"2019", "2020", "2021", "2022"} {
				received, concluded := int64(0), int64(0)
				for key, n := range fold {
					of, measure, _ := strings.Cut(key, " ")
					switch {
					case of != year || !strings.HasSuffix(measure, column):
					case strings.HasPrefix(measure, "requests.received."):
						received += n
					case strings.HasPrefix(measure, "requests.concluded."):
						concluded += n
					}
				}
				forward := over + received - concluded
				if open := openAt(requests, requestv1.ApplicantKind(kind), year); received < 0 || concluded < 0 || forward != open {
					t.Fatalf("%s%s: %d received + %d over = %d concluded + %d forward, but %d are open", year, column, received, over, concluded, forward, open)
				}
				over = forward
			}
		}
		for key, n := range fold {
			if n < 0 {
				t.Fatalf("%s: %d", key, n)
			}
		}
	})
}

// yearOf is the year that a fact counts in, with its measure.
func yearOf(f *logv1.Fact) string { return civil(f.GetDate()).String()[:4] + " " + f.GetMeasure() }

// generated is a request of some day.
func generated(t *rapid.T) *storev1.StoredInformationRequest {
	return &storev1.StoredInformationRequest{Facts: presentFacts, InformationRequest: &requestv1.InformationRequest{
		ApplicantKind: requestv1.ApplicantKind(rapid.IntRange(1, 6).Draw(t, "kind")), Channel: 1, ReceivedOn: toProto(drawn(t, 2019, 2021)),
		State: requestv1.RequestState_REQUEST_STATE_OPEN,
	}}
}

func drawn(t *rapid.T, first, last int) workday.Date {
	return workday.Date{Year: rapid.IntRange(first, last).Draw(t, "year"), Month: 6, Day: rapid.IntRange(1, 28).Draw(t, "day")}
}

// move does to a request what a method may do to its counting.
func move(t *rapid.T, r *storev1.StoredInformationRequest) {
	q := r.GetInformationRequest()
	switch q.GetState() {
	case requestv1.RequestState_REQUEST_STATE_OPEN:
		end := rapid.SampledFrom([]requestv1.RequestState{
			requestv1.RequestState_REQUEST_STATE_CONCLUDED, requestv1.RequestState_REQUEST_STATE_CONCLUDED, requestv1.RequestState_REQUEST_STATE_LINKED,
			requestv1.RequestState_REQUEST_STATE_SPLIT,
		}).Draw(t, "end")
		q.State = end
		if end != requestv1.RequestState_REQUEST_STATE_CONCLUDED {
			return
		}
		on := civil(q.GetReceivedOn())
		q.Outcome = rapid.SampledFrom(ground.On(on)).Draw(t, "outcome").ID
		q.AnsweredOn = toProto(workday.Date{Year: min(2022, on.Year+rapid.IntRange(0, 1).Draw(t, "later")), Month: 7, Day: 1})
		if q.GetCountedOn() == nil {
			q.CountedOutcome, q.CountedOn, r.Closed = q.GetOutcome(), q.GetAnsweredOn(), "in_time"
		}
	case requestv1.RequestState_REQUEST_STATE_CONCLUDED:
		q.State, q.Outcome, q.AnsweredOn = requestv1.RequestState_REQUEST_STATE_OPEN, "", nil // ordered anew
	}
}

// openAt counts what was received by a year's end and not answered for the first time by then.
func openAt(all []*storev1.StoredInformationRequest, kind requestv1.ApplicantKind, year string) (n int64) {
	for _, r := range all {
		q := r.GetInformationRequest()
		gone := q.GetState() == requestv1.RequestState_REQUEST_STATE_LINKED || q.GetState() == requestv1.RequestState_REQUEST_STATE_SPLIT
		if q.GetApplicantKind() != kind || gone && q.GetCountedOn() == nil || civil(q.GetReceivedOn()).String()[:4] > year {
			continue
		}
		if q.GetCountedOn() == nil || civil(q.GetCountedOn()).String()[:4] > year {
			n++
		}
	}
	return n
}

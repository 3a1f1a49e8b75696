package request

import (
	"context"
	"strconv"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/law"
	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"
)

// GetTimeline gets the explained timeline of a request. Source: R2019 arts. 30–35; R2007 art. 24. Errors: NOT_FOUND,
// FAILED_PRECONDITION (a day before the last step).
func (s *Server) GetTimeline(ctx context.Context, in *requestv1.GetTimelineRequest) (*requestv1.Timeline, error) {
	n, ok := parseName(in.GetName())
	if !ok {
		return nil, fault.NotFound(in.GetName())
	}
	asOf := civil(in.GetAsOf())
	if asOf.IsZero() {
		asOf = workday.On(s.now())
	}
	var out *requestv1.Timeline
	err := s.db.View(ctx, func(r kv.Reader) error {
		q, err := load(r, n)
		if err != nil {
			return err
		}
		t, err := s.timeline(q.request(), asOf)
		if err != nil {
			return (&call{field: "as_of"}).refield(err)
		}
		t.Marks = append(t.Marks, withoutEarlier(q.request())...)
		out = timelineOf(t)
		out.Name = n.String()
		return nil
	})
	return out, err
}

// timeline counts the time of a request. One to correct a record has no period (R2019 art. 41).
func (s *Server) timeline(q *requestv1.InformationRequest, asOf workday.Date) (deadline.Timeline, error) {
	if q.GetKind() == requestv1.RequestKind_REQUEST_KIND_RECORD_CORRECTION {
		t := deadline.Timeline{ReceivedOn: civil(q.GetReceivedOn()), State: deadline.Running}
		if q.GetState() == requestv1.RequestState_REQUEST_STATE_CONCLUDED {
			t.State = deadline.IsAnswered
		}
		return t, nil
	}
	in, _ := caseOf(q, asOf)
	return deadline.Of(in, s.days)
}

func timelineOf(t deadline.Timeline) *requestv1.Timeline {
	out := &requestv1.Timeline{
		ReceivedOn: toProto(t.ReceivedOn), State: string(t.State), StateLabel: labelOf(t.State.Label()), DueOn: toProto(t.Due), Assumed: t.Assumed,
		Remaining: int32(t.Remaining), Provisional: t.Provisional,
	}
	for _, g := range t.Segments {
		out.Segments = append(out.Segments, segmentOf(g))
	}
	for _, l := range t.Limits {
		out.Limits = append(out.Limits, limitOf(l))
	}
	out.Marks = marksOf(t.Marks)
	for _, r := range t.Readings {
		out.Readings = append(out.Readings, labelOf(r.Label()))
	}
	for _, n := range t.Notices {
		out.Notices = append(out.Notices, n.Number)
	}
	if len(t.Answers) > 0 {
		a := t.Answers[len(t.Answers)-1]
		out.AnsweredOn, out.KnownOn, out.InTime, out.LateBy = toProto(a.AnsweredOn), toProto(a.KnownOn), a.InTime, int32(a.LateBy)
		if out.GetDueOn() == nil {
			out.DueOn = toProto(a.Due)
		}
	}
	return out
}

func segmentOf(g deadline.Segment) *requestv1.Segment {
	out := &requestv1.Segment{
		Kind: string(g.Kind), Label: labelOf(g.Kind.Label()), From: toProto(g.From), To: toProto(g.To), Counted: int32(g.Counted),
		Total: int32(g.Total), Of: int32(g.Of), LeftOut: gapsOf(g.LeftOut), Worked: gapsOf(g.Worked), Article: labelOf(g.Citation.Label()),
	}
	if g.Begun != "" {
		out.Begun = labelOf(g.Begun.Label())
	}
	if g.Ended != "" {
		out.Ended = labelOf(g.Ended.Label())
	}
	if g.Reading != "" {
		out.Reading = labelOf(g.Reading.Label())
	}
	return out
}

func gapsOf(gaps []deadline.Gap) []*requestv1.Gap {
	var out []*requestv1.Gap
	for _, g := range gaps {
		why, _ := g.Why.MarshalText() // a cause that has no name is left out
		out = append(out, &requestv1.Gap{From: toProto(g.From), To: toProto(g.To), Why: string(why), Name: labelOf(g.Name)})
	}
	return out
}

func limitOf(l deadline.StepLimit) *requestv1.StepLimit {
	party, _ := strconv.Atoi(l.Party) // as eventOf wrote it; none of a correction or a payment
	return &requestv1.StepLimit{Step: labelOf(l.Step.Label()), On: toProto(l.On), Article: labelOf(l.Citation.Label()), Party: int32(party)}
}

// labelOf is a label as it is answered; nil if it is empty.
func labelOf(l law.Label) *requestv1.Label {
	if l == (law.Label{}) {
		return nil
	}
	return &requestv1.Label{Zh: l.Zh, En: l.En}
}

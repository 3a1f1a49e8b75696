package request

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	apiv1 "gongkai/proto/gongkai/api/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/records"
	"gongkai/services/chassis/server"
	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"

	"github.com/oklog/ulid/v2"
)

// dues is the index of open requests and pending appeals by due date. Numbers are big-endian; an organisation's id ends with a zero byte.
//
//	bucket       key                                    value
//	requests.due organisation ‖ 0 ‖ day 4 ‖ ULID 16     none of a request, 1 of an appeal
//
// The day is that of [nextDay], or of [nextOf], as yyyymmdd.
var dues = kv.Bucket{Name: "requests.due"}

// dueAppeal is the value of an appeal's key in the index of due dates.
var dueAppeal = []byte{1}

// noDay is the day of a request that waits for an end that nobody knows.
const noDay = 99991231

func dueKey(organization string, day uint32, id ulid.ULID) []byte {
	return append(binary.BigEndian.AppendUint32(records.OrganizationKey(organization), day), id[:]...)
}

// nextDay is the day on which an open request asks for something: the due date or, while there is none, the first day
// by which somebody else has to do something.
func nextDay(t deadline.Timeline) workday.Date {
	on := t.Due
	for _, l := range t.Limits {
		if t.Due.IsZero() && (on.IsZero() || l.On.Before(on)) {
			on = l.On
		}
	}
	return on
}

// date computes the due date of a request anew, and where it stands in the index; 0 if it is not open.
func (s *Server) date(q *requestv1.InformationRequest, today workday.Date) (day uint32, err error) {
	q.DueOn = nil
	if q.GetState() == requestv1.RequestState_REQUEST_STATE_UNCONFIRMED {
		return yyyymmdd(filedOn(q)), nil
	}
	if q.GetState() != requestv1.RequestState_REQUEST_STATE_OPEN || q.GetKind() == requestv1.RequestKind_REQUEST_KIND_RECORD_CORRECTION {
		return 0, nil
	}
	t, err := s.timeline(q, today)
	if err != nil {
		return 0, err
	}
	q.DueOn = toProto(t.Due)
	if on := nextDay(t); !on.IsZero() {
		return yyyymmdd(on), nil
	}
	return noDay, nil
}

// predate computes the due date of a record that is about to be saved.
func (s *Server) predate(r *record, today workday.Date) error {
	day, err := s.date(r.request(), today)
	if err != nil {
		return err
	}
	r.stored.Due, r.dated = day, true
	return nil
}

// moveDue moves a request or an appeal in the index of due dates.
func moveDue(tx kv.Tx, n name, from, to uint32, value []byte) error {
	if from == to {
		return nil
	}
	if from != 0 {
		if err := tx.Delete(dues, dueKey(n.organization, from, n.id)); err != nil {
			return fmt.Errorf("index %s: %w", n, err)
		}
	}
	if to != 0 {
		if err := tx.Put(dues, dueKey(n.organization, to, n.id), value); err != nil {
			return fmt.Errorf("index %s: %w", n, err)
		}
	}
	return nil
}

// ListDuties lists what is to be done, by organisation and day. The keys read follow the open requests, however many
// were concluded. Errors: INVALID_ARGUMENT (a page token of another query).
func (s *Server) ListDuties(ctx context.Context, in *requestv1.ListDutiesRequest) (*requestv1.ListDutiesResponse, error) {
	after, size, err := server.Page(in, usualPage, mostPage)
	if err == nil && after != nil {
		if _, rest, ok := bytes.Cut(after, []byte{0}); !ok || len(rest) != 4+records.IDLen {
			err = fault.Invalid("page_token", apiv1.ErrorReason_ERROR_REASON_INVALID_PAGE_TOKEN, errors.New("its key is garbled"))
		}
	}
	if err != nil {
		return nil, err
	}
	organizations, err := s.dutiful(ctx, access.OrganizationOf(in.GetParent()), in.GetSubtree())
	if err != nil {
		return nil, err
	}
	l := dutyList{server: s, today: workday.On(s.now()), kind: in.GetKind(), since: civil(in.GetMovedSince()), after: after, size: size}
	if err := s.db.View(ctx, func(r kv.Reader) error { return l.read(r, organizations) }); err != nil {
		return nil, err
	}
	out := &requestv1.ListDutiesResponse{Duties: l.found}
	if l.more {
		out.NextPageToken, err = server.NextPage(in, l.last)
	}
	return out, err
}

// dutiful are the organisations whose duties a list has, by id: one, or those at or below it with an open request that
// the caller may read.
func (s *Server) dutiful(ctx context.Context, organization string, subtree bool) ([]string, error) {
	if !subtree {
		return []string{organization}, nil
	}
	var open, all []string
	err := s.db.View(ctx, func(r kv.Reader) (err error) {
		open, err = withDuties(r)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, id := range open {
		within, err := s.organizations.Within(ctx, id, organization)
		if err != nil && !errors.Is(err, access.ErrUnknownOrganization) {
			return nil, fmt.Errorf("place of organizations/%s: %w", id, err)
		}
		if !within {
			continue
		}
		if allowed, err := access.Allows(ctx, apiv1.Permission_PERMISSION_READ, id); err != nil {
			return nil, err
		} else if allowed {
			all = append(all, id)
		}
	}
	return all, nil
}

// withDuties are the organisations that have an open request, a key each.
func withDuties(r kv.Reader) (ids []string, err error) {
	var from []byte
	for {
		id := ""
		for pair, err := range r.Scan(dues, kv.Range{From: from}) {
			if err != nil {
				return nil, fmt.Errorf("read duties: %w", err)
			}
			organization, _, _ := bytes.Cut(pair.Key, []byte{0})
			id = string(organization)
			break
		}
		if id == "" {
			return ids, nil
		}
		ids, from = append(ids, id), append([]byte(id), 1)
	}
}

// dutyList is a page of duties that is being read.
type dutyList struct {
	server *Server
	today  workday.Date
	kind   requestv1.DutyKind
	since  workday.Date // only what was moved on it or later; no date: all
	after  []byte
	size   int

	found []*requestv1.Duty
	last  []byte
	more  bool
}

func (l *dutyList) read(r kv.Reader, organizations []string) error {
	for _, organization := range organizations {
		within := kv.Prefix(records.OrganizationKey(organization))
		if bytes.Compare(l.after, within.From) >= 0 {
			within.From = append(bytes.Clone(l.after), 0)
		}
		for pair, err := range r.Scan(dues, within) {
			if err != nil {
				return fmt.Errorf("read duties: %w", err)
			}
			if len(pair.Key) < 4+records.IDLen {
				return fmt.Errorf("due key %x is garbled", pair.Key)
			}
			id := ulid.ULID(pair.Key[len(pair.Key)-records.IDLen:])
			read := l.duty
			if len(pair.Value) > 0 {
				read = l.appealDuty
			}
			duty, err := read(r, name{organization, id})
			if err != nil {
				return err
			}
			if !l.wants(duty) {
				continue
			}
			if len(l.found) == l.size {
				l.more = true
				return nil
			}
			l.found, l.last = append(l.found, duty), bytes.Clone(pair.Key)
		}
	}
	return nil
}

// wants tells whether a duty is one of those that are listed. What the organ's system confirmed, and nobody since, is
// also one to be confirmed, whatever its due date.
func (l *dutyList) wants(d *requestv1.Duty) bool {
	if !l.since.IsZero() && (d.GetMovedOn() == nil || civil(d.GetMovedOn()).Before(l.since)) {
		return false
	}
	if l.kind == requestv1.DutyKind_DUTY_KIND_UNCONFIRMED {
		return d.GetAppeal() == nil && waits(d.GetInformationRequest())
	}
	return l.kind == requestv1.DutyKind_DUTY_KIND_UNSPECIFIED || d.GetKind() == l.kind
}

func (l *dutyList) duty(r kv.Reader, n name) (*requestv1.Duty, error) {
	q, err := load(r, n)
	if err != nil {
		return nil, err
	}
	shown, err := l.server.show(r, q)
	if err != nil {
		return nil, err
	}
	duty := &requestv1.Duty{InformationRequest: shown}
	if waits(q.request()) && !filedOn(q.request()).IsZero() {
		duty.WaitingDays = int32(l.today.DaysSince(filedOn(q.request())))
	}
	on := filedOn(q.request())
	if q.request().GetState() == requestv1.RequestState_REQUEST_STATE_UNCONFIRMED {
		duty.Kind, duty.State, duty.StateLabel = requestv1.DutyKind_DUTY_KIND_UNCONFIRMED, "unconfirmed", labelOf(stateLabel(q.request().GetState()))
	} else {
		t, err := l.server.timeline(q.request(), l.today)
		if err != nil {
			return nil, err
		}
		on = nextDay(t)
		duty.Kind, duty.State, duty.StateLabel = dutyKind(t, l.today), string(t.State), labelOf(t.State.Label())
		for _, limit := range t.Limits {
			duty.Limits = append(duty.Limits, limitOf(limit))
		}
	}
	duty.On = toProto(on)
	for _, step := range q.request().GetSteps() {
		if step.GetKind() == requestv1.StepKind_STEP_KIND_REDATED {
			duty.DueBefore, duty.MovedOn = step.GetDueBefore(), step.GetHappenedOn()
		}
	}
	if !on.IsZero() {
		duty.WorkingDaysLeft, err = l.left(on)
	}
	return duty, err
}

// left are the working days from today to a day, negative if it is over.
func (l *dutyList) left(on workday.Date) (int32, error) {
	if on.Before(l.today) {
		late, err := l.server.days.Count(on, l.today)
		return -int32(late), err
	}
	left, err := l.server.days.Count(l.today, on)
	return int32(left), err
}

// dutyKind is what a clerk has to do about an open request today.
func dutyKind(t deadline.Timeline, today workday.Date) requestv1.DutyKind {
	switch t.State {
	case deadline.Consulting, deadline.AwaitingCorrection, deadline.AwaitingPayment:
		return requestv1.DutyKind_DUTY_KIND_STOPPED
	case deadline.CorrectionOverdue, deadline.PaymentOverdue:
		return requestv1.DutyKind_DUTY_KIND_TO_CLOSE
	}
	return dueKind(t.Due, today)
}

// dueKind is how near a due date is. A week ends on Sunday.
func dueKind(due, today workday.Date) requestv1.DutyKind {
	noon := time.Date(today.Year, today.Month, today.Day, 12, 0, 0, 0, time.UTC)
	sunday := today.AddDays((7 - int(noon.Weekday())) % 7)
	switch {
	case due.Before(today):
		return requestv1.DutyKind_DUTY_KIND_OVERDUE
	case due == today:
		return requestv1.DutyKind_DUTY_KIND_TODAY
	case !due.After(sunday):
		return requestv1.DutyKind_DUTY_KIND_THIS_WEEK
	}
	return requestv1.DutyKind_DUTY_KIND_LATER
}

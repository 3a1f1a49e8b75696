package request

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	apiv1 "gongkai/proto/gongkai/api/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/records"
	"gongkai/services/chassis/server"
	"gongkai/services/law"
	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"

	"github.com/oklog/ulid/v2"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// Reasons of appeals, with the values that their texts name.
const (
	AppealConcluded       law.Reason = "APPEAL_CONCLUDED"               // decided_on
	AppealDatesReversed   law.Reason = "APPEAL_DATES_REVERSED"          // date, before
	AppealRunsAlready     law.Reason = "APPEAL_RUNS_ALREADY"            // appeal
	AppealNotReconsidered law.Reason = "APPEAL_WITHOUT_RECONSIDERATION" //
	AppealOrderUnfit      law.Reason = "APPEAL_ORDER_UNFIT"             //
	AppealStateUnfit      law.Reason = "APPEAL_STATE_UNFIT"             //
	AppealWithoutRequest  law.Reason = "APPEAL_WITHOUT_REQUEST"         //
	AppealResultDiffers   law.Reason = "APPEAL_RESULT_DIFFERS"          // ending
)

// CreateAppeal enters an appeal once it is accepted or docketed. Source: R2019 arts. 47(2), 51; Reconsideration Law 2023
// art. 29; Litigation Law art. 44. Errors: NOT_FOUND, FAILED_PRECONDITION with the broken rules.
func (s *Server) CreateAppeal(ctx context.Context, in *requestv1.CreateAppealRequest) (*requestv1.Appeal, error) {
	organization, given := access.OrganizationOf(in.GetParent()), in.GetAppeal()
	at := s.stamp(ctx)
	today, on := workday.On(at.At), civil(given.GetAcceptedOn())
	known, exists, err := s.lookUp(ctx, organization, today, on)
	if err != nil {
		return nil, err
	}
	id, err := ulid.New(ulid.Timestamp(at.At), s.entropy)
	if err != nil {
		return nil, fmt.Errorf("draw an id: %w", err)
	}
	e := newEvent("appeal.accepted", on, at)
	return server.Write(ctx, s.db, at, in, s.reloadAppeal, func(tx kv.Tx) (*requestv1.Appeal, error) {
		if !known {
			return nil, fault.NotFound(in.GetParent())
		}
		a := &appeal{name: name{organization, id}, appeal: &requestv1.Appeal{
			Name: appealName(organization, id), Kind: given.GetKind(), InformationRequest: given.GetInformationRequest(), Appellant: given.GetAppellant(),
			Subject: given.GetSubject(), Body: given.GetBody(), AppliedOn: given.GetAppliedOn(), AcceptedOn: given.GetAcceptedOn(),
			CopyReceivedOn: given.GetCopyReceivedOn(), SimpleProcedure: given.GetSimpleProcedure(), State: requestv1.AppealState_APPEAL_STATE_PENDING,
			ActOn: given.GetActOn(), KnownOn: given.GetKnownOn(), RightsNotTold: given.GetRightsNotTold(), RightsKnownOn: given.GetRightsKnownOn(),
			TimesLost: given.GetTimesLost(), Party: given.GetParty(), DecisionKnownOn: given.GetDecisionKnownOn(),
			CreateTime: timestamppb.New(at.At), UpdateTime: timestamppb.New(at.At),
		}}
		broken := law.Under(law.Citation{})
		broken.If(!exists, OrganizationNotOnDate, "appeal.accepted_on", "organization", in.GetParent(), "date", on.String())
		if err := law.Join(broken.Err(), s.checkAppeal(tx, a, today)); err != nil {
			return nil, err
		}
		return s.savedAppeal(tx, a, e)
	})
}

// checkAppeal is what holds for an appeal that is entered.
func (s *Server) checkAppeal(tx kv.Tx, a *appeal, today workday.Date) error {
	given := a.appeal
	accepted, applied, copied := civil(given.GetAcceptedOn()), civil(given.GetAppliedOn()), civil(given.GetCopyReceivedOn())
	broken := law.Under(law.Citation{})
	broken.If(accepted.After(today), StepInFuture, "appeal.accepted_on", "date", accepted.String(), "today", today.String())
	broken.If(copied.After(today), StepInFuture, "appeal.copy_received_on", "date", copied.String(), "today", today.String())
	broken.If(!applied.IsZero() && accepted.Before(applied), AppealDatesReversed, "appeal.accepted_on", "date", accepted.String(), "before", applied.String())
	broken.If(given.GetSubject() != requestv1.AppealSubject_APPEAL_SUBJECT_DISCLOSURE && given.GetInformationRequest() == "", AppealWithoutRequest, "appeal.information_request")
	for _, d := range []struct {
		field string
		on    workday.Date
	}{{"applied_on", applied}, {"act_on", civil(given.GetActOn())}, {"known_on", civil(given.GetKnownOn())}, {"decision_known_on", civil(given.GetDecisionKnownOn())}} {
		broken.If(d.on.After(today), StepInFuture, "appeal."+d.field, "date", d.on.String(), "today", today.String())
	}
	if err := broken.Err(); err != nil {
		return err
	}
	if given.GetInformationRequest() == "" {
		return s.checkLimits(tx, given, "appeal.")
	}
	n, ok := parseName(given.GetInformationRequest())
	if !ok || n.organization != a.organization {
		return fault.NotFound(given.GetInformationRequest())
	}
	r, err := load(tx, n)
	if err != nil {
		return err
	}
	received := civil(r.request().GetReceivedOn())
	broken.If(accepted.Before(received), StepTooEarly, "appeal.accepted_on", "date", accepted.String(), "received_on", received.String())
	if err := broken.Err(); err != nil {
		return err
	}
	if err := s.checkOthers(tx, a, n); err != nil {
		return err
	}
	if err := s.fillAct(given, r.request(), today); err != nil {
		return err
	}
	return s.checkLimits(tx, given, "appeal.")
}

// checkOthers compares an appeal with those over the same request, and finds the reconsideration before a suit.
//
// Reconsideration Law 2023 art. 29, Litigation Law art. 44: no suit while a reconsideration that was accepted runs, and
// none the other way round; it is the same appellant's that is meant. A suit after reconsideration has one before it, that
// was concluded, or not decided in time (art. 34; Litigation Law art. 45).
func (s *Server) checkOthers(tx kv.Tx, a *appeal, request name) error {
	given := a.appeal
	broken := law.Under(law.Citation{Act: law.Reconsideration2023, Article: "29"})
	after := given.GetKind() == requestv1.AppealKind_APPEAL_KIND_LITIGATION_AFTER_RECONSIDERATION
	var before *requestv1.Appeal
	var others []*requestv1.Appeal
	if err := scanAppealsOf(tx, request, func(other *appeal) { others = append(others, other.appeal) }); err != nil {
		return err
	}
	for _, o := range others {
		done, lapsed := o.GetState() == requestv1.AppealState_APPEAL_STATE_CONCLUDED, false
		if after && !done && o.GetKind() == requestv1.AppealKind_APPEAL_KIND_RECONSIDERATION {
			var err error
			if lapsed, err = s.undecided(tx, o, came(given)); err != nil {
				return err
			}
		}
		if o.GetKind() == requestv1.AppealKind_APPEAL_KIND_RECONSIDERATION && (done || lapsed) && !civil(o.GetAcceptedOn()).Before(civil(before.GetAcceptedOn())) {
			before = o
		}
		both := o.GetKind() != requestv1.AppealKind_APPEAL_KIND_COMPLAINT && given.GetKind() != requestv1.AppealKind_APPEAL_KIND_COMPLAINT
		running := !done && !lapsed && o.GetAppellant() == given.GetAppellant() && o.GetParty() == given.GetParty()
		broken.If(both && running, AppealRunsAlready, "appeal.kind", "appeal", o.GetName())
	}
	broken.Under(law.Citation{}).If(after && before == nil, AppealNotReconsidered, "appeal.kind")
	if after {
		given.Reconsideration = before.GetName()
	}
	return broken.Err()
}

// undecided tells whether a reconsideration should have been decided before a day, and was not.
func (s *Server) undecided(r kv.Reader, a *requestv1.Appeal, on workday.Date) (bool, error) {
	limits, err := s.limitsOf(r, proto.CloneOf(a))
	var breach *law.Breach
	if err != nil && !errors.As(err, &breach) {
		return false, err
	}
	decide, ok := limits.Find(deadline.DecideReconsidering)
	return ok && on.After(decide.Until), nil
}

// GetAppeal gets an appeal. Errors: NOT_FOUND.
func (s *Server) GetAppeal(ctx context.Context, in *requestv1.GetAppealRequest) (out *requestv1.Appeal, err error) {
	err = s.db.View(ctx, func(r kv.Reader) (err error) {
		out, err = s.reloadAppeal(r, in.GetName())
		return err
	})
	return out, err
}

// ListAppeals lists an organisation's appeals, by id. Errors: INVALID_ARGUMENT (a page token of another query).
func (s *Server) ListAppeals(ctx context.Context, in *requestv1.ListAppealsRequest) (*requestv1.ListAppealsResponse, error) {
	after, size, err := server.Page(in, usualPage, mostPage)
	if err == nil && after != nil && len(after) != records.IDLen {
		err = fault.Invalid("page_token", apiv1.ErrorReason_ERROR_REASON_INVALID_PAGE_TOKEN, errors.New("its key is garbled"))
	}
	if err != nil {
		return nil, err
	}
	out := &requestv1.ListAppealsResponse{}
	var last []byte
	more := false
	err = s.db.View(ctx, func(r kv.Reader) error {
		var listed []*appeal // a scan is not held while others are read
		for a, err := range scanAppeals(r, access.OrganizationOf(in.GetParent()), after) {
			if err != nil {
				return err
			}
			if more = len(listed) == size; more {
				break
			}
			listed, last = append(listed, a), a.id[:]
		}
		for _, a := range listed {
			shown, err := s.showAppeal(r, a)
			if err != nil {
				return err
			}
			out.Appeals = append(out.Appeals, shown)
		}
		return nil
	})
	if err == nil && more {
		out.NextPageToken, err = server.NextPage(in, last)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// MoveAppeal records that an appeal is suspended, resumed, or in second instance, and what else happened to it. Source:
// Reconsideration Law 2023 arts. 39, 48, 54, 55, 62; Litigation Law arts. 67, 85. Errors: NOT_FOUND, ABORTED (old etag),
// FAILED_PRECONDITION with the broken rule.
func (s *Server) MoveAppeal(ctx context.Context, in *requestv1.MoveAppealRequest) (*requestv1.Appeal, error) {
	return s.changeAppeal(ctx, in, "appeal.moved", civil(in.GetHappenedOn()), func(tx kv.Tx, a *appeal, on workday.Date, at server.Stamp) error {
		q := a.appeal
		today := workday.On(at.At)
		broken := law.Under(law.Citation{Act: law.Litigation2017, Article: "85"})
		broken.If(in.GetState() == requestv1.AppealState_APPEAL_STATE_SECOND_INSTANCE && !isSuit(q), AppealStateUnfit, "state")
		broken = broken.Under(law.Citation{Act: law.Reconsideration2023, Article: "62"})
		longest := longestExtension(q)
		broken.If(int(in.GetExtendedDays()) > longest, deadline.AppealExtensionTooLong, "extended_days", "days", strconv.Itoa(int(in.GetExtendedDays())), "limit", strconv.Itoa(longest))
		broken = broken.Under(law.Citation{})
		for _, d := range []struct {
			field string
			given *date.Date
			at    **date.Date
		}{
			{"copy_received_on", in.GetCopyReceivedOn(), &q.CopyReceivedOn},
			{"replied_on", in.GetRepliedOn(), &q.RepliedOn},
			{"turned_ordinary_on", in.GetTurnedOrdinaryOn(), &q.TurnedOrdinaryOn},
			{"judgment_served_on", in.GetJudgmentServedOn(), &q.JudgmentServedOn},
		} {
			given := civil(d.given)
			broken.If(given.After(today), StepInFuture, d.field, "date", given.String(), "today", today.String())
			broken.If(!given.IsZero() && given.Before(civil(q.GetAcceptedOn())), AppealDatesReversed, d.field, "date", given.String(), "before", civil(q.GetAcceptedOn()).String())
			if !given.IsZero() {
				*d.at = d.given
			}
		}
		if n := len(q.GetMoves()); n > 0 {
			last := civil(q.GetMoves()[n-1].GetHappenedOn())
			broken.If(on.Before(last), AppealDatesReversed, "happened_on", "date", on.String(), "before", last.String())
			broken.If(n >= maxMoves, StepsTooMany, "", "limit", strconv.Itoa(maxMoves))
		}
		if err := broken.Err(); err != nil {
			return err
		}
		if in.GetExtendedDays() > 0 {
			q.ExtendedDays = in.GetExtendedDays()
		}
		q.State = in.GetState()
		q.Moves = append(q.Moves, &requestv1.AppealMove{State: in.GetState(), HappenedOn: toProto(on), RecordTime: timestamppb.New(at.At), Account: at.Actor})
		return s.checkLimits(tx, q, "")
	})
}

// maxMoves is how often an appeal may move.
const maxMoves = 40

// longestExtension is by how many days the time to decide an appeal may be extended: a reconsideration by 30, by the
// simple procedure by none (2023 arts. 62, 53; of 2017 art. 31). What a higher court grants is not counted here.
func longestExtension(a *requestv1.Appeal) int {
	switch {
	case isSuit(a), a.GetKind() == requestv1.AppealKind_APPEAL_KIND_COMPLAINT:
		return 366
	case a.GetSimpleProcedure() && a.GetTurnedOrdinaryOn() == nil && law.Reconsideration2023.InForce().Covers(came(a).String()):
		return 0
	}
	return 30
}

// ConcludeAppeal records the result of an appeal. One that corrects and orders a new answer opens the request again, in
// the same transaction. Source: Reconsideration Law 2023 arts. 33, 41, 63–70, 73, 74; Litigation Law arts. 69–77. Errors:
// as MoveAppeal.
func (s *Server) ConcludeAppeal(ctx context.Context, in *requestv1.ConcludeAppealRequest) (*requestv1.Appeal, error) {
	again := newEvent("request.handled_anew", workday.Date{}, server.Stamp{})
	return s.changeAppeal(ctx, in, "appeal.concluded", civil(in.GetDecidedOn()), func(tx kv.Tx, a *appeal, on workday.Date, at server.Stamp) error {
		q := a.appeal
		q.State, q.Result, q.DecidedOn = requestv1.AppealState_APPEAL_STATE_CONCLUDED, in.GetResult(), toProto(on)
		q.Article, q.OrdersNewAnswer, q.OpinionReceivedOn = in.GetArticle(), in.GetOrdersNewAnswer(), in.GetOpinionReceivedOn()
		if n := len(q.GetMoves()); n > 0 {
			last := civil(q.GetMoves()[n-1].GetHappenedOn())
			broken := law.Under(law.Citation{})
			broken.If(on.Before(last), AppealDatesReversed, "decided_on", "date", on.String(), "before", last.String())
			if err := broken.Err(); err != nil {
				return err
			}
		}
		if err := ending(q, in, on); err != nil {
			return err
		}
		if err := s.checkLimits(tx, q, ""); err != nil {
			return err
		}
		if !in.GetOrdersNewAnswer() {
			return nil
		}
		broken := law.Under(law.Citation{})
		broken.If(in.GetResult() != requestv1.AppealResult_APPEAL_RESULT_CORRECTED || q.GetInformationRequest() == "", AppealOrderUnfit, "orders_new_answer")
		if err := broken.Err(); err != nil {
			return err
		}
		n, ok := parseName(q.GetInformationRequest())
		if !ok {
			return fault.NotFound(q.GetInformationRequest())
		}
		r, err := load(tx, n)
		if err != nil {
			return err
		}
		c := &call{record: r, tx: tx, at: at, today: workday.On(at.At), on: on, field: "decided_on"}
		court := q.GetKind() != requestv1.AppealKind_APPEAL_KIND_RECONSIDERATION
		step := &requestv1.Step{Kind: requestv1.StepKind_STEP_KIND_NEW_ANSWER_ORDERED, Days: in.GetDays(), Unit: in.GetUnit(), Until: in.GetUntil(), Flag: court, Procedural: in.GetProcedural()}
		if err := s.anew(c, step); err != nil {
			return err
		}
		r.request().UpdateTime = timestamppb.New(at.At)
		return s.save(tx, r, event{kind: again.kind, on: on, at: at, salt: again.salt})
	})
}

// changeAppeal changes an appeal that is not concluded.
func (s *Server) changeAppeal(ctx context.Context, in verb, kind string, on workday.Date, change func(kv.Tx, *appeal, workday.Date, server.Stamp) error) (*requestv1.Appeal, error) {
	n, ok := parseAppeal(in.GetName())
	if !ok {
		return nil, fault.NotFound(in.GetName())
	}
	at := s.stamp(ctx)
	today := workday.On(at.At)
	if on.IsZero() {
		on = today
	}
	e := newEvent(kind, on, at)
	return server.Write(ctx, s.db, at, in, s.reloadAppeal, func(tx kv.Tx) (*requestv1.Appeal, error) {
		a, err := loadAppeal(tx, n)
		if err != nil {
			return nil, err
		}
		if err := server.MatchEtag(a.appeal, a.appeal.GetEtag(), in.GetEtag()); err != nil {
			return nil, err
		}
		accepted := civil(a.appeal.GetAcceptedOn())
		broken := law.Under(law.Citation{})
		done := a.appeal.GetState() == requestv1.AppealState_APPEAL_STATE_CONCLUDED
		broken.If(done, AppealConcluded, "", "decided_on", civil(a.appeal.GetDecidedOn()).String())
		broken.If(on.After(today), StepInFuture, "", "date", on.String(), "today", today.String())
		broken.If(on.Before(accepted), AppealDatesReversed, "", "date", on.String(), "before", accepted.String())
		if err := broken.Err(); err != nil {
			return nil, err
		}
		if err := change(tx, a, on, at); err != nil {
			return nil, err
		}
		a.appeal.UpdateTime = timestamppb.New(at.At)
		return s.savedAppeal(tx, a, e)
	})
}

// appealFacts are what an appeal counts as: received and accepted on the day of acceptance and, once it is concluded, its
// result on that day. What is pending at a period's end follows from these. A complaint stands in no table of the report
// but that of 2014.
func appealFacts(organization string, a *requestv1.Appeal) []*logv1.Fact {
	fact := func(measure string, on workday.Date) *logv1.Fact {
		return &logv1.Fact{Organization: "organizations/" + organization, Date: toProto(on), Measure: measure, Value: 1}
	}
	group := value(a.GetKind().String(), "APPEAL_KIND_")
	received := "litigation"
	switch a.GetKind() {
	case requestv1.AppealKind_APPEAL_KIND_COMPLAINT:
		return []*logv1.Fact{fact("appeals.received.complaint", civil(a.GetAcceptedOn()))}
	case requestv1.AppealKind_APPEAL_KIND_RECONSIDERATION:
		received = group
	}
	all := []*logv1.Fact{fact("appeals.received."+received, civil(a.GetAcceptedOn())), fact("appeals.accepted."+group, civil(a.GetAcceptedOn()))}
	if a.GetState() == requestv1.AppealState_APPEAL_STATE_CONCLUDED {
		all = append(all, fact("appeals."+group+"."+value(a.GetResult().String(), "APPEAL_RESULT_"), civil(a.GetDecidedOn())))
	}
	return all
}

package request

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/law"
	remedy "gongkai/services/law/appeal"
	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"

	"google.golang.org/protobuf/proto"
)

// isSuit tells whether an appeal is before a court.
func isSuit(a *requestv1.Appeal) bool {
	return a.GetKind() == requestv1.AppealKind_APPEAL_KIND_LITIGATION_DIRECT || a.GetKind() == requestv1.AppealKind_APPEAL_KIND_LITIGATION_AFTER_RECONSIDERATION
}

// ofApplicant tells whether an appeal is the applicant's: who is not said, of a request, is taken to be (our reading).
func ofApplicant(a *requestv1.Appeal) bool {
	return a.GetAppellant() == requestv1.Appellant_APPELLANT_APPLICANT || a.GetAppellant() == requestv1.Appellant_APPELLANT_UNSPECIFIED
}

// came is the day on which an appeal was lodged or, if that is not known, accepted.
func came(a *requestv1.Appeal) workday.Date {
	if applied := civil(a.GetAppliedOn()); !applied.IsZero() {
		return applied
	}
	return civil(a.GetAcceptedOn())
}

// fillAct notes what an appeal is about, as the request stands when it is entered: a later answer changes nothing.
func (s *Server) fillAct(a *requestv1.Appeal, q *requestv1.InformationRequest, today workday.Date) error {
	switch a.GetSubject() {
	case requestv1.AppealSubject_APPEAL_SUBJECT_DISCLOSURE:
		return nil // the disclosure is the act, whatever request it came of
	case requestv1.AppealSubject_APPEAL_SUBJECT_NO_ANSWER:
		a.ActOutcome = remedy.NoAnswer
		if a.GetActOn() != nil {
			return nil
		}
		on, err := s.ranOut(q, came(a), today)
		a.ActOn = toProto(on)
		return err
	}
	for _, answer := range slices.Backward(answersOf(q)) {
		on := civil(answer.GetHappenedOn())
		if given := civil(a.GetActOn()); given.IsZero() && !on.After(came(a)) || given == on {
			a.ActOn, a.ActOutcome = answer.GetHappenedOn(), answer.GetOutcome()
			return nil
		}
	}
	return nil
}

// answersOf are the ends of a request, an answer or another. One of the first release has an outcome, but no step.
func answersOf(q *requestv1.InformationRequest) []*requestv1.Step {
	var all []*requestv1.Step
	for _, step := range q.GetSteps() {
		if step.GetOutcome() != "" {
			all = append(all, step)
		}
	}
	if len(all) == 0 && q.GetOutcome() != "" {
		return []*requestv1.Step{{HappenedOn: q.GetAnsweredOn(), Outcome: q.GetOutcome(), Delivery: &requestv1.Delivery{SignedOn: q.GetKnownOn()}}}
	}
	return all
}

// ranOut is the last day of the reply period that had no answer on a day. A request to correct a record has no period:
// the day of its receipt begins the limits (Implementation Rules art. 16).
func (s *Server) ranOut(q *requestv1.InformationRequest, on, today workday.Date) (workday.Date, error) {
	if q.GetKind() == requestv1.RequestKind_REQUEST_KIND_RECORD_CORRECTION {
		return civil(q.GetReceivedOn()), nil
	}
	if q.GetState() == requestv1.RequestState_REQUEST_STATE_UNCONFIRMED {
		return workday.Date{}, nil
	}
	t, err := s.timeline(q, today)
	if err != nil {
		return workday.Date{}, err
	}
	for _, answer := range t.Answers {
		if !answer.AnsweredOn.Before(on) {
			return answer.Due, nil
		}
	}
	return t.Due, nil
}

// lodged is an appeal as its limits see it. Before is the reconsideration before a suit, q the request; both may be nil.
func lodged(a, before *requestv1.Appeal, q *requestv1.InformationRequest) remedy.Lodged {
	l := remedy.Lodged{
		Way: remedy.Way(value(a.GetKind().String(), "APPEAL_KIND_")), AppliedOn: civil(a.GetAppliedOn()), AcceptedOn: civil(a.GetAcceptedOn()),
		OfAnswer: a.GetSubject() == requestv1.AppealSubject_APPEAL_SUBJECT_ANSWER, RepliedOn: civil(a.GetRepliedOn()),
		Act: deadline.Act{
			On: civil(a.GetActOn()), KnownOn: civil(a.GetKnownOn()), RightsNotTold: a.GetRightsNotTold(), RightsKnownOn: civil(a.GetRightsKnownOn()),
			NoAnswer: a.GetSubject() == requestv1.AppealSubject_APPEAL_SUBJECT_NO_ANSWER, RecordCorrection: q.GetKind() == requestv1.RequestKind_REQUEST_KIND_RECORD_CORRECTION,
		},
	}
	for _, lost := range a.GetTimesLost() {
		l.Act.Obstacles = append(l.Act.Obstacles, deadline.Obstacle{From: civil(lost.GetFrom()), To: civil(lost.GetTo())})
	}
	if ofApplicant(a) && a.GetInformationRequest() != "" {
		l.Outcome = a.GetActOutcome()
	}
	switch {
	case !isSuit(a):
		l.Reconsideration = courseOf(a)
	default:
		l.Suit = suitOf(a)
		if before != nil {
			l.Reconsideration = courseOf(before)
			if known := civil(a.GetDecisionKnownOn()); !known.IsZero() {
				l.Reconsideration.DecisionKnownOn = known
			}
			l.Reconsideration.RightsNotTold, l.Reconsideration.RightsKnownOn = a.GetRightsNotTold(), civil(a.GetRightsKnownOn())
		}
	}
	return l
}

// courseOf is how a reconsideration went.
func courseOf(a *requestv1.Appeal) deadline.Reconsideration {
	r := deadline.Reconsideration{
		AppliedOn: came(a), AcceptedOn: civil(a.GetAcceptedOn()), CopyReceivedOn: civil(a.GetCopyReceivedOn()), ExtendedDays: int(a.GetExtendedDays()),
		TurnedOrdinaryOn: civil(a.GetTurnedOrdinaryOn()), DecisionKnownOn: civil(a.GetDecidedOn()), OpinionOn: civil(a.GetOpinionReceivedOn()),
	}
	if a.GetSimpleProcedure() {
		r.Procedure = deadline.Simple
	}
	r.Suspensions = suspensionsOf(a)
	return r
}

// suspensionsOf are the times for which an appeal was suspended; one that was decided is suspended no more.
func suspensionsOf(a *requestv1.Appeal) []deadline.Obstacle {
	const suspended = requestv1.AppealState_APPEAL_STATE_SUSPENDED
	var all []deadline.Obstacle
	for i, move := range a.GetMoves() {
		again := i > 0 && a.GetMoves()[i-1].GetState() == suspended
		if n := len(all); again && move.GetState() != suspended {
			all[n-1].To = civil(move.GetHappenedOn())
		}
		if move.GetState() == suspended && !again {
			all = append(all, deadline.Obstacle{From: civil(move.GetHappenedOn())})
		}
	}
	if n := len(all); n > 0 && all[n-1].To.IsZero() && a.GetDecidedOn() != nil {
		all[n-1].To = civil(a.GetDecidedOn())
	}
	return all
}

// suitOf is how a suit went.
func suitOf(a *requestv1.Appeal) deadline.Litigation {
	l := deadline.Litigation{FiledOn: came(a), DocketedOn: civil(a.GetAcceptedOn()), CopyReceivedOn: civil(a.GetCopyReceivedOn()), JudgmentServedOn: civil(a.GetJudgmentServedOn())}
	l.Suspensions = suspensionsOf(a)
	if a.GetSimpleProcedure() {
		l.Procedure = deadline.Simple
	}
	second := false
	for _, move := range a.GetMoves() {
		switch move.GetState() {
		case requestv1.AppealState_APPEAL_STATE_SECOND_INSTANCE:
			if !second { // else it was only resumed
				l.AppealReceivedOn = civil(move.GetHappenedOn())
			}
			second = true
		case requestv1.AppealState_APPEAL_STATE_PENDING:
			second = false
		}
	}
	return l
}

// limitsOf counts the limits of an appeal with what it stands on. A complaint has none.
func (s *Server) limitsOf(r kv.Reader, a *requestv1.Appeal) (deadline.Limits, error) {
	if a.GetKind() == requestv1.AppealKind_APPEAL_KIND_COMPLAINT {
		return deadline.Limits{}, nil
	}
	var before *requestv1.Appeal
	if n, ok := parseAppeal(a.GetReconsideration()); ok {
		found, err := loadAppeal(r, n)
		if err != nil {
			return deadline.Limits{}, err
		}
		before = found.appeal
	}
	var q *requestv1.InformationRequest
	if n, ok := parseName(a.GetInformationRequest()); ok {
		found, err := load(r, n)
		if err != nil {
			return deadline.Limits{}, err
		}
		q = found.request()
	}
	if a.GetKnownOn() == nil && ofApplicant(a) && a.GetSubject() == requestv1.AppealSubject_APPEAL_SUBJECT_ANSWER {
		for _, answer := range answersOf(q) {
			if civil(answer.GetHappenedOn()) == civil(a.GetActOn()) {
				a.KnownOn = answer.GetDelivery().GetSignedOn()
			}
		}
	}
	return lodged(a, before, q).Limits(s.days)
}

// showAppeal is an appeal as it is answered: with its limits and marks. One that was entered with dates that do not fit,
// before they were checked, has none.
func (s *Server) showAppeal(r kv.Reader, a *appeal) (*requestv1.Appeal, error) {
	shown := proto.CloneOf(a.appeal)
	limits, err := s.limitsOf(r, shown)
	var breach *law.Breach
	switch {
	case errors.As(err, &breach):
		return shown, nil
	case err != nil:
		return nil, fmt.Errorf("count the limits of %s: %w", a.appeal.GetName(), err)
	}
	for _, l := range limits.Limits {
		shown.Limits = append(shown.Limits, appealLimitOf(l))
	}
	shown.Marks = marksOf(limits.Marks)
	return shown, nil
}

func appealLimitOf(l deadline.Limit) *requestv1.AppealLimit {
	out := &requestv1.AppealLimit{
		Kind: string(l.Kind), Label: labelOf(l.Kind.Label()), Party: partyOf(l.Kind), From: toProto(l.From), Until: toProto(l.Until), MovedFrom: toProto(l.Moved),
		Capped: l.Capped, Article: labelOf(l.Citation.Label()), Provisional: l.Provisional,
	}
	if l.Reading != "" {
		out.Reading = labelOf(l.Reading.Label())
	}
	return out
}

// partyOf is who has to keep a limit.
func partyOf(k deadline.LimitKind) requestv1.AppealParty {
	switch k {
	case deadline.ReplyToReconsideration, deadline.DefendSuit, deadline.ReportOnOpinion:
		return requestv1.AppealParty_APPEAL_PARTY_ORGAN
	case deadline.ApplyReconsideration, deadline.CorrectReconsideration, deadline.FileSuit, deadline.SueAfterReconsidering, deadline.AppealJudgment, deadline.AppealRuling:
		return requestv1.AppealParty_APPEAL_PARTY_APPELLANT
	}
	return requestv1.AppealParty_APPEAL_PARTY_BODY
}

// marksOf are marks as they are answered.
func marksOf(marks []deadline.Mark) []*requestv1.Mark {
	var out []*requestv1.Mark
	for _, m := range marks {
		v := law.Violation{Reason: m.Reason, Citation: m.Citation, Values: m.Values}
		out = append(out, &requestv1.Mark{
			Reason: string(m.Reason), Effect: string(m.Effect), On: toProto(m.On),
			Text: &requestv1.Label{Zh: fault.Text(v, fault.Chinese), En: fault.Text(v, fault.English)},
		})
	}
	return out
}

// checkLimits refuses dates of an appeal that do not fit each other, in the words of the call's fields.
func (s *Server) checkLimits(r kv.Reader, a *requestv1.Appeal, prefix string) error {
	_, err := s.limitsOf(r, proto.CloneOf(a))
	told := law.Breach{Violations: violations(err)}
	if told.Violations == nil {
		return err
	}
	for i, v := range told.Violations {
		switch v.Field {
		case "on":
			told.Violations[i].Field = prefix + "act_on"
		case "filed_on":
			told.Violations[i].Field = prefix + "applied_on"
		case "docketed_on":
			told.Violations[i].Field = prefix + "accepted_on"
		case "obstacles":
			told.Violations[i].Field = prefix + "times_lost"
		case "suspensions", "appeal_received_on":
			told.Violations[i].Field = "happened_on"
		case "":
		default:
			told.Violations[i].Field = prefix + v.Field
		}
	}
	return &told
}

// nextOf is what comes next in a pending appeal: the organ's reply while it has to make one, then the decision; nothing
// while no day is known.
func nextOf(a *requestv1.Appeal, limits []*requestv1.AppealLimit) *requestv1.AppealLimit {
	find := func(kinds ...deadline.LimitKind) *requestv1.AppealLimit {
		for _, k := range kinds {
			if i := slices.IndexFunc(limits, func(l *requestv1.AppealLimit) bool { return l.GetKind() == string(k) }); i >= 0 {
				return limits[i]
			}
		}
		return nil
	}
	if a.GetRepliedOn() == nil {
		if reply := find(deadline.ReplyToReconsideration, deadline.DefendSuit); reply != nil {
			return reply
		}
	}
	switch {
	case a.GetState() == requestv1.AppealState_APPEAL_STATE_SUSPENDED:
		return find(deadline.EndSuspension, deadline.EndSuit)
	case a.GetState() == requestv1.AppealState_APPEAL_STATE_SECOND_INSTANCE:
		return find(deadline.SecondInstance)
	}
	return find(deadline.DecideReconsidering, deadline.FirstInstance)
}

// dateAppeal is where an appeal stands in the index of due dates; 0 if nothing is due.
func (s *Server) dateAppeal(r kv.Reader, a *appeal) (uint32, error) {
	if a.appeal.GetState() == requestv1.AppealState_APPEAL_STATE_CONCLUDED || a.appeal.GetKind() == requestv1.AppealKind_APPEAL_KIND_COMPLAINT {
		return 0, nil
	}
	shown, err := s.showAppeal(r, a)
	if err != nil {
		return 0, err
	}
	if next := nextOf(shown, shown.GetLimits()); next != nil {
		return yyyymmdd(civil(next.GetUntil())), nil
	}
	return noDay, nil
}

// appealDuty is what is to be done about an appeal.
func (l *dutyList) appealDuty(r kv.Reader, n name) (*requestv1.Duty, error) {
	a, err := loadAppeal(r, n)
	if err != nil {
		return nil, err
	}
	shown, err := l.server.showAppeal(r, a)
	if err != nil {
		return nil, err
	}
	duty := &requestv1.Duty{Appeal: shown, Limit: nextOf(shown, shown.GetLimits()), State: "appeal_" + value(shown.GetState().String(), "APPEAL_STATE_"), StateLabel: labelOf(appealLabel(shown.GetState()))}
	if of, ok := parseName(shown.GetInformationRequest()); ok {
		q, err := load(r, of)
		if err != nil {
			return nil, err
		}
		if duty.InformationRequest, err = l.server.show(r, q); err != nil {
			return nil, err
		}
	}
	duty.Kind = requestv1.DutyKind_DUTY_KIND_STOPPED
	if duty.GetLimit() == nil {
		return duty, nil
	}
	until := civil(duty.GetLimit().GetUntil())
	duty.On = duty.GetLimit().GetUntil()
	switch {
	case duty.GetLimit().GetParty() == requestv1.AppealParty_APPEAL_PARTY_ORGAN:
		duty.Kind = dueKind(until, l.today)
		duty.StateLabel = duty.GetLimit().GetLabel()
	case until.Before(l.today):
		duty.Kind = requestv1.DutyKind_DUTY_KIND_TO_CLOSE
	}
	duty.WorkingDaysLeft, err = l.left(until)
	return duty, err
}

// appealLabel is what a state of an appeal is called.
func appealLabel(s requestv1.AppealState) law.Label {
	switch s {
	case requestv1.AppealState_APPEAL_STATE_SUSPENDED:
		return law.Label{Zh: "复议、诉讼中止", En: "appeal suspended"}
	case requestv1.AppealState_APPEAL_STATE_SECOND_INSTANCE:
		return law.Label{Zh: "诉讼二审", En: "suit in second instance"}
	}
	return law.Label{Zh: "复议、诉讼审理中", En: "appeal pending"}
}

// ending checks how an appeal ended against its column of the report's table, and fills in the article. Our reading: the
// columns are those of package appeal.
func ending(a *requestv1.Appeal, in *requestv1.ConcludeAppealRequest, on workday.Date) error {
	if in.GetEnding() == requestv1.AppealEnding_APPEAL_ENDING_UNSPECIFIED || a.GetKind() == requestv1.AppealKind_APPEAL_KIND_COMPLAINT {
		return nil
	}
	result := remedy.Result(value(in.GetEnding().String(), "APPEAL_ENDING_"))
	placed, err := remedy.OfReconsideration(result, on)
	if isSuit(a) {
		placed, err = remedy.OfSuit(result)
	}
	if err != nil {
		told := law.Breach{Violations: violations(err)}
		for i := range told.Violations {
			told.Violations[i].Field = "ending"
		}
		return &told
	}
	columns := map[remedy.Column]requestv1.AppealResult{
		remedy.Upheld: requestv1.AppealResult_APPEAL_RESULT_UPHELD, remedy.Corrected: requestv1.AppealResult_APPEAL_RESULT_CORRECTED, remedy.OtherResult: requestv1.AppealResult_APPEAL_RESULT_OTHER,
	}
	broken := law.Under(placed.Citation)
	broken.If(columns[placed.Column] != in.GetResult(), AppealResultDiffers, "result", "ending", string(result))
	broken.If(in.GetOrdersNewAnswer() && !placed.Anew, AppealOrderUnfit, "orders_new_answer")
	a.Ending = in.GetEnding()
	if a.GetArticle() == "" {
		a.Article = strings.TrimSpace(placed.Citation.Article)
	}
	return broken.Err()
}

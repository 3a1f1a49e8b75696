package page

import (
	"net/url"
	"strconv"

	calculatorv1 "gongkai/proto/gongkai/calculator/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/law"
	"gongkai/services/law/deadline"
)

// The rows of steps that the form of a case has at first, that each "more" adds, and that it has at most.
const (
	firstSteps = 3
	moreSteps  = 3
	mostSteps  = 60
)

// Two more kinds of step, which say more than their day.
const (
	correctedLate  = "corrected_good_reason"
	orderedByCourt = "new_answer_ordered_by_court"
)

// stepRow is one step of a case in the form: it is there if its kind is chosen.
type stepRow struct {
	Kind, By               calculatorField // choices
	On, Until, Days, Party string
}

// stepRows are the rows as they were filled in, and some more to fill in.
func stepRows(w words, asked bool, values url.Values) []stepRow {
	kinds, ways := stepKinds(w), deliveryWays(w)
	n := firstSteps
	if given := len(values["step"]); asked && given > 0 {
		n = given
		if values.Has("more") {
			n += moreSteps
		}
	}
	rows := make([]stepRow, min(n, mostSteps))
	for i := range rows {
		at := func(name string) string {
			if all := values[name]; asked && i < len(all) {
				return all[i]
			}
			return ""
		}
		rows[i] = stepRow{Kind: kinds, By: ways, On: at("step_on"), Until: at("step_until"), Days: at("step_days"), Party: at("step_party")}
		rows[i].Kind.Value, rows[i].By.Value = at("step"), at("step_by")
	}
	return rows
}

// stepKinds chooses among all kinds of step.
func stepKinds(w words) calculatorField {
	f := choiceField("step", false, "")
	f.words = w
	for _, k := range deadline.EventKinds() {
		f.Options = append(f.Options, option{string(k), k.Label()})
		switch k {
		case deadline.Corrected:
			f.Options = append(f.Options, option{correctedLate, law.Label{}})
		case deadline.NewAnswerOrdered:
			f.Options = append(f.Options, option{orderedByCourt, law.Label{}})
		}
	}
	return f
}

// deliveryWays chooses among the ways by which an answer is served.
func deliveryWays(w words) calculatorField {
	f := choiceField("step_by", false, "")
	f.words = w
	for _, by := range deadline.DeliveryChannels() {
		f.Options = append(f.Options, option{Value: string(by)})
	}
	return f
}

// computeTimeline asks for the time of a case. An extension without days is the longest that the Regulation allows; an
// answer without a way was given on its day.
func (s *site) computeTimeline(v *visit, a answers) (explained, error) {
	in := &calculatorv1.Case{ReceivedOn: a.text("received_on"), AsOf: a.text("as_of")}
	for i, row := range stepRows(words{v.language}, true, a.values) {
		if row.Kind.Value == "" {
			continue
		}
		e, err := row.event(in.GetReceivedOn())
		if err != nil {
			return nil, fault.Field("step_days["+strconv.Itoa(i)+"]", "BAD_FORMAT")
		}
		in.Events = append(in.Events, e)
	}
	return s.calculator.ComputeTimeline(v.ctx, &calculatorv1.ComputeTimelineRequest{Case: in})
}

// event is the step that a row says, of a request received on a day.
func (r stepRow) event(received string) (*calculatorv1.Event, error) {
	e := &calculatorv1.Event{Kind: r.Kind.Value, On: r.On, Party: r.Party, Until: r.Until}
	if r.Days != "" {
		days, err := strconv.ParseInt(r.Days, 10, 32)
		if err != nil {
			return nil, err
		}
		e.Days = int32(days)
	}
	switch deadline.EventKind(e.GetKind()) {
	case correctedLate:
		e.Kind, e.GoodReason = string(deadline.Corrected), true
	case orderedByCourt:
		e.Kind, e.ByCourt = string(deadline.NewAnswerOrdered), true
	case deadline.Extended:
		e.AgreedBy = "-" // the page asks for no name
		if e.GetDays() == 0 {
			e.Days = longestExtension(received)
		}
	case deadline.Answered:
		e.Until = ""
		if r.By.Value != "" {
			e.On, e.Delivery = "", &calculatorv1.Delivery{Channel: r.By.Value, SentOn: r.On, SignedOn: r.Until}
		}
	}
	return e, nil
}

// longestExtension is 20 working days, under R2007 15.
func longestExtension(received string) int32 {
	if law.R2007.InForce().Covers(received) {
		return 15
	}
	return 20
}

// limitFields are the fields of the limits of an appeal.
func limitFields() []calculatorField {
	return []calculatorField{
		choiceField("about", true, "answer", "no_answer", "record"), dateField("act_on", true), dateField("known_on", false),
		choiceField("rights", true, "told", "not_told"), dateField("rights_known_on", false), choiceField("estate", true, "no_real_estate", "real_estate"),
		dateField("applied_on", false), dateField("accepted_on", false), dateField("copy_received_on", false),
		dateField("review_suspended_on", false), dateField("review_resumed_on", false), dateField("decision_known_on", false),
		choiceField("decision_rights", true, "told", "not_told"), dateField("decision_rights_known_on", false),
		dateField("filed_on", false), dateField("docketed_on", false), dateField("suit_copy_on", false),
		dateField("suit_suspended_on", false), dateField("suit_resumed_on", false), dateField("judgment_served_on", false),
	}
}

// computeAppealLimits asks for the limits of an appeal: what has no day did not happen.
func (s *site) computeAppealLimits(v *visit, a answers) (explained, error) {
	about := a.text("about")
	in := &calculatorv1.Appeal{Act: &calculatorv1.AppealedAct{
		On: a.text("act_on"), NoAnswer: about != "answer" && about != "", RecordCorrection: about == "record", KnownOn: a.text("known_on"),
		RightsNotTold: a.text("rights") == "not_told", RightsKnownOn: a.text("rights_known_on"),
		RealEstate: a.text("estate") == "real_estate",
	}}
	r := &calculatorv1.Reconsideration{
		AppliedOn: a.text("applied_on"), AcceptedOn: a.text("accepted_on"), CopyReceivedOn: a.text("copy_received_on"), DecisionKnownOn: a.text("decision_known_on"),
		RightsNotTold: a.text("decision_rights") == "not_told", RightsKnownOn: a.text("decision_rights_known_on"),
		Suspensions: a.span("review_suspended_on", "review_resumed_on"),
	}
	if r.GetAppliedOn()+r.GetAcceptedOn()+r.GetCopyReceivedOn()+r.GetDecisionKnownOn() != "" {
		in.Reconsideration = r
	}
	l := &calculatorv1.Litigation{
		FiledOn: a.text("filed_on"), DocketedOn: a.text("docketed_on"), CopyReceivedOn: a.text("suit_copy_on"), JudgmentServedOn: a.text("judgment_served_on"),
		Suspensions: a.span("suit_suspended_on", "suit_resumed_on"),
	}
	if l.GetFiledOn()+l.GetDocketedOn()+l.GetCopyReceivedOn()+l.GetJudgmentServedOn() != "" {
		in.Litigation = l
	}
	return s.calculator.ComputeAppealLimits(v.ctx, &calculatorv1.ComputeAppealLimitsRequest{Appeal: in})
}

// span is a time between two dates of a form; none without its beginning.
func (a answers) span(from, to string) []*calculatorv1.Span {
	if a.text(from) == "" {
		return nil
	}
	return []*calculatorv1.Span{{From: a.text(from), To: a.text(to)}}
}

package deadline

import (
	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// Timeline is how the law counts the time of a case: the date on which the answer is due, and the segments that led to it.
type Timeline struct {
	ReceivedOn workday.Date `json:"received_on"`
	Reception  Reception    `json:"reception"`
	// Version is the Regulation that governs the case.
	Version law.Act `json:"version"`
	State   State   `json:"state"`
	// Due is the last day on which an answer is in time. No date while nobody can know it: the applicant has to correct
	// or to pay, or someone who has no limit is asked. Remaining then says what is left.
	Due workday.Date `json:"due,omitzero"`
	// Assumed tells that Due rests on a limit of someone asked, who may still answer earlier.
	Assumed bool `json:"assumed,omitempty"`
	// Remaining are the working days left of the period when a stop of unknown end is over.
	Remaining workday.WorkingDays `json:"remaining,omitempty"`
	// Limits are what others are to do by when: a correction, an opinion, a payment.
	Limits []StepLimit `json:"limits,omitempty"`
	// Segments cover the time from the day after receipt on, in order, without gaps or overlaps.
	Segments []Segment `json:"segments"`
	// Answers are the answers given: one, and another after each appeal that ordered one.
	Answers []Answer `json:"answers,omitempty"`
	// Marks are what was not as the law has it, in the order of the events, and what follows from it.
	Marks []Mark `json:"marks,omitempty"`
	// Readings are those by which it counts where the law leaves it open, in the order of [Readings].
	Readings []Reading `json:"readings,omitempty"`
	// Provisional tells that a day used lies in a year without a holiday notice; see [workday.Caveat].
	Provisional bool `json:"provisional,omitempty"`
	// Notices are the holiday notices that the days rest on, in the order met.
	Notices []workday.Notice `json:"notices,omitempty"`
}

// Reception is how the day of receipt was found.
type Reception struct {
	On       workday.Date `json:"on"`
	Citation law.Citation `json:"citation,omitzero"`
	Reading  Reading      `json:"reading,omitempty"`
}

// State is where a case stands after its last event, or on the day asked about.
type State string

// The states of a case.
const (
	Running            State = "running"             // the reply period runs
	Consulting         State = "consulting"          // others are asked, the period stands still
	AwaitingCorrection State = "awaiting_correction" // the applicant has to correct
	CorrectionOverdue  State = "correction_overdue"  // the period to correct is over: the case can be closed
	AwaitingPayment    State = "awaiting_payment"    // the applicant has to pay
	PaymentOverdue     State = "payment_overdue"     // the period to pay is over: the case can be closed
	Overdue            State = "overdue"             // the reply period is over without an answer
	IsAnswered         State = "answered"
	IsWithdrawn        State = "withdrawn"
	IsAbandoned        State = "abandoned" // closed since the applicant did not correct or pay
	IsConcluded        State = "concluded" // closed in another way
)

// Closed tells whether nothing more is due in this state.
func (s State) Closed() bool {
	return s == IsAnswered || s == IsWithdrawn || s == IsAbandoned || s == IsConcluded
}

// SegmentKind is what the days of a segment are.
type SegmentKind string

// The kinds of segment.
const (
	ReplySegment        SegmentKind = "reply"        // working days count for the reply period
	ExtensionSegment    SegmentKind = "extension"    // working days count for the extension
	DelaySegment        SegmentKind = "delay"        // after the period, up to the later date that was set
	TermSegment         SegmentKind = "term"         // days of a term set by a decision or judgment
	LetterSegment       SegmentKind = "letter"       // a letter is on its way to who is asked; nothing counts
	ConsultationSegment SegmentKind = "consultation" // who is asked has the letter; nothing counts
	CorrectionSegment   SegmentKind = "correction"   // the applicant has to correct; nothing counts
	PaymentSegment      SegmentKind = "payment"      // the applicant has to pay; nothing counts
	OverdueSegment      SegmentKind = "overdue"      // after the due date
	ClosedSegment       SegmentKind = "closed"       // between an end and a new answer ordered
)

// Counts tells whether the working days of such a segment count for the reply.
func (k SegmentKind) Counts() bool {
	return k == ReplySegment || k == ExtensionSegment || k == TermSegment
}

// Segment is a stretch of time in which the same holds.
type Segment struct {
	Kind SegmentKind  `json:"kind"`
	From workday.Date `json:"from"`
	// To is the last day, included; no date if the segment goes on, which only the last one can.
	To workday.Date `json:"to,omitzero"`
	// Begun is what happened that began it; none if no event did.
	Begun EventKind `json:"begun,omitempty"`
	// Ended is what happened that ended it; none if no event did.
	Ended EventKind `json:"ended,omitempty"`
	// Parties are who is asked, in a letter or consultation.
	Parties []string `json:"parties,omitempty"`
	// Counted is how many of its days count; Total is how many of the period have counted at its end, and Of how many
	// the period has.
	Counted workday.WorkingDays `json:"counted"`
	Total   workday.WorkingDays `json:"total,omitempty"`
	Of      workday.WorkingDays `json:"of,omitempty"`
	// LeftOut are the days of rest of a segment that counts. Worked are the weekend days of it that count.
	LeftOut  []Gap        `json:"left_out,omitempty"`
	Worked   []Gap        `json:"worked,omitempty"`
	Citation law.Citation `json:"citation,omitzero"`
	Reading  Reading      `json:"reading,omitempty"`
}

// Gap is a run of days that are what they are for the same cause.
type Gap struct {
	From workday.Date `json:"from"`
	To   workday.Date `json:"to"`
	Why  workday.Why  `json:"why"`
	// Name is the holiday's; empty of a weekend.
	Name law.Label `json:"name,omitzero"`
}

// StepLimit is the last day by which someone else has to do something.
type StepLimit struct {
	Step     EventKind    `json:"step"` // what is to happen
	Party    string       `json:"party,omitempty"`
	On       workday.Date `json:"on"`
	Citation law.Citation `json:"citation"`
}

// Answer is an answer with its two dates.
type Answer struct {
	// AnsweredOn decides whether it was in time.
	AnsweredOn workday.Date `json:"answered_on"`
	// KnownOn starts the applicant's periods of appeal; no date if it is not shown to be known.
	KnownOn workday.Date `json:"known_on,omitzero"`
	// Due is the last day on which it was in time; no date if none was fixed when it was given.
	Due    workday.Date `json:"due,omitzero"`
	InTime bool         `json:"in_time"`
	// LateBy are the working days, LateByDays the calendar days by which it was late.
	LateBy     workday.WorkingDays `json:"late_by,omitempty"`
	LateByDays workday.Days        `json:"late_by_days,omitempty"`
	Citation   law.Citation        `json:"citation,omitzero"`
	Reading    Reading             `json:"reading,omitempty"`
}

// Effect is what follows from a mark.
type Effect string

// The effects of what was not as the law has it.
const (
	Stands     Effect = "stands"     // what was done holds all the same
	Shortened  Effect = "shortened"  // it holds as far as the law allows
	NoEffect   Effect = "no_effect"  // it moves no date
	Unfinished Effect = "unfinished" // something is missing or overdue
)

// Mark is one thing of a case that is not as the law has it.
type Mark struct {
	Reason law.Reason `json:"reason"`
	Effect Effect     `json:"effect"`
	// Event is the event's place in [Case.Events], -1 if none is meant.
	Event    int               `json:"event"`
	On       workday.Date      `json:"on,omitzero"`
	Citation law.Citation      `json:"citation,omitzero"`
	Values   map[string]string `json:"values,omitempty"`
}

// Breach is the error of what moves no date, or less than was meant, of one event: a caller that is to enter it refuses
// it with this. It is a [*law.Breach] of the reasons of the marks, or nil.
func (t Timeline) Breach(event int) error {
	var b law.Breach
	for _, m := range t.Marks {
		if m.Event == event && (m.Effect == NoEffect || m.Effect == Shortened) {
			b.Violations = append(b.Violations, law.Violation{Reason: m.Reason, Citation: m.Citation, Values: m.Values})
		}
	}
	if len(b.Violations) == 0 {
		return nil
	}
	return &b
}

package deadline

import "gongkai/services/law"

// Reasons for which a report has no due date. Values as said.
const (
	PeriodNotYear        law.Reason = "REPORT_PERIOD_NOT_A_YEAR"       // period
	YearBeforeRegulation law.Reason = "REPORT_YEAR_BEFORE_REGULATION"  // period, first (the first year reported on)
	SetAfterLaw          law.Reason = "REPORT_DUE_AFTER_LAW"           // date, due
	SetWithinPeriod      law.Reason = "REPORT_DUE_BEFORE_PERIOD_ENDED" // date, last
)

// Reasons for which a case is refused. Values as said; event is an [EventKind], event_zh and event_en its names.
const (
	ReceivedInFuture         law.Reason = "RECEIVED_IN_FUTURE"         // date, today
	ReceivedBeforeRegulation law.Reason = "RECEIVED_BEFORE_REGULATION" // date
	ReceiptChannelUnknown    law.Reason = "RECEIPT_CHANNEL_UNKNOWN"    // value
	ReceiptDateMissing       law.Reason = "RECEIPT_DATE_MISSING"       // channel
	ReceiptDatesReversed     law.Reason = "RECEIPT_DATES_REVERSED"     // date, before
	ReceiptDatesDiffer       law.Reason = "RECEIPT_DATES_DIFFER"       // date, received_on
	DateInvalid              law.Reason = "CASE_DATE_INVALID"          // date
	TooManyEvents            law.Reason = "TOO_MANY_EVENTS"            // count, limit
	EventUnknown             law.Reason = "EVENT_UNKNOWN"              // value
	EventBeforeReceipt       law.Reason = "EVENT_BEFORE_RECEIPT"       // event, event_zh, event_en, date, received_on
	EventInFuture            law.Reason = "EVENT_IN_FUTURE"            // event, event_zh, event_en, date, today
	EventWithoutFirst        law.Reason = "EVENT_WITHOUT_FIRST"        // event, event_zh, event_en, first, first_zh, first_en
	EventAfterClose          law.Reason = "EVENT_AFTER_CLOSE"          // event, event_zh, event_en, date, closed_on
	EventDaysInvalid         law.Reason = "EVENT_DAYS_INVALID"         // event, event_zh, event_en, days, limit
	LimitNotAfterEvent       law.Reason = "LIMIT_NOT_AFTER_EVENT"      // date, until
	UnitUnknown              law.Reason = "TERM_UNIT_UNKNOWN"          // value
	DeliveryUnknown          law.Reason = "DELIVERY_CHANNEL_UNKNOWN"   // value
	DeliveryDateMissing      law.Reason = "DELIVERY_DATE_MISSING"      // channel
	DeliveryDatesReversed    law.Reason = "DELIVERY_DATES_REVERSED"    // date, before
	AnswerDatesDiffer        law.Reason = "ANSWER_DATES_DIFFER"        // date, answered_on
	NoOrderYet               law.Reason = "NEW_ANSWER_BEFORE_ANSWER"   // date
)

// Reasons of the marks of a case: what was not as the law has it. Values as said.
const (
	CorrectionNoticeLate   law.Reason = "CORRECTION_NOTICE_LATE"         // date, limit
	CorrectionNoticeAgain  law.Reason = "CORRECTION_NOTICE_AGAIN"        // date
	CorrectionWithoutLimit law.Reason = "CORRECTION_WITHOUT_PERIOD"      // date
	CorrectionLate         law.Reason = "CORRECTION_AFTER_LIMIT"         // date, limit
	AbandonedTooEarly      law.Reason = "ABANDONED_BEFORE_LIMIT"         // date, limit
	AfterDue               law.Reason = "STEP_AFTER_DUE"                 // event, event_zh, event_en, date, due
	ExtensionLate          law.Reason = "EXTENSION_AFTER_DUE"            // date, due
	ExtensionAgain         law.Reason = "EXTENSION_AGAIN"                // date
	ExtensionNotAgreed     law.Reason = "EXTENSION_NOT_AGREED"           // date
	ExtensionTooLong       law.Reason = "EXTENSION_TOO_LONG"             // days, limit
	DelayNotLater          law.Reason = "LATER_DATE_NOT_LATER"           // until, due
	NotInVersion           law.Reason = "STEP_NOT_IN_VERSION"            // event, event_zh, event_en, received_on
	FeeNoticeAgain         law.Reason = "FEE_NOTICE_AGAIN"               // date
	PaidLate               law.Reason = "FEE_PAID_AFTER_LIMIT"           // date, limit
	OpinionLate            law.Reason = "OPINION_AFTER_LIMIT"            // date, limit
	AskedAgain             law.Reason = "ASKED_AGAIN_WHILE_OPEN"         // date
	ReceiptOfLetterUnknown law.Reason = "LETTER_RECEIPT_UNKNOWN"         // date
	NoLawfulService        law.Reason = "ANSWER_BY_COURIER"              // date
	AnsweredLate           law.Reason = "ANSWERED_LATE"                  // date, due, days
	NotAnswered            law.Reason = "NOT_ANSWERED_IN_TIME"           // due, today
	TermFixed              law.Reason = "TERM_NOT_MOVED"                 // event, event_zh, event_en, date
	SameAnswerAgain        law.Reason = "SAME_ANSWER_AGAIN"              // date, before
	NotConfirmedThatDay    law.Reason = "RECEIPT_NOT_CONFIRMED_SAME_DAY" // date, arrived_on
)

// Reasons of the limits of appeals: for which they are refused, and, of the last two, marks. Values as said.
const (
	AppealDatesReversed    law.Reason = "LIMIT_DATES_REVERSED" // date, before
	AppealBeginUnknown     law.Reason = "APPEAL_BEGIN_UNKNOWN"
	ProcedureUnknown       law.Reason = "PROCEDURE_UNKNOWN"         // value
	AppealExtensionTooLong law.Reason = "APPEAL_EXTENSION_TOO_LONG" // days, limit
	AppealAfterLimit       law.Reason = "APPEAL_AFTER_LIMIT"        // date, until
)

package deadline

import "gongkai/services/law/workday"

// Case is a request for information (政府信息公开申请) as its deadlines see it: when it was received, and what happened to
// it since. It holds no personal data; a party is named by whatever tells it apart.
//
// It is written in JSON with the names in the tags, dates as 2019-05-15.
type Case struct {
	// ReceivedOn is the day of receipt (收到申请之日), if it is known as such; else Receipt says how it came about.
	ReceivedOn workday.Date `json:"received_on,omitzero"`
	Receipt    Receipt      `json:"receipt,omitzero"`
	// Events are what happened, in any order: they are taken by their dates, those of one day in the order of the
	// constants of [EventKind]. At most [MaxEvents].
	Events []Event `json:"events,omitempty"`
	// AsOf is the day on which the question is asked. Nothing may have happened after it, and what has run out by then
	// is told. No date: neither is looked at.
	AsOf workday.Date `json:"as_of,omitzero"`
}

// MaxEvents is how many events a case may have.
const MaxEvents = 200

// ReceiptChannel is the way by which a request came (R2019 art. 31).
type ReceiptChannel string

// The ways by which a request comes.
const (
	InPerson        ReceiptChannel = "in_person"        // 当面提交, also orally (R2019 art. 29(1)): SubmittedOn
	SignedPost      ReceiptChannel = "signed_post"      // 邮寄, signed for: ArrivedOn
	OrdinaryPost    ReceiptChannel = "ordinary_post"    // 平常信函, not signed for: ConfirmedOn
	Online          ReceiptChannel = "online"           // 互联网渠道, the organ's form: ConfirmedOn
	Mailbox         ReceiptChannel = "mailbox"          // 电子邮箱, an e-mail to the published address: R2019 ConfirmedOn, R2007 ArrivedOn
	Fax             ReceiptChannel = "fax"              // 传真: ConfirmedOn
	MisdirectedPost ReceiptChannel = "misdirected_post" // post to another unit or person of the organ: ConfirmedOn
	OtherChannel    ReceiptChannel = "other_channel"    // any other published way: ConfirmedOn
)

// Receipt is how a request reached the organ. Which of the dates decides, the channel says.
type Receipt struct {
	Channel ReceiptChannel `json:"channel"`
	// SubmittedOn is the day on which it was handed in, posted or sent.
	SubmittedOn workday.Date `json:"submitted_on,omitzero"`
	// ArrivedOn is the day on which post was signed for or came, or the mail system took the message in.
	ArrivedOn workday.Date `json:"arrived_on,omitzero"`
	// ConfirmedOn is the day on which the disclosure office and the applicant confirmed it to each other.
	ConfirmedOn workday.Date `json:"confirmed_on,omitzero"`
	// SystemConfirmedOn is the day on which the organ's system confirmed an online request by itself.
	SystemConfirmedOn workday.Date `json:"system_confirmed_on,omitzero"`
}

// EventKind is what happened.
type EventKind string

// The events, in the order in which those of one day are taken. After each, the fields of [Event] that it uses beside On.
const (
	CorrectionAsked      EventKind = "correction_asked"      // 告知补正: Until, the last day of the period set
	Corrected            EventKind = "corrected"             // 收到补正: GoodReason
	ThirdPartyAsked      EventKind = "third_party_asked"     // 发出征求第三方意见书: Party
	ThirdPartyReceived   EventKind = "third_party_received"  // 第三方收到征求意见书: Party
	ThirdPartyAnswered   EventKind = "third_party_answered"  // 第三方提出意见: Party
	CoProducerAsked      EventKind = "co_producer_asked"     // 征求共同制作机关意见: Party
	CoProducerReceived   EventKind = "co_producer_received"  // 共同制作机关收到征求意见书: Party
	CoProducerAnswered   EventKind = "co_producer_answered"  // 共同制作机关提出意见: Party
	OtherOrganAsked      EventKind = "other_organ_asked"     // 征求其他机关意见: Party
	OtherOrganAnswered   EventKind = "other_organ_answered"  // 其他机关提出意见: Party
	Extended             EventKind = "extended"              // 告知延期, On: told the applicant; Days, AgreedBy
	Delayed              EventKind = "delayed"               // 申请量大、理由合理，告知延迟答复, On: told the applicant; Until, the later date
	FeeNoticeSent        EventKind = "fee_notice_sent"       // 发出收费通知
	FeeNoticeReceived    EventKind = "fee_notice_received"   // 申请人收到收费通知
	FeePaid              EventKind = "fee_paid"              // 缴费
	Answered             EventKind = "answered"              // 答复: Delivery, Outcome, Article
	Withdrawn            EventKind = "withdrawn"             // 申请人撤回
	CorrectionAbandoned  EventKind = "correction_abandoned"  // 逾期不补正，不再处理
	PaymentAbandoned     EventKind = "payment_abandoned"     // 逾期不缴费，不再处理
	ConcludedUnprocessed EventKind = "concluded_unprocessed" // 按其他方式办结, another end without an answer
	NewAnswerOrdered     EventKind = "new_answer_ordered"    // 复议决定、判决责令重新答复, On: decision served or judgment in force; Days and Unit, or Until, or none; ByCourt, Procedural
)

// Unit is what a term set by a decision or judgment counts in.
type Unit string

// The units. No unit means working days; a term is set in days of either kind.
const (
	InWorkingDays  Unit = "working_days"
	InCalendarDays Unit = "calendar_days"
	InMonths       Unit = "months" // only of the limits of appeals
)

// Event is one thing that happened to a request. Which fields it has beside Kind and On, the kind says.
type Event struct {
	Kind EventKind `json:"kind"`
	// On is the day on which it happened. An answer may leave it out, where its delivery has the date.
	On workday.Date `json:"on,omitzero"`
	// Party tells apart whom several letters were sent to.
	Party string `json:"party,omitempty"`
	// Until is the last day of a period that was set.
	Until workday.Date `json:"until,omitzero"`
	// Days is the length of an extension, in working days, or of a term, in Unit.
	Days int  `json:"days,omitempty"`
	Unit Unit `json:"unit,omitempty"`
	// AgreedBy is who agreed to an extension: the head of the disclosure office.
	AgreedBy string `json:"agreed_by,omitempty"`
	// GoodReason tells that the organ accepts the reason for which a correction is late.
	GoodReason bool `json:"good_reason,omitempty"`
	// ByCourt tells that a judgment ordered a new answer, not a reconsideration decision. Procedural tells that the answer
	// before it was quashed for a breach of procedure alone (违反法定程序).
	ByCourt    bool     `json:"by_court,omitempty"`
	Procedural bool     `json:"procedural,omitempty"`
	Delivery   Delivery `json:"delivery,omitzero"`
	// Outcome and Article are what an answer says and rests on, so that a new answer can be held beside the one that it
	// takes the place of.
	Outcome string `json:"outcome,omitempty"`
	Article string `json:"article,omitempty"`
}

// DeliveryChannel is the way by which an answer reaches the applicant.
type DeliveryChannel string

// The ways by which an answer reaches the applicant.
const (
	HandedOver        DeliveryChannel = "handed_over"          // 直接送达
	ServedByOtherUnit DeliveryChannel = "served_by_other_unit" // 委托其他行政机关代为送达
	Posted            DeliveryChannel = "posted"               // 邮寄送达, by the postal enterprise (邮政企业)
	Courier           DeliveryChannel = "courier"              // by a private courier (快递企业)
	Electronic        DeliveryChannel = "electronic"           // 数据电文, by the channel that the applicant asked for
)

// Delivery is how an answer was served.
type Delivery struct {
	Channel DeliveryChannel `json:"channel"`
	// SentOn is the day on which it was posted or sent.
	SentOn workday.Date `json:"sent_on,omitzero"`
	// SignedOn is the day on which the applicant signed for it on slip or receipt, or is shown to have received it.
	SignedOn workday.Date `json:"signed_on,omitzero"`
}

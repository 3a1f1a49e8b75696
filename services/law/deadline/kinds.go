package deadline

import "gongkai/services/law"

// EventKinds are the events that a case can have, in the order in which those of one day are taken.
func EventKinds() []EventKind {
	return []EventKind{
		CorrectionAsked, Corrected, ThirdPartyAsked, ThirdPartyReceived, ThirdPartyAnswered, CoProducerAsked, CoProducerReceived,
		CoProducerAnswered, OtherOrganAsked, OtherOrganAnswered, Extended, Delayed, FeeNoticeSent, FeeNoticeReceived, FeePaid,
		Answered, Withdrawn, CorrectionAbandoned, PaymentAbandoned, ConcludedUnprocessed, NewAnswerOrdered,
	}
}

// place is the kind's place among those of one day; -1 of an unknown kind.
func (k EventKind) place() int {
	switch k {
	case CorrectionAsked:
		return 0
	case Corrected:
		return 1
	case ThirdPartyAsked:
		return 2
	case ThirdPartyReceived:
		return 3
	case ThirdPartyAnswered:
		return 4
	case CoProducerAsked:
		return 5
	case CoProducerReceived:
		return 6
	case CoProducerAnswered:
		return 7
	case OtherOrganAsked:
		return 8
	case OtherOrganAnswered:
		return 9
	case Extended:
		return 10
	case Delayed:
		return 11
	case FeeNoticeSent:
		return 12
	case FeeNoticeReceived:
		return 13
	case FeePaid:
		return 14
	case Answered:
		return 15
	case Withdrawn:
		return 16
	case CorrectionAbandoned:
		return 17
	case PaymentAbandoned:
		return 18
	case ConcludedUnprocessed:
		return 19
	case NewAnswerOrdered:
		return 20
	}
	return -1
}

// Label is the event's name; an unknown one is its own.
func (k EventKind) Label() law.Label {
	if i := k.place(); i >= 0 {
		return eventLabels()[i]
	}
	return law.Label{Zh: string(k), En: string(k)}
}

func eventLabels() [21]law.Label {
	return [...]law.Label{
		{Zh: "告知补正", En: "correction asked for"},
		{Zh: "收到补正", En: "correction received"},
		{Zh: "征求第三方意见", En: "third party asked"},
		{Zh: "第三方收到征求意见书", En: "letter received by the third party"},
		{Zh: "第三方提出意见", En: "third party answered"},
		{Zh: "征求共同制作机关意见", En: "co-producer asked"},
		{Zh: "共同制作机关收到征求意见书", En: "letter received by the co-producer"},
		{Zh: "共同制作机关提出意见", En: "co-producer answered"},
		{Zh: "征求其他机关意见", En: "another organ asked"},
		{Zh: "其他机关提出意见", En: "another organ answered"},
		{Zh: "告知延期", En: "extension told"},
		{Zh: "告知延迟答复", En: "later date told"},
		{Zh: "发出收费通知", En: "fee notice sent"},
		{Zh: "收到收费通知", En: "fee notice received"},
		{Zh: "缴费", En: "fee paid"},
		{Zh: "答复", En: "answered"},
		{Zh: "撤回申请", En: "withdrawn"},
		{Zh: "逾期不补正，不再处理", En: "closed, not corrected"},
		{Zh: "逾期不缴费，不再处理", En: "closed, fee not paid"},
		{Zh: "按其他方式办结", En: "closed in another way"},
		{Zh: "责令重新答复", En: "new answer ordered"},
	}
}

// Label is the segment's name; an unknown one is its own.
func (k SegmentKind) Label() law.Label {
	switch k {
	case ReplySegment:
		return law.Label{Zh: "答复期限", En: "reply period"}
	case ExtensionSegment:
		return law.Label{Zh: "延长期限", En: "extension"}
	case DelaySegment:
		return law.Label{Zh: "延迟答复期限", En: "up to the later date set"}
	case TermSegment:
		return law.Label{Zh: "重新答复期限", En: "term of the new answer"}
	case LetterSegment:
		return law.Label{Zh: "征求意见书送达途中（不计入）", En: "letter on its way (not counted)"}
	case ConsultationSegment:
		return law.Label{Zh: "征求意见（不计入）", En: "opinion awaited (not counted)"}
	case CorrectionSegment:
		return law.Label{Zh: "等待补正（不计入）", En: "correction awaited (not counted)"}
	case PaymentSegment:
		return law.Label{Zh: "等待缴费（不计入）", En: "payment awaited (not counted)"}
	case OverdueSegment:
		return law.Label{Zh: "逾期", En: "overdue"}
	case ClosedSegment:
		return law.Label{Zh: "已办结", En: "closed"}
	}
	return law.Label{Zh: string(k), En: string(k)}
}

// Label is the state's name; an unknown one is its own.
func (s State) Label() law.Label {
	switch s {
	case Running:
		return law.Label{Zh: "办理中", En: "running"}
	case Consulting:
		return law.Label{Zh: "征求意见中", En: "others are asked"}
	case AwaitingCorrection:
		return law.Label{Zh: "等待补正", En: "correction awaited"}
	case CorrectionOverdue:
		return law.Label{Zh: "逾期未补正", En: "not corrected in time"}
	case AwaitingPayment:
		return law.Label{Zh: "等待缴费", En: "payment awaited"}
	case PaymentOverdue:
		return law.Label{Zh: "逾期未缴费", En: "not paid in time"}
	case Overdue:
		return law.Label{Zh: "逾期未答复", En: "overdue"}
	case IsAnswered:
		return law.Label{Zh: "已答复", En: "answered"}
	case IsWithdrawn:
		return law.Label{Zh: "已撤回", En: "withdrawn"}
	case IsAbandoned:
		return law.Label{Zh: "视为放弃", En: "taken as abandoned"}
	case IsConcluded:
		return law.Label{Zh: "已办结", En: "closed"}
	}
	return law.Label{Zh: string(s), En: string(s)}
}

// Label is the effect's name; an unknown one is its own.
func (e Effect) Label() law.Label {
	switch e {
	case Stands:
		return law.Label{Zh: "效力不变，记录在案", En: "stands, and is recorded"}
	case Shortened:
		return law.Label{Zh: "在法定限度内有效", En: "holds as far as the law allows"}
	case NoEffect:
		return law.Label{Zh: "不影响期限", En: "moves no date"}
	case Unfinished:
		return law.Label{Zh: "尚待处理", En: "still open"}
	}
	return law.Label{Zh: string(e), En: string(e)}
}

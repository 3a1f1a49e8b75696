package deadline

import (
	"math/bits"

	"gongkai/services/law"
)

// Reading names one of our readings: a decision where the law leaves it open how to count. An answer that rests on
// one carries its name.
type Reading string

// Our readings.
const (
	ReadVersionByReceipt   Reading = "version_by_receipt"
	ReadOnlineSystem       Reading = "online_system_confirmation"
	ReadBeforeReceiptReply Reading = "arrival_before_2015"
	ReadStopDays           Reading = "stop_from_day_after_letter"
	ReadRestart2007        Reading = "restart_after_correction_2007"
	ReadLateCorrection     Reading = "late_correction_notice_restarts"
	ReadExtensionTold      Reading = "extension_told_within_period"
	ReadExtensionOnce      Reading = "extension_once_kept_on_restart"
	ReadDelayTold          Reading = "delay_told_within_period"
	ReadElectronicSent     Reading = "electronic_answer_when_sent"
	ReadServedEarlier      Reading = "answer_dates_before_2016"
	ReadCourier            Reading = "courier_answer_when_signed"
	ReadNewTerm            Reading = "new_answer_from_day_of_order"
	ReadSuspension         Reading = "suspension_days_not_counted"
	ReadFirstWarned        Reading = "reconsideration_first_warned"
	ReadNoAnswerBoth       Reading = "no_answer_both_ways"
	ReadVersionByAct       Reading = "appeal_law_by_day_of_act"
	ReadSuit2015           Reading = "suit_limit_open_on_2015_05_01"
	ReadSuitSuspended      Reading = "suit_suspension_moves_judgment_only"
)

// Readings are all our readings, in the order in which an answer lists them.
func Readings() []Reading {
	all := inOrder()
	return all[:]
}

func inOrder() [19]Reading {
	return [...]Reading{
		ReadVersionByReceipt, ReadOnlineSystem, ReadBeforeReceiptReply, ReadStopDays, ReadRestart2007, ReadLateCorrection,
		ReadExtensionTold, ReadExtensionOnce, ReadDelayTold, ReadElectronicSent, ReadServedEarlier, ReadCourier, ReadNewTerm, ReadSuspension,
		ReadFirstWarned, ReadNoAnswerBoth, ReadVersionByAct, ReadSuit2015, ReadSuitSuspended,
	}
}

// place is the reading's place in [Readings]; no reading has one beyond them.
func (r Reading) place() int {
	switch r {
	case ReadVersionByReceipt:
		return 0
	case ReadOnlineSystem:
		return 1
	case ReadBeforeReceiptReply:
		return 2
	case ReadStopDays:
		return 3
	case ReadRestart2007:
		return 4
	case ReadLateCorrection:
		return 5
	case ReadExtensionTold:
		return 6
	case ReadExtensionOnce:
		return 7
	case ReadDelayTold:
		return 8
	case ReadElectronicSent:
		return 9
	case ReadServedEarlier:
		return 10
	case ReadCourier:
		return 11
	case ReadNewTerm:
		return 12
	case ReadSuspension:
		return 13
	case ReadFirstWarned:
		return 14
	case ReadNoAnswerBoth:
		return 15
	case ReadVersionByAct:
		return 16
	case ReadSuit2015:
		return 17
	case ReadSuitSuspended:
		return 18
	}
	return 31
}

// readings is a set of readings.
type readings uint32

func (s *readings) add(r Reading) { *s |= 1 << r.place() }

// list are the readings of the set in the order of [Readings].
func (s readings) list() []Reading {
	if s == 0 {
		return nil
	}
	list := make([]Reading, 0, bits.OnesCount32(uint32(s)))
	for i, r := range inOrder() {
		if s&(1<<i) != 0 {
			list = append(list, r)
		}
	}
	return list
}

// Label says the reading in a sentence; an unknown one is its own name.
func (r Reading) Label() law.Label {
	switch r {
	case ReadVersionByReceipt:
		return law.Label{Zh: "收到申请之日施行的《政府信息公开条例》适用于该申请的全过程。", En: "The Regulation in force on the day of receipt governs the whole request."}
	case ReadOnlineSystem:
		return law.Label{Zh: "互联网申请行政机关一直未确认的，以系统自动确认之日为收到之日（指导案例26号）。", En: "An online request that the organ never confirmed was received on the day its system confirmed it (guiding case 26)."}
	case ReadBeforeReceiptReply:
		return law.Label{Zh: "国办公开办函〔2015〕207号之前没有全国性规定，以申请到达之日为收到之日。", En: "Before the reply of 2015 (No. 207) no national rule said when a request is received: the day it arrived."}
	case ReadStopDays:
		return law.Label{Zh: "征求意见所需时间，自发出征求意见书次日起，至收到意见之日或者提出意见的期限届满之日止。", En: "The time for asking runs from the day after the letter was sent to the day the opinion came, or its limit passed."}
	case ReadRestart2007:
		return law.Label{Zh: "2007年条例未规定补正后的期限，答复期限同样自收到补正之日重新计算。", En: "The Regulation of 2007 is silent on it: there too the reply period starts anew on the day the correction is received."}
	case ReadLateCorrection:
		return law.Label{Zh: "逾7个工作日才告知补正的，答复期限仍自收到补正之日重新计算，但记为逾期告知。", En: "A correction notice after the seventh working day still lets the period start anew; that it was late is recorded."}
	case ReadExtensionTold:
		return law.Label{Zh: "延期须在原答复期限届满前（含当日）告知申请人。", En: "An extension is told to the applicant no later than the last day of the period."}
	case ReadExtensionOnce:
		return law.Label{Zh: "一件申请只能延期一次；答复期限重新计算的，已经告知的延期继续有效。", En: "A request is extended once; an extension that was told is kept when the period starts anew."}
	case ReadDelayTold:
		return law.Label{Zh: "延迟答复的期限须在答复期限届满前（含当日）告知申请人。", En: "A later date is told to the applicant no later than the last day of the period."}
	case ReadElectronicSent:
		return law.Label{Zh: "以申请人要求的电子方式答复的，发出之日为答复之日。", En: "An answer by the electronic channel asked for is given on the day it is sent."}
	case ReadServedEarlier:
		return law.Label{Zh: "国办公开办函〔2016〕235号之前的答复，同样以签收之日、交邮之日为准。", En: "Answers before the reply of 2016 (No. 235) are dated by signature and posting all the same."}
	case ReadCourier:
		return law.Label{Zh: "快递企业不得寄递国家机关公文；以快递送达的，申请人签收之日才视为答复。", En: "A private courier may not carry organs' documents: an answer sent so is given only when the applicant signs for it."}
	case ReadNewTerm:
		return law.Label{Zh: "责令重新答复的，期限自复议决定送达行政机关或者判决生效的次日起算；决定、判决确定的期限不延长、不扣除。", En: "A new answer's term runs from the day after the decision reached the organ, or the judgment came into force; a term that was set is neither extended nor stopped."}
	case ReadSuspension:
		return law.Label{Zh: "行政复议中止至恢复的日数不计入审理期限。", En: "The days from suspension to resumption of a reconsideration are not counted."}
	case ReadFirstWarned:
		return law.Label{Zh: "是否须先申请行政复议，法律规定不明确：提示，不阻止。", En: "Whether reconsideration must come first is open here: a warning, no bar."}
	case ReadNoAnswerBoth:
		return law.Label{Zh: "逾期不答复的，可以申请行政复议，也可以直接起诉，建议先申请行政复议；两个期限都起算。", En: "Over no answer both ways are open; reconsideration is recommended, and both periods run."}
	case ReadVersionByAct:
		return law.Label{Zh: "适用行政行为作出之日（不答复的，为答复期限届满之日）施行的行政复议法、行政诉讼法。", En: "The appeal laws in force on the day of the act apply, over no answer those on the last day of the reply period."}
	case ReadSuit2015:
		return law.Label{Zh: "2015年5月1日起诉期限尚未届满的，适用修改后的行政诉讼法的起诉期限。", En: "A suit whose limit had not passed on 1 May 2015 has the limit of the amended Litigation Law."}
	case ReadSuitSuspended:
		return law.Label{Zh: "中止诉讼的日数只从法院的审理期限中扣除，答辩、举证、上诉等期限照常计算。", En: "The days for which a suit is suspended are left out of the court's time for judgment only; defence and appeal keep their limits."}
	}
	return law.Label{Zh: string(r), En: string(r)}
}

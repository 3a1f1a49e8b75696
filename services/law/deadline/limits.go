package deadline

import (
	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// LimitKind is what has to happen by a limit of an appeal.
type LimitKind string

// The limits of appeals, by who has to keep them.
const (
	// The applicant's.
	ApplyReconsideration   LimitKind = "apply_reconsideration"   // 申请行政复议
	CorrectReconsideration LimitKind = "correct_reconsideration" // 补正行政复议申请
	FileSuit               LimitKind = "file_suit"               // 直接起诉
	SueAfterReconsidering  LimitKind = "sue_after_reconsidering" // 复议后起诉
	AppealJudgment         LimitKind = "appeal_judgment"         // 上诉, also open to the organ
	AppealRuling           LimitKind = "appeal_ruling"           // 对裁定上诉, also open to the organ
	// The organ's.
	ReplyToReconsideration LimitKind = "reply_to_reconsideration" // 提出书面答复、提交证据
	DefendSuit             LimitKind = "defend_suit"              // 提交答辩状、证据
	ReportOnOpinion        LimitKind = "report_on_opinion"        // 报送意见书办理情况
	// The reconsideration organ's.
	ExamineApplication  LimitKind = "examine_application"  // 审查行政复议申请
	AskForCorrection    LimitKind = "ask_for_correction"   // 通知补正
	SendCopy            LimitKind = "send_copy"            // 发送申请书副本
	DecideReconsidering LimitKind = "decide_reconsidering" // 作出行政复议决定
	EndSuspension       LimitKind = "end_suspension"       // 中止满六十日终止
	// The courts'.
	Docket         LimitKind = "docket"          // 决定是否立案
	ServeCopy      LimitKind = "serve_copy"      // 发送起诉状副本
	FirstInstance  LimitKind = "first_instance"  // 一审审结
	SecondInstance LimitKind = "second_instance" // 二审审结
	EndSuit        LimitKind = "end_suit"        // 中止诉讼满九十日终结
)

// Keeper is who has to keep a limit.
type Keeper string

// Who has to keep limits.
const (
	Applicant           Keeper = "applicant"            // 申请人
	EitherParty         Keeper = "either_party"         // 当事人
	AnsweringOrgan      Keeper = "organ"                // 作出答复的行政机关
	ReconsiderationBody Keeper = "reconsideration_body" // 行政复议机关
	Court               Keeper = "court"                // 人民法院
)

// Label is who it is; an unknown one is its own name.
func (k Keeper) Label() law.Label {
	switch k {
	case Applicant:
		return law.Label{Zh: "申请人", En: "the applicant"}
	case EitherParty:
		return law.Label{Zh: "当事人", En: "either party"}
	case AnsweringOrgan:
		return law.Label{Zh: "答复机关", En: "the organ"}
	case ReconsiderationBody:
		return law.Label{Zh: "行政复议机关", En: "the reconsideration organ"}
	case Court:
		return law.Label{Zh: "人民法院", En: "the court"}
	}
	return law.Label{Zh: string(k), En: string(k)}
}

// Keeper is who has to keep such a limit.
func (k LimitKind) Keeper() Keeper {
	switch k {
	case ApplyReconsideration, CorrectReconsideration, FileSuit, SueAfterReconsidering:
		return Applicant
	case AppealJudgment, AppealRuling:
		return EitherParty
	case ReplyToReconsideration, DefendSuit, ReportOnOpinion:
		return AnsweringOrgan
	case Docket, ServeCopy, FirstInstance, SecondInstance, EndSuit:
		return Court
	}
	return ReconsiderationBody
}

// Limit is the last day of a period of an appeal.
type Limit struct {
	Kind LimitKind `json:"kind"`
	Who  Keeper    `json:"who"`
	// Term is how long the period is, in Unit.
	Term int  `json:"term,omitempty"`
	Unit Unit `json:"unit,omitempty"`
	// From is the day of the event that begins it, which is not counted.
	From workday.Date `json:"from"`
	// Until is its last day.
	Until workday.Date `json:"until"`
	// Moved is the day on which it would end, had that not been a day of rest; no date if it was none.
	Moved workday.Date `json:"moved_from,omitzero"`
	// Lost are the calendar days of it that did not count: lost without fault, or of a suspension; LostAt is where that
	// is said, nowhere if it is our reading.
	Lost   workday.Days `json:"lost_days,omitempty"`
	LostAt law.Citation `json:"lost_citation,omitzero"`
	// LeftOut are the days of rest, Worked the weekend days that count, of a period in working days.
	LeftOut []Gap `json:"left_out,omitempty"`
	Worked  []Gap `json:"worked,omitempty"`
	// Capped tells that the longest time since the act, or since knowing its content, ends it.
	Capped      bool             `json:"capped,omitempty"`
	Citation    law.Citation     `json:"citation"`
	Reading     Reading          `json:"reading,omitempty"`
	Provisional bool             `json:"provisional,omitempty"`
	Notices     []workday.Notice `json:"notices,omitempty"`
}

// Limits are the limits of one matter, in the order in which they begin.
type Limits struct {
	Limits   []Limit   `json:"limits"`
	Marks    []Mark    `json:"marks,omitempty"`
	Readings []Reading `json:"readings,omitempty"`
}

// Find is the limit of a kind; ok is false if the matter has none.
func (l Limits) Find(k LimitKind) (found Limit, ok bool) {
	for _, one := range l.Limits {
		if one.Kind == k {
			return one, true
		}
	}
	return Limit{}, false
}

// Label is the limit's name; an unknown one is its own.
func (k LimitKind) Label() law.Label {
	switch k {
	case ApplyReconsideration:
		return law.Label{Zh: "申请行政复议", En: "apply for reconsideration"}
	case CorrectReconsideration:
		return law.Label{Zh: "补正行政复议申请", En: "correct the application for reconsideration"}
	case FileSuit:
		return law.Label{Zh: "提起行政诉讼", En: "file a suit"}
	case SueAfterReconsidering:
		return law.Label{Zh: "不服行政复议决定起诉", En: "file a suit after reconsideration"}
	case AppealJudgment:
		return law.Label{Zh: "对判决上诉", En: "appeal from the judgment"}
	case AppealRuling:
		return law.Label{Zh: "对裁定上诉", En: "appeal from the ruling"}
	case ReplyToReconsideration:
		return law.Label{Zh: "提出书面答复、提交证据", En: "reply with evidence to the reconsideration organ"}
	case DefendSuit:
		return law.Label{Zh: "提交答辩状和证据", En: "submit defence and evidence"}
	case ReportOnOpinion:
		return law.Label{Zh: "报送行政复议意见书办理情况", En: "report on the opinion letter"}
	case ExamineApplication:
		return law.Label{Zh: "审查行政复议申请", En: "examine the application"}
	case AskForCorrection:
		return law.Label{Zh: "通知补正行政复议申请", En: "ask for a correction of the application"}
	case SendCopy:
		return law.Label{Zh: "发送行政复议申请书副本", En: "send the organ a copy of the application"}
	case DecideReconsidering:
		return law.Label{Zh: "作出行政复议决定", En: "decide on the reconsideration"}
	case EndSuspension:
		return law.Label{Zh: "中止满60日终止（限申请人死亡、丧失行为能力、终止的）", En: "end after 60 days of suspension (over the applicant's death, incapacity or end only)"}
	case Docket:
		return law.Label{Zh: "决定是否立案", En: "decide on docketing"}
	case ServeCopy:
		return law.Label{Zh: "发送起诉状副本", En: "send the organ a copy of the complaint"}
	case FirstInstance:
		return law.Label{Zh: "一审审结", En: "judgment of first instance"}
	case SecondInstance:
		return law.Label{Zh: "二审审结", En: "judgment of second instance"}
	case EndSuit:
		return law.Label{Zh: "中止诉讼满90日终结（限原告死亡、丧失行为能力，当事人终止的）", En: "end after 90 days of suspension (over the plaintiff's death or incapacity, a party's end only)"}
	}
	return law.Label{Zh: string(k), En: string(k)}
}

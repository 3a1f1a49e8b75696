package deadline

import (
	"gongkai/services/law/workday"
)

// Act is what an appeal is about, as its limits see it: an answer, or none in time.
type Act struct {
	// On is the day of the act. Over no answer it is the last day of the reply period, and NoAnswer is set; of a
	// record that was asked to be corrected (R2019 art. 41), which has no period, it is the day the request for it was
	// received, and RecordCorrection is set too.
	On               workday.Date `json:"on"`
	NoAnswer         bool         `json:"no_answer,omitempty"`
	RecordCorrection bool         `json:"record_correction,omitempty"`
	// KnownOn is the day on which the applicant knew of it and of its content; no date if not known.
	KnownOn workday.Date `json:"known_on,omitzero"`
	// RightsNotTold tells that right, body or period of appeal were not told; RightsKnownOn is when they became known.
	RightsNotTold bool         `json:"rights_not_told,omitempty"`
	RightsKnownOn workday.Date `json:"rights_known_on,omitzero"`
	// RealEstate tells that the appeal is over real estate (因不动产): the act changes a right in it (Interpretation of
	// 2018 art. 9), which an answer about information hardly does.
	RealEstate bool `json:"real_estate,omitempty"`
	// Obstacles are times lost without fault, as force majeure. They do not count.
	Obstacles []Obstacle `json:"obstacles,omitempty"`
}

// Obstacle is a time that was lost, both days included.
type Obstacle struct {
	From workday.Date `json:"from"`
	To   workday.Date `json:"to"`
}

// Procedure is how a reconsideration or a first instance is conducted.
type Procedure string

// The procedures.
const (
	Ordinary Procedure = "ordinary" // 普通程序
	Simple   Procedure = "simple"   // 简易程序
)

// Reconsideration is how an administrative reconsideration (行政复议) went.
type Reconsideration struct {
	// AppliedOn is the day on which the reconsideration organ received the application.
	AppliedOn        workday.Date `json:"applied_on"`
	CorrectionToldOn workday.Date `json:"correction_told_on,omitzero"` // the applicant received the notice to correct
	CorrectedOn      workday.Date `json:"corrected_on,omitzero"`
	AcceptedOn       workday.Date `json:"accepted_on,omitzero"` // no date: as the law has it
	Procedure        Procedure    `json:"procedure,omitempty"`  // none: ordinary
	TurnedOrdinaryOn workday.Date `json:"turned_ordinary_on,omitzero"`
	CopyReceivedOn   workday.Date `json:"copy_received_on,omitzero"`  // the organ received the copy of the application
	ExtendedDays     int          `json:"extended_days,omitempty"`    // calendar days
	Suspensions      []Obstacle   `json:"suspensions,omitempty"`      // an end of no date goes on
	DecisionKnownOn  workday.Date `json:"decision_known_on,omitzero"` // the applicant received the decision, or a refusal
	// RightsNotTold tells that the decision did not tell the period to sue; RightsKnownOn is when it became known.
	RightsNotTold bool         `json:"rights_not_told,omitempty"`
	RightsKnownOn workday.Date `json:"rights_known_on,omitzero"`
	OpinionOn     workday.Date `json:"opinion_received_on,omitzero"` // the organ received an opinion letter (行政复议意见书)
}

// Litigation is how an administrative suit (行政诉讼) went.
type Litigation struct {
	FiledOn          workday.Date `json:"filed_on"`
	DocketedOn       workday.Date `json:"docketed_on,omitzero"`
	Procedure        Procedure    `json:"procedure,omitempty"` // none: ordinary
	CopyReceivedOn   workday.Date `json:"copy_received_on,omitzero"`
	JudgmentServedOn workday.Date `json:"judgment_served_on,omitzero"`
	RulingServedOn   workday.Date `json:"ruling_served_on,omitzero"`
	// AppealReceivedOn is the day on which the court received the petition of appeal.
	AppealReceivedOn workday.Date `json:"appeal_received_on,omitzero"`
	// Suspensions are the times for which the court suspended it (中止诉讼), each to the day of resumption; an end of no
	// date goes on.
	Suspensions []Obstacle `json:"suspensions,omitempty"`
}

package report

import (
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/law"
	"gongkai/services/law/publication"
	"gongkai/services/law/workday"
)

// Reasons of the life of a report. Values as said.
const (
	AlreadySubmitted law.Reason = "REPORT_ALREADY_SUBMITTED"
	AlreadyAccepted  law.Reason = "REPORT_ALREADY_ACCEPTED"
	NotADraft        law.Reason = "REPORT_NOT_A_DRAFT"
	NotSubmitted     law.Reason = "REPORT_NOT_SUBMITTED"
	NotAccepted      law.Reason = "REPORT_NOT_ACCEPTED"
	NotPublished     law.Reason = "REPORT_NOT_PUBLISHED"
	PeriodNotEnded   law.Reason = "PERIOD_NOT_ENDED"              // period, last
	AbsentInPeriod   law.Reason = "ORGANIZATION_ABSENT_IN_PERIOD" // organization, period
	CellIsSum        law.Reason = "CELL_IS_SUM"                   // cell, cell_zh, cell_en
	PartNotNone      law.Reason = "PART_CANNOT_BE_NONE"           // part, part_zh, part_en
)

var (
	annual     = law.Citation{Act: law.R2019, Article: "49"}
	annual2007 = law.Citation{Act: law.R2007, Article: "31"}
	truth      = law.Citation{Act: law.R2019, Article: "6(2)"}
	guidance   = law.Citation{Act: law.R2019, Article: "47"}
)

// source is the article that the report of a period rests on: that of the Regulation in force on the day
// after the period.
func source(p workday.Period) law.Citation {
	if law.R2007.InForce().Covers(p.Last().AddDays(1).String()) {
		return annual2007
	}
	return annual
}

// mayCompile tells whether a report can be compiled anew. A submitted or accepted one stays as it is.
func mayCompile(s reportv1.ReportState) error {
	broken := law.Under(law.Citation{})
	broken.If(s == reportv1.ReportState_REPORT_STATE_SUBMITTED, AlreadySubmitted, "")
	broken.If(s == reportv1.ReportState_REPORT_STATE_ACCEPTED || s == reportv1.ReportState_REPORT_STATE_PUBLISHED, AlreadyAccepted, "")
	return broken.Err()
}

// maySubmit tells whether a report can be submitted: a draft, of a period that has ended.
func maySubmit(s reportv1.ReportState, p workday.Period, today workday.Date) error {
	broken := law.Under(source(p))
	broken.If(s != reportv1.ReportState_REPORT_STATE_DRAFT, NotADraft, "")
	broken.If(!p.Last().Before(today), PeriodNotEnded, "name", "period", p.String(), "last", p.Last().String())
	return broken.Err()
}

// mayJudge tells whether a report can be returned or accepted.
func mayJudge(s reportv1.ReportState) error {
	broken := law.Under(guidance)
	broken.If(s != reportv1.ReportState_REPORT_STATE_SUBMITTED, NotSubmitted, "")
	return broken.Err()
}

// isAccepted tells whether a report is accepted: its figures count, and everyone sees it.
func isAccepted(r *reportv1.Report) bool {
	return r.GetState() == reportv1.ReportState_REPORT_STATE_ACCEPTED || r.GetState() == reportv1.ReportState_REPORT_STATE_PUBLISHED
}

// mayPublish tells whether the publication of a report on a date can be noted.
func mayPublish(s reportv1.ReportState, p workday.Period, on, today workday.Date) error {
	broken := law.Under(source(p))
	broken.If(s != reportv1.ReportState_REPORT_STATE_ACCEPTED, NotAccepted, "")
	broken.If(!on.Valid(), publication.DateInvalid, "published_on", "date", on.String())
	broken.If(on.Valid() && on.After(today), publication.DateInFuture, "published_on", "date", on.String(), "today", today.String())
	return broken.Err()
}

// mayCorrect tells whether a report can be corrected.
func mayCorrect(s reportv1.ReportState) error {
	broken := law.Under(truth)
	broken.If(s != reportv1.ReportState_REPORT_STATE_PUBLISHED, NotPublished, "")
	return broken.Err()
}

package fee

import (
	"slices"

	"gongkai/services/law"
	"gongkai/services/law/ground"
	"gongkai/services/law/workday"
)

// Given is what an applicant gets with the answer.
type Given string

// What an answer gives.
const (
	Nothing    Given = "nothing"     // no information
	Way        Given = "way"         // only where to find what is public (R2019 art. 36 items 1 and 2)
	Paper      Given = "paper"       // 纸质件
	Email      Given = "email"       // 电子邮件
	CopiedData Given = "copied_data" // 复制电子数据
)

// Fits tells whether a request received on a day, with an outcome, can be charged by a schedule.
//
// Measures art. 4(1): by item fits every kind of outcome. Art. 5: by page only where paper, e-mail or copied data are
// given, and not where the answer tells the way to what is public; so the outcome gives information: granted or partial.
// It returns a [*law.Breach] of [ScheduleUnfit], or as [ground.Get] has it.
func Fits(s Schedule, received workday.Date, outcome string, given Given) error {
	o, err := ground.Get(outcome, received)
	if err != nil {
		return err
	}
	gives := slices.Contains([]string{"granted", "partial"}, outcome) && slices.Contains([]Given{Paper, Email, CopiedData}, given)
	broken := law.Under(Page.citation())
	broken.If(s != Item && (s != Page || !gives), ScheduleUnfit, "schedule",
		"outcome", outcome, "outcome_zh", o.Label.Zh, "outcome_en", o.Label.En)
	return broken.Err()
}

package explanation_test

import (
	"testing"

	"gongkai/services/law"
	"gongkai/services/law/deadline"
	"gongkai/services/law/explanation"
)

// The 60 days of an act known on 4 March 2024 end in the Labour Day holiday; ten were lost.
func TestLimits(t *testing.T) {
	a := deadline.Appeal{
		Act:             &deadline.Act{On: day(t, "2024-03-01"), KnownOn: day(t, "2024-03-04")},
		Reconsideration: &deadline.Reconsideration{AppliedOn: day(t, "2024-05-07"), AcceptedOn: day(t, "2024-05-08"), CopyReceivedOn: day(t, "2024-05-09")},
	}
	say := func(v law.Violation) law.Label { return law.Label{Zh: string(v.Reason), En: string(v.Reason)} }
	l, err := a.Limits(official(t))
	if err != nil {
		t.Fatal(err)
	}
	expect(t, explanation.Limits(l, say), false, `
申请人申请行政复议：最迟 2024-05-06（星期一）（自 2024-03-04 起 60 日，当日不计；期满日 2024-05-03 为休息日，顺延）。（《行政复议法》(2023)第二十条第一款）
申请人不服行政复议决定起诉：最迟 2024-07-23（星期二）（自 2024-07-08 起 15 日，当日不计）。（《行政诉讼法》(2017)第四十五条）
答复机关提出书面答复、提交证据：最迟 2024-05-22（星期三）（自 2024-05-09 起 10 个工作日，当日不计）。（《行政复议法》(2023)第四十八条）
    不计入：2024-05-12（星期日），周末
    不计入：2024-05-18 至 2024-05-19，周末
    周末计入：2024-05-11（星期六），调休上班（劳动节）
行政复议机关审查行政复议申请：最迟 2024-05-13（星期一）（自 2024-05-07 起 5 个工作日，当日不计）。（《行政复议法》(2023)第三十条第一款）
    不计入：2024-05-12（星期日），周末
    周末计入：2024-05-11（星期六），调休上班（劳动节）
行政复议机关通知补正行政复议申请：最迟 2024-05-13（星期一）（自 2024-05-07 起 5 个工作日，当日不计）。（《行政复议法》(2023)第三十一条第一款）
    不计入：2024-05-12（星期日），周末
    周末计入：2024-05-11（星期六），调休上班（劳动节）
行政复议机关发送行政复议申请书副本：最迟 2024-05-16（星期四）（自 2024-05-08 起 7 个工作日，当日不计）。（《行政复议法》(2023)第四十八条）
    不计入：2024-05-12（星期日），周末
    周末计入：2024-05-11（星期六），调休上班（劳动节）
行政复议机关作出行政复议决定：最迟 2024-07-08（星期一）（自 2024-05-08 起 60 日，当日不计；期满日 2024-07-07 为休息日，顺延）。（《行政复议法》(2023)第六十二条第一款）
注意：APPEAL_AFTER_LIMIT——不影响期限
本系统理解：适用行政行为作出之日（不答复的，为答复期限届满之日）施行的行政复议法、行政诉讼法。
依据：2024年节假日安排，国办发明电〔2023〕7号（2023-10-25）`)
	if l, err = (deadline.Appeal{Act: &deadline.Act{
		On: day(t, "2024-03-01"), KnownOn: day(t, "2024-03-01"), RightsNotTold: true,
		Obstacles: []deadline.Obstacle{{From: day(t, "2024-03-10"), To: day(t, "2024-03-19")}},
	}}).Limits(official(t)); err != nil {
		t.Fatal(err)
	}
	expect(t, explanation.Limits(l, say), true, `
the applicant: apply for reconsideration by 2025-03-03 (Monday) (at most a year from 2024-03-01, not counting that day; its end, 2025-03-01, is a day of rest and moves on). (Administrative Reconsideration Law (2023) art. 20(3))
the applicant: file a suit by 2025-03-03 (Monday) (at most a year from 2024-03-01, not counting that day; its end, 2025-03-01, is a day of rest and moves on). (Interpretation on the Administrative Litigation Law (2018) art. 64(1))
Our reading: The appeal laws in force on the day of the act apply, over no answer those on the last day of the reply period.
By the notice on the holidays of 2025, 国办发明电〔2024〕12号 (2024-11-12)`)
}

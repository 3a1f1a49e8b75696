package explanation_test

import (
	"strings"
	"testing"

	"gongkai/services/law"
	"gongkai/services/law/appeal"
	"gongkai/services/law/deadline"
	"gongkai/services/law/explanation"
	"gongkai/services/law/fee"
	"gongkai/services/law/workday"

	"pgregory.net/rapid"
)

func day(t testing.TB, s string) workday.Date {
	t.Helper()
	d, err := workday.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func official(t testing.TB) workday.Calendar {
	t.Helper()
	c, err := workday.Official()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// expect compares lines in one language; each of the lines has both.
func expect(t *testing.T, lines []law.Label, english bool, want string) {
	t.Helper()
	var got []string
	for _, l := range lines {
		if l.Missing() || strings.Contains(l.Zh+l.En, "%!") {
			t.Errorf("a line is missing or not filled in: %+v", l)
		}
		text := l.Zh
		if english {
			text = l.En
		}
		got = append(got, text)
	}
	if text := strings.Join(got, "\n"); text != strings.TrimSpace(want) {
		t.Errorf("it says\n%s\nwant\n%s", text, want)
	}
}

// The Spring Festival of 2024: off from 10 to 17 February, worked on the 18th (国办发明电〔2023〕7号).
func TestCount(t *testing.T) {
	days := official(t)
	c, err := explanation.CountAfter(day(t, "2024-02-05"), 20, days)
	if err != nil || c.To != day(t, "2024-03-08") || c.CalendarDays != 32 {
		t.Fatalf("%+v, %v", c, err)
	}
	expect(t, c.Explanation(), false, `
自2024-02-05（星期一）起第 20 个工作日：2024-03-08（星期五）。
起算当日不计入，自次日起计算；共 32 个自然日，其中工作日 20 个（《民法典》第二百零一条）。
不计入：2024-02-10 至 2024-02-17，放假（春节）
不计入：2024-02-24 至 2024-02-25，周末
不计入：2024-03-02 至 2024-03-03，周末
周末计入：2024-02-18（星期日），调休上班（春节）
依据：2024年节假日安排，国办发明电〔2023〕7号（2023-10-25）`)
	back, err := explanation.CountBetween(day(t, "2024-02-19"), day(t, "2024-02-09"), days)
	if err != nil || back.WorkingDays != -2 { // the 18th and the 19th
		t.Fatalf("%+v, %v", back, err)
	}
	expect(t, back.Explanation(), true, `
2024-02-09 (Friday) is 2 working days before 2024-02-19 (Monday).
The first day does not count, the next one is day 1; of 10 days 2 are working days (Civil Code art. 201).
Not counted: 2024-02-10 to 2024-02-17, day off (Spring Festival)
A weekend, but counted: 2024-02-18 (Sunday), adjusted working day (Spring Festival)
By the notice on the holidays of 2024, 国办发明电〔2023〕7号 (2023-10-25)`)
	if _, err := explanation.CountBetween(day(t, "2007-12-31"), day(t, "2008-01-02"), days); len(law.Reasons(err)) != 1 {
		t.Errorf("outside the calendar: %v", err)
	}
}

// What is left out and what counts make up all days; runs do not touch if they are of one cause.
func TestCount_Whole(t *testing.T) {
	days := official(t)
	rapid.Check(t, func(t *rapid.T) {
		from := workday.Date{Year: 2008, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 7300).Draw(t, "from"))
		c, err := explanation.CountAfter(from, workday.WorkingDays(rapid.IntRange(0, 60).Draw(t, "days")), days)
		if err != nil {
			t.Fatal(err)
		}
		left := 0
		for i, g := range c.LeftOut {
			left += int(g.To.DaysSince(g.From)) + 1
			if before := i - 1; before >= 0 && !c.LeftOut[before].To.Before(g.From) {
				t.Fatalf("%+v overlap", c.LeftOut)
			}
		}
		if int(c.CalendarDays) != left+int(c.WorkingDays) {
			t.Fatalf("%+v: %d days of rest", c, left)
		}
	})
}

func TestDay(t *testing.T) {
	days := official(t)
	for on, want := range map[string]string{
		"2024-02-18": "2024-02-18（星期日）是工作日：调休上班（春节）。\n依据：2024年节假日安排，国办发明电〔2023〕7号（2023-10-25）",
		"2020-02-01": "2020-02-01（星期六）是休息日：放假（春节）。\n依据：2020年节假日安排，国办发明电〔2020〕1号（2020-01-26），调整国办发明电〔2019〕16号",
		"2024-02-24": "2024-02-24（星期六）是休息日：周末。\n依据：2024年节假日安排，国办发明电〔2023〕7号（2023-10-25）",
		"2030-02-04": "2030-02-04（星期一）是休息日：法定节假日（春节）。\n依据：《全国年节及纪念日放假办法》(2024)第二条。\n" + workday.Caveat().Zh,
	} {
		d, err := explanation.DayOn(day(t, on), days)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, d.Explanation(), false, want)
	}
}

func TestFee(t *testing.T) {
	on := day(t, "2024-02-05")
	f, err := fee.ByItem(on, 10, 21)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, explanation.Fee(f), false, `
应收金额：2200.00 元。
收到申请之日：2024-02-05；信息处理费（《政府信息公开信息处理费管理办法》(2020)第四条）。
按件计收：同一申请人本自然月内此前 10 件，本次 21 件，每档单价只适用于该档内的部分；自然月按收到申请之日确定（本系统理解）。
第 11 至 30 件：20 件 × 100 元 = 2000.00 元
第 31 件：1 件 × 200 元 = 200.00 元`)
	if f, err = fee.ByPage(on, 120); err != nil {
		t.Fatal(err)
	}
	expect(t, explanation.Fee(f), true, `
To be paid: 1100.00 yuan.
Received on 2024-02-05: information processing fee (Measures on Information Processing Fees (2020) art. 5).
By page: 120 pages of this request (A4, one side one page); each price holds for its own part; the pages of other requests are not added.
Nos. 1 to 30: 30 pages, free
Nos. 31 to 100: 70 pages × 10 yuan = 700.00 yuan
Nos. 101 to 120: 20 pages × 20 yuan = 400.00 yuan`)
	if f, err = fee.ByPage(day(t, "2019-05-14"), 120); err != nil {
		t.Fatal(err)
	}
	expect(t, explanation.Fee(f), false, `
金额按收到申请时省级公布的标准登记。
收到申请之日：2019-05-14；成本费用，按省级标准收取，只登记、不计算（《政府信息公开条例》(2007)第二十七条）。`)
}

func TestGrounds(t *testing.T) {
	for on, c := range map[string]struct {
		count       int
		first, last string
	}{
		"2019-05-14": {14, "2019-05-14 收到的申请适用《政府信息公开条例》(2007)（本系统理解：收到之日施行的条例适用于全过程）。", "告知通过其他途径办理 [other]：无专门条款"},
		"2021-01-01": {22, "2021-01-01 收到的申请适用《政府信息公开条例》(2019)（本系统理解：收到之日施行的条例适用于全过程）。", "其他处理:其他 [other]：无专门条款"},
	} {
		g, err := explanation.GroundsOn(day(t, on))
		lines := g.Explanation()
		if err != nil || len(lines) != c.count || lines[0].Zh != c.first || lines[len(lines)-1].Zh != c.last {
			t.Errorf("%s: %d lines, %v", on, len(lines), err)
		}
	}
	if _, err := explanation.GroundsOn(day(t, "2008-04-30")); len(law.Reasons(err)) != 1 {
		t.Errorf("before the Regulation: %v", err)
	}
}

func TestAppeal(t *testing.T) {
	a, err := explanation.AppealOver(appeal.Organ{Kind: appeal.Department, Level: appeal.County}, day(t, "2025-06-01"), "denied_process")
	if err != nil {
		t.Fatal(err)
	}
	expect(t, a.Explanation(), false, `
行政复议机关：本级人民政府。（《行政复议法》(2023)第二十四条第一款第一项）
不予公开:属于四类过程性信息：应当先申请行政复议，对复议决定不服的再提起行政诉讼。（《行政复议法》(2023)第二十三条第一款第四项）
适用 2025-06-01 施行的法律（本系统理解：以行政行为作出之日为准；逾期不答复的，以答复期限届满之日为准）。
也可以向上一级行政机关或者政府信息公开工作主管部门投诉、举报。（《政府信息公开条例》(2019)第五十一条）`)
	if a, err = explanation.AppealOver(appeal.Organ{Kind: appeal.Department, Level: appeal.County}, day(t, "2018-06-01"), appeal.NoAnswer); err != nil {
		t.Fatal(err)
	}
	expect(t, a.Explanation(), true, `
Reconsideration is heard by the people's government of its own level or the competent department one level up. (Administrative Reconsideration Law (2017) art. 12(1))
No answer in time: reconsideration or a suit, as the applicant chooses. (Regulation on Open Government Information (2007) art. 33(2))
By the law in force on 2018-06-01 (our reading: that of the day of the act, over no answer that of the last day of the period).`)
	_, err = explanation.AppealOver(appeal.Organ{Kind: "court"}, day(t, "2025-06-01"), "lost")
	if len(law.Reasons(err)) != 2 {
		t.Errorf("both faults: %v", err)
	}
}

func on(t *testing.T, kind deadline.EventKind, s string, change func(*deadline.Event)) deadline.Event {
	t.Helper()
	e := deadline.Event{Kind: kind, On: day(t, s)}
	if change != nil {
		change(&e)
	}
	return e
}

func named(name string) func(*deadline.Event) { return func(e *deadline.Event) { e.Party = name } }

// A third party is asked, the answer is late: each stretch, the dates, the mark, the readings once.
func TestTimeline(t *testing.T) {
	c := deadline.Case{ReceivedOn: day(t, "2024-02-05"), Events: []deadline.Event{
		on(t, deadline.ThirdPartyAsked, "2024-02-19", named("甲公司")), on(t, deadline.ThirdPartyReceived, "2024-02-21", named("甲公司")),
		on(t, deadline.ThirdPartyAnswered, "2024-03-04", named("甲公司")),
		on(t, deadline.Answered, "2024-03-25", func(e *deadline.Event) {
			e.Delivery = deadline.Delivery{Channel: deadline.HandedOver, SignedOn: day(t, "2024-03-25")}
		}),
	}}
	timeline, err := deadline.Of(c, official(t))
	if err != nil {
		t.Fatal(err)
	}
	say := func(v law.Violation) law.Label { return law.Label{Zh: string(v.Reason), En: string(v.Reason)} }
	expect(t, explanation.Timeline(timeline, say), false, `
最迟答复日：2024-03-22（星期五）（已答复）。
收到申请之日：2024-02-05（星期一），适用《政府信息公开条例》(2019)。
（1）2024-02-06 至 2024-02-19：答复期限，计 6 日，累计 6/20；止于：征求第三方意见。（《政府信息公开条例》(2019)第三十三条第二款）
    不计入：2024-02-10 至 2024-02-17，放假（春节）
    周末计入：2024-02-18（星期日），调休上班（春节）
（2）2024-02-20 至 2024-02-21：征求意见书送达途中（不计入）（甲公司）；起于：征求第三方意见；止于：第三方收到征求意见书。（《政府信息公开条例》(2019)第三十三条第三款）
    本系统理解：征求意见所需时间，自发出征求意见书次日起，至收到意见之日或者提出意见的期限届满之日止。
（3）2024-02-22 至 2024-03-04：征求意见（不计入）（甲公司）；起于：第三方收到征求意见书；止于：第三方提出意见。（《政府信息公开条例》(2019)第三十三条第三款）
（4）2024-03-05 至 2024-03-22：答复期限，计 14 日，累计 20/20；起于：第三方提出意见。（《政府信息公开条例》(2019)第三十三条第二款）
    不计入：2024-03-09 至 2024-03-10，周末
    不计入：2024-03-16 至 2024-03-17，周末
（5）2024-03-23 至 2024-03-25：逾期。（《政府信息公开条例》(2019)第三十三条第二款）
答复之日：2024-03-25（星期一），逾期 1 个工作日（3 日）；申请人知道之日：2024-03-25（星期一）。（《关于政府信息公开处理决定送达问题的解释》(2016)）
注意（第 4 个事件）：ANSWERED_LATE——效力不变，记录在案
依据：2024年节假日安排，国办发明电〔2023〕7号（2023-10-25）`)
}

// What is not known yet is said so.
func TestTimeline_Open(t *testing.T) {
	say := func(v law.Violation) law.Label { return law.Label{Zh: string(v.Reason), En: string(v.Reason)} }
	for want, events := range map[string][]deadline.Event{
		"The day by which to answer cannot be known yet (correction awaited); the period then starts anew.": {
			on(t, deadline.CorrectionAsked, "2024-02-07", func(e *deadline.Event) { e.Until = day(t, "2024-02-23") }),
		},
		"The day by which to answer cannot be known yet (others are asked); 14 working days will be left.": {on(t, deadline.OtherOrganAsked, "2024-02-19", nil)},
		"To be answered by 2024-04-02 (Tuesday) (others are asked; if who is asked takes all the time allowed).": {
			on(t, deadline.ThirdPartyAsked, "2024-02-19", nil), on(t, deadline.ThirdPartyReceived, "2024-02-21", nil),
		},
		"To be answered by 2024-03-08 (Friday) (running).": nil,
	} {
		timeline, err := deadline.Of(deadline.Case{ReceivedOn: day(t, "2024-02-05"), Events: events}, official(t))
		if err != nil {
			t.Fatal(err)
		}
		if got := explanation.Timeline(timeline, say)[0].En; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

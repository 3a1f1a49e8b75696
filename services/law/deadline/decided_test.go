package deadline_test

import (
	"testing"

	"gongkai/services/law/deadline"
)

// Cases that were decided, by their published facts: the day of receipt, what followed, and the day that the decision or
// its report names. Where it names none, the day was counted by hand from the holiday notice, and the decision agrees
// with what follows from it: late, in time, or no answer yet when the appeal came.
func TestDecided(t *testing.T) {
	days := calendar(t)
	for _, row := range []struct{ source, received, events, due, marks string }{
		{"指导案例26号：网上提交之日为收到之日，原告主张的末日", "2011-06-01", "", "2011-06-23", ""},                                                // 6 June is Dragon Boat
		{"连云港某区住房和城乡建设局案：判决所述截止日", "2022-09-30", "as_of@2022-11-03", "2022-11-02", "NOT_ANSWERED_IN_TIME:unfinished"},      // 8 and 9 October are worked
		{"潢川县某镇案：代理人称3月19日前，即末日算到收到当日", "2025-02-20", "as_of@2025-04-27", "2025-03-20", "NOT_ANSWERED_IN_TIME:unfinished"}, // the day of receipt is not counted
		{"泸县府复决〔2022〕30号", "2022-06-06", "answered@2022-07-05", "2022-07-04", "ANSWERED_LATE:stands"},
		{"平政复决〔2022〕48号：星期六签收", "2022-05-21", "as_of@2022-08-15", "2022-06-20", "NOT_ANSWERED_IN_TIME:unfinished"},
		{"津滨政复决〔2020〕210号：国庆节最后一日签收", "2020-10-08", "as_of@2020-11-29", "2020-11-04", "NOT_ANSWERED_IN_TIME:unfinished"}, // 10 October is worked
		{"常州市新北区某镇案，2023年复议", "2023-06-01", "answered@2023-06-19", "2023-06-30", ""},                                     // 25 June is worked
		{"〔2022〕崇行复第28号：星期六签收", "2021-11-27", "as_of@2022-03-17", "2021-12-24", "NOT_ANSWERED_IN_TIME:unfinished"},
		{"〔2021〕通行复第83号", "2021-05-24", "answered,by=posted,sent=2021-06-15,signed=2021-06-16", "2021-06-22", ""}, // 14 June is Dragon Boat
		{"沅江市某局案，2022年复议", "2022-10-13", "as_of@2022-11-29", "2022-11-10", "NOT_ANSWERED_IN_TIME:unfinished"},
		{"(2017)皖0181行初28号", "2016-10-13", "answered@2016-12-09", "2016-11-03", "ANSWERED_LATE:stands"},
		{"某市规划局案，2017年：1月17日作出，1月19日交邮", "2016-12-27", "answered,by=posted,sent=2017-01-19,signed=2017-02-06", "2017-01-18", "ANSWERED_LATE:stands"},
		{"(2016)闽0304行初169号：国庆节内收到，10月24日起诉时期限未满", "2016-10-04", "as_of@2016-10-24", "2016-10-26", ""}, // 8 and 9 October are worked
		{"武汉市江岸区某街道案，2014年：元旦收到", "2014-01-01", "as_of@2014-03-25", "2014-01-22", "NOT_ANSWERED_IN_TIME:unfinished"},
		{"郑州高新区管委会案，2014年", "2014-03-21", "answered@2014-04-11", "2014-04-14", ""}, // 7 April is Qingming
		{"镇江新区管委会案，2014年", "2013-09-13", "as_of@2014-03-14", "2013-10-11", "NOT_ANSWERED_IN_TIME:unfinished"},
		{"(2013)松行初字第68号", "2013-10-16", "as_of@2013-12-31", "2013-11-06", "NOT_ANSWERED_IN_TIME:unfinished"},
		{"(2013)梁法行初字第00044号", "2013-09-26", "as_of@2013-10-30", "2013-10-22", "NOT_ANSWERED_IN_TIME:unfinished"}, // 29 September and 12 October are worked
		{"(2014)内行初字第21号：3月18日才送达", "2014-02-17", "answered,by=handed_over,signed=2014-03-18", "2014-03-10", "ANSWERED_LATE:stands"},
		{"(2014)沪二中行终字第445号：两次告知补正，5月12日补正并答复", "2014-04-21", "correction_asked@2014-04-30 correction_asked@2014-05-09 corrected@2014-05-12 answered@2014-05-12", "2014-06-03", ""},
		{"(2013)浦行初字第266号：第一次告知退回，9月29日再次告知7日内补正", "2013-08-13", "correction_asked@2013-08-16,until=2013-08-28 correction_asked@2013-09-29,until=2013-10-08 as_of@2013-10-04", "", ""},
		{"武义县国土资源局案，2014年", "2014-08-13", "answered@2014-08-20", "2014-09-03", ""},
		{"〔2013〕常天行复第6号", "2013-08-12", "as_of@2013-10-31", "2013-09-02", "NOT_ANSWERED_IN_TIME:unfinished"},
		{"(2013)沪一中行终字第128号：9月6日寄出", "2012-08-31", "answered,by=posted,sent=2012-09-06", "2012-09-21", ""},
		{"〔2024〕淮行复第80号：网上确认，第2个工作日告知补正", "2024-01-12", "correction_asked@2024-01-16,until=2024-01-25 as_of@2024-01-17", "", ""},
		{"新郑市某镇案，2022年：星期六签收", "2022-05-21", "", "2022-06-20", ""}, // 3 June is Dragon Boat
		{"内蒙古自治区国土资源厅案，2015年：星期六签收", "2015-01-24", "answered@2015-03-04", "2015-02-13", "ANSWERED_LATE:stands"},
		{"重庆市涪陵区政府案，2015年", "2015-03-25", "as_of@2015-07-30", "2015-04-16", "NOT_ANSWERED_IN_TIME:unfinished"},     // 6 April is Qingming
		{"某省政府案，2015年：挂号信妥投之日", "2014-12-15", "as_of@2015-04-09", "2015-01-06", "NOT_ANSWERED_IN_TIME:unfinished"}, // 4 January is worked
	} {
		got, err := deadline.Of(parse(t, row.received, row.events), days)
		if err != nil || got.Due.String() != row.due || marks(got) != row.marks {
			t.Errorf("%s: due %s, %s, %v; want %s, %s", row.source, got.Due, marks(got), err, row.due, row.marks)
		}
	}
}

// The limits of appeals of decided cases, and whether who appealed was late.
func TestDecided_Limits(t *testing.T) {
	days := calendar(t)
	silent := func(due string) *deadline.Act { return &deadline.Act{On: on(t, due), NoAnswer: true} }
	for _, row := range []struct {
		source string
		in     deadline.Appeal
		kind   deadline.LimitKind
		until  string
		late   bool
	}{
		{"磴口县政府案，2015年裁定：遇春节顺延至2月25日，2月26日交邮已逾期", deadline.Appeal{
			Reconsideration: &deadline.Reconsideration{AppliedOn: on(t, "2014-12-25"), DecisionKnownOn: on(t, "2015-02-06")},
			Litigation:      &deadline.Litigation{FiledOn: on(t, "2015-02-26")},
		}, deadline.SueAfterReconsidering, "2015-02-25", true},
		{"某省政府案，2015年一审：答复期满后三个月，4月9日起诉已逾期", deadline.Appeal{Act: silent("2015-01-06"), Litigation: &deadline.Litigation{FiledOn: on(t, "2015-04-09")}}, deadline.FileSuit, "2015-04-07", true},
		{"重庆市涪陵区政府案：2015年5月1日未满，适用六个月", deadline.Appeal{Act: silent("2015-04-16"), Litigation: &deadline.Litigation{FiledOn: on(t, "2015-07-30")}}, deadline.FileSuit, "2015-10-16", false},
		{"平政复决〔2022〕48号：8月15日申请，受理", deadline.Appeal{Act: silent("2022-06-20"), Reconsideration: &deadline.Reconsideration{AppliedOn: on(t, "2022-08-15")}}, deadline.ApplyReconsideration, "2022-08-19", false},
		{"津滨政复决〔2020〕210号：11月29日申请，受理", deadline.Appeal{Act: silent("2020-11-04"), Reconsideration: &deadline.Reconsideration{AppliedOn: on(t, "2020-11-29")}}, deadline.ApplyReconsideration, "2021-01-04", false}, // 3 January is a holiday
		{"沅江市某局案：11月29日受理", deadline.Appeal{Act: silent("2022-11-10"), Reconsideration: &deadline.Reconsideration{AppliedOn: on(t, "2022-11-29")}}, deadline.ApplyReconsideration, "2023-01-09", false},
		{"(2013)梁法行初字第00044号：10月30日受理", deadline.Appeal{Act: silent("2013-10-22"), Litigation: &deadline.Litigation{FiledOn: on(t, "2013-10-30")}}, deadline.FileSuit, "2014-01-22", false},
		{"崇复决字(2015)第010号：5月22日申请，受理", deadline.Appeal{Act: &deadline.Act{On: on(t, "2015-04-02"), KnownOn: on(t, "2015-04-02")}, Reconsideration: &deadline.Reconsideration{AppliedOn: on(t, "2015-05-22")}}, deadline.ApplyReconsideration, "2015-06-01", false},
		{"〔2021〕通行复第83号：6月16日签收，6月30日申请", deadline.Appeal{Act: &deadline.Act{On: on(t, "2021-06-15"), KnownOn: on(t, "2021-06-16")}, Reconsideration: &deadline.Reconsideration{AppliedOn: on(t, "2021-06-30")}}, deadline.ApplyReconsideration, "2021-08-16", false}, // 15 August is a Sunday
		{"台政复〔2022〕103号：6月14日申请", deadline.Appeal{Act: &deadline.Act{On: on(t, "2022-05-20"), KnownOn: on(t, "2022-05-20")}, Reconsideration: &deadline.Reconsideration{AppliedOn: on(t, "2022-06-14")}}, deadline.ApplyReconsideration, "2022-07-19", false},
		{"〔2024〕亭政行复(决)字第88号：7月15日申请", deadline.Appeal{Act: &deadline.Act{On: on(t, "2024-07-01"), KnownOn: on(t, "2024-07-01")}, Reconsideration: &deadline.Reconsideration{AppliedOn: on(t, "2024-07-15")}}, deadline.ApplyReconsideration, "2024-08-30", false},
		{"〔2024〕淮行复第80号：2月27日申请，2月29日受理在五个工作日内", deadline.Appeal{Reconsideration: &deadline.Reconsideration{AppliedOn: on(t, "2024-02-27"), AcceptedOn: on(t, "2024-02-29")}}, deadline.ExamineApplication, "2024-03-05", false},
		{"广朝府复决字〔2024〕4号：1月17日收到并受理", deadline.Appeal{Reconsideration: &deadline.Reconsideration{AppliedOn: on(t, "2024-01-17"), AcceptedOn: on(t, "2024-01-17")}}, deadline.ExamineApplication, "2024-01-24", false},
		{"大金管行复字〔2022〕33号：6月25日收到，7月8日申请", deadline.Appeal{Act: &deadline.Act{On: on(t, "2022-06-21"), KnownOn: on(t, "2022-06-25")}, Reconsideration: &deadline.Reconsideration{AppliedOn: on(t, "2022-07-08")}}, deadline.ApplyReconsideration, "2022-08-24", false},
	} {
		got, err := row.in.Limits(days)
		l, ok := got.Find(row.kind)
		late := len(got.Marks) > 0
		if err != nil || !ok || l.Until.String() != row.until || late != row.late {
			t.Errorf("%s: until %s, late %v, %v; want %s, %v", row.source, l.Until, late, err, row.until, row.late)
		}
	}
}

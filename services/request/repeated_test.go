package request_test

import (
	"strings"
	"testing"

	requestv1 "gongkai/proto/gongkai/request/v1"
)

// A repeated request names the answer that it repeats: the one found, or the one given. Where there is none, the timeline
// marks it, and the letter lacks its day.
func TestRepeated(t *testing.T) {
	e := newEnv(t)
	e.today("2025-12-31")
	desk, do := e.desk(town), must(t)
	refuse := func(name, earlier string) (*requestT, error) {
		return e.ConcludeInformationRequest(desk, &concludeReq{Name: name, Outcome: "not_processed_repeated", AnsweredOn: day("2025-08-12"), EarlierRequest: earlier})
	}
	marks := func(name string) (all string) {
		got, err := e.GetTimeline(desk, &requestv1.GetTimelineRequest{Name: name})
		ok(t, err)
		for _, m := range got.GetMarks() {
			all += m.GetReason() + " " + m.GetEffect()
		}
		return all
	}
	letter := func(name string) (string, error) {
		got, err := e.WriteLetter(desk, &requestv1.WriteLetterRequest{Name: name, Format: requestv1.LetterFormat_LETTER_FORMAT_TEXT, Organ: "示例镇人民政府", Bodies: []string{"示例市人民政府"}, EarlierNumber: "示例〔2025〕1号"})
		return string(got.GetContent()), err
	}
	another, spaced := someone(), someone()
	another.DocumentNumber, spaced.Description = "652701199001011000", "示例： 2018年 土地征收批文。"
	first, open := e.asked("2025-06-03", someone()).GetName(), e.asked("2025-06-03", another).GetName()
	do(e.ConcludeInformationRequest(desk, &concludeReq{Name: first, Outcome: "granted", AnsweredOn: day("2025-06-20")}))

	again := e.asked("2025-08-01", spaced).GetName()
	q, err := refuse(again, "")
	ok(t, err)
	if text, err := letter(again); err != nil || q.GetEarlierRequest() != first || marks(again) != "" || !strings.Contains(text, "于2025年6月20日作出答复") || !strings.Contains(text, "示例〔2025〕1号") {
		t.Errorf("repeated: %v, %s, %v\n%s", q, marks(again), err, text)
	}
	third := e.asked("2025-08-04", someone()).GetName()
	if q, err = refuse(third, ""); err != nil || q.GetEarlierRequest() != first { // not the second, which was no answer to what was asked
		t.Errorf("a third time: %v, %v", q, err)
	}
	lone := e.asked("2025-08-01", another).GetName() // the same is open, and answered to nobody of that number
	q, err = refuse(lone, "")
	ok(t, err)
	if got := marks(lone); q.GetEarlierRequest() != "" || got != "REPEATED_WITHOUT_EARLIER unfinished" {
		t.Errorf("nothing before it: %v, %s", q, got)
	}
	if _, err = letter(lone); !strings.HasPrefix(refusal(err), "FailedPrecondition LETTER_VALUE_MISSING") {
		t.Errorf("its letter: %v", err)
	}
	unknown := e.asked("2025-08-01", nil).GetName()
	for named, want := range map[string]string{
		open: "FailedPrecondition EARLIER_NOT_ANSWERED earlier_request=EARLIER_NOT_ANSWERED", unknown: "FailedPrecondition EARLIER_NOT_ANSWERED earlier_request=EARLIER_NOT_ANSWERED",
		lone: "FailedPrecondition EARLIER_NOT_ANSWERED earlier_request=EARLIER_NOT_ANSWERED", e.received(other, "2025-06-03").GetName(): "NotFound NOT_FOUND",
	} {
		_, err := refuse(unknown, named)
		if got := refusal(err); !strings.HasPrefix(got, want) {
			t.Errorf("named %s: %s, want %s", named, got, want)
		}
	}
	if q, err = refuse(unknown, first); err != nil || q.GetEarlierRequest() != first || marks(unknown) != "" {
		t.Errorf("named: %v, %v", q, err)
	}
}

// That nothing was found is told with the record of the search, which the letter gives; that another organ has it, without.
func TestSearchRecord(t *testing.T) {
	e := newEnv(t)
	e.today("2025-12-31")
	desk := e.desk(town)
	end := func(article, record string) (string, error) {
		name := e.asked("2025-06-03", someone()).GetName()
		_, err := e.ConcludeInformationRequest(desk, &concludeReq{Name: name, Outcome: "unable_not_held", Article: article, SearchRecord: record, AnsweredOn: day("2025-06-20")})
		return name, err
	}
	for _, article := range []string{"", "36 item 4"} {
		_, err := end(article, "")
		if got := refusal(err); got != "FailedPrecondition SEARCH_RECORD_MISSING search_record=SEARCH_RECORD_MISSING" {
			t.Errorf("%q without a record: %s", article, got)
		}
	}
	_, err := end("36 item 5", "")
	ok(t, err)
	name, err := end("36 item 4", "示例：检索了2015年至2020年的档案")
	ok(t, err)
	got, err := e.WriteLetter(desk, &requestv1.WriteLetterRequest{Name: name, Format: requestv1.LetterFormat_LETTER_FORMAT_TEXT, Organ: "示例镇人民政府", Bodies: []string{"示例市人民政府"}})
	if err != nil || !strings.Contains(string(got.GetContent()), "示例：检索了2015年至2020年的档案") || !strings.Contains(string(got.GetContent()), "第三十六条第四项") {
		t.Errorf("the letter: %v\n%s", err, got.GetContent())
	}
}

// What is public already, or can be, is told with the way of getting it; nobody else needs a letter for that.
func TestWayGiven(t *testing.T) {
	e := newEnv(t)
	e.today("2025-12-31")
	desk := e.desk(town)
	for article, want := range map[string]string{"36 item 1": "已经主动公开。根据《中华人民共和国政府信息公开条例》第三十六条第一项", "36 item 2": "可以公开。根据《中华人民共和国政府信息公开条例》第三十六条第二项"} {
		name := e.asked("2025-06-03", someone()).GetName()
		_, err := e.ConcludeInformationRequest(desk, &concludeReq{Name: name, Outcome: "granted", Article: article, Way: "示例：镇政府网站政府文件栏目", AnsweredOn: day("2025-06-20")})
		ok(t, err)
		in := &requestv1.WriteLetterRequest{Name: name, Format: requestv1.LetterFormat_LETTER_FORMAT_TEXT, Organ: "示例镇人民政府", Bodies: []string{"示例市人民政府"}}
		got, err := e.WriteLetter(desk, in)
		if text := string(got.GetContent()); err != nil || !strings.Contains(text, want) || !strings.Contains(text, "示例：镇政府网站政府文件栏目") {
			t.Errorf("%s: %v\n%s", article, err, text)
		}
		in.Way = "示例：当面领取"
		if got, err = e.WriteLetter(desk, in); err != nil || !strings.Contains(string(got.GetContent()), in.Way) {
			t.Errorf("another way: %v", err)
		}
	}
}

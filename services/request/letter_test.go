package request_test

import (
	"strings"
	"testing"

	requestv1 "gongkai/proto/gongkai/request/v1"
)

// A letter says what the request's own data say, and stands in the log as a read of them.
func TestWriteLetter(t *testing.T) {
	e := newEnv(t)
	e.today("2025-12-31")
	desk, do := e.desk(town), must(t)
	name := e.asked("2025-06-03", someone()).GetName()
	write := func(letter string, format requestv1.LetterFormat, bodies ...string) (*requestv1.Letter, error) {
		return e.WriteLetter(desk, &requestv1.WriteLetterRequest{Name: name, Letter: letter, Format: format, Organ: "示例镇人民政府", Bodies: bodies, Date: day("2025-07-01")})
	}
	says := func(letter string, want ...string) {
		t.Helper()
		got, err := write(letter, requestv1.LetterFormat_LETTER_FORMAT_TEXT, "示例市人民政府")
		ok(t, err)
		for _, w := range want {
			if !strings.Contains(string(got.GetContent()), w) {
				t.Errorf("%s lacks %q:\n%s", letter, w, got.GetContent())
			}
		}
	}
	_, err := write("", requestv1.LetterFormat_LETTER_FORMAT_TEXT)
	if got := refusal(err); got != "FailedPrecondition REQUEST_NOT_CONCLUDED" {
		t.Errorf("an answer before there is one: %s", got)
	}
	says("receipt", "示例甲乙", "652701201/2025-00001")
	do(e.ExtendReplyPeriod(e.head(), &requestv1.ExtendReplyPeriodRequest{Name: name, Days: 20, ToldOn: day("2025-06-20"), Reason: "示例：须征求意见"}))
	says("extension", "示例：须征求意见", "延长20个工作日", "2025年7月29日") // 3 June + 20 + 20 working days, by the notice of 2025
	do(e.ConcludeInformationRequest(desk, &concludeReq{Name: name, Outcome: "denied_process", Reasons: "示例：属于讨论记录", AnsweredOn: day("2025-07-01")}))
	says("", "示例：属于讨论记录", "第十六条第二款", "应当先申请行政复议", "示例市人民政府")
	for _, format := range []requestv1.LetterFormat{requestv1.LetterFormat_LETTER_FORMAT_HTML, requestv1.LetterFormat_LETTER_FORMAT_DOCX} {
		got, err := write("", format, "示例市人民政府")
		ok(t, err)
		if len(got.GetContent()) < 1000 || !strings.HasPrefix(got.GetFileName(), "denied_process.") {
			t.Errorf("%v: %s, %d bytes", format, got.GetFileName(), len(got.GetContent()))
		}
	}
	_, err = write("", requestv1.LetterFormat_LETTER_FORMAT_TEXT) // nobody named who hears an appeal
	if got := refusal(err); !strings.HasPrefix(got, "FailedPrecondition LETTER_VALUE_MISSING") {
		t.Errorf("without a body: %s", got)
	}
	reads, err := e.ListPersonalDataReads(desk, &readsReq{Parent: name})
	ok(t, err)
	if n := len(reads.GetPersonalDataReads()); n != 5 || reads.GetPersonalDataReads()[0].GetPurpose() != requestv1.ReadPurpose_READ_PURPOSE_DELIVERY {
		t.Errorf("%d reads: %v", n, reads)
	}
}

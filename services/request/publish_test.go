package request_test

import (
	"testing"

	requestv1 "gongkai/proto/gongkai/request/v1"
)

// What is published to all was released, and tells nothing of the applicant, however it is written.
func TestPublishAnswer_Refused(t *testing.T) {
	e := newEnv(t)
	e.today("2021-06-28")
	desk := e.desk(town)
	answered := func(kind requestv1.ApplicantKind, outcome string) string {
		in := given("2021-06-01")
		in.ApplicantKind, in.PersonalData = kind, someone()
		q, err := e.CreateInformationRequest(desk, &createReq{Parent: town, InformationRequest: in})
		ok(t, err)
		if outcome != "" {
			_, err = e.ConcludeInformationRequest(desk, &concludeReq{Name: q.GetName(), Outcome: outcome, AnsweredOn: day("2021-06-10")})
			ok(t, err)
		}
		return q.GetName()
	}
	const person, business = requestv1.ApplicantKind_APPLICANT_KIND_NATURAL_PERSON, requestv1.ApplicantKind_APPLICANT_KIND_BUSINESS
	released, organ, denied, open := answered(person, "granted"), answered(business, "partial"), answered(person, "denied_process"), answered(person, "")
	publish := func(name, title, content string) error {
		_, err := e.PublishAnswer(desk, &requestv1.PublishAnswerRequest{Name: name, Title: title, Content: content, Category: "other"})
		return err
	}
	size := e.size()
	for what, c := range map[string]struct {
		err  error
		want string
	}{
		"denied":                 {publish(denied, "示例", ""), "FailedPrecondition ANSWER_NOT_RELEASED"},
		"open":                   {publish(open, "示例", ""), "FailedPrecondition ANSWER_NOT_RELEASED"},
		"names the applicant":    {publish(released, "答复示例甲乙的申请", ""), "FailedPrecondition PERSONAL_DATA_IN_DRAFT title=PERSONAL_DATA_IN_DRAFT"},
		"number in full width":   {publish(released, "示例", "证件６５２７０１１９９００１０１１２３ｘ"), "FailedPrecondition PERSONAL_DATA_IN_DRAFT content=PERSONAL_DATA_IN_DRAFT"},
		"telephone with dashes":  {publish(released, "示例", "电话 139-0000-1234"), "FailedPrecondition PERSONAL_DATA_IN_DRAFT content=PERSONAL_DATA_IN_DRAFT"},
		"an organisation's name": {publish(organ, "示例甲乙有限公司", ""), "FailedPrecondition DISCLOSURE_NOT_CONNECTED"},
		"nowhere to write it":    {publish(released, "示例", ""), "FailedPrecondition DISCLOSURE_NOT_CONNECTED"},
	} {
		if got := refusal(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
	if e.size() != size {
		t.Errorf("the log grew from %d to %d", size, e.size())
	}
}

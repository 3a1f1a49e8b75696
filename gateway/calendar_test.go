package gateway

import (
	"strings"
	"testing"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/fault"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// A calendar has an event a duty with a date, in lines of at most 75 octets that join to what was meant.
func TestCalendar(t *testing.T) {
	duty := func(id, state string, on *date.Date) *requestv1.Duty {
		return &requestv1.Duty{
			InformationRequest: &requestv1.InformationRequest{Name: "organizations/652701201/informationRequests/" + id, ReceiptNumber: "652701201/2021-00001", UpdateTime: &timestamppb.Timestamp{Seconds: 1_600_000_000}},
			On:                 on, StateLabel: &requestv1.Label{Zh: state, En: "running, so far; a\\b"},
		}
	}
	long := strings.Repeat("答复期限", 20)
	zh := string(calendar([]*requestv1.Duty{duty("A", long, &date.Date{Year: 2021, Month: 12, Day: 31}), duty("B", "", nil)}, fault.Chinese))
	for _, l := range strings.Split(strings.TrimSuffix(zh, "\r\n"), "\r\n") {
		if len(l) > 75 || strings.ContainsAny(l, "\r\n") || strings.ToValidUTF8(l, "?") != l {
			t.Errorf("line %q", l)
		}
	}
	unfolded := strings.ReplaceAll(zh, "\r\n ", "")
	for _, want := range []string{
		"BEGIN:VCALENDAR\r\n", "UID:A@gongkai\r\n", "DTSTAMP:20200913T122640Z\r\n", "DTSTART;VALUE=DATE:20211231\r\n", "DTEND;VALUE=DATE:20220101\r\n",
		"SUMMARY:652701201/2021-00001 " + long + "\r\n", "END:VCALENDAR\r\n",
	} {
		if !strings.Contains(unfolded, want) {
			t.Errorf("it lacks %q:\n%s", want, unfolded)
		}
	}
	if strings.Count(zh, "BEGIN:VEVENT") != 1 {
		t.Errorf("events of no date:\n%s", zh)
	}
	asked := duty("A", "", &date.Date{Year: 2021, Month: 7, Day: 23})
	asked.Limits = []*requestv1.StepLimit{
		{Step: &requestv1.Label{Zh: "第三方提出意见"}, On: &date.Date{Year: 2021, Month: 7, Day: 1}}, {Step: &requestv1.Label{Zh: "缴费"}, On: &date.Date{Year: 2021, Month: 7, Day: 23}},
	}
	opinion := string(calendar([]*requestv1.Duty{asked}, fault.Chinese))
	if strings.Count(opinion, "BEGIN:VEVENT") != 2 || !strings.Contains(opinion, "UID:A-1@gongkai") || !strings.Contains(opinion, "DTSTART;VALUE=DATE:20210701") || !strings.Contains(opinion, "第三方提出意见") {
		t.Errorf("an opinion that is waited for:\n%s", opinion)
	}
	if en := string(calendar([]*requestv1.Duty{duty("A", "", &date.Date{Year: 2021, Month: 1, Day: 2})}, fault.English)); !strings.Contains(en, `running\, so far\; a\\b`) {
		t.Errorf("English: %s", en)
	}
}

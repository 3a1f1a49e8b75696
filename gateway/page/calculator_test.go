package page_test

import (
	"net/http"
	"strings"
	"testing"
)

// The first page leads to the calculator; each form keeps what was filled in and has its answer below it.
func TestCalculator(t *testing.T) {
	_, v := newVisitor(t)
	if home := v.get("/", http.StatusOK); !strings.Contains(home, `<a href="/calculator">期限和收费计算</a>`) {
		t.Error("the first page does not lead to the calculator")
	}
	empty := v.get("/calculator", http.StatusOK)
	if n := strings.Count(empty, "<form method=\"get\""); n < 8 || strings.Contains(empty, `class="answer"`) || strings.Contains(empty, "ask_") || strings.Contains(empty, "field_") || strings.Contains(empty, ">option_") {
		t.Errorf("%d forms: %s", n, empty)
	}
	for _, c := range []struct {
		query, language string
		code            int
		want            []string
	}{
		{"ask=add&from=2024-02-05&days=20", "", http.StatusOK, []string{"<strong>示例：说明</strong>", `name="from" value="2024-02-05"`, `name="days" value="20"`}},
		{"ask=add&from=2024-02-05&days=20", "en", http.StatusOK, []string{"<strong>Example: explanation</strong>"}},
		{"ask=deadline&received_on=2024-02-05&step=extended&step_on=2024-03-06&step=corrected_good_reason&step_on=2024-03-01&step=&step_on=2024-01-01&step=new_answer_ordered_by_court&step_on=2024-05-06&step_days=&step_days=&step_days=&step_days=15", "", http.StatusOK, []string{
			"<strong>示例：期限</strong>", "<p>extended 2024-03-06 until  days 20 party  sent  signed  reason false court false</p>",
			"<p>corrected 2024-03-01 until  days 0 party  sent  signed  reason true court false</p>",
			"<p>new_answer_ordered 2024-05-06 until  days 15 party  sent  signed  reason false court true</p>", `<option value="extended" selected>`,
		}},
		{"ask=deadline&received_on=2018-02-05&step=extended&step_on=2018-02-06&step=answered&step_on=2018-02-08&step_until=&step_until=2018-02-09&step_by=&step_by=posted", "", http.StatusOK, []string{
			"<p>extended 2018-02-06 until  days 15 party", "<p>answered  until  days 0 party  sent 2018-02-08 signed 2018-02-09 reason", `value="2018-02-09"`,
		}},
		{"ask=deadline&received_on=2024-02-05&step=extended&step_on=2024-03-06&step_days=many", "en", http.StatusBadRequest, []string{`role="alert">step_days[0]: `, `value="many"`}},
		{"ask=limits&about=no_answer&act_on=2024-03-08&applied_on=2024-04-01&filed_on=2024-05-06", "", http.StatusOK, []string{"<strong>act 2024-03-08 applied 2024-04-01 filed 2024-05-06</strong>"}},
		{"ask=appeal&kind=justice&level=county&outcome=denied_process", "en", http.StatusOK, []string{
			"<strong>justice county denied_process</strong>", `<option value="justice" selected>justice department</option>`,
			`<option value="denied_process" selected>Denied: process information`, `<option value="no_answer">No answer in time</option>`,
		}},
		{"ask=day&date=2024-02-18", "", http.StatusOK, []string{"<strong>示例：工作日</strong>"}},
		{"ask=fee&schedule=items&items=35", "", http.StatusOK, []string{"<strong>示例：收费</strong>", `name="items" value="35"`}},
		{"ask=fee&schedule=items&items=-1", "", http.StatusBadRequest, []string{`role="alert">数量-1不在0至100000之间`}},
		{"ask=fee&schedule=items&items=%3Cb%3E", "", http.StatusBadRequest, []string{`role="alert">件数：`, `value="&lt;b&gt;"`}},
		{"ask=add&days=many", "en", http.StatusBadRequest, []string{`role="alert">days: `}},
		{"ask=nothing", "", http.StatusOK, nil},
	} {
		v.language = c.language
		body := v.get("/calculator?"+c.query, c.code)
		for _, want := range c.want {
			if !strings.Contains(body, want) {
				t.Errorf("%s does not show %s: %s", c.query, want, body)
			}
		}
		if c.want == nil && (strings.Contains(body, `class="answer"`) || strings.Contains(body, `role="alert"`)) {
			t.Errorf("%s is answered", c.query)
		}
	}
	// More steps are rows to fill in, beside those that are; nothing is computed.
	more := v.get("/calculator?ask=deadline&received_on=2024-02-05&step=extended&step_on=2024-03-06&step=&step=&more=1", http.StatusOK)
	if n := strings.Count(more, `class="step"`); n != 6 || strings.Contains(more, `class="answer"`) || !strings.Contains(more, `value="2024-03-06"`) {
		t.Errorf("%d rows: %s", n, more)
	}
	// What the page itself cannot do anything about is a page of its own.
	v.get("/calculator?ask=grounds", http.StatusNotImplemented)
}

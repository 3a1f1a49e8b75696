package form_test

import (
	"fmt"
	"testing"

	"gongkai/services/law/form"
)

// The figures of a report stand in its text where this names their cells; what is not known stays named.
func TestFill(t *testing.T) {
	forms, err := form.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	f, _ := forms.Get("2007")
	figures := f.DeriveAnnex(2018, map[string]int64{
		"requests.channel.online": 3, "requests.channel.email": 1, "requests.channel.in_person": 2, "disclosures.published.other": 30,
		"requests.closed.in_time": 5, "requests.concluded.granted.business": 4, "appeals.litigation_direct.upheld": 1, "fees.charged": 120_050,
	})
	figures["disclosed.total"] = form.Figure{Value: 550, State: form.Derived}
	figures["fees.charged"] = form.Figure{Value: 120_050, State: form.Typed}
	figures["fees.waived"] = form.Figure{State: form.Unfilled}
	figures["appeals.litigation"] = form.Figure{State: form.StatedNone}
	for text, want := range map[string]string{
		"公开{{disclosed.total}}条。":                 "公开550条。",
		"收费{{fees.charged}}元，减免{{fees.waived}}元。": "收费1200.5元，减免{{fees.waived}}元。",
		"诉讼{{appeals.litigation}}件。":              "诉讼0件。",
		"{{annex.requests.received}}：{{annex.requests.network}}、{{annex.requests.in_person}}、{{annex.requests.fax}}": "6：4、2、0",
		"{{annex.requests.closed}} {{annex.requests.closed.extended}} {{annex.litigations}} {{annex.fees}}":          "5 0 1 0.12005",
		"{{annex.staff}} {{weather}} {disclosed.total}":                                                              "{{annex.staff}} {{weather}} {disclosed.total}",
	} {
		if got := f.Fill(text, figures); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if got := fmt.Sprint(form.CellsIn("{{a.b}} {{A}} {{ a }} {c} {{d_1}}")); got != "[a.b d_1]" {
		t.Errorf("the text names %s", got)
	}
	if n := len(f.DeriveAnnex(2019, nil)); n != 0 {
		t.Errorf("there is an annex of 2019 with %d figures", n)
	}
	err = f.Check(map[string]form.Figure{}, map[string]string{"overview": "公开{{disclosed.total}}条。"})
	if err == nil {
		t.Error("a text that names a cell can be submitted")
	}
}

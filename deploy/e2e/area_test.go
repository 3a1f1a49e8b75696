package e2e_test

import (
	"fmt"
	"testing"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"
)

// TestAreaReport compiles a city's report on its whole area over REST, with a township's and without another's. Who
// misses theirs is the office's to know, not the public's; the roll-up above counts the township once.
func TestAreaReport(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.enter()
	e.publish(townA, "other", day(2018, 5, 4))
	e.publish(townA, "work_update", day(2018, 6, 4))
	e.publish(cityA, "other", day(2018, 7, 4))
	e.submitted(townA)
	e.accept(townA)
	clerk := e.token(access.Clerk, cityA)
	compiled, _, err := e.rest(clerk, "", &reportv1.CompileReportRequest{
		Parent: nameOf(cityA), Period: "2018", Scope: reportv1.RollupScope_ROLLUP_SCOPE_AREA, StatedNone: []string{"requests", "fees", "appeals"},
		Narratives: []*reportv1.Narrative{{Part: "overview", Markdown: "示例。"}, {Part: "problems", Markdown: "示例。"}},
	})
	e.check(err)
	r, _ := compiled.(*reportv1.Report)
	figures := func(r *reportv1.Report) string {
		all, state := figure(r, total)
		own, _ := figure(&reportv1.Report{Figures: r.GetOwnFigures()}, total)
		return fmt.Sprint(all, state, own, r.GetBelow().GetAccepted(), r.GetBelow().GetMissing(), r.GetBelow().GetMissingOrganizations())
	}
	if got, want := figures(r), "3 FIGURE_STATE_SUMMED 1 1 1 [organizations/"+townC+"]"; got != want {
		t.Errorf("compiled are %s, want %s", got, want)
	}
	do[*reportv1.Report](e, clerk, &reportv1.SubmitReportRequest{Name: r.GetName()})
	e.accept(cityA)
	shown, _, err := e.rest("", "", &reportv1.GetReportRequest{Name: r.GetName()})
	e.check(err)
	r, _ = shown.(*reportv1.Report)
	if got, want := figures(r), "3 FIGURE_STATE_SUMMED 1 1 0 []"; got != want {
		t.Errorf("everyone sees %s, want %s", got, want)
	}
	above := e.rollup(e.token(access.Supervisor, "6527"), "6527", "2018")
	if got, want := cellOf(above.GetTotals()[total]), (cell{3, 3, 0}); got != want {
		t.Errorf("the prefecture's roll-up has %v, want %v", got, want)
	}
}

package report

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/law"
	"gongkai/services/law/form"
	"gongkai/services/law/form/check"
	"gongkai/services/law/workday"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
)

func form2007(t *testing.T) *form.Form {
	forms, err := form.Embedded()
	must(t, err)
	f, err := forms.For(period(t, "2018"))
	must(t, err)
	return f
}

// What may be done with a report, by its state.
func TestStates(t *testing.T) {
	p := period(t, "2018")
	const (
		none      = reportv1.ReportState_REPORT_STATE_UNSPECIFIED
		draft     = reportv1.ReportState_REPORT_STATE_DRAFT
		submitted = reportv1.ReportState_REPORT_STATE_SUBMITTED
		returned  = reportv1.ReportState_REPORT_STATE_RETURNED
		accepted  = reportv1.ReportState_REPORT_STATE_ACCEPTED
	)
	late, early := civil("2019-01-01"), civil("2018-12-31")
	submit := func(on workday.Date) func(reportv1.ReportState) error {
		return func(s reportv1.ReportState) error { return maySubmit(s, p, on) }
	}
	for name, c := range map[string]struct {
		rule func(reportv1.ReportState) error
		want map[reportv1.ReportState]string
	}{
		"compile": {mayCompile, map[reportv1.ReportState]string{none: "", draft: "", returned: "", submitted: "REPORT_ALREADY_SUBMITTED", accepted: "REPORT_ALREADY_ACCEPTED"}},
		"submit":  {submit(late), map[reportv1.ReportState]string{draft: "", returned: "REPORT_NOT_A_DRAFT", submitted: "REPORT_NOT_A_DRAFT", accepted: "REPORT_NOT_A_DRAFT"}},
		"submit too early": {submit(early), map[reportv1.ReportState]string{
			draft: "PERIOD_NOT_ENDED", returned: "REPORT_NOT_A_DRAFT PERIOD_NOT_ENDED", accepted: "REPORT_NOT_A_DRAFT PERIOD_NOT_ENDED",
		}},
		"judge": {mayJudge, map[reportv1.ReportState]string{submitted: "", draft: "REPORT_NOT_SUBMITTED", returned: "REPORT_NOT_SUBMITTED", accepted: "REPORT_NOT_SUBMITTED"}},
	} {
		for state, want := range c.want {
			if got := reasons(c.rule(state)); got != want {
				t.Errorf("%s, %s: %q, want %q", name, state, got, want)
			}
		}
	}
	// The Regulation of 2007 governs what is reported before it ends, on 14 May 2019.
	for text, want := range map[string]law.Citation{"2018": annual2007, "2019-q1": annual2007, "2019-04": annual2007, "2019-05": annual, "2019": annual} {
		if got := source(period(t, text)); got != want {
			t.Errorf("%s rests on %s, want %s", text, got, want)
		}
	}
}

func reasons(err error) string {
	var all []string
	for _, r := range law.Reasons(err) {
		all = append(all, string(r))
	}
	return strings.Join(all, " ")
}

// violations are the fields of an error, as path=REASON.
func violations(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var ours *fault.Error
	if !errors.As(err, &ours) {
		return reasons(err)
	}
	s, _ := fault.Status(err, fault.English, "")
	var all []string
	for _, d := range s.Details() {
		if m, ok := d.(interface {
			GetFieldViolations() []*errdetails.BadRequest_FieldViolation
		}); ok {
			for _, v := range m.GetFieldViolations() {
				all = append(all, v.GetField()+"="+v.GetReason())
			}
		}
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// Figures are derived, typed in or stated as none; sums follow what they are the sums of.
func TestFiguresOf(t *testing.T) {
	f := form2007(t)
	measures := map[string]int64{
		"disclosures.published.other": 30, "disclosures.published.work_report": 1, "disclosures.published.unknown": 9,
		"requests.received.natural_person": 2, "requests.received.business": 3, "requests.concluded.denied_privacy.natural_person": 1,
	}
	typed := func(kv ...any) []*reportv1.Figure {
		var all []*reportv1.Figure
		for i := 0; i < len(kv); i += 2 {
			all = append(all, &reportv1.Figure{Cell: kv[i].(string), Value: int32(kv[i+1].(int))})
		}
		return all
	}
	for _, c := range []struct {
		name  string
		typed []*reportv1.Figure
		none  []string
		want  map[string]form.Figure
		wrong string
	}{
		{"derived", nil, nil, map[string]form.Figure{
			"disclosed.total": {Value: 31, State: form.Derived}, "disclosed.other": {Value: 30, State: form.Derived},
			"requests.received": {Value: 5, State: form.Derived}, "requests.denied": {Value: 1, State: form.Derived},
			"requests.concluded": {Value: 1, State: form.Derived}, "fees.charged": {State: form.Derived},
		}, ""},
		{"typed", typed("disclosed.other", 40, "requests.denied.security", 2), nil, map[string]form.Figure{
			"disclosed.other": {Value: 40, State: form.Typed}, "disclosed.total": {Value: 41, State: form.Derived},
			"requests.denied": {Value: 3, State: form.Derived}, "requests.concluded": {Value: 3, State: form.Derived},
		}, ""},
		{"typed to the end of its range", typed("disclosed.other", math.MaxInt32, "disclosed.work_report", math.MaxInt32), nil, map[string]form.Figure{
			"disclosed.total": {Value: 2 * math.MaxInt32, State: form.Derived},
		}, ""},
		{"none", nil, []string{"fees", "appeals"}, map[string]form.Figure{
			"fees.charged": {State: form.StatedNone}, "appeals.litigation": {State: form.StatedNone}, "disclosed.total": {Value: 31, State: form.Derived},
		}, ""},
		{"none and typed as zero", typed("fees.charged", 0), []string{"fees"}, map[string]form.Figure{"fees.charged": {State: form.StatedNone}}, ""},
		{"none with records", nil, []string{"requests"}, nil, "STATED_NONE_NOT_ZERO STATED_NONE_NOT_ZERO STATED_NONE_NOT_ZERO STATED_NONE_NOT_ZERO"},
		{"none and typed", typed("fees.charged", 1), []string{"fees"}, nil, "STATED_NONE_NOT_ZERO"},
		{
			"all that is wrong with figures", typed("disclosed.total", 1, "nothing", 1, "fees.charged", -1, "fees.waived", 1, "fees.waived", 2), nil, nil,
			"typed_figures[0].cell=CELL_IS_SUM typed_figures[1].cell=UNKNOWN_CELL typed_figures[2].value=NEGATIVE_FIGURE typed_figures[4].cell=NOT_UNIQUE",
		},
		{"all that is wrong with parts", nil, []string{"disclosure", "nothing", "fees"}, nil, "stated_none[0]=PART_CANNOT_BE_NONE stated_none[1]=UNKNOWN_PART"},
	} {
		got, err := figuresOf(f, measures, nil, c.typed, c.none, check.Organ{})
		if wrong := violations(t, err); wrong != c.wrong {
			t.Errorf("%s: %q, want %q", c.name, wrong, c.wrong)
		}
		for cell, want := range c.want {
			if got[cell] != want {
				t.Errorf("%s: %s is %+v, want %+v", c.name, cell, got[cell], want)
			}
		}
		if err == nil && len(got) != len(f.Cells()) {
			t.Errorf("%s: %d figures for %d cells", c.name, len(got), len(f.Cells()))
		}
	}
}

func TestMergeNarratives(t *testing.T) {
	f := form2007(t)
	text := func(kv ...string) []*reportv1.Narrative {
		var all []*reportv1.Narrative
		for i := 0; i < len(kv); i += 2 {
			all = append(all, &reportv1.Narrative{Part: kv[i], Markdown: kv[i+1]})
		}
		return all
	}
	got, err := mergeNarratives(f, text("overview", "old", "problems", "old"), text("problems", "new", "requests", "new", "overview", ""))
	must(t, err)
	var parts []string
	for _, n := range got {
		parts = append(parts, n.GetPart()+"="+n.GetMarkdown())
	}
	equal(t, "merged", strings.Join(parts, " "), "requests=new problems=new")
	_, err = mergeNarratives(f, nil, text("overview", "a", "nothing", "b"))
	equal(t, "an unknown part", violations(t, err), "narratives[1].part=UNKNOWN_PART")
}

// Each part of a difference has its cause, and they add up.
func TestDifferences(t *testing.T) {
	f := form2007(t)
	const cell = "disclosed.other"
	of := func(records, late, submitted int64) bases {
		return bases{records: map[string]int64{cell: records}, late: map[string]int64{cell: late}, submitted: map[string]int64{cell: submitted}}
	}
	for _, c := range []struct {
		name        string
		self, whole bases
		status      reportv1.RollupStatus
		want        string
	}{
		{"equal", of(5, 0, 5), of(5, 0, 5), reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED, ""},
		{"late", of(7, 2, 5), of(7, 2, 5), reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED, "LATE 2"},
		{"withdrawn late", of(4, -1, 5), of(4, -1, 5), reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED, "LATE -1"},
		{"typed in", of(5, 0, 8), of(5, 0, 8), reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED, "REPORTED -3"},
		{"late and typed in, which cancel out", of(7, 2, 7), of(7, 2, 7), reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED, "LATE 2, REPORTED -2"},
		{"missing", of(5, 0, 0), of(5, 0, 0), reportv1.RollupStatus_ROLLUP_STATUS_MISSING, "MISSING 5"},
		{"submitted", of(5, 0, 0), of(5, 0, 0), reportv1.RollupStatus_ROLLUP_STATUS_SUBMITTED, "SUBMITTED 5"},
		{"returned", of(5, 0, 0), of(5, 0, 0), reportv1.RollupStatus_ROLLUP_STATUS_RETURNED, "RETURNED 5"},
		{"not owed", of(5, 0, 0), of(5, 0, 0), reportv1.RollupStatus_ROLLUP_STATUS_NOT_OWED, "NOT_OWED 5"},
		{"below", of(5, 0, 5), of(9, 0, 6), reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED, "BELOW 3"},
		{"missing, and below", of(5, 0, 0), of(9, 1, 2), reportv1.RollupStatus_ROLLUP_STATUS_MISSING, "MISSING 5, BELOW 2"},
		{"missing, and less below", of(5, 0, 0), of(5, 0, 4), reportv1.RollupStatus_ROLLUP_STATUS_MISSING, "MISSING 5, BELOW -4"},
	} {
		var got []string
		var sum int64
		for _, d := range (line{organization: "652701", self: c.self, whole: c.whole}).differences(f, c.status) {
			cause := strings.TrimPrefix(d.GetCause().String(), "DIFFERENCE_CAUSE_")
			got = append(got, cause+" "+fmt.Sprint(d.GetDifference()))
			sum += int64(d.GetDifference())
			if d.GetCell() != cell || d.GetOrganization() != "organizations/652701" {
				t.Errorf("%s: %v", c.name, d)
			}
		}
		equal(t, c.name, strings.Join(got, ", "), c.want)
		equal(t, c.name+", the sum", sum, c.whole.records[cell]-c.whole.submitted[cell])
	}
}

// Sums beyond the range of a figure stop at its ends, and do not wrap.
func TestCount(t *testing.T) {
	for v, want := range map[int64]int32{0: 0, 5: 5, -5: -5, math.MaxInt32: math.MaxInt32, math.MaxInt32 + 1: math.MaxInt32, math.MinInt64: -math.MaxInt32} {
		equal(t, "count", count(v), want)
	}
	equal(t, "plus", plus(math.MaxInt32, 1), math.MaxInt32)
	equal(t, "difference", figure(-math.MaxInt32, math.MaxInt32, 0).GetDifference(), math.MaxInt32)
}

func TestParseName(t *testing.T) {
	for name, want := range map[string]string{
		"organizations/652701/reports/2018":            "organizations/652701/reports/2018",
		"organizations/652701-a/rollups/2018-q2":       "organizations/652701-a/reports/2018-q2",
		"organizations/652701/reports/2018-13":         "name=PERIOD_MALFORMED",
		"organizations/652701/reports/1999":            "name=PERIOD_MALFORMED",
		"organizations/6/reports/2018":                 "name=BAD_FORMAT",
		"organizations/652701/reports":                 "name=BAD_FORMAT",
		"organizations/652701/reports/2018/revision/1": "name=BAD_FORMAT",
		"": "name=BAD_FORMAT",
	} {
		n, err := parseName(name)
		got := n.String()
		if err != nil {
			got = violations(t, err)
		}
		equal(t, name, got, want)
	}
}

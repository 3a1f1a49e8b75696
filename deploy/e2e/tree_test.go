package e2e_test

import (
	"fmt"
	"slices"
	"testing"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// rollup reads a roll-up that stands on everything recorded before the call.
func (e *env) rollup(token, organization, period string) *reportv1.Rollup {
	e.t.Helper()
	want := e.sizes()
	e.settle()
	rollup := do[*reportv1.Rollup](e, token, &reportv1.GetRollupRequest{Name: nameOf(organization) + "/rollups/" + period})
	for _, position := range rollup.GetBasis() {
		if position.GetSize() < want[position.GetLog()] {
			e.t.Fatalf("the roll-up stands on %d entries of %s, recorded were %d", position.GetSize(), position.GetLog(), want[position.GetLog()])
		}
		delete(want, position.GetLog())
	}
	for _, log := range []string{"logs/directory", "logs/disclosure", "logs/request"} {
		if want[log] > 0 {
			e.t.Fatalf("the roll-up does not know %s", log)
		}
	}
	return rollup
}

// settle waits until the report service has folded what was recorded: a compilation waits for that. This one is
// refused then, for its etag, and leaves nothing.
func (e *env) settle() {
	e.t.Helper()
	_, err := e.rpc(e.tcp, e.root(), "", &reportv1.CompileReportRequest{Parent: nameOf(townC), Period: "2018", Etag: "of-long-ago"})
	if status.Code(err) != codes.Aborted {
		e.t.Fatalf("a compilation of long ago: %v", err)
	}
}

// rowOf is an organisation's row.
func (e *env) rowOf(r *reportv1.Rollup, organization string) *reportv1.RollupRow {
	e.t.Helper()
	return sole(e, r.GetRows(), func(row *reportv1.RollupRow) bool { return row.GetCode() == organization })
}

// cell is a figure on both bases.
type cell struct{ submitted, records, late int32 }

func cellOf(f *reportv1.RollupFigure) cell {
	return cell{f.GetSubmitted(), f.GetRecords(), f.GetLate()}
}

const (
	total  = "disclosed.total"
	others = "disclosed.other"
)

// stage is the tree at one time: where the township that moves has its place in each period.
type stage struct {
	name   string
	change func(*env)
	place  map[string]string // period → city
	ended  bool              // the township has ended within the periods in which it has a place and that hold November
}

var stages = []stage{
	{
		name:   "before the move",
		change: func(*env) {},
		place:  map[string]string{"2018-06": cityA, "2018-q2": cityA, "2018-07": cityA, "2018-q3": cityA, "2018-11": cityA, "2018-12": cityA, "2018": cityA},
	},
	{
		name: "moved on 1 July",
		change: func(e *env) {
			do[*directoryv1.Organization](e, e.root(), &directoryv1.ReviseOrganizationRequest{Name: nameOf(townA), Version: moved(7)})
		},
		place: map[string]string{"2018-06": cityA, "2018-q2": cityA, "2018-07": cityB, "2018-q3": cityB, "2018-11": cityB, "2018-12": cityB, "2018": cityB},
	},
	{
		name: "corrected to 1 October",
		change: func(e *env) {
			do[*directoryv1.Organization](e, e.root(), &directoryv1.CorrectOrganizationRequest{
				Name: nameOf(townA), EffectiveOn: day(2018, 7, 1), Version: moved(10), Reason: "示例：日期有误",
			})
		},
		place: map[string]string{"2018-06": cityA, "2018-q2": cityA, "2018-07": cityA, "2018-q3": cityA, "2018-11": cityB, "2018-12": cityB, "2018": cityB},
	},
	{
		name: "taken out",
		change: func(e *env) {
			do[*directoryv1.Organization](e, e.root(), &directoryv1.CorrectOrganizationRequest{
				Name: nameOf(townA), EffectiveOn: day(2018, 10, 1), Reason: "示例：并未划转",
			})
		},
		place: map[string]string{"2018-06": cityA, "2018-q2": cityA, "2018-07": cityA, "2018-q3": cityA, "2018-11": cityA, "2018-12": cityA, "2018": cityA},
	},
	{
		name: "merged into a township of the other city on 15 November",
		change: func(e *env) {
			do[*directoryv1.Organization](e, e.root(), &directoryv1.AbolishOrganizationRequest{
				Name: nameOf(villageA), EndedOn: day(2018, 11, 15),
			})
			do[*directoryv1.Organization](e, e.root(), &directoryv1.AbolishOrganizationRequest{
				Name: nameOf(townA), EndedOn: day(2018, 11, 15), Successors: []string{nameOf(townB)},
			})
		},
		place: map[string]string{"2018-06": cityA, "2018-q2": cityA, "2018-07": cityA, "2018-q3": cityA, "2018-11": cityB, "2018": cityB},
		ended: true,
	},
	{
		name: "the successor moved as well, on 1 December",
		change: func(e *env) {
			version := moved(12)
			version.Parent = nameOf(cityA)
			do[*directoryv1.Organization](e, e.root(), &directoryv1.ReviseOrganizationRequest{Name: nameOf(townB), Version: version})
		},
		place: map[string]string{"2018-06": cityA, "2018-q2": cityA, "2018-07": cityA, "2018-q3": cityA, "2018-11": cityB, "2018": cityA},
		ended: true,
	},
}

// moved is the township's place below the other city from the first day of a month of 2018 on.
func moved(month int) *directoryv1.OrganizationVersion {
	return &directoryv1.OrganizationVersion{
		EffectiveOn: day(2018, month, 1), Parent: nameOf(cityB), DisplayName: "示例机关，已划转", Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true,
	}
}

// TestTreeChanges records first and changes the tree afterwards: a period's tree is that of its last day, so the
// roll-ups of both cities follow each change and each correction.
func TestTreeChanges(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.enter()
	// Records by organisation and month, of which one comes after the township's report is accepted.
	records := map[string]map[int]int32{
		townA: {2: 3, 5: 2, 6: 4, 8: 5, 11: 1}, townB: {6: 1, 12: 1}, townC: {6: 2, 8: 2}, cityB: {6: 1},
		villageA: {6: 1},
	}
	for _, id := range sorted(records) {
		for month, n := range records[id] {
			for range n {
				e.publish(id, "other", day(2018, month, 3))
			}
		}
	}
	e.settle()
	e.submitted(townA)
	do[*reportv1.Report](e, e.token(access.Supervisor, cityA), &reportv1.AcceptReportRequest{Name: nameOf(townA) + "/reports/2018"})
	e.publish(townA, "other", day(2018, 6, 4))
	records[townA][6]++

	for _, s := range stages {
		s.change(e)
		for _, period := range sorted(stages[0].place) {
			for _, city := range []string{cityA, cityB} {
				e.checkCity(t, s, city, period, records)
			}
			e.checkPrefecture(t, s, period, records)
		}
	}
}

// months are those of a period of 2018.
func months(period string) []int {
	for q := range 4 {
		if period == fmt.Sprintf("2018-q%d", q+1) {
			return []int{3*q + 1, 3*q + 2, 3*q + 3}
		}
	}
	all := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	return slices.DeleteFunc(all, func(m int) bool { return period != "2018" && period != fmt.Sprintf("2018-%02d", m) })
}

// countIn counts records of organisations in a period.
func countIn(records map[string]map[int]int32, period string, organizations ...string) int32 {
	var n int32
	for _, id := range organizations {
		for _, month := range months(period) {
			n += records[id][month]
		}
	}
	return n
}

// townOf is where the other townships stand in a period.
func townOf(s stage, town, period string) string {
	successorMoved := s.name == stages[5].name && slices.Contains(months(period), 12)
	if town == townC || successorMoved {
		return cityA
	}
	return cityB
}

// checkCity checks that a city's rows are those of the townships below it, and that they add up.
func (e *env) checkCity(t *testing.T, s stage, city, period string, records map[string]map[int]int32) {
	t.Helper()
	got := e.rollup(e.root(), city, period)
	where := s.name + ": " + city + " in " + period
	want := map[string]cell{}
	if n := countIn(records, period, city); n > 0 {
		want[city] = cell{records: n}
	}
	for _, town := range []string{townB, townC} {
		if townOf(s, town, period) == city {
			want[town] = cell{records: countIn(records, period, town)}
		}
	}
	if s.place[period] == city {
		want[townA] = cell{records: countIn(records, period, townA, villageA)}
		if period == "2018" {
			want[townA] = cell{submitted: 15, records: 17, late: 1} // the village's own record is in no report
		}
	}
	var sum cell
	for _, row := range got.GetRows() {
		c := cellOf(row.GetFigures()[total])
		if w, ok := want[row.GetCode()]; !ok || c != w {
			t.Errorf("%s: row of %s is %v, want %v, %v", where, row.GetCode(), c, w, ok)
		}
		delete(want, row.GetCode())
		sum = cell{sum.submitted + c.submitted, sum.records + c.records, sum.late + c.late}
		ended := s.ended && row.GetCode() == townA && slices.Contains(months(period), 11)
		if row.GetEnded() != ended {
			t.Errorf("%s: row of %s ended: %v, want %v", where, row.GetCode(), row.GetEnded(), ended)
		}
		if row.GetCode() == townA && (row.GetStatus() == reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED) != (period == "2018") {
			t.Errorf("%s: %s is %v", where, row.GetCode(), row.GetStatus())
		}
	}
	for id, w := range want {
		t.Errorf("%s: no row of %s, want %v", where, id, w)
	}
	if c := cellOf(got.GetTotals()[total]); c != sum {
		t.Errorf("%s: totals %v, the rows sum up to %v", where, c, sum)
	}
}

// checkPrefecture checks that the prefecture's rows are what its cities' roll-ups say, whoever stands where.
func (e *env) checkPrefecture(t *testing.T, s stage, period string, records map[string]map[int]int32) {
	t.Helper()
	above := e.rollup(e.root(), "6527", period)
	for _, city := range []string{cityA, cityB} {
		own := cellOf(e.rollup(e.root(), city, period).GetTotals()[total])
		if c := cellOf(e.rowOf(above, city).GetFigures()[total]); c != own {
			t.Errorf("%s: in %s the prefecture has %v of %s, the city itself %v", s.name, period, c, city, own)
		}
	}
	if all := countIn(records, period, townA, townB, townC, cityB, villageA); above.GetTotals()[total].GetRecords() != all {
		t.Errorf("%s: in %s the prefecture has %d records, there are %d", s.name, period, above.GetTotals()[total].GetRecords(), all)
	}
}

package report

import (
	"slices"
	"strings"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/law/form"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"
)

// scoped are the lines that a scope keeps. It must be called with s.mu held.
func scoped(lines []line, scope reportv1.RollupScope) []line {
	return slices.DeleteFunc(lines, func(l line) bool {
		switch scope {
		case reportv1.RollupScope_ROLLUP_SCOPE_OWN:
			return !l.own
		case reportv1.RollupScope_ROLLUP_SCOPE_WITH_DEPARTMENTS:
			return !l.own && !l.organization.IsDepartment()
		}
		return false
	})
}

// yearBefore is the period of the same kind a year earlier; zero if there is none.
func yearBefore(p workday.Period) workday.Period {
	for _, q := range workday.PeriodsOf(workday.Date{Year: p.Year() - 1, Month: p.First().Month, Day: 1}) {
		if q.Kind() == p.Kind() {
			return q
		}
	}
	return workday.Period{}
}

// lastYear adds to the lines what they were a year before, in the tree of that time, by the cells of this year's form,
// and returns that period. Whoever has no line any more stands in the first of those who took over from it; where none
// of them has one either, in a line that has only this. It must be called with s.mu held.
func (s *Server) lastYear(r kv.Reader, n reportName, f *form.Form, scope reportv1.RollupScope, lines []line) ([]line, workday.Period, error) {
	p := yearBefore(n.period)
	former, err := s.Forms.For(p)
	if p.IsZero() || err != nil {
		return lines, workday.Period{}, nil //nolint:nilerr // there was no form then
	}
	before, err := s.lines(r, reportName{n.organization, p}, former)
	if err != nil {
		return nil, p, err
	}
	at := make(map[organ.ID]int, len(lines))
	for i := range lines {
		at[lines[i].organization] = i
		lines[i].previous = newPrevious(f, former)
	}
	for _, old := range scoped(before, scope) {
		i, ok := at[old.organization]
		o, _ := s.tree.Get(old.organization)
		if !ok {
			for _, successor := range o.Successors {
				if i, ok = at[successor]; ok {
					break
				}
			}
		}
		if !ok {
			lines = append(lines, line{organization: old.organization, displayName: old.displayName, own: old.own, ended: !o.EndedOn.IsZero(), previous: newPrevious(f, former)})
			i = len(lines) - 1
			at[old.organization] = i
		}
		lines[i].previous.add(f, former, old.whole)
	}
	return lines, p, nil
}

// newPrevious has a zero for each cell that the former form had too.
func newPrevious(f, former *form.Form) bases {
	b := bases{records: make(map[string]int64), submitted: make(map[string]int64)}
	for _, c := range f.Cells() {
		for _, id := range f.Predecessors(c.ID, former) {
			if then, ok := former.Cell(id); ok {
				b.submitted[c.ID] = 0
				if !unrecorded(then) {
					b.records[c.ID] = 0
				}
			}
		}
	}
	return b
}

// add adds figures by a former form.
func (b bases) add(f, former *form.Form, then bases) {
	for _, c := range f.Cells() {
		for _, id := range f.Predecessors(c.ID, former) {
			if _, ok := b.submitted[c.ID]; ok {
				b.submitted[c.ID] += then.submitted[id]
			}
			if _, ok := b.records[c.ID]; ok {
				b.records[c.ID] += then.records[id]
			}
		}
	}
}

// toDate are a line's figures for the year up to the end of a quarter or a month. It must be called with s.mu held.
func (s *Server) toDate(r kv.Reader, n reportName, f *form.Form, l line) (bases, error) {
	whole := l.hasBelow && !l.own
	at := reportName{l.organization, n.period}
	flows, before := make(map[string]int64), make(map[string]int64)
	january := workday.Date{Year: n.period.Year(), Month: 1, Day: 1}
	months := slices.Collect(until(workday.PeriodsOf(january)[0], n.period.Last()))
	for _, month := range months {
		var err error
		if whole {
			err = sum(r, recordTotals, l.organization, month, flows)
		} else {
			err = sumMonths(r, ownTotals, l.organization, month, flows)
		}
		if err != nil {
			return bases{}, err
		}
	}
	if hasStocks(f) {
		if whole {
			for _, year := range earlier(months[0]) {
				if err := sum(r, recordTotals, l.organization, year, before); err != nil {
					return bases{}, err
				}
			}
		} else {
			first := periodKey(l.organization, months[0])
			if err := sumRange(r, ownTotals, len(first), kv.Range{From: orgKey(l.organization), To: first}, before); err != nil {
				return bases{}, err
			}
		}
		addStocks(flows, before)
	}
	reported, err := submittedToDate(r, at, f, whole)
	return bases{records: derive(f, flows), submitted: reported}, err
}

// until walks the periods of a first one's kind to the one that ends on a day.
func until(first workday.Period, last workday.Date) func(func(workday.Period) bool) {
	return func(yield func(workday.Period) bool) {
		for p := first; !p.IsZero() && !p.Last().After(last) && yield(p); {
			var next workday.Period
			for _, q := range workday.PeriodsOf(p.Last().AddDays(1)) {
				if q.Kind() == p.Kind() {
					next = q
				}
			}
			p = next
		}
	}
}

// submittedToDate sums the accepted reports of the periods of a year up to one: what flows is added up, of what stands
// open it is the first figure where that was carried over, else the last.
func submittedToDate(r kv.Reader, n reportName, f *form.Form, whole bool) (map[string]int64, error) {
	var first workday.Period
	for _, q := range workday.PeriodsOf(workday.Date{Year: n.period.Year(), Month: 1, Day: 1}) {
		if q.Kind() == n.period.Kind() {
			first = q
		}
	}
	sums := make(map[string]int64)
	for p := range until(first, n.period.Last()) {
		reported := make(map[string]int64)
		if whole {
			if err := sum(r, submitted, n.organization, p, reported); err != nil {
				return nil, err
			}
		} else {
			stored, err := findReport(r, reportName{n.organization, p})
			if err != nil {
				return nil, err
			}
			if isAccepted(stored.GetReport()) {
				for _, figure := range ownFigures(stored.GetReport()) {
					reported[figure.GetCell()] = valueOf(figure)
				}
			}
		}
		for _, c := range f.Cells() {
			switch kind := stockOf(f, c); {
			case kind == opening && p != first:
			case kind == closing:
				sums[c.ID] = reported[c.ID]
			default:
				sums[c.ID] += reported[c.ID]
			}
		}
	}
	return sums, nil
}

// stock is what a cell counts over time.
type stock int

const (
	flowing stock = iota // what happened in a period
	opening              // what stood at its beginning
	closing              // what stands at its end
)

// stockOf tells what a cell counts over time: a sum as its parts; a cell that records feed by its measures; another by
// the identities over years, where what equals last year's figures stood at the beginning.
func stockOf(f *form.Form, c form.Cell) stock {
	if len(c.Sum) > 0 {
		if part, ok := f.Cell(c.Sum[0]); ok {
			return stockOf(f, part)
		}
	}
	for _, fact := range c.Facts {
		switch {
		case strings.HasPrefix(fact, stockCarried):
			return opening
		case strings.HasPrefix(fact, stockForwarded), strings.HasSuffix(fact, stockPending):
			return closing
		}
	}
	for _, e := range f.Equations() {
		if len(c.Facts) > 0 || e.Cell != c.ID || !e.OverYears() {
			continue
		}
		if slices.ContainsFunc(e.Right, func(t form.Term) bool { return !t.Last }) {
			return closing
		}
		return opening
	}
	return flowing
}

// compared adds to a row what its line has of other times.
func (l line) compared(row *reportv1.RollupRow, all bool) {
	for id, figure := range row.GetFigures() {
		set := func(to **int32, from map[string]int64, show bool) int64 {
			v, ok := from[id]
			if !ok || !show {
				return 0
			}
			n := count(v)
			*to = &n
			return beyond(v)
		}
		figure.PreviousSubmittedFen = set(&figure.PreviousSubmitted, l.previous.submitted, true)
		set(&figure.PreviousRecords, l.previous.records, all)
		figure.ToDateSubmittedFen = set(&figure.ToDateSubmitted, l.toDate.submitted, true)
		set(&figure.ToDateRecords, l.toDate.records, all && figure.Records != nil)
	}
}

// addCompared adds a row's figures of other times to the totals.
func addCompared(total, f *reportv1.RollupFigure) {
	add := func(to **int32, fen int64, from *int32, more int64) int64 {
		if from == nil {
			return fen
		}
		sum := inFull(*from, more)
		if *to != nil {
			sum += inFull(**to, fen)
		}
		n := count(sum)
		*to = &n
		return beyond(sum)
	}
	total.PreviousSubmittedFen = add(&total.PreviousSubmitted, total.GetPreviousSubmittedFen(), f.PreviousSubmitted, f.GetPreviousSubmittedFen())
	add(&total.PreviousRecords, 0, f.PreviousRecords, 0)
	total.ToDateSubmittedFen = add(&total.ToDateSubmitted, total.GetToDateSubmittedFen(), f.ToDateSubmitted, f.GetToDateSubmittedFen())
	add(&total.ToDateRecords, 0, f.ToDateRecords, 0)
}

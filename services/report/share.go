package report

import (
	"context"
	"slices"

	"gongkai/services/chassis/kv"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"
)

// unit is one of a measure, in the period of a figure or before it.
type unit struct {
	measure string
	within  bool
}

// share is an organisation in a period.
type share struct {
	organization organ.ID
	period       workday.Period
}

// when is the period in whose tree a fact of a date counts towards the figure: its own, or for what it carries over the
// one of those before that the date lies in. False: it does not count.
func (l *lineage) when(d workday.Date) (workday.Period, bool) {
	switch {
	case d.After(l.n.period.Last()):
		return workday.Period{}, false
	case !d.Before(l.n.period.First()):
		return l.n.period, len(workday.PeriodsOf(d)) > 0
	case !hasStocks(l.form):
		return workday.Period{}, false
	}
	of := workday.PeriodsOf(d)
	if len(of) == 0 {
		return workday.Period{}, false
	}
	if d.Year < l.n.period.Year() {
		return of[len(of)-1], true
	}
	return of[0], true
}

// unit is what one of a measure adds to the figure: how a form derives its cells from flows and stocks is linear.
func (l *lineage) unit(u unit) int64 {
	value, known := l.units[u]
	if !known {
		in, before := make(map[string]int64), make(map[string]int64)
		if u.within {
			in[u.measure] = 1
		} else {
			before[u.measure] = 1
		}
		if hasStocks(l.form) {
			addStocks(in, before)
		}
		value = l.form.Derive(in)[l.in.GetCell()]
		l.units[u] = value
	}
	return value
}

// findHeirs notes how many lines go on with the requests of an organisation that ended: the own line, and each line below
// that has nothing below itself, as their figures do.
func (l *lineage) findHeirs(ctx context.Context) error {
	l.heirs = make(map[organ.ID]int64)
	if !hasStocks(l.form) {
		return nil
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	lines := []organ.ID{l.n.organization}
	if !l.in.GetOwn() {
		for _, child := range l.tree.ChildrenIn(l.n.organization, l.n.period) {
			if len(l.tree.ChildrenIn(child, l.n.period)) == 0 {
				lines = append(lines, child)
			}
		}
	}
	return l.DB.View(ctx, func(r kv.Reader) error {
		clear(l.heirs)
		for _, id := range lines {
			predecessors, err := l.predecessors(r, reportName{id, l.n.period}, false)
			if err != nil {
				return err
			}
			for _, p := range predecessors {
				l.heirs[p]++
			}
		}
		return nil
	})
}

// share is how often an organisation's facts of a period count towards the figure: the own line holds its own, and each
// line below what stood below it then. It must be called with mu held.
func (l *lineage) share(of share) int64 {
	times, known := l.shares[of]
	if known {
		return times
	}
	if of.organization == l.n.organization {
		times++
	}
	if !l.in.GetOwn() {
		path := l.tree.PathIn(of.organization, of.period)
		for _, child := range l.tree.ChildrenIn(l.n.organization, l.n.period) {
			if below := len(l.tree.ChildrenIn(child, l.n.period)) > 0; child == of.organization && !below ||
				below && of.period.Year() >= firstFact && slices.Contains(path, child) {
				times++
			}
		}
	}
	l.shares[of] = times
	return times
}

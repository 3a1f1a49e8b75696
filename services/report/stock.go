package report

import (
	"slices"
	"strings"

	"gongkai/services/chassis/kv"
	"gongkai/services/law/form"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"
)

// Measures of requests: two are flows that the totals keep, two are stocks, which are not kept but follow from them.
const (
	flowReceived   = "requests.received."
	flowConcluded  = "requests.concluded."
	stockCarried   = "requests.carried_over."
	stockForwarded = "requests.carried_forward."
)

// firstFact is the first year of which there are facts: the Regulation of 2007 came into force in 2008.
const firstFact = 2008

// hasStocks tells whether a form asks for stocks.
func hasStocks(f *form.Form) bool {
	for _, c := range f.Cells() {
		for _, fact := range c.Facts {
			if strings.HasPrefix(fact, stockCarried) || strings.HasPrefix(fact, stockForwarded) {
				return true
			}
		}
	}
	return false
}

// openIn adds to stock, by kind of applicant, what flows leave open: what was received and not concluded.
func openIn(flows map[string]int64, stock map[string]int64) {
	for measure, n := range flows {
		if kind, ok := strings.CutPrefix(measure, flowReceived); ok {
			stock[kind] += n
		} else if rest, ok := strings.CutPrefix(measure, flowConcluded); ok {
			_, kind, _ := strings.Cut(rest, ".")
			stock[kind] -= n
		}
	}
}

// Measures of appeals: accepted and results are flows, what is pending is the stock that follows from them.
const (
	flowAccepted = "appeals.accepted."
	stockPending = ".pending"
)

// addPending adds the appeals of each group that are still pending: all that were accepted, less those with a result.
func addPending(measures, before map[string]int64) {
	pending := make(map[string]int64)
	for _, flows := range []map[string]int64{before, measures} {
		for measure, n := range flows {
			if group, ok := strings.CutPrefix(measure, flowAccepted); ok {
				pending["appeals."+group] += n
				continue
			}
			for _, result := range []string{".upheld", ".corrected", ".other"} {
				if group, ok := strings.CutSuffix(measure, result); ok && strings.HasPrefix(group, "appeals.") {
					pending[group] -= n
				}
			}
		}
	}
	for group, n := range pending {
		if n != 0 {
			measures[group+stockPending] = n
		}
	}
}

// addStocks adds the stocks to the flows of a period: what flows before it left open was carried over, what is still
// open at its end is carried forward.
func addStocks(measures, before map[string]int64) {
	addPending(measures, before)
	carried, forwarded := make(map[string]int64), make(map[string]int64)
	openIn(before, carried)
	openIn(before, forwarded)
	openIn(measures, forwarded)
	for kind, n := range carried {
		if n != 0 {
			measures[stockCarried+kind] = n
		}
	}
	for kind, n := range forwarded {
		if n != 0 {
			measures[stockForwarded+kind] = n
		}
	}
}

// addOwnStocks adds an organisation's own stocks to its own flows of a period.
//
// Our reading: whoever takes over an organisation goes on with its requests, so that what the one has carried forward is
// what the other carries over. So the successor's report has the requests of its predecessors, too: what they left open
// before the period, and what was received and concluded of theirs in it.
func addOwnStocks(r kv.Reader, n reportName, predecessors []organ.ID, measures map[string]int64) error {
	before := make(map[string]int64)
	for _, id := range append([]organ.ID{n.organization}, predecessors...) {
		first := periodKey(id, n.period.Months()[0])
		if err := sumRange(r, ownTotals, len(first), kv.Range{From: orgKey(id), To: first}, before); err != nil {
			return err
		}
	}
	for _, id := range predecessors {
		theirs := make(map[string]int64)
		if err := sumMonths(r, ownTotals, id, n.period, theirs); err != nil {
			return err
		}
		for measure, v := range theirs {
			if goesOn(measure) {
				measures[measure] += v
			}
		}
	}
	addStocks(measures, before)
	return nil
}

// goesOn tells whether whoever takes over an organisation goes on with what a measure counts.
func goesOn(measure string) bool {
	return strings.HasPrefix(measure, flowReceived) || strings.HasPrefix(measure, flowConcluded)
}

// mostPredecessors is up to how many predecessors an organisation's requests are looked for.
const mostPredecessors = 100

// predecessors are the organisations whose requests an organisation goes on with at the end of a period: those that it
// took over from, and from which these did, unless another successor comes first or they report on the period
// themselves. Those that ended in the period itself are among them in a report; in a roll-up they have lines of their own.
// It must be called with s.mu held.
func (s *Server) predecessors(r kv.Reader, n reportName, reporting bool) ([]organ.ID, error) {
	var all []organ.ID
	for next := []organ.ID{n.organization}; len(next) > 0 && len(all) < mostPredecessors; next = next[1:] {
		for _, id := range s.tree.Predecessors(next[0]) {
			o, _ := s.tree.Get(id)
			ended := !o.EndedOn.IsZero() && !o.EndedOn.After(n.period.Last()) && (reporting || !s.tree.EndedIn(id, n.period))
			if !ended || len(o.Successors) == 0 || o.Successors[0] != next[0] || id == n.organization || slices.Contains(all, id) {
				continue
			}
			stored, err := findReport(r, reportName{id, n.period})
			if err != nil {
				return nil, err
			}
			if stored.GetReport().GetVersion() == 0 {
				all, next = append(all, id), append(next, id)
			}
		}
	}
	return all, nil
}

// addSubtreeStocks adds the stocks of an organisation with everything below it to its flows of a period. Those of
// earlier years are counted where they happened, in the trees of these years: what an organisation that has moved since
// left open stays with the one that it was below then.
func addSubtreeStocks(r kv.Reader, id organ.ID, p workday.Period, measures map[string]int64) error {
	before := make(map[string]int64)
	for _, q := range earlier(p) {
		if err := sum(r, recordTotals, id, q, before); err != nil {
			return err
		}
	}
	addStocks(measures, before)
	return nil
}

// earlier are the periods that make up the time before one: whole years, then months.
func earlier(p workday.Period) []workday.Period {
	var all []workday.Period
	for year := firstFact; year < p.Year(); year++ {
		of := workday.PeriodsOf(workday.Date{Year: year, Month: 1, Day: 1})
		all = append(all, of[len(of)-1])
	}
	for month := workday.PeriodsOf(workday.Date{Year: p.Year(), Month: 1, Day: 1})[0]; month.Last().Before(p.First()); {
		all = append(all, month)
		month = workday.PeriodsOf(month.Last().AddDays(1))[0]
	}
	return all
}

package report

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"time"

	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"

	"golang.org/x/sync/errgroup"
)

// summation sums the facts of logs before they are spread over the rows above them: a log has many facts, but few
// organisations, months and measures.
type summation struct {
	late          func(n reportName, index int64) bool
	calendar      [][]workday.Period // the month, the quarter and the year of each month
	organizations numbering
	measures      numbering
	sums          map[packed]int64
	sorted        []ownFact // the sums by organisation, once nothing more is added
}

// ownFact is the sum of an organisation's facts that count at one place.
type ownFact struct {
	at packed
	n  int64
}

// late tells whether the facts are late in one of their month's periods.
func (f ownFact) late() bool { return f.at&(1<<lateBits-1) != 0 }

// packed is where a fact counts, in one number: organisation, month and measure by their numbers, and a bit for each
// of the month's periods in which it is late.
type packed uint64

const (
	lateBits         = 3
	measureBits      = 16
	monthBits        = 12
	organizationBits = 32
	firstYear        = 2000 // of the periods that there are
	lastYear         = 2100
)

func pack(organization, month, measure int, late packed) packed {
	return packed(organization)<<(monthBits+measureBits+lateBits) | packed(month)<<(measureBits+lateBits) | packed(measure)<<lateBits | late
}

func (p packed) unpack() (organization, month, measure int, late packed) {
	return int(p >> (monthBits + measureBits + lateBits)), int(p >> (measureBits + lateBits) & (1<<monthBits - 1)),
		int(p >> lateBits & (1<<measureBits - 1)), p & (1<<lateBits - 1)
}

// numbering gives each name a number, from 0 on.
type numbering struct {
	numbers map[string]int
	names   []string
}

func (n *numbering) of(name string) int {
	at, ok := n.numbers[name]
	if !ok {
		at = len(n.names)
		n.numbers[name], n.names = at, append(n.names, name)
	}
	return at
}

func newSummation(late func(reportName, int64) bool) *summation {
	t := &summation{late: late, sums: make(map[packed]int64)}
	t.organizations.numbers, t.measures.numbers = make(map[string]int), make(map[string]int)
	for month := range (lastYear - firstYear + 1) * 12 {
		t.calendar = append(t.calendar, workday.PeriodsOf(workday.Date{Year: firstYear + month/12, Month: time.Month(month%12 + 1), Day: 1}))
	}
	return t
}

// take adds the facts of an entry: minus those before, plus those after. An entry whose opening is erased
// said nothing that was not taken back before.
func (t *summation) take(e eventlog.StoredEntry) error {
	facts, err := e.Facts()
	if err != nil {
		return err
	}
	if err := t.add(e.Index, facts.GetBefore(), -1); err != nil {
		return err
	}
	return t.add(e.Index, facts.GetAfter(), 1)
}

func (t *summation) add(index int64, facts []*logv1.Fact, sign int64) error {
	for _, f := range facts {
		d, id, err := countedAt(f)
		if err != nil {
			return err
		}
		if d.Year < firstYear || d.Year > lastYear {
			continue // no report can be about it
		}
		organization, month, measure := t.organizations.of(string(id)), (d.Year-firstYear)*12+int(d.Month)-1, t.measures.of(f.GetMeasure())
		if organization >= 1<<organizationBits || measure >= 1<<measureBits {
			return fmt.Errorf("more than %d organisations or %d measures", 1<<organizationBits, 1<<measureBits)
		}
		var late packed
		for i, p := range t.calendar[month] {
			if t.late(reportName{id, p}, index) {
				late |= 1 << i
			}
		}
		t.sums[pack(organization, month, measure, late)] += sign * f.GetValue()
	}
	return nil
}

// sumLog takes in the facts of a log: the whole of it, or as far as it has been followed. Its pages are decoded side
// by side, since the order of facts is nothing to their sum.
func (c *recomputed) sumLog(r kv.Reader, source Source, followed bool) error {
	log := source.Log.Name()
	work, ctx := errgroup.WithContext(context.Background())
	pages := make(chan []eventlog.StoredEntry, 1)
	work.Go(func() error {
		defer close(pages)
		return eachPage(r, source, followed, func(page []eventlog.StoredEntry) error {
			select {
			case pages <- page:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	summations := make([]*summation, runtime.GOMAXPROCS(0))
	for i := range summations {
		s := newSummation(func(n reportName, index int64) bool { return c.late(n, log, index) })
		summations[i] = s
		work.Go(func() error {
			for page := range pages {
				for _, e := range page {
					if err := s.take(e); err != nil {
						return fmt.Errorf("entry %d of %s: %w", e.Index, log, err)
					}
				}
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return err
	}
	for _, s := range summations {
		c.facts.join(s)
	}
	return nil
}

// join adds what another summation has.
func (t *summation) join(other *summation) {
	for at, n := range other.sums {
		organization, month, measure, late := at.unpack()
		t.sums[pack(t.organizations.of(other.organizations.names[organization]), month, t.measures.of(other.measures.names[measure]), late)] += n
	}
}

// byOrganization walks the sums of one organisation after the other, in the order of their ids. Nothing can be added then.
func (t *summation) byOrganization() iter.Seq2[organ.ID, []ownFact] {
	if t.sorted == nil {
		rank := make([]int, len(t.organizations.names))
		for i, name := range slices.Sorted(slices.Values(t.organizations.names)) {
			rank[t.organizations.numbers[name]] = i
		}
		t.sorted = make([]ownFact, 0, len(t.sums))
		for at, n := range t.sums {
			t.sorted = append(t.sorted, ownFact{at, n})
		}
		t.sums = nil
		slices.SortFunc(t.sorted, func(a, b ownFact) int {
			x, _, _, _ := a.at.unpack()
			y, _, _, _ := b.at.unpack()
			return cmp.Or(cmp.Compare(rank[x], rank[y]), cmp.Compare(a.at, b.at))
		})
	}
	return func(yield func(organ.ID, []ownFact) bool) {
		for rest := t.sorted; len(rest) > 0; {
			organization, _, _, _ := rest[0].at.unpack()
			end := slices.IndexFunc(rest, func(f ownFact) bool { other, _, _, _ := f.at.unpack(); return other != organization })
			if end < 0 {
				end = len(rest)
			}
			if !yield(organ.ID(t.organizations.names[organization]), rest[:end]) {
				return
			}
			rest = rest[end:]
		}
	}
}

// counted is where an organisation's own facts count.
type counted struct {
	period  workday.Period
	measure string
	late    bool // in which case they count a second time, among the late ones
}

// inPeriods sums an organisation's own facts by month, quarter and year.
func (t *summation) inPeriods(facts []ownFact) map[counted]int64 {
	sums := make(map[counted]int64)
	for _, f := range facts {
		_, month, measure, late := f.at.unpack()
		for i, p := range t.calendar[month] {
			sums[counted{p, t.measures.names[measure], false}] += f.n
			if late&(1<<i) != 0 {
				sums[counted{p, t.measures.names[measure], true}] += f.n
			}
		}
	}
	return sums
}

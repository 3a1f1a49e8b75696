package fee_test

import (
	"fmt"
	"testing"

	"gongkai/services/law"
	"gongkai/services/law/fee"
	"gongkai/services/law/workday"

	"pgregory.net/rapid"
)

func day(t testing.TB, s string) workday.Date {
	t.Helper()
	d, err := workday.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The edges of every tier, in yuan, worked out by hand from the Measures, arts. 4(2) and 5.
func TestEdges(t *testing.T) {
	on := day(t, "2021-01-01") // the first day of the Measures
	for _, c := range []struct {
		schedule       fee.Schedule
		already, count int
		yuan           fee.Fen
		tiers          string // from-to@price in yuan
	}{
		{fee.Item, 0, 0, 0, ""},
		{fee.Item, 0, 1, 0, "1-1@0"},
		{fee.Item, 0, 10, 0, "1-10@0"},
		{fee.Item, 0, 11, 100, "1-10@0 11-11@100"},
		{fee.Item, 0, 30, 2_000, "1-10@0 11-30@100"},
		{fee.Item, 0, 31, 2_200, "1-10@0 11-30@100 31-31@200"},
		{fee.Item, 0, 35, 3_000, "1-10@0 11-30@100 31-35@200"},
		{fee.Item, 0, 40, 4_000, "1-10@0 11-30@100 31-40@200"},
		{fee.Item, 0, 41, 4_300, "1-10@0 11-30@100 31-40@200 41-41@300"},
		{fee.Item, 0, 50, 7_000, "1-10@0 11-30@100 31-40@200 41-50@300"},
		{fee.Item, 0, 51, 7_400, "1-10@0 11-30@100 31-40@200 41-50@300 51-51@400"},
		// 20×100 + 10×(200 + 300 + 400 + 500 + 600 + 700 + 800)
		{fee.Item, 0, 100, 37_000, "1-10@0 11-30@100 31-40@200 41-50@300 51-60@400 61-70@500 71-80@600 81-90@700 91-100@800"},
		{fee.Item, 10, 0, 0, ""},
		{fee.Item, 10, 1, 100, "11-11@100"},
		{fee.Item, 8, 35, 4_900, "9-10@0 11-30@100 31-40@200 41-43@300"},
		{fee.Item, 30, 1, 200, "31-31@200"},
		{fee.Item, 50, 1, 400, "51-51@400"},
		{fee.Item, 99, 2, 1_700, "100-100@800 101-101@900"},
		{fee.Item, 99_999, 1, 999_800, "100000-100000@999800"},
		{fee.Page, 0, 0, 0, ""},
		{fee.Page, 0, 30, 0, "1-30@0"},
		{fee.Page, 0, 31, 10, "1-30@0 31-31@10"},
		{fee.Page, 0, 100, 700, "1-30@0 31-100@10"},
		{fee.Page, 0, 101, 720, "1-30@0 31-100@10 101-101@20"},
		{fee.Page, 0, 120, 1_100, "1-30@0 31-100@10 101-120@20"},
		{fee.Page, 0, 200, 2_700, "1-30@0 31-100@10 101-200@20"},
		{fee.Page, 0, 201, 2_740, "1-30@0 31-100@10 101-200@20 201-201@40"},
		// Fee notices that the press told of: 成都高新区, July 2024; 西安, May 2025.
		{fee.Page, 0, 1_500, 54_700, "1-30@0 31-100@10 101-200@20 201-1500@40"},
		{fee.Page, 0, 2_219, 83_460, "1-30@0 31-100@10 101-200@20 201-2219@40"},
		{fee.Page, 0, 1_000_000, 39_994_700, "1-30@0 31-100@10 101-200@20 201-1000000@40"},
	} {
		got, err := compute(c.schedule, on, c.already, c.count)
		if err != nil || got.Amount != 100*c.yuan || !got.Computed || got.Regime != fee.Processing {
			t.Errorf("%s %d+%d: %+v, %v; want %d yuan", c.schedule, c.already, c.count, got, err, c.yuan)
		}
		if tiers := written(got.Tiers); tiers != c.tiers {
			t.Errorf("%s %d+%d: tiers %s, want %s", c.schedule, c.already, c.count, tiers, c.tiers)
		}
	}
}

func compute(s fee.Schedule, on workday.Date, already, count int) (fee.Fee, error) {
	if s == fee.Page {
		return fee.ByPage(on, count)
	}
	return fee.ByItem(on, already, count)
}

func written(tiers []fee.Tier) string {
	s := ""
	for i, t := range tiers {
		if i > 0 {
			s += " "
		}
		s += fmt.Sprintf("%d-%d@%d", t.From, t.To, t.Price/100)
	}
	return s
}

// The last day of each state of the law beside the first of the next.
func TestRegimes(t *testing.T) {
	for _, c := range []struct {
		received, regime string
		computed         bool
		amount           fee.Fen
		citation         law.Citation
	}{
		{"2008-05-01", "cost", false, 0, law.Citation{Act: law.R2007, Article: "27"}},
		{"2017-04-01", "cost", false, 0, law.Citation{Act: law.R2007, Article: "27"}},
		{"2019-05-14", "cost", false, 0, law.Citation{Act: law.R2007, Article: "27"}},
		{"2019-05-15", "unset", true, 0, law.Citation{Act: law.R2019, Article: "42"}},
		{"2020-12-31", "unset", true, 0, law.Citation{Act: law.R2019, Article: "42"}},
		{"2021-01-01", "processing", true, 220_000, law.Citation{Act: law.Fees2020, Article: "4"}},
		{"2026-11-24", "processing", true, 220_000, law.Citation{Act: law.Fees2020, Article: "4"}},
	} {
		got, err := fee.ByItem(day(t, c.received), 0, 31)
		if err != nil || string(got.Regime) != c.regime || got.Computed != c.computed || got.Amount != c.amount || got.Citation != c.citation ||
			(len(got.Tiers) > 0) != (c.regime == "processing") || got.Regime.Label().Missing() {
			t.Errorf("received %s: %+v, %v", c.received, got, err)
		}
	}
}

func TestRefused(t *testing.T) {
	on := day(t, "2021-01-01")
	item := func(already, items int) error { _, err := fee.ByItem(on, already, items); return err }
	page := func(pages int) error { _, err := fee.ByPage(on, pages); return err }
	_, early := fee.ByItem(day(t, "2008-04-30"), -1, 1)
	_, noDate := fee.ByPage(workday.Date{}, 1)
	const most = 1<<63 - 1
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"no item too few":       {item(0, -1), "FEE_COUNT_OUT_OF_RANGE in items: count=-1 most=100000"},
		"no earlier item":       {item(-1, 1), "FEE_COUNT_OUT_OF_RANGE in already: count=-1 most=100000"},
		"too many":              {item(0, 100_001), "FEE_COUNT_OUT_OF_RANGE in items: count=100001 most=100000"},
		"too many together":     {item(1, 100_000), "FEE_COUNT_OUT_OF_RANGE in items: count=100001 most=100000"},
		"more than fits":        {item(most, most), "FEE_COUNT_OUT_OF_RANGE in already: count=9223372036854775807 most=100000"},
		"pages":                 {page(1_000_001), "FEE_COUNT_OUT_OF_RANGE in pages: count=1000001 most=1000000"},
		"no page too few":       {page(-1), "FEE_COUNT_OUT_OF_RANGE in pages: count=-1 most=1000000"},
		"before the Regulation": {early, "FEE_COUNT_OUT_OF_RANGE in already: count=-1 most=100000; RECEIVED_BEFORE_REGULATION in received_on: date=2008-04-30"},
		"no date":               {noDate, "RECEIVED_BEFORE_REGULATION in received_on: date="},
	} {
		if c.err == nil {
			t.Errorf("%s is accepted", name)
			continue
		}
		got := ""
		for i, v := range breach(t, c.err) {
			if i > 0 {
				got += "; "
			}
			v.Citation = law.Citation{}
			got += (&law.Breach{Violations: []law.Violation{v}}).Error()
		}
		if got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func breach(t *testing.T, err error) []law.Violation {
	t.Helper()
	b, ok := err.(*law.Breach)
	if !ok {
		t.Fatalf("%v is no breach", err)
	}
	return b.Violations
}

// By item what is charged for some items after others is the difference of the two totals, more items never cost less,
// and the tiers cover exactly the items. By page likewise.
func TestProperties(t *testing.T) {
	on := day(t, "2024-02-05")
	rapid.Check(t, func(t *rapid.T) {
		already := rapid.IntRange(0, 2000).Draw(t, "already")
		count := rapid.IntRange(0, 2000).Draw(t, "count")
		total := func(n int) fee.Fen {
			f, err := fee.ByItem(on, 0, n)
			if err != nil {
				t.Fatal(err)
			}
			return f.Amount
		}
		f, err := fee.ByItem(on, already, count)
		if err != nil || f.Amount != total(already+count)-total(already) {
			t.Fatalf("%d after %d cost %d, %v; the totals differ by %d", count, already, f.Amount, err, total(already+count)-total(already))
		}
		next, more := total(already+1)-total(already), total(already+2)-total(already+1)
		if next < 0 || more < next {
			t.Fatalf("the price falls after %d: %d, then %d", already, next, more)
		}
		covers(t, f.Tiers, already+1, count, f.Amount)
		p, err := fee.ByPage(on, count)
		more, errMore := p.Amount, err
		if q, err := fee.ByPage(on, count+1); err == nil {
			more = q.Amount
		}
		if err != nil || errMore != nil || more < p.Amount || more > p.Amount+4000 {
			t.Fatalf("%d pages cost %d, one more %d", count, p.Amount, more)
		}
		covers(t, p.Tiers, 1, count, p.Amount)
	})
}

func covers(t *rapid.T, tiers []fee.Tier, from, count int, amount fee.Fen) {
	var sum fee.Fen
	for _, tier := range tiers {
		if tier.From != from || tier.To < tier.From || tier.Count != tier.To-tier.From+1 || tier.Amount != fee.Fen(tier.Count)*tier.Price {
			t.Fatalf("tier %+v where one from %d was due", tier, from)
		}
		from, count, sum = tier.To+1, count-tier.Count, sum+tier.Amount
	}
	if count != 0 || sum != amount {
		t.Fatalf("%d are in no tier, the tiers cost %d of %d", count, sum, amount)
	}
}

// FuzzFee holds any numbers to being refused or costing something that is not negative.
func FuzzFee(f *testing.F) {
	f.Add("2021-01-01", 0, 31)
	f.Add("2019-05-14", -1, 1<<62)
	f.Add("", 100_000, 100_000)
	f.Fuzz(func(t *testing.T, received string, already, count int) {
		on, _ := workday.Parse(received)
		for _, s := range []fee.Schedule{fee.Item, fee.Page} {
			got, err := compute(s, on, already, count)
			if err == nil && (got.Amount < 0 || got.Count != count || got.Amount > 0 && got.Regime != fee.Processing) {
				t.Errorf("%s %s %d+%d: %+v", s, received, already, count, got)
			}
		}
	})
}

// By item fits every outcome, by page only where information is given on paper, by e-mail or as data (arts. 4(1), 5).
func TestFits(t *testing.T) {
	on := day(t, "2024-02-05")
	for _, c := range []struct {
		schedule fee.Schedule
		outcome  string
		given    fee.Given
		want     string
	}{
		{fee.Item, "granted", fee.Way, "[]"},
		{fee.Item, "denied_state_secret", fee.Nothing, "[]"},
		{fee.Item, "other", fee.Nothing, "[]"},
		{fee.Page, "granted", fee.Paper, "[]"},
		{fee.Page, "granted", fee.Email, "[]"},
		{fee.Page, "partial", fee.CopiedData, "[]"},
		{fee.Page, "granted", fee.Way, "[FEE_SCHEDULE_DOES_NOT_FIT]"},
		{fee.Page, "granted", fee.Nothing, "[FEE_SCHEDULE_DOES_NOT_FIT]"},
		{fee.Page, "granted", "", "[FEE_SCHEDULE_DOES_NOT_FIT]"},
		{fee.Page, "unable_not_held", fee.Nothing, "[FEE_SCHEDULE_DOES_NOT_FIT]"},
		{fee.Page, "denied_process", fee.Paper, "[FEE_SCHEDULE_DOES_NOT_FIT]"},
		{fee.Page, "lost", fee.Paper, "[UNKNOWN_OUTCOME]"},
		{"weight", "granted", fee.Paper, "[FEE_SCHEDULE_DOES_NOT_FIT]"},
		{"", "lost", fee.Paper, "[UNKNOWN_OUTCOME]"},
	} {
		if got := fmt.Sprint(law.Reasons(fee.Fits(c.schedule, on, c.outcome, c.given))); got != c.want {
			t.Errorf("%s for %s, given %s: %s, want %s", c.schedule, c.outcome, c.given, got, c.want)
		}
	}
}

func TestYuan(t *testing.T) {
	for amount, want := range map[fee.Fen]string{0: "0.00", 5: "0.05", 220_000: "2200.00", 1_234: "12.34", -5: "-0.05", -250: "-2.50", 1<<63 - 1: "92233720368547758.07"} {
		if got := amount.Yuan(); got != want {
			t.Errorf("%d fen are %s yuan, want %s", int64(amount), got, want)
		}
	}
}

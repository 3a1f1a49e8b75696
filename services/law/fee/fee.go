package fee

import (
	"strconv"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// Fen is an amount of money; 100 fen are one yuan.
type Fen int64

// Yuan writes the amount in yuan with two decimals, as 2200.00.
func (f Fen) Yuan() string {
	s := strconv.FormatInt(int64(f)/100, 10)
	if f > -100 && f < 0 {
		s = "-0"
	}
	cents := int64(f) % 100
	if cents < 0 {
		cents = -cents
	}
	return s + "." + string([]byte{byte('0' + cents/10), byte('0' + cents%10)})
}

// Regime is what the law has on fees on a day. The zero Regime is none of them.
type Regime string

// The regimes, in the order of time.
const (
	Cost       Regime = "cost"       // cost fees, recorded and not computed
	Unset      Regime = "unset"      // no fee was set
	Processing Regime = "processing" // the information processing fee
)

// Label is the regime in both languages.
func (r Regime) Label() law.Label {
	switch r {
	case Cost:
		return law.Label{Zh: "成本费用，按省级标准收取，只登记、不计算", En: "cost fees by the province's list, recorded and not computed"}
	case Unset:
		return law.Label{Zh: "尚未制定收费办法，不收费", En: "no fee was set"}
	case Processing:
		return law.Label{Zh: "信息处理费", En: "information processing fee"}
	}
	return law.Label{}
}

// Schedule is a way of charging the information processing fee.
type Schedule string

// The schedules. An organ chooses one for a request, never both (Measures art. 3).
const (
	Item Schedule = "item" // 按件计收
	Page Schedule = "page" // 按量计收
)

// Label is the schedule in both languages.
func (s Schedule) Label() law.Label {
	switch s {
	case Item:
		return law.Label{Zh: "按件计收", En: "By item"}
	case Page:
		return law.Label{Zh: "按量计收", En: "By page"}
	}
	return law.Label{}
}

// citation is where the Measures set a schedule.
func (s Schedule) citation() law.Citation {
	if s == Page {
		return law.Citation{Act: law.Fees2020, Article: "5"}
	}
	return law.Citation{Act: law.Fees2020, Article: "4"}
}

// Fee is the fee of one request, with how it comes about.
type Fee struct {
	ReceivedOn workday.Date `json:"received_on"`
	Regime     Regime       `json:"regime"`
	Citation   law.Citation `json:"citation"` // of the schedule, else of the regime
	Schedule   Schedule     `json:"schedule"` // as asked for
	// Already are the items that the applicant had asked this organ for in the same month; 0 by page.
	Already int `json:"already,omitempty"`
	Count   int `json:"count"` // items or pages
	// Computed tells whether Amount is by law; if not, the amount follows from the province's list.
	Computed bool   `json:"computed"`
	Tiers    []Tier `json:"tiers,omitempty"` // those that the items or pages lie in; none without an information processing fee
	Amount   Fen    `json:"amount_fen"`
}

// Reasons for which a fee is not computed, with the values that their texts name.
const (
	CountOutOfRange  law.Reason = "FEE_COUNT_OUT_OF_RANGE"     // count, most
	BeforeRegulation law.Reason = "RECEIVED_BEFORE_REGULATION" // date
	ScheduleUnfit    law.Reason = "FEE_SCHEDULE_DOES_NOT_FIT"  // outcome, outcome_zh, outcome_en
)

// The most that is computed. Far more than the law has in mind, and far less than an int64 holds.
const (
	MostItems = 100_000   // of one month
	MostPages = 1_000_000 // of one request
)

// ByItem is the fee of items that an applicant asks an organ for, after those it has asked it for already in the month
// of receipt: that of the already+1st to the already+itemsth item.
//
// Measures art. 4: 1 to 10 free; 11 to 30 at 100 yuan an item; from 31 on each further ten raise the price by 100 yuan.
// It returns a [*law.Breach] of [CountOutOfRange] or [BeforeRegulation].
func ByItem(received workday.Date, already, items int) (Fee, error) {
	broken := law.Under(Item.citation())
	if !outside(broken, "already", already, MostItems) && !outside(broken, "items", items, MostItems) {
		outside(broken, "items", already+items, MostItems)
	}
	return compute(Fee{ReceivedOn: received, Schedule: Item, Already: already, Count: items}, itemTier, broken)
}

// ByPage is the fee of the pages of one request: A4, one side is one page.
//
// Measures art. 5: 1 to 30 free; 31 to 100 at 10 yuan a page; 101 to 200 at 20; from 201 at 40.
// It returns a [*law.Breach] of [CountOutOfRange] or [BeforeRegulation].
func ByPage(received workday.Date, pages int) (Fee, error) {
	broken := law.Under(Page.citation())
	outside(broken, "pages", pages, MostPages)
	return compute(Fee{ReceivedOn: received, Schedule: Page, Count: pages}, pageTier, broken)
}

// outside tells whether a count is not computed, and notes it.
func outside(broken *law.Broken, field string, count, most int) bool {
	isOutside := count < 0 || count > most
	broken.If(isOutside, CountOutOfRange, field, "count", strconv.Itoa(count), "most", strconv.Itoa(most))
	return isOutside
}

// compute fills in a fee by the regime of the day of receipt.
func compute(f Fee, scale scale, broken *law.Broken) (Fee, error) {
	f.Regime, f.Citation = RegimeOn(f.ReceivedOn)
	broken.Under(law.Citation{Act: law.R2007}).If(f.Regime == "", BeforeRegulation, "received_on", "date", f.ReceivedOn.String())
	if err := broken.Err(); err != nil {
		return Fee{}, err
	}
	f.Computed = f.Regime != Cost
	if f.Regime == Processing {
		f.Citation = f.Schedule.citation()
		f.Tiers, f.Amount = scale.between(f.Already+1, f.Already+f.Count)
	}
	return f, nil
}

// RegimeOn is what the law has on fees for a request received on a day, and where; nothing before 2008-05-01.
func RegimeOn(received workday.Date) (Regime, law.Citation) {
	for _, r := range []struct {
		act      law.Act
		regime   Regime
		citation law.Citation
	}{
		{law.Fees2020, Processing, law.Citation{Act: law.Fees2020}},
		{law.R2019, Unset, law.Citation{Act: law.R2019, Article: "42"}},
		{law.R2007, Cost, law.Citation{Act: law.R2007, Article: "27"}},
	} {
		if r.act.InForce().Covers(received.String()) {
			return r.regime, r.citation
		}
	}
	return "", law.Citation{}
}

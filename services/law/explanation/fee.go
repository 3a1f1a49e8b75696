package explanation

import (
	"strconv"

	"gongkai/services/law"
	"gongkai/services/law/fee"
)

// Fee says how a fee comes about, tier by tier.
func Fee(f fee.Fee) []law.Label {
	result := label("应收金额：%s 元。", "To be paid: %s yuan.", f.Amount.Yuan())
	if !f.Computed {
		result = law.Label{Zh: "金额按收到申请时省级公布的标准登记。", En: "The amount follows from the province's list of that day."}
	}
	lines := []law.Label{result, label("收到申请之日：%s；%s（%s）。", "Received on %s: %s (%s).", f.ReceivedOn.String(), f.Regime.Label(), f.Citation.Label())}
	if f.Regime == fee.Processing {
		lines = append(lines, asked(f))
		for _, t := range f.Tiers {
			lines = append(lines, tier(f.Schedule, t))
		}
	}
	return lines
}

// asked is what is charged, and by which reading.
func asked(f fee.Fee) law.Label {
	if f.Schedule == fee.Page {
		return label("%s：本件申请共 %d 页（A4，单面为1页），每档单价只适用于该档内的部分；不同申请的页数不累加。",
			"%s: %d pages of this request (A4, one side one page); each price holds for its own part; the pages of other requests are not added.", f.Schedule.Label(), f.Count)
	}
	return label("%s：同一申请人本自然月内此前 %d 件，本次 %d 件，每档单价只适用于该档内的部分；自然月按收到申请之日确定（本系统理解）。",
		"%s: %d items of the same applicant earlier in the month, %d now; each price holds for its own part; the month is that of receipt (our reading).", f.Schedule.Label(), f.Already, f.Count)
}

func tier(s fee.Schedule, t fee.Tier) law.Label {
	many := law.Label{Zh: "件", En: "items"}
	if s == fee.Page {
		many = law.Label{Zh: "页", En: "pages"}
	}
	which := label("第 %d %s", "No. %d%.0s", t.From, many)
	if t.From != t.To {
		which = label("第 %d 至 %d %s", "Nos. %d to %d%.0s", t.From, t.To, many)
	}
	if t.Price == 0 {
		return label("%s：%d %s，免费", "%s: %d %s, free", which, t.Count, many)
	}
	return label("%s：%d %s × %s 元 = %s 元", "%s: %d %s × %s yuan = %s yuan", which, t.Count, many, strconv.FormatInt(int64(t.Price/100), 10), t.Amount.Yuan())
}

package letter

import (
	"fmt"
	"slices"
	"strings"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// Placeholder is what can stand in the braces of a template.
type Placeholder struct {
	Name  string
	Field string // the field of [Case] that it comes from, as others name it
	value func(Case, kind) string
}

// Placeholders are all that a template can name.
func Placeholders() []Placeholder {
	return []Placeholder{
		{"机关名称", "organ", func(c Case, _ kind) string { return c.Organ }},
		{"工作机构", "office.name", func(c Case, _ kind) string { return c.Office.Name }},
		{"联系电话", "office.phone", func(c Case, _ kind) string { return c.Office.Phone }},
		{"联系地址", "office.address", func(c Case, _ kind) string { return c.Office.Address }},
		{"申请人", "applicant", func(c Case, _ kind) string { return c.Applicant }},
		{"称谓", "organization", func(c Case, _ kind) string { return address(c) }},
		{"登记编号", "receipt_number", func(c Case, _ kind) string { return c.ReceiptNumber }},
		{"查询码", "query_code", func(c Case, _ kind) string { return c.QueryCode }},
		{"收到日期", "received_on", func(c Case, _ kind) string { return day(c.ReceivedOn) }},
		{"2007年条例", "received_on", func(c Case, _ kind) string { return governs2007(c) }}, // for conditions: some value or none
		{"申请渠道", "channel", func(c Case, _ kind) string { return c.Channel }},
		{"申请内容", "description", func(c Case, _ kind) string { return c.Description }},
		{"依据", "grounds", func(c Case, k kind) string { return cite(c, k) }},
		{"理由", "reasons", func(c Case, _ kind) string { return c.Reasons }},
		{"公开内容", "given", func(c Case, _ kind) string { return c.Given }},
		{"获取方式", "way", func(c Case, _ kind) string { return c.Way }},
		{"不予公开内容", "withheld", func(c Case, _ kind) string { return c.Withheld }},
		{"要求事项", "asked", func(c Case, _ kind) string { return c.Asked }},
		{"截止日期", "until", func(c Case, _ kind) string { return day(c.Until) }},
		{"延长天数", "days", func(c Case, _ kind) string { return number(int64(c.Days)) }},
		{"答复期限", "due", func(c Case, _ kind) string { return day(c.Due) }},
		{"通知日期", "sent_on", func(c Case, _ kind) string { return day(c.SentOn) }},
		{"征求对象", "third_party", func(c Case, _ kind) string { return c.ThirdParty }},
		{"其他机关", "other_organ.name", func(c Case, _ kind) string { return c.OtherOrgan.Name }},
		{"其他机关电话", "other_organ.phone", func(c Case, _ kind) string { return c.OtherOrgan.Phone }},
		{"其他机关地址", "other_organ.address", func(c Case, _ kind) string { return c.OtherOrgan.Address }},
		{"原答复日期", "earlier.on", func(c Case, _ kind) string { return day(c.Earlier.On) }},
		{"原答复文号", "earlier.number", func(c Case, _ kind) string { return c.Earlier.Number }},
		{"收费标准", "fee.standard", func(c Case, _ kind) string { return c.Fee.Standard }},
		{"计费明细", "fee.detail", func(c Case, _ kind) string { return c.Fee.Detail }},
		{"收费金额", "fee.fen", func(c Case, _ kind) string { return yuan(c.Fee.Fen) }},
		{"缴费方式", "fee.way", func(c Case, _ kind) string { return c.Fee.Way }},
		{"救济告知", "remedy.bodies", func(c Case, k kind) string { return c.Remedy.text(k.noun(), c.Date) }},
	}
}

// governs2007 is the Regulation of 2007 by its name, where it governs the request.
func governs2007(c Case) string {
	if under2007(c.ReceivedOn) {
		return "2007年条例"
	}
	return ""
}

func address(c Case) string {
	if c.Organization {
		return "你单位"
	}
	return "你"
}

// day writes a date as on paper: 2024年1月5日.
func day(d workday.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year, int(d.Month), d.Day)
}

func number(n int64) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// yuan writes an amount of fen.
func yuan(fen int64) string {
	switch {
	case fen <= 0:
		return ""
	case fen%100 == 0:
		return fmt.Sprintf("%d元", fen/100)
	}
	return fmt.Sprintf("%d.%02d元", fen/100, fen%100)
}

// cite writes the places in the law that a letter rests on, those of one act together:
// 《中华人民共和国政府信息公开条例》第十五条、第三十二条. Forms of reports are no ground in a letter.
func cite(c Case, k kind) string {
	grounds := c.Grounds
	if len(grounds) == 0 {
		grounds = k.grounds
	}
	var acts []law.Act
	places := map[law.Act][]string{}
	for _, g := range grounds {
		if g.Act == law.Form2019 || g.Act == law.Form2021 || !g.Valid() {
			continue
		}
		if !slices.Contains(acts, g.Act) {
			acts = append(acts, g.Act)
		}
		place := strings.TrimPrefix(g.Label().Zh, law.Citation{Act: g.Act}.Label().Zh)
		if place != "" && !slices.Contains(places[g.Act], place) {
			places[g.Act] = append(places[g.Act], place)
		}
	}
	cited := make([]string, len(acts))
	for i, act := range acts {
		cited[i] = title(act) + strings.Join(places[act], "、")
	}
	return strings.Join(cited, "和")
}

// title is an act's name as letters have it: laws and the Regulation with 中华人民共和国, others with their number.
func title(act law.Act) string {
	name := act.Label().Zh
	switch {
	case act == law.R2007: // whose articles have other numbers than those of its namesake
		return "《中华人民共和国" + name + "》（" + act.Number() + "）"
	case act == law.R2019:
		return "《中华人民共和国" + name + "》"
	case act.Number() != "" && act == law.Fees2020:
		return "《" + name + "》（" + act.Number() + "）"
	}
	return "《" + name + "》"
}

// text tells the applicant's remedies against a letter, by what it calls itself; empty if nobody is named who hears them.
//
// Reconsideration Law 2023 art. 20, before 2024 that of 2017 art. 9: 60 days. Art. 23(2): that reconsideration comes
// first is told. Litigation Law art. 46: six months, before 2015-05-01 three (Law of 1989 art. 39); art. 45: 15 days after
// a reconsideration.
func (r Remedy) text(letter string, on workday.Date) string {
	bodies := slices.DeleteFunc(slices.Clone(r.Bodies), func(s string) bool { return strings.TrimSpace(s) == "" })
	if len(bodies) == 0 {
		return ""
	}
	body, court := strings.Join(bodies, "或者"), r.Court
	if court == "" {
		court = "人民法院"
	}
	months := "六个月"
	if law.Litigation1989.InForce().Covers(on.String()) {
		months = "三个月"
	}
	const after = "；对行政复议决定不服的，可以自收到行政复议决定书之日起十五日内依法向%[3]s提起行政诉讼。"
	var s string
	switch r.First {
	case Required:
		s = fmt.Sprintf("如对本%[1]s不服，根据《中华人民共和国行政复议法》第二十三条的规定，应当先申请行政复议，可以自收到本%[1]s之日起六十日内向%[2]s提出"+after, letter, body, court)
	case Recommended:
		s = fmt.Sprintf("如对本%[1]s不服，可以自收到本%[1]s之日起六十日内先向%[2]s申请行政复议"+after, letter, body, court)
	default:
		s = fmt.Sprintf("如对本%[1]s不服，可以自收到本%[1]s之日起六十日内向%[2]s申请行政复议，也可以自收到本%[1]s之日起%[4]s内依法向%[3]s提起行政诉讼。", letter, body, court, months)
	}
	if r.Online != "" {
		s += "网上申请行政复议的渠道：" + r.Online + "。"
	}
	return s
}

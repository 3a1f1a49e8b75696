package letter

import (
	"slices"
	"strings"

	"gongkai/services/law"
	"gongkai/services/law/ground"
	"gongkai/services/law/workday"
)

// Kind is a kind of letter. It is also the name of its template.
type Kind string

// The letters on the way to an answer.
const (
	Receipt      Kind = "receipt"       // 登记回执
	Correction   Kind = "correction"    // 补正告知书
	Extension    Kind = "extension"     // 延期答复告知书
	AskReasons   Kind = "ask_reasons"   // 说明理由告知书
	Delay        Kind = "delay"         // 延迟答复告知书
	Consultation Kind = "consultation"  // 征求第三方意见书
	CoProducer   Kind = "co_producer"   // 征求共同制作机关意见书
	ThirdParty   Kind = "third_party"   // 告知第三方决定公开
	FeeNotice    Kind = "fee"           // 收费通知
	RecordFixed  Kind = "record_fixed"  // 更正告知书 (R2019 art. 41)
	RecordPassed Kind = "record_passed" // 更正转送告知书 (R2019 art. 41)
)

// The answers that an outcome has two of, by its ground; all others are named as their outcome.
const (
	AlreadyPublic Kind = "already_public"      // of granted: R2019 art. 36 item 1
	NotExisting   Kind = "unable_not_existing" // of unable_not_held: R2019 art. 36 item 4; of not_existing under R2007
	NotThisOrgan  Kind = "unable_not_held"     // of unable_not_held: R2019 art. 36 item 5
	Withdrawn     Kind = "other_withdrawn"     // of other
)

// kind is a row of the table of letters.
type kind struct {
	Kind
	label law.Label
	// grounds are those of an answer where the case names none; grounds2007 those under R2007. Versions are those of the
	// Regulation that have the letter.
	grounds, grounds2007 []law.Citation
	versions             versions
}

// versions are those of the Regulation that have a letter.
type versions int

const (
	only2019 versions = iota
	only2007
	both
)

// under is the letter for a request received on a day. It returns a [*law.Breach] of [Unknown] or [NoneBefore] for a
// letter that the version of the Regulation does not have; no day is today's version.
func (k Kind) under(received workday.Date) (kind, error) {
	row, ok := k.row()
	broken := law.Under(law.Citation{})
	broken.If(!ok, Unknown, "letter", "letter", string(k))
	if err := broken.Err(); err != nil {
		return kind{}, err
	}
	old := under2007(received)
	broken.Under(law.Citation{Act: law.R2019, Article: "56"}).If(old && row.versions == only2019, NoneBefore, "letter",
		"received_on", received.String(), "letter_zh", row.label.Zh, "letter_en", row.label.En)
	broken.If(!old && row.versions == only2007, Unknown, "letter", "letter", string(k))
	if err := broken.Err(); err != nil {
		return kind{}, err
	}
	if old {
		row.grounds = row.grounds2007
	}
	return row, nil
}

// under2007 tells whether R2007 governs a request received on a day.
func under2007(received workday.Date) bool { return law.R2007.InForce().Covers(received.String()) }

// Kinds are all kinds of letters, in the order in which a request may meet them.
func Kinds() []Kind {
	var all []Kind
	for _, k := range kinds() {
		all = append(all, k.Kind)
	}
	return all
}

// Label is what a letter is called; the label of an unknown kind is empty.
func (k Kind) Label() law.Label {
	if row, ok := k.row(); ok {
		return row.label
	}
	return law.Label{}
}

// noun is what a letter calls itself where it tells the remedies.
func (k kind) noun() string {
	for _, prefix := range []string{"not_processed", "other", string(ThirdParty)} {
		if strings.HasPrefix(string(k.Kind), prefix) {
			return "告知"
		}
	}
	return "答复"
}

func (k Kind) row() (kind, bool) {
	all := kinds()
	i := slices.IndexFunc(all, func(row kind) bool { return row.Kind == k })
	if i < 0 {
		return kind{}, false
	}
	return all[i], true
}

// kinds is the table of letters.
func kinds() []kind {
	all := []kind{
		{Receipt, law.Label{Zh: "登记回执", En: "Receipt"}, r2019("33(2)"), r2007("24(2)"), both},
		{Correction, law.Label{Zh: "补正告知书", En: "Notice to correct"}, r2019("30"), r2007("21 item 4"), both},
		{Extension, law.Label{Zh: "延期答复告知书", En: "Notice of extension"}, r2019("33(2)"), r2007("24(2)"), both},
		{AskReasons, law.Label{Zh: "说明理由告知书", En: "Notice to give reasons"}, r2019("35"), nil, only2019},
		{Delay, law.Label{Zh: "延迟答复告知书", En: "Notice of a later answer"}, r2019("35"), nil, only2019},
		{Consultation, law.Label{Zh: "征求第三方意见书", En: "Letter to a third party"}, r2019("15", "32"), r2007("23"), both},
		{CoProducer, law.Label{Zh: "征求共同制作机关意见书", En: "Letter to a co-producer"}, r2019("34"), nil, only2019},
		{ThirdParty, law.Label{Zh: "告知第三方决定公开", En: "Notice to a third party of disclosure"}, r2019("15", "32"), r2007("14(4)", "23"), both},
		{FeeNotice, law.Label{Zh: "收费通知", En: "Fee notice"}, append(r2019("42"), law.Citation{Act: law.Fees2020}), nil, only2019},
		{RecordFixed, law.Label{Zh: "更正告知书", En: "Notice of a corrected record"}, r2019("41"), r2007("25(2)"), both},
		{RecordPassed, law.Label{Zh: "更正转送告知书", En: "Notice of a correction passed on"}, r2019("41"), r2007("25(2)"), both},
		{AlreadyPublic, law.Label{Zh: "答复书：已主动公开", En: "Answer: already public"}, r2019("36 item 1"), r2007("21 item 1"), both},
		{NotExisting, law.Label{Zh: "答复书：信息不存在", En: "Answer: does not exist"}, r2019("36 item 4"), r2007("21 item 3"), both},
		{Withdrawn, law.Label{Zh: "告知书：申请人撤回", En: "Notice: withdrawn"}, nil, nil, both},
	}
	for _, o := range outcomes() {
		row := kind{Kind(o.ID), law.Label{Zh: "答复书：" + o.Label.Zh, En: "Answer: " + o.Label.En}, o.Grounds, nil, only2019}
		switch row.Kind {
		case "granted":
			row.grounds = r2019("36 item 2")
		case NotThisOrgan:
			row.grounds = r2019("36 item 5")
		}
		all = append(all, row)
	}
	return add2007(all)
}

// add2007 adds the answers that R2007 has: a letter of both versions where both have the outcome.
func add2007(all []kind) []kind {
	for _, o := range ground.On(workday.Date{Year: 2008, Month: 5, Day: 1}) {
		if o.ID == "not_existing" {
			continue // it is told by the letter of both versions
		}
		i := slices.IndexFunc(all, func(row kind) bool { return row.Kind == Kind(o.ID) })
		if i >= 0 {
			all[i].grounds2007, all[i].versions = o.Grounds, both
		} else {
			l := law.Label{Zh: "答复书：" + o.Label.Zh + "（2007年条例）", En: "Answer: " + o.Label.En + " (2007)"}
			all = append(all, kind{Kind(o.ID), l, nil, o.Grounds, only2007})
		}
	}
	return all
}

// outcomes are those of the version of the Regulation in force, all that it ever had.
func outcomes() []ground.Outcome {
	return ground.On(workday.Date{Year: 2021, Month: 1, Day: 1})
}

func r2019(articles ...string) []law.Citation { return places(law.R2019, articles) }

func r2007(articles ...string) []law.Citation { return places(law.R2007, articles) }

func places(act law.Act, articles []string) []law.Citation {
	citations := make([]law.Citation, len(articles))
	for i, article := range articles {
		citations[i] = law.Citation{Act: act, Article: article}
	}
	return citations
}

// Reasons of a letter that cannot be made.
const (
	Unknown      law.Reason = "LETTER_UNKNOWN"       // letter
	ValueMissing law.Reason = "LETTER_VALUE_MISSING" // letter_zh, letter_en, value
	NoneBefore   law.Reason = "LETTER_NONE_BEFORE"   // received_on, letter_zh, letter_en
)

// Answer is the letter that tells an outcome, by the grounds that it was given on. It returns a [*law.Breach]: that of
// [ground.Get].
func Answer(outcome string, received workday.Date, grounds []law.Citation) (Kind, error) {
	if _, err := ground.Get(outcome, received); err != nil {
		return "", err
	}
	has := func(article string) bool {
		return slices.Contains(grounds, law.Citation{Act: law.R2019, Article: article})
	}
	switch {
	case outcome == "granted" && has("36 item 1") && !has("36 item 2"):
		return AlreadyPublic, nil
	case outcome == "unable_not_held" && !has("36 item 5"), outcome == "not_existing":
		return NotExisting, nil
	}
	return Kind(outcome), nil
}

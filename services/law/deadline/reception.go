package deadline

import (
	"time"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// receiptRule is which date of a receipt decides, and where that is said.
type receiptRule struct {
	citation law.Citation
	// dates are those that can decide: the first that is given does.
	dates [3]receiptDate
	// reading is ours from the date of place readFrom on.
	reading  Reading
	readFrom int
}

// receiptDate picks a date of a receipt; none picks none.
type receiptDate int

const (
	submitted receiptDate = iota + 1
	arrived
	confirmed
	bySystem
)

func (r Receipt) date(d receiptDate) workday.Date {
	switch d {
	case submitted:
		return r.SubmittedOn
	case arrived:
		return r.ArrivedOn
	case confirmed:
		return r.ConfirmedOn
	case bySystem:
		return r.SystemConfirmedOn
	}
	return workday.Date{}
}

// receptions are the rules on the day of receipt from a day on.
type receptions struct {
	from workday.Date
	rule func(ReceiptChannel) receiptRule
}

// receptionRules is the dated table, the oldest first.
func receptionRules() [3]receptions {
	return [...]receptions{
		{workday.Date{Year: 2008, Month: time.May, Day: 1}, reception2008},
		{workday.Date{Year: 2015, Month: time.November, Day: 18}, reception2015},
		{workday.Date{Year: 2019, Month: time.May, Day: 15}, reception2019},
	}
}

// Nothing national said when a request was received. Our reading: handed in or filed online, that day; else on arrival.
func reception2008(c ReceiptChannel) receiptRule {
	r := receiptRule{citation: law.Citation{Act: law.R2007, Article: "24(2)"}, dates: [3]receiptDate{arrived, confirmed}, reading: ReadBeforeReceiptReply}
	switch c {
	case InPerson:
		r.dates = [3]receiptDate{submitted}
	case Online:
		r.dates = [3]receiptDate{arrived, bySystem, confirmed}
	}
	return r
}

// The reply of 2015 (No. 207): handed in, that day; signed-for post, that day; other post, and post to another unit or
// person, the day of confirmation with the applicant; a mailbox, the day its system took the message in; a fax, the
// day both confirm; another published way as the organ laid down, else the day both confirm.
func reception2015(c ReceiptChannel) receiptRule {
	r := receiptRule{citation: law.Citation{Act: law.Reply2015}, dates: [3]receiptDate{confirmed}}
	switch c {
	case InPerson:
		r.dates = [3]receiptDate{submitted}
	case SignedPost, Mailbox:
		r.dates = [3]receiptDate{arrived}
	case Online:
		r.dates, r.reading, r.readFrom = [3]receiptDate{confirmed, bySystem}, ReadOnlineSystem, 1
	}
	return r
}

// R2019 art. 31: handed in, that day; post, the day the organ signed for it; post without a signature, the day of
// confirmation with the applicant; the internet and the office's fax, the day both confirm. Our reading (guiding case
// 26): what the organ's own system confirmed does not wait for a second confirmation that never comes.
func reception2019(c ReceiptChannel) receiptRule {
	r := receiptRule{citation: law.Citation{Act: law.R2019, Article: "31 item 3"}, dates: [3]receiptDate{confirmed}}
	switch c {
	case InPerson:
		r.citation.Article, r.dates = "31 item 1", [3]receiptDate{submitted}
	case SignedPost, MisdirectedPost:
		r.citation.Article, r.dates = "31 item 2", [3]receiptDate{arrived}
	case OrdinaryPost:
		r.citation.Article = "31 item 2"
	case Online, Mailbox:
		r.dates, r.reading, r.readFrom = [3]receiptDate{confirmed, bySystem}, ReadOnlineSystem, 1
	}
	return r
}

// of is the day that the rule gives; no date if the receipt lacks it.
func (r receiptRule) of(in Receipt) Reception {
	for i, d := range r.dates {
		if on := in.date(d); !on.IsZero() {
			at := Reception{On: on, Citation: r.citation}
			if i >= r.readFrom {
				at.Reading = r.reading
			}
			return at
		}
	}
	return Reception{}
}

// ReceiptChannels are the ways by which a request can come.
func ReceiptChannels() []ReceiptChannel {
	return []ReceiptChannel{InPerson, SignedPost, OrdinaryPost, Online, Mailbox, Fax, MisdirectedPost, OtherChannel}
}

func (c ReceiptChannel) known() bool {
	switch c {
	case InPerson, SignedPost, OrdinaryPost, Online, Mailbox, Fax, MisdirectedPost, OtherChannel:
		return true
	}
	return false
}

// Receive finds the day of receipt (收到申请之日), by the rules in force on it.
//
// It returns a [*law.Breach] of [ReceiptChannelUnknown], [ReceiptDateMissing], [DateInvalid], [ReceiptDatesReversed]
// or [ReceivedBeforeRegulation].
func Receive(r Receipt) (Reception, error) {
	if err := r.check(); err != nil {
		return Reception{}, err
	}
	sets := receptionRules()
	for i, set := range sets {
		at := set.rule(r.Channel).of(r)
		last := i == len(sets)-1
		switch {
		case at.On.IsZero() && !last:
			continue // what newer rules ask for may be there
		case at.On.IsZero():
			broken := law.Under(set.rule(r.Channel).citation)
			broken.If(true, ReceiptDateMissing, "receipt", "channel", string(r.Channel))
			return Reception{}, broken.Err()
		case i == 0 && at.On.Before(set.from):
			broken := law.Under(law.Citation{Act: law.R2007})
			broken.If(true, ReceivedBeforeRegulation, "receipt", "date", at.On.String())
			return Reception{}, broken.Err()
		case last || at.On.Before(sets[i+1].from):
			return at, nil
		}
	}
	return Reception{}, nil // not reached: the last set answers
}

// check tells what is wrong with a receipt in itself.
func (r Receipt) check() error {
	broken := law.Under(law.Citation{Act: law.R2019, Article: "31"})
	broken.If(!r.Channel.known(), ReceiptChannelUnknown, "receipt.channel", "value", string(r.Channel))
	for _, f := range []struct {
		name     string
		d, after workday.Date
	}{
		{"receipt.submitted_on", r.SubmittedOn, workday.Date{}},
		{"receipt.arrived_on", r.ArrivedOn, r.SubmittedOn},
		{"receipt.confirmed_on", r.ConfirmedOn, latestOf(r.SubmittedOn, r.ArrivedOn)},
		{"receipt.system_confirmed_on", r.SystemConfirmedOn, r.SubmittedOn},
	} {
		broken.If(!f.d.IsZero() && !f.d.Valid(), DateInvalid, f.name, "date", f.d.String())
		broken.If(!f.d.IsZero() && f.d.Before(f.after), ReceiptDatesReversed, f.name, "date", f.d.String(), "before", f.after.String())
	}
	return broken.Err()
}

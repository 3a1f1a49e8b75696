package letter

import (
	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// Case is what letters say of a request. Which of it a letter needs, its template says. Texts may have several lines.
type Case struct {
	Organ  string       // 机关名称
	Number string       // 发文字号 of the letter; may be empty
	Date   workday.Date // 落款日期
	Office Office

	Applicant string // name of who asks
	// Organization tells that the applicant is no natural person, who is addressed otherwise.
	Organization  bool
	ReceiptNumber string
	QueryCode     string
	ReceivedOn    workday.Date
	Channel       string // the way by which it came, in words
	Description   string // what is asked for

	// Grounds are the places in the law that an answer rests on. None: those of its kind.
	Grounds  []law.Citation
	Reasons  string // why; of what does not exist, also how it was searched for
	Given    string // what is given or told
	Way      string // how it is got, or the other way that is open
	Withheld string // what is not given, of an answer in part

	Asked  string       // what is to be corrected, explained, or given an opinion on
	Until  workday.Date // the last day for what is asked for, or of a delay
	Days   int          // of an extension, in working days
	Due    workday.Date // the last day of the reply period
	SentOn workday.Date // the day of the notice that was not followed

	ThirdParty string // who is asked for an opinion: a third party, or an organ that made the information too
	OtherOrgan Office // who the information belongs to
	Earlier    Earlier
	Fee        Fee
	Remedy     Remedy
}

// Office is where somebody is reached.
type Office struct{ Name, Phone, Address string }

// Earlier is an answer that was given before.
type Earlier struct {
	On     workday.Date
	Number string
}

// Fee is an information processing fee (信息处理费).
type Fee struct {
	Standard string // by item or by page, with its tiers, in words
	Detail   string // how the amount comes about; may be empty
	Fen      int64
	Way      string // account and way of paying
}

// First tells whether an administrative reconsideration has to come before a suit.
type First string

// The answers.
const (
	Choice      First = "choice"      // either is open
	Required    First = "required"    // reconsideration first: Reconsideration Law 2023 art. 23(1) item 4
	Recommended First = "recommended" // it is open to doubt; reconsideration first loses no right
)

// Remedy is what the applicant can do against the letter.
type Remedy struct {
	Bodies []string // who hears a reconsideration: one, or several to choose from
	First  First    // none: choice
	Online string   // where to apply for a reconsideration online; needed where the letter is served online (art. 22(2))
	Court  string   // may be empty
}

// Package publication holds the rules on when a disclosure is published.
package publication

import (
	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// Reasons of [Check], with the values that their texts name.
const (
	DateMissing  law.Reason = "PUBLISH_DATE_MISSING"    // none
	DateInvalid  law.Reason = "PUBLISH_DATE_INVALID"    // date
	DateInFuture law.Reason = "PUBLISH_DATE_IN_FUTURE"  // date, today
	BeforeFormed law.Reason = "PUBLISHED_BEFORE_FORMED" // date, formed_on
	FormedAhead  law.Reason = "FORMED_IN_FUTURE"        // date, today; of CheckFormed
)

// Publication is the publishing of one piece of government information.
type Publication struct {
	FormedOn    workday.Date // when the information was formed or last changed; no date if not known
	PublishedOn workday.Date
}

// rule is where one version of the Regulation sets the time of publication.
type rule struct {
	from  workday.Date
	place law.Citation
}

// rules are the versions, the newest first.
func rules() []rule {
	return []rule{
		{workday.Date{Year: 2019, Month: 5, Day: 15}, law.Citation{Act: law.R2019, Article: "26"}},
		{workday.Date{}, law.Citation{Act: law.R2007, Article: "18"}},
	}
}

// citation is the place in the version that is in force on a day.
func citation(on workday.Date) law.Citation {
	for _, r := range rules() {
		if !on.Before(r.from) {
			return r.place
		}
	}
	return law.Citation{}
}

// Check tells whether a disclosure can be published on a date. It returns a [*law.Breach], or nil.
//
// R2019 art. 26, R2007 art. 18: published in time after the information was formed or changed. So publication has a
// date, which is not before the one of forming, and which has come: a past one may be recorded, a future one not.
// How late a publication is, is a matter of the deadline and no reason to refuse it.
func Check(p Publication, today workday.Date) error {
	broken := law.Under(citation(p.PublishedOn))
	if p.PublishedOn.IsZero() {
		broken = law.Under(citation(today))
	}
	date, dated := p.PublishedOn.String(), !p.PublishedOn.IsZero()
	broken.If(!dated, DateMissing, "published_on")
	broken.If(dated && !p.PublishedOn.Valid(), DateInvalid, "published_on", "date", date)
	broken.If(p.PublishedOn.After(today), DateInFuture, "published_on", "date", date, "today", today.String())
	broken.If(dated && p.PublishedOn.Before(p.FormedOn), BeforeFormed, "published_on", "date", date, "formed_on", p.FormedOn.String())
	return broken.Err()
}

// CheckFormed tells whether information can have been formed, or last changed, on a date: not in the future. No date
// is allowed. It returns a [*law.Breach], or nil.
func CheckFormed(on, today workday.Date) error {
	broken := law.Under(citation(today))
	broken.If(on.After(today), FormedAhead, "formed_on", "date", on.String(), "today", today.String())
	return broken.Err()
}

package deadline

import (
	"time"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// version is what one version of the Regulation sets for the periods of a request. A citation that is missing means
// that the version does not know the step.
type version struct {
	act       law.Act
	reply     workday.WorkingDays // the reply period
	replyAt   law.Citation
	extension workday.WorkingDays // the longest extension
	// correctionAt is where the correction notice stands. Within is how long after receipt it is in time; 0: no limit.
	correctionAt     law.Citation
	correctionWithin workday.WorkingDays
	// stopAt is where time for asking is left out.
	stopAt law.Citation
	// thirdPartyAt, thirdPartyWithin and so on: who may be asked and how long they have; 0: no limit.
	thirdPartyAt     law.Citation
	thirdPartyWithin workday.WorkingDays
	coProducerAt     law.Citation
	coProducerWithin workday.WorkingDays
	otherOrganAt     law.Citation
	delayAt          law.Citation
}

// governing is the version that governs a request received on a day; ok is false before the first.
//
// Our reading ([ReadVersionByReceipt]): neither version has a transition rule; the one in force on the day of receipt
// governs the whole request.
//
// R2007 art. 24(2): 15 working days, and up to 15 more; 24(3): asking third parties is not counted. Art. 21 item 4:
// unclear requests are to be changed or completed, without a time for saying so. Art. 23: third parties are asked in
// writing, without a limit to answer. Co-producers, other organs and too many requests it does not have.
//
// R2019 art. 33(2): 20 working days, and up to 20 more; 33(3): asking third parties and other organs is not counted.
// Art. 30: a correction is asked for within 7 working days. Arts. 32, 34: a third party and a co-producer answer
// within 15 working days of receiving the letter. Art. 35: a later date for too many requests.
func governing(received workday.Date) (v version, ok bool) {
	at := func(article string) law.Citation { return law.Citation{Act: v.act, Article: article} }
	switch {
	case since(law.R2019, received):
		v = version{act: law.R2019, reply: 20, extension: 20, correctionWithin: 7, thirdPartyWithin: 15, coProducerWithin: 15}
		v.replyAt, v.correctionAt, v.stopAt = at("33(2)"), at("30"), at("33(3)")
		v.thirdPartyAt, v.coProducerAt, v.otherOrganAt, v.delayAt = at("32"), at("34"), at("33(3)"), at("35")
	case since(law.R2007, received):
		v = version{act: law.R2007, reply: 15, extension: 15}
		v.replyAt, v.correctionAt, v.stopAt = at("24(2)"), at("21 item 4"), at("24(3)")
		v.thirdPartyAt = at("23")
	default:
		return version{}, false
	}
	return v, true
}

// paymentWithin is how long after receiving a fee notice an applicant may pay (Measures on Information Processing
// Fees). The measures govern requests received since they are in force; before, no fee moved a date.
const paymentWithin workday.WorkingDays = 20

func feesAt(received workday.Date) law.Citation {
	if since(law.Fees2020, received) {
		return law.Citation{Act: law.Fees2020}
	}
	return law.Citation{}
}

// since tells whether an act has come into force by a day. The days are those of [law.Act.InForce], to which a test
// holds them; they stand here as dates, since every case asks.
func since(a law.Act, on workday.Date) bool {
	from := workday.Date{Year: 9999}
	switch a {
	case law.R2007:
		from = workday.Date{Year: 2008, Month: time.May, Day: 1}
	case law.R2019:
		from = workday.Date{Year: 2019, Month: time.May, Day: 15}
	case law.Fees2020:
		from = workday.Date{Year: 2021, Month: time.January, Day: 1}
	case law.Reply2016:
		from = workday.Date{Year: 2016, Month: time.December, Day: 7}
	}
	return !on.Before(from)
}

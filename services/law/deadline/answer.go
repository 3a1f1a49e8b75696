package deadline

import (
	"strconv"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// Served are the two dates of an answer.
type Served struct {
	// AnsweredOn decides whether it was in time; no date if it was not lawfully given.
	AnsweredOn workday.Date
	// KnownOn starts the applicant's periods of appeal; no date if it is not shown to be known.
	KnownOn  workday.Date
	Citation law.Citation
	Reading  Reading
}

// Serve finds the two dates of an answer by how it was delivered.
//
// Answered on, reply of 2016 (No. 235): handed over or served through another organ, the day the applicant signs; by
// post, the day of posting. Only the postal enterprise may carry organs' documents; what a private courier took before
// the reply counts by the day it was handed in, later not before the applicant signs for it (our reading). Electronic,
// the day it was sent (our reading). The reply interprets the Regulation, so it holds for earlier answers too (our
// reading).
//
// Known on, Implementation Rules of 2007 art. 15: the day the applicant signed; never served, not known.
//
// It returns a [*law.Breach] of [DeliveryUnknown], [DeliveryDateMissing], [DateInvalid] or [DeliveryDatesReversed].
func Serve(d Delivery) (Served, error) { return serve(d, workday.Date{}, "delivery") }

// serve also takes an answer of which only the day is known.
func serve(d Delivery, on workday.Date, field string) (Served, error) {
	if d == (Delivery{}) {
		return Served{AnsweredOn: on}, nil
	}
	s := Served{KnownOn: d.SignedOn, Citation: law.Citation{Act: law.Reply2016}}
	decides := d.SentOn
	switch d.Channel {
	case HandedOver, ServedByOtherUnit:
		decides = d.SignedOn
	case Posted:
	case Electronic:
		s.Citation, s.Reading = law.Citation{}, ReadElectronicSent
	case Courier:
		if !since(law.Reply2016, d.SentOn) {
			break // item 5 of the reply: what was sent before it counts by the day of posting
		}
		decides, s.Reading = d.SignedOn, ReadCourier
	}
	if err := d.check(decides, on, field); err != nil {
		return Served{}, err
	}
	s.AnsweredOn = decides
	if s.Reading == "" && !since(law.Reply2016, decides) {
		s.Reading = ReadServedEarlier
	}
	return s, nil
}

// check tells what is wrong with a delivery by the date that decides.
func (d Delivery) check(decides, on workday.Date, field string) error {
	dates := [2]workday.Date{d.SentOn, d.SignedOn}
	dated := !decides.IsZero() || d.Channel == Courier && !d.SentOn.IsZero()
	sound := d.Channel.known() && dated && (d.SignedOn.IsZero() || !d.SignedOn.Before(d.SentOn)) && (on.IsZero() || decides.IsZero() || on == decides)
	for _, date := range dates {
		sound = sound && (date.IsZero() || date.Valid())
	}
	if sound {
		return nil
	}
	broken := law.Under(law.Citation{Act: law.Reply2016})
	broken.If(!d.Channel.known(), DeliveryUnknown, field+".channel", "value", string(d.Channel))
	broken.If(d.Channel.known() && !dated, DeliveryDateMissing, field, "channel", string(d.Channel))
	for _, date := range dates {
		broken.If(!date.IsZero() && !date.Valid(), DateInvalid, field, "date", date.String())
	}
	broken.If(!d.SignedOn.IsZero() && d.SignedOn.Before(d.SentOn), DeliveryDatesReversed, field, "date", d.SignedOn.String(), "before", d.SentOn.String())
	broken.If(!on.IsZero() && !decides.IsZero() && on != decides, AnswerDatesDiffer, field, "date", on.String(), "answered_on", decides.String())
	return broken.Err()
}

// DeliveryChannels are the ways by which an answer can be served.
func DeliveryChannels() []DeliveryChannel {
	return []DeliveryChannel{HandedOver, ServedByOtherUnit, Posted, Courier, Electronic}
}

func (c DeliveryChannel) known() bool {
	switch c {
	case HandedOver, ServedByOtherUnit, Posted, Courier, Electronic:
		return true
	}
	return false
}

// answered takes an answer. In time means: answered on the due date or before (R2019 art. 33(2), R2007 art. 24(2)).
// While the applicant has to correct or to pay, or others are asked, no date has passed.
func (c *clock) answered(e *Event, h *happening) error {
	served, err := serve(e.Delivery, e.On, "delivery")
	if err != nil {
		return err
	}
	courier := e.Delivery.Channel == Courier && since(law.Reply2016, e.Delivery.SentOn)
	if courier {
		effect := Stands
		if served.AnsweredOn.IsZero() {
			effect = NoEffect
		}
		c.mark(h, NoLawfulService, effect, served.Citation, "date", e.Delivery.SentOn.String())
	}
	if served.AnsweredOn.IsZero() && e.Delivery != (Delivery{}) {
		return nil
	}
	c.read(served.Reading)
	c.close(h.on, IsAnswered, e.Kind)
	a := Answer{AnsweredOn: served.AnsweredOn, KnownOn: served.KnownOn, Citation: served.Citation, Reading: served.Reading, Due: c.effectiveDue()}
	a.InTime = a.Due.IsZero() || !a.AnsweredOn.After(a.Due)
	if !a.InTime {
		late, err := c.days.Count(a.Due, a.AnsweredOn)
		if err != nil {
			return err
		}
		a.LateBy, a.LateByDays = late, a.AnsweredOn.DaysSince(a.Due)
		c.mark(h, AnsweredLate, Stands, c.v.replyAt, "date", a.AnsweredOn.String(), "due", a.Due.String(), "days", strconv.Itoa(int(late)))
	}
	c.t.Answers = append(c.t.Answers, a)
	c.repeats(e, h)
	return nil
}

// repeats marks an answer that says the same, on the same ground, as the one that was quashed: given on the same facts
// and reasons it will be quashed again. It stands until then, and is lawful if its main facts or reasons are others.
//
// Reconsideration Law of 2023 art. 64(2), of 2017 art. 28(2); Litigation Law art. 71, of 1989 art. 55; Interpretation of
// 2018 art. 90. None of it holds where the first answer was quashed for a breach of procedure; for a reconsideration
// before 2024 that is our reading. A ground that is not known is no other one (our reading).
func (c *clock) repeats(e *Event, h *happening) {
	now, was := said{h.on, e.Outcome, e.Article}, c.quashed
	sameGround := now.article == was.article || now.article == "" || was.article == ""
	if was.outcome != "" && now.outcome == was.outcome && sameGround {
		c.mark(h, SameAnswerAgain, Stands, c.quashedAt, "date", h.on.String(), "before", was.on.String())
	}
	c.said = now
}

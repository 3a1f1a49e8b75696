package disclosure

import (
	"time"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/server"
	"gongkai/services/law/workday"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// Kinds of entries.
const (
	created   = "disclosure.created"
	updated   = "disclosure.updated"
	published = "disclosure.published"
	withdrawn = "disclosure.withdrawn"
)

// measure begins the name of what a published disclosure counts as; its category ends it.
const measure = "disclosures.published."

// event is what a change adds to the log. It is drawn before the transaction.
type event struct {
	kind string
	on   workday.Date // when it happened
	at   server.Stamp
	salt eventlog.Salt
}

func newEvent(kind string, on workday.Date, at server.Stamp) event {
	return event{kind: kind, on: on, at: at, salt: eventlog.NewSalt()}
}

// entry is the event's entry, with the facts before and after it, and the hash of the bytes now stored.
func (e event) entry(r *record, sha256 []byte) *logv1.Entry {
	return &logv1.Entry{
		Kind:          e.kind,
		Resource:      r.stored.GetDisclosure().GetName(),
		Revision:      r.stored.GetRevision(),
		HappenedOn:    toProto(e.on),
		RecordedAt:    timestamppb.New(e.at.At),
		Actor:         e.at.Actor,
		Authority:     e.at.Authority,
		Before:        r.facts,
		After:         facts(r.organization, r.stored.GetDisclosure()),
		ContentSha256: sha256,
	}
}

// isPublic tells whether the opening of an entry that leads to this state is for everyone.
func isPublic(d *disclosurev1.Disclosure) bool { return d.GetState() != disclosurev1.State_STATE_DRAFT }

// facts are what a disclosure counts as: one of its category on the day of its publication, while it is published.
func facts(organization string, d *disclosurev1.Disclosure) []*logv1.Fact {
	if d.GetState() != disclosurev1.State_STATE_PUBLISHED {
		return nil
	}
	return []*logv1.Fact{{
		Organization: "organizations/" + organization, Date: d.GetPublishedOn(), Measure: measure + d.GetCategory(), Value: 1,
	}}
}

func civil(d *date.Date) workday.Date {
	if d == nil {
		return workday.Date{}
	}
	return workday.Date{Year: int(d.GetYear()), Month: time.Month(d.GetMonth()), Day: int(d.GetDay())}
}

func toProto(d workday.Date) *date.Date {
	if d.IsZero() {
		return nil
	}
	return &date.Date{Year: int32(d.Year), Month: int32(d.Month), Day: int32(d.Day)}
}

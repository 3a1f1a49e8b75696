package disclosure

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/disclosure/ledger"
	"gongkai/services/law"
	"gongkai/services/law/publication"
	"gongkai/services/law/workday"

	"github.com/oklog/ulid/v2"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// fate is what becomes of a row.
type fate int

const (
	aside     fate = iota // it is no row, but says something of its sheet
	refused               // something is wrong with it
	unchanged             // its record exists
	made                  // it becomes a record
	completed             // its record exists as a draft, and is published
)

// item is one row of a ledger on its way.
type item struct {
	row       *ledger.Row
	key       digest // by which the row is known again
	content   digest // of all that it says
	record    *record
	event     event
	setting   setting
	publishes bool
	broken    []law.Violation // rules that the record would break

	// What was found out last: a transaction may run twice.
	fate  fate
	found *record // the draft that is completed
	wrong []law.Violation
}

// keys are the keys that a file has had, shortened to 8 bytes: the row of an index number, or the number of equal rows.
type keys struct{ seen map[uint64]int }

// of draws the key of a row. It returns the row that has the same index number, 0 for none.
func (k keys) of(row *ledger.Row, content digest) (key digest, same int) {
	number := row.Draft.GetIndexNumber()
	if number != "" {
		key = sha256.Sum256([]byte("number\x00" + number))
		short := binary.BigEndian.Uint64(key[:])
		if same = k.seen[short]; same == 0 {
			k.seen[short] = row.Number
		}
		return key, same
	}
	short := binary.BigEndian.Uint64(content[:])
	k.seen[short]++
	return sha256.Sum256(binary.BigEndian.AppendUint32(append([]byte("content\x00"), content[:]...), uint32(k.seen[short]))), 0
}

// contentOf is the digest of what a row says: its disclosure and its date of publication.
func contentOf(row *ledger.Row) (digest, error) {
	whole := proto.CloneOf(row.Draft)
	whole.PublishedOn, whole.State, whole.Name = toProto(row.PublishedOn), 0, ""
	setDefaults(whole)
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(whole)
	return sha256.Sum256(b), err
}

// check draws what an item needs, and applies the rules to it.
func (in *importing) check(ctx context.Context, i *item, k keys) (err error) {
	if i.content, err = contentOf(i.row); err != nil {
		return fmt.Errorf("hash row %d: %w", i.row.Number, err)
	}
	same := 0
	if i.key, same = k.of(i.row, i.content); same != 0 {
		i.row.Add(law.Violation{Field: "index_number", Reason: NumberTwice, Values: map[string]string{
			"number": i.row.Draft.GetIndexNumber(), "row": fmt.Sprint(same),
		}})
		return nil
	}
	on := i.row.PublishedOn
	i.publishes = in.publishing != nil && !on.IsZero()
	at := in.stamps.draft
	if i.publishes {
		at = in.stamps.publish
	}
	if i.record, err = in.draft(in.organization, i.row.Draft, at); err != nil {
		return err
	}
	d := i.record.disclosure()
	d.SourceIndexNumber = i.row.Draft.GetIndexNumber()
	if !i.publishes {
		i.event = newEvent(created, in.today, at)
		return in.checkDraft(ctx, i)
	}
	i.event = newEvent(published, on, at)
	i.record.stored.PublishedBy = at.Actor
	i.setting = setting{organization: in.organization, forms: in.forms, today: in.today}
	if i.setting.exists, err = in.isThere(ctx, on); err != nil {
		return err
	}
	i.broken = violations(publish(d, on, nil, i.setting))
	return nil
}

// checkDraft applies the rules of a draft: its year knows its category, and the organ exists today or on one of the
// days that the draft is about.
func (in *importing) checkDraft(ctx context.Context, i *item) error {
	d, on := i.row.Draft, i.row.PublishedOn
	year := yearOf(d, in.today)
	if !on.IsZero() {
		year = on.Year
	}
	i.broken = violations(law.Join(in.forms.CheckCategory(year, d.GetCategory()), publication.CheckFormed(civil(d.GetFormedOn()), in.today)))
	for _, day := range []workday.Date{in.today, on, civil(d.GetFormedOn())} {
		if day.IsZero() {
			continue
		}
		if there, err := in.isThere(ctx, day); err != nil || there {
			return err
		}
	}
	i.broken = append(i.broken, law.Violation{Reason: OrganizationNotOnDate, Values: map[string]string{
		"organization": "organizations/" + in.organization, "date": in.today.String(),
	}})
	return nil
}

// find tells what becomes of an item, from what is stored.
func (in *importing) find(r kv.Reader, i *item) error {
	i.fate, i.found, i.wrong = aside, nil, nil
	switch {
	case i.row.Draft == nil:
		return nil
	case i.row.Refused():
		i.fate = refused
		return nil
	}
	if known, err := in.findExported(r, i); known || err != nil {
		return err
	}
	if i.row.Draft.GetState() == disclosurev1.State_STATE_WITHDRAWN {
		i.refuse(law.Violation{Field: "state", Reason: RowWithdrawn})
		return nil
	}
	n, content, found, err := imported(r, in.organization, i.key)
	switch {
	case err != nil:
		return err
	case found && content != i.content:
		i.differs(n)
	case found:
		before, err := load(r, n)
		if err != nil {
			return err
		}
		i.complete(before)
	case len(i.broken) > 0:
		i.refuse(i.broken...)
	default:
		i.fate = made
	}
	return nil
}

// findExported finds the record that an export wrote a row from. It reports false if there is none.
func (in *importing) findExported(r kv.Reader, i *item) (bool, error) {
	id, err := ulid.ParseStrict(i.row.ID)
	if err != nil {
		return false, nil
	}
	before, err := load(r, name{in.organization, id})
	var missing *fault.Error
	switch {
	case errors.As(err, &missing): // it is from elsewhere
		return false, nil
	case err != nil:
		return false, err
	case i.says(before.disclosure()):
		i.complete(before)
	default:
		i.differs(before.name)
	}
	return true, nil
}

// says tells whether a row says the same as a record. A draft has no date yet.
func (i *item) says(d *disclosurev1.Disclosure) bool {
	is, has := ledger.Normal(d), i.record.disclosure()
	on := is.GetPublishedOn()
	return is.GetTitle() == has.GetTitle() && is.GetContent() == has.GetContent() && is.GetCategory() == has.GetCategory() &&
		is.GetAttribute() == has.GetAttribute() && is.GetDocumentNumber() == has.GetDocumentNumber() &&
		proto.Equal(is.GetFormedOn(), has.GetFormedOn()) && slices.Equal(is.GetChannels(), has.GetChannels()) &&
		(on == nil || civil(on) == i.row.PublishedOn)
}

// complete publishes a draft that exists, if the row asks for it, and else leaves what exists as it is.
func (i *item) complete(before *record) {
	d := before.disclosure()
	if !i.publishes || d.GetState() != disclosurev1.State_STATE_DRAFT {
		i.fate = unchanged
		return
	}
	if found := violations(publish(d, i.row.PublishedOn, nil, i.setting)); len(found) > 0 {
		i.refuse(found...)
		return
	}
	before.stored.PublishedBy, d.UpdateTime = i.event.at.Actor, timestamppb.New(i.event.at.At)
	i.fate, i.found = completed, before
}

func (i *item) differs(n name) {
	i.refuse(law.Violation{Reason: RecordDiffers, Values: map[string]string{"record": n.String()}})
}

func (i *item) refuse(wrong ...law.Violation) { i.fate, i.wrong = refused, wrong }

// put stores what becomes of an item.
func (in *importing) put(tx kv.Tx, i *item) (err error) {
	r := i.record
	switch i.fate {
	case made:
		if err := putImported(tx, r.name, i.key, i.content); err != nil {
			return err
		}
	case completed:
		r = i.found
	default:
		return nil
	}
	if i.publishes {
		if r.disclosure().IndexNumber, err = serials.Draw(tx, r.organization, i.row.PublishedOn.Year); err != nil {
			return err
		}
	}
	return in.save(tx, r, i.event)
}

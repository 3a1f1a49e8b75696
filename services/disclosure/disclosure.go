package disclosure

import (
	"context"
	"fmt"
	"slices"
	"strings"

	apiv1 "gongkai/proto/gongkai/api/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/server"
	"gongkai/services/law"
	"gongkai/services/law/workday"

	"github.com/oklog/ulid/v2"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// GetDisclosure gets a disclosure. Whoever may not read the organisation's internal records gets what is published, and
// of what was withdrawn its title, reason and dates. Errors: NOT_FOUND.
func (s *Server) GetDisclosure(ctx context.Context, in *disclosurev1.GetDisclosureRequest) (*disclosurev1.Disclosure, error) {
	n, ok := parseName(in.GetName())
	if !ok {
		return nil, fault.NotFound(in.GetName())
	}
	internal, err := access.Allows(ctx, apiv1.Permission_PERMISSION_READ, n.organization)
	if err != nil {
		return nil, err
	}
	var found *record
	err = s.db.View(ctx, func(r kv.Reader) (err error) {
		found, err = load(r, n)
		return err
	})
	if err != nil {
		return nil, err
	}
	if d := view(found.disclosure(), internal); d != nil {
		return d, nil
	}
	return nil, fault.NotFound(in.GetName())
}

// view is what a caller may see of a disclosure; nil for nothing.
func view(d *disclosurev1.Disclosure, internal bool) *disclosurev1.Disclosure {
	switch {
	case internal:
		return d
	case d.GetState() == disclosurev1.State_STATE_PUBLISHED:
		return outward(d)
	case d.GetState() == disclosurev1.State_STATE_WITHDRAWN:
		return &disclosurev1.Disclosure{
			Name: d.GetName(), Title: d.GetTitle(), State: d.GetState(), IndexNumber: d.GetIndexNumber(),
			PublishedOn: d.GetPublishedOn(), WithdrawReason: d.GetWithdrawReason(), WithdrawnOn: d.GetWithdrawnOn(),
		}
	}
	return nil
}

// UpdateDisclosure changes a draft, or corrects a published record. Source: R2019 art. 6(2). Errors: INVALID_ARGUMENT
// (a mask with an unknown field), NOT_FOUND, ABORTED (old etag), FAILED_PRECONDITION with the broken rules.
func (s *Server) UpdateDisclosure(ctx context.Context, in *disclosurev1.UpdateDisclosureRequest) (*disclosurev1.Disclosure, error) {
	given := in.GetDisclosure()
	n, ok := parseName(given.GetName())
	if !ok {
		return nil, fault.Field("disclosure.name", "BAD_FORMAT")
	}
	fields, err := updatedFields(given, in.GetUpdateMask().GetPaths())
	if err != nil {
		return nil, err
	}
	at := server.NewStamp(ctx, s.now())
	today := workday.On(at.At)
	rules := setting{organization: n.organization, exists: true, forms: s.forms, today: today}
	if on := civil(given.GetPublishedOn()); slices.Contains(fields, "published_on") && !on.IsZero() {
		if rules.exists, err = s.exists(ctx, n.organization, on); err != nil {
			return nil, err
		}
	}
	e := newEvent(updated, today, at)
	return server.Write(ctx, s.db, at, in, reload, func(tx kv.Tx) (*disclosurev1.Disclosure, error) {
		return s.change(tx, n, given.GetEtag(), e, func(r *record) error {
			return revise(r.disclosure(), given, fields, rules)
		})
	})
}

// updatedFields are the fields that an update changes: those of its mask, or those that are set. A path into a field
// means the whole of it. Names, etags and what is output only are passed over (AIP-203).
func updatedFields(given *disclosurev1.Disclosure, mask []string) ([]protoreflect.Name, error) {
	if slices.Contains(mask, "*") {
		return revisable(), nil
	}
	m := given.ProtoReflect()
	if len(mask) == 0 {
		return slices.DeleteFunc(revisable(), func(field protoreflect.Name) bool {
			return !m.Has(m.Descriptor().Fields().ByName(field))
		}), nil
	}
	var fields []protoreflect.Name
	var unknown []law.Violation
	for _, path := range mask {
		first, _, _ := strings.Cut(path, ".")
		field := m.Descriptor().Fields().ByName(protoreflect.Name(first))
		if field == nil {
			field = m.Descriptor().Fields().ByJSONName(first) // publishedOn: REST hands masks on as they are written
		}
		switch {
		case field != nil && slices.Contains(revisable(), field.Name()) && !slices.Contains(fields, field.Name()):
			fields = append(fields, field.Name())
		case field == nil:
			unknown = append(unknown, law.Violation{Field: "update_mask", Reason: unknownField, Values: map[string]string{"path": path}})
		}
	}
	if len(unknown) > 0 {
		return nil, fault.Fields(unknown...)
	}
	return fields, nil
}

// unknownField is the reason of a mask that names no field of the resource. Values: path.
const unknownField law.Reason = "UNKNOWN_FIELD"

// PublishDisclosure publishes a draft on a date, and draws its index number. Source: R2019 arts. 17, 23, 26; R2007
// arts. 14, 15, 18. Errors: NOT_FOUND, ABORTED (old etag), FAILED_PRECONDITION with the broken rules.
func (s *Server) PublishDisclosure(ctx context.Context, in *disclosurev1.PublishDisclosureRequest) (*disclosurev1.Disclosure, error) {
	n, ok := parseName(in.GetName())
	if !ok {
		return nil, fault.NotFound(in.GetName())
	}
	at := server.NewStamp(ctx, s.now())
	today := workday.On(at.At)
	on := civil(in.GetPublishedOn())
	if on.IsZero() {
		on = today
	}
	exists, err := s.exists(ctx, n.organization, on)
	if err != nil {
		return nil, err
	}
	rules := setting{organization: n.organization, exists: exists, forms: s.forms, today: today}
	e := newEvent(published, on, at)
	return server.Write(ctx, s.db, at, in, reload, func(tx kv.Tx) (*disclosurev1.Disclosure, error) {
		return s.change(tx, n, in.GetEtag(), e, func(r *record) error {
			if err := publish(r.disclosure(), on, in.GetChannels(), rules); err != nil {
				return err
			}
			number, err := serials.Draw(tx, n.organization, on.Year)
			r.stored.PublishedBy, r.disclosure().IndexNumber = at.Actor, number
			return err
		})
	})
}

// WithdrawDisclosure withdraws what was published, with a public reason. Errors: NOT_FOUND, ABORTED (old etag),
// FAILED_PRECONDITION if it is not published.
func (s *Server) WithdrawDisclosure(ctx context.Context, in *disclosurev1.WithdrawDisclosureRequest) (*disclosurev1.Disclosure, error) {
	n, ok := parseName(in.GetName())
	if !ok {
		return nil, fault.NotFound(in.GetName())
	}
	at := server.NewStamp(ctx, s.now())
	today := workday.On(at.At)
	e := newEvent(withdrawn, today, at)
	return server.Write(ctx, s.db, at, in, reload, func(tx kv.Tx) (*disclosurev1.Disclosure, error) {
		return s.change(tx, n, in.GetEtag(), e, func(r *record) error {
			return withdraw(r.disclosure(), in.GetReason(), today)
		})
	})
}

// change loads a record, checks the etag, applies a rule, and saves.
func (s *Server) change(tx kv.Tx, n name, etag string, e event, rule func(*record) error) (*disclosurev1.Disclosure, error) {
	r, err := load(tx, n)
	if err != nil {
		return nil, err
	}
	d := r.disclosure()
	if err := server.MatchEtag(d, d.GetEtag(), etag); err != nil {
		return nil, err
	}
	if err := rule(r); err != nil {
		return nil, err
	}
	d.UpdateTime = timestamppb.New(e.at.At)
	return d, s.save(tx, r, e)
}

// exists tells whether an organisation exists on one of the days.
func (s *Server) exists(ctx context.Context, organization string, days ...workday.Date) (bool, error) {
	for _, on := range days {
		exists, err := s.organizations.Exists(ctx, organization, on)
		if err != nil {
			return false, fmt.Errorf("look up organizations/%s on %s: %w", organization, on, err)
		}
		if exists {
			return true, nil
		}
	}
	return false, nil
}

// draft makes the record of a draft from what is given; fields that are output only are passed over (AIP-203).
func (s *Server) draft(organization string, given *disclosurev1.Disclosure, at server.Stamp) (*record, error) {
	id, err := ulid.New(ulid.Timestamp(at.At), s.entropy)
	if err != nil {
		return nil, fmt.Errorf("draw an id: %w", err)
	}
	n := name{organization, id}
	d := &disclosurev1.Disclosure{
		Name: n.String(), Title: given.GetTitle(), Content: given.GetContent(), Category: given.GetCategory(),
		Attribute: given.GetAttribute(), DocumentNumber: given.GetDocumentNumber(), FormedOn: given.GetFormedOn(),
		Channels: given.GetChannels(), State: disclosurev1.State_STATE_DRAFT, SourceRequest: given.GetSourceRequest(),
		CreateTime: timestamppb.New(at.At), UpdateTime: timestamppb.New(at.At),
	}
	setDefaults(d)
	return &record{name: n, stored: &storev1.StoredDisclosure{Disclosure: d, CreatedBy: at.Actor}}, nil
}

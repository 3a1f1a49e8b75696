package directory

import (
	"context"
	"errors"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/server"
	"gongkai/services/law"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"

	"google.golang.org/protobuf/proto"
)

// newcomer is an organisation that is to be entered.
type newcomer struct {
	organization *directoryv1.Organization // as it is to be stored
	event        event
	path         string // of its request, within the whole request
}

// newcomer takes from a request what is stored: an organisation with its first version.
func (s *Server) newcomer(in *directoryv1.CreateOrganizationRequest, at server.Stamp, path string) newcomer {
	o := in.GetOrganization()
	on := civil(o.GetFoundedOn())
	return newcomer{
		organization: &directoryv1.Organization{
			Name: nameOf(organ.ID(in.GetOrganizationId())),
			Versions: []*directoryv1.OrganizationVersion{{
				EffectiveOn: dateOf(on), Parent: o.GetParent(), DisplayName: o.GetDisplayName(), Kind: o.GetKind(),
				OwesReport: o.GetOwesReport(), NoReportReason: o.GetNoReportReason(),
			}},
		},
		event: event{created, on, at, eventlog.NewSalt()},
		path:  path,
	}
}

// create enters organisations, parents first: all or none.
func (s *Server) create(ctx context.Context, in server.Mutation, at server.Stamp, all []newcomer) ([]*directoryv1.Organization, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	var entered []organ.Organization
	out, err := server.WriteAll(ctx, s.db, at, in, load(at), func(tx kv.Tx) ([]*directoryv1.Organization, error) {
		organs, err := s.admit(tx, all)
		if err != nil {
			return nil, err
		}
		made := make([]*directoryv1.Organization, len(all))
		for i, one := range all {
			stored := &storev1.StoredOrganization{Organization: proto.CloneOf(one.organization)}
			if err := s.save(tx, stored, one.event); err != nil {
				return nil, err
			}
			made[i], _ = asOf(stored, workday.On(at.At))
		}
		entered = organs
		return made, nil
	})
	if err != nil {
		return nil, err
	}
	s.tree.put(entered...)
	return out, nil
}

// admit checks newcomers against the tree and those before them. It writes nothing.
func (s *Server) admit(tx kv.Tx, all []newcomer) ([]organ.Organization, error) {
	organs := make([]organ.Organization, len(all))
	parents := make([]organ.ID, len(all))
	for i, one := range all {
		organs[i] = organOf(&storev1.StoredOrganization{Organization: one.organization})
		parents[i] = organs[i].Versions[0].Parent
	}
	tree := s.tree.lineage(parents...)
	var found law.Breach
	for i, one := range all {
		stored, err := find(tx, organs[i].ID)
		if err != nil {
			return nil, err
		}
		if _, twice := tree.Get(organs[i].ID); stored != nil || twice {
			return nil, fault.Exists(one.organization.GetName())
		}
		field := newcomerField(one.path)
		for _, err := range []error{notAhead(one.event.on, one.event.stamp, field("versions[0].effective_on")), renamed(tree.Check(organs[i]), field)} {
			var breach *law.Breach
			if errors.As(err, &breach) {
				found.Violations = append(found.Violations, breach.Violations...)
			} else if err != nil {
				return nil, err
			}
		}
		tree.Put(organs[i]) // refused or not: those below it are not to be blamed
	}
	if len(found.Violations) > 0 {
		return nil, short(&found)
	}
	return organs, nil
}

// change is a change of one organisation.
type change struct {
	id    organ.ID
	event event
	// apply changes what is stored, and returns the index of the version that the caller gave, -1 for none.
	// It may run again, on another copy.
	apply func(*storev1.StoredOrganization) (version int, err error)
	// field is the request's field for one of the rules, given that index.
	field func(version int, field string) string
}

// change applies a change, if the tree allows it on every date.
func (s *Server) change(ctx context.Context, in etagged, c change) (*directoryv1.Organization, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	if err := s.authorizeMove(ctx, c); err != nil {
		return nil, err
	}
	at := c.event.stamp
	var changed []organ.Organization
	out, err := server.Write(ctx, s.db, at, in, load(at), func(tx kv.Tx) (*directoryv1.Organization, error) {
		stored, err := get(tx, c.id)
		if err != nil {
			return nil, err
		}
		if err := server.MatchEtag(stored.GetOrganization(), etagOf(stored), in.GetEtag()); err != nil {
			return nil, err
		}
		version, err := c.apply(stored)
		if err != nil {
			return nil, err
		}
		o := organOf(stored)
		if err := s.tree.check(o); err != nil {
			return nil, short(renamed(err, func(field string) string { return c.field(version, field) }))
		}
		if err := s.save(tx, stored, c.event); err != nil {
			return nil, err
		}
		made, _ := asOf(stored, workday.On(at.At))
		changed = []organ.Organization{o}
		return made, nil
	})
	if err != nil {
		return nil, err
	}
	s.tree.put(changed...)
	return out, nil
}

// etagged is a mutation of what the caller has read before.
type etagged interface {
	server.Mutation
	GetEtag() string
}

// load reads a resource for a repeated request, as it is on the day of the call.
func load(at server.Stamp) func(kv.Reader, string) (*directoryv1.Organization, error) {
	return func(r kv.Reader, name string) (*directoryv1.Organization, error) {
		stored, err := get(r, idOf(name))
		if err != nil {
			return nil, err
		}
		out, _ := asOf(stored, workday.On(at.At))
		return out, nil
	}
}

// begin waits until no other write is under way; end lets the next one begin.
func (s *Server) begin(ctx context.Context) (end func(), err error) {
	select {
	case s.writing <- struct{}{}:
		return func() { <-s.writing }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

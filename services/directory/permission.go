package directory

import (
	"context"
	"errors"
	"fmt"

	apiv1 "gongkai/proto/gongkai/api/v1"
	directoryv1 "gongkai/proto/gongkai/directory/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/server"
	"gongkai/services/law"
	"gongkai/services/law/organ"

	"google.golang.org/protobuf/proto"
)

const administer = apiv1.Permission_PERMISSION_ADMINISTER

// authorizeBatch checks that the caller administers the parent of each newcomer; one whose parent is in the
// batch itself stands below whatever that parent stands below. It returns a stamp for the call, and one for
// each newcomer, with the right that lets it in.
func (s *Server) authorizeBatch(ctx context.Context, in *directoryv1.BatchCreateOrganizationsRequest) (at server.Stamp, stamps []server.Stamp, err error) {
	now := s.now()
	roots := map[organ.ID]organ.ID{} // of those in the batch: the parent outside of it
	allowed := map[organ.ID]server.Stamp{}
	for i, one := range in.GetRequests() {
		root := idOf(one.GetOrganization().GetParent())
		if r, inBatch := roots[root]; inBatch {
			root = r
		}
		stamp, known := allowed[root]
		if !known {
			let, err := authorize(ctx, root, fmt.Sprintf("requests[%d].organization.parent", i))
			if err != nil {
				return at, nil, err
			}
			stamp = server.NewStamp(let, now)
			allowed[root] = stamp
		}
		roots[organ.ID(one.GetOrganizationId())] = root
		stamps = append(stamps, stamp)
	}
	return stamps[0], stamps, nil
}

// authorizeMove checks that the caller administers every parent that gains or loses the organisation on any
// date. What is wrong with the change itself is left to whoever applies it, as it may be a repetition. It is
// called while no other write is under way.
func (s *Server) authorizeMove(ctx context.Context, c change) error {
	var before, after organ.Organization
	var refused error
	err := s.db.View(ctx, func(r kv.Reader) error {
		stored, err := find(r, c.id)
		if err != nil || stored == nil {
			return err
		}
		changed := proto.CloneOf(stored)
		if _, refused = c.apply(changed); refused == nil {
			before, after = organOf(stored), organOf(changed)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, parent := range touched(before, after) {
		if _, err := authorize(ctx, parent, "version.parent"); err != nil {
			return err
		}
	}
	return nil
}

// touched returns the parents that an organisation has on a date on which it had another one or none, and
// those that it had so.
func touched(before, after organ.Organization) []organ.ID {
	var parents []organ.ID
	for _, versions := range [][]organ.Version{before.Versions, after.Versions} {
		for _, v := range versions {
			was, had := before.At(v.EffectiveOn)
			is, has := after.At(v.EffectiveOn)
			if had == has && was.Parent == is.Parent {
				continue
			}
			if had {
				parents = append(parents, was.Parent)
			}
			if has {
				parents = append(parents, is.Parent)
			}
		}
	}
	return parents
}

// authorize checks that the caller administers an organisation, which a field of the request names, and
// returns a context that knows by which right.
func authorize(ctx context.Context, id organ.ID, field string) (context.Context, error) {
	ctx, ok, err := access.Authorize(ctx, administer, string(id))
	switch {
	case errors.Is(err, access.ErrUnknownOrganization):
		broken := law.Under(law.Citation{})
		broken.If(true, organ.ParentUnknown, field, "parent", string(id))
		return ctx, broken.Err()
	case err != nil:
		return ctx, err
	case !ok:
		return ctx, fault.Denied(administer, string(id))
	}
	return ctx, nil
}

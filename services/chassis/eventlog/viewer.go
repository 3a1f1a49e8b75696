package eventlog

import (
	"context"
	"fmt"
	"strings"

	apiv1 "gongkai/proto/gongkai/api/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/access"
)

// viewer decides which openings the caller of a method sees. It asks about each organisation once. It lives
// for one message, so that a long watch notices when an organisation has moved.
type viewer struct {
	ctx     context.Context
	allowed map[string]bool // by organisation
}

func newViewer(ctx context.Context) *viewer {
	return &viewer{ctx: ctx, allowed: map[string]bool{}}
}

// show makes the entries that are served. It runs outside of any transaction, since the rule check may
// open one.
func (v *viewer) show(found []StoredEntry, decode bool) ([]*logv1.LogEntry, error) {
	entries := make([]*logv1.LogEntry, len(found))
	for i := range found {
		e := &found[i]
		entries[i] = &logv1.LogEntry{Index: e.Index, Commitment: e.Commitment[:]}
		visible, err := v.sees(e)
		if err != nil {
			return nil, fmt.Errorf("show entry %d: %w", e.Index, err)
		}
		if !visible {
			continue
		}
		entries[i].Salt, entries[i].Payload = e.Salt[:], e.Payload
		if decode {
			if entries[i].Entry, err = e.Entry(); err != nil {
				return nil, err
			}
		}
	}
	return entries, nil
}

// sees tells whether the caller may see an opening, and there is one.
func (v *viewer) sees(e *StoredEntry) (bool, error) {
	if e.Erased || e.Public {
		return !e.Erased, nil
	}
	if len(access.From(v.ctx).Grants) == 0 {
		return false, nil
	}
	// Who audits everything, as the suite's own services do, needs no look at the entry.
	if all, err := v.allows(""); all || err != nil {
		return all, err
	}
	m, err := e.Entry()
	if err != nil {
		return false, err
	}
	organization := organizationOf(m.GetResource())
	if organization == "" {
		return false, nil
	}
	return v.allows(organization)
}

// allows tells whether the caller may audit in an organisation; "": everywhere.
func (v *viewer) allows(organization string) (bool, error) {
	ok, known := v.allowed[organization]
	if known {
		return ok, nil
	}
	ok, err := access.Allows(v.ctx, apiv1.Permission_PERMISSION_AUDIT, organization)
	if err == nil {
		v.allowed[organization] = ok
	}
	return ok, err
}

// organizationOf returns the id in a resource name `organizations/{id}` or `organizations/{id}/…`, "" if it
// has none.
func organizationOf(resource string) string {
	rest, ok := strings.CutPrefix(resource, "organizations/")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return id
}

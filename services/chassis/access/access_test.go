package access_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	apiv1 "gongkai/proto/gongkai/api/v1"
	"gongkai/services/chassis/access"
)

// tree is a city with two townships, and a village below the first.
type tree struct{ err error }

const (
	top     = ""
	county  = "652701"
	own     = "652701201"
	child   = "652701201001"
	sibling = "652701202"
	unknown = "659999"
)

func (t tree) Within(_ context.Context, organization, ancestor string) (bool, error) {
	switch {
	case t.err != nil:
		return false, t.err
	case organization == unknown:
		return false, access.ErrUnknownOrganization
	}
	return strings.HasPrefix(organization, ancestor), nil
}

func as(t tree, grants ...access.Grant) context.Context {
	return access.With(context.Background(), access.Identity{Account: "a", Grants: grants}, t)
}

// What each role may do, as design has it; every other pair of role and permission is refused everywhere.
var holds = map[access.Role]struct {
	permissions []string
	subtree     bool
}{
	access.Clerk:         {permissions: []string{"READ", "RECORD", "HANDLE", "REPORT", "PERSONAL"}},
	access.Reviewer:      {permissions: []string{"READ", "PUBLISH"}},
	access.Approver:      {permissions: []string{"READ", "HANDLE", "REPORT", "APPROVE", "PERSONAL"}},
	access.Supervisor:    {permissions: []string{"READ", "SUPERVISE"}, subtree: true},
	access.Auditor:       {permissions: []string{"AUDIT"}, subtree: true},
	access.Administrator: {permissions: []string{"ADMINISTER"}, subtree: true},
	access.System:        {permissions: []string{"READ", "RECORD", "PUBLISH"}, subtree: true},
	access.Service:       {permissions: []string{"READ", "AUDIT"}, subtree: true},
}

// Every role, permission and relation to the organisation.
func TestAuthorize(t *testing.T) {
	if got := len(access.Roles()); got != len(holds) {
		t.Fatalf("%d roles, the table has %d", got, len(holds))
	}
	for _, role := range access.Roles() {
		for number, name := range apiv1.Permission_name {
			p := apiv1.Permission(number)
			short := strings.TrimPrefix(name, "PERMISSION_")
			held := slices.Contains(holds[role].permissions, short)
			for where, in := range map[string]struct {
				organization string
				reached      bool // by a role that holds the permission
			}{
				"own":     {own, true},
				"child":   {child, holds[role].subtree},
				"parent":  {county, false},
				"sibling": {sibling, false},
				"top":     {top, false},
				"unknown": {unknown, false},
			} {
				want := short == "PUBLIC" || held && in.reached
				ctx, ok, err := access.Authorize(as(tree{}, access.Grant{Role: role, Organization: own}), p, in.organization)
				if asks := held && holds[role].subtree && where == "unknown"; errors.Is(err, access.ErrUnknownOrganization) != asks || err != nil && !asks {
					t.Errorf("%s, %s, %s: error %v", role, short, where, err)
				}
				if ok != want {
					t.Errorf("%s, %s, %s: allowed %v, want %v", role, short, where, ok, want)
				}
				authority := ""
				if want && short != "PUBLIC" {
					authority = string(role) + "@organizations/" + own
				}
				if got := access.Authority(ctx); got != authority {
					t.Errorf("%s, %s, %s: by %q, want %q", role, short, where, got, authority)
				}
				everywhere, err := access.Allows(as(tree{}, access.Grant{Role: role, Organization: access.Everywhere}), p, in.organization)
				if err != nil || everywhere != (short == "PUBLIC" || held) {
					t.Errorf("%s everywhere, %s, %s: allowed %v, %v", role, short, where, everywhere, err)
				}
			}
		}
	}
}

// The public holds nothing but what is public, with and without a context of a call.
func TestAllows_Public(t *testing.T) {
	for _, ctx := range []context.Context{context.Background(), access.With(context.Background(), access.Identity{}, tree{})} {
		for number := range apiv1.Permission_name {
			p := apiv1.Permission(number)
			if ok, err := access.Allows(ctx, p, own); ok != (p == apiv1.Permission_PERMISSION_PUBLIC) || err != nil {
				t.Errorf("%s: %v, %v", p, ok, err)
			}
		}
		if access.From(ctx).Account != "" || access.Authority(ctx) != "" {
			t.Error("the public has a name")
		}
	}
}

// A grant about which the tree cannot tell does not stand in the way of one that holds, whatever the order.
func TestAuthorize_ManyGrants(t *testing.T) {
	down := errors.New("directory is down")
	supervisor, clerk := access.Grant{Role: access.Supervisor, Organization: county}, access.Grant{Role: access.Clerk, Organization: unknown}
	for _, grants := range [][]access.Grant{{supervisor, clerk}, {clerk, supervisor}} {
		for _, in := range []tree{{}, {err: down}} {
			ctx, ok, err := access.Authorize(as(in, grants...), apiv1.Permission_PERMISSION_READ, unknown)
			if !ok || err != nil || access.Authority(ctx) != "clerk@organizations/"+unknown {
				t.Errorf("%v: %v by %q, %v", grants, ok, access.Authority(ctx), err)
			}
		}
	}
	if ok, err := access.Allows(as(tree{err: down}, supervisor), apiv1.Permission_PERMISSION_READ, own); ok || !errors.Is(err, down) {
		t.Errorf("without the tree: %v, %v", ok, err)
	}
	if ok, err := access.Allows(as(tree{}, supervisor), apiv1.Permission_PERMISSION_READ, unknown); ok || err != nil {
		t.Errorf("an unknown organisation: %v, %v", ok, err)
	}
}

func TestParseRole(t *testing.T) {
	for _, r := range access.Roles() {
		if got, err := access.ParseRole(string(r)); got != r || err != nil {
			t.Errorf("%s: %s, %v", r, got, err)
		}
	}
	for _, s := range []string{"", "Clerk", "clerk ", "root"} {
		if got, err := access.ParseRole(s); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", s)) {
			t.Errorf("%q: %s, %v", s, got, err)
		}
	}
}

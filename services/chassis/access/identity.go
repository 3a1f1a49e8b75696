package access

import (
	"context"
	"errors"
	"fmt"

	apiv1 "gongkai/proto/gongkai/api/v1"
)

// Grant is one role in one organisation.
type Grant struct {
	Role Role `json:"role"`
	// Organization is its id, for example 652701201, or Everywhere.
	Organization string `json:"org"`
}

// Identity is who calls. The zero Identity is the public.
type Identity struct {
	// Account is an opaque id; the account's name is not part of it.
	Account string
	// Grants are the roles it holds.
	Grants []Grant
}

// Tree knows where organisations stand today.
type Tree interface {
	// Within tells whether an organisation is another one or stands somewhere below it. For an
	// organisation that does not exist it returns an error that wraps ErrUnknownOrganization.
	Within(ctx context.Context, organization, ancestor string) (bool, error)
}

// ErrUnknownOrganization is returned by a Tree for an organisation that it does not have.
var ErrUnknownOrganization = errors.New("unknown organisation")

type callerKey struct{}

// caller is what the interceptor leaves in a call's context.
type caller struct {
	identity  Identity
	tree      Tree
	authority string
}

// With returns a context in which identity calls, and where permissions are judged by tree.
func With(ctx context.Context, identity Identity, tree Tree) context.Context {
	return context.WithValue(ctx, callerKey{}, caller{identity: identity, tree: tree})
}

// From returns who calls; outside a call it is the public.
func From(ctx context.Context) Identity {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c.identity
}

// Authority returns by which right the call was let in, `{role}@organizations/{organization}`; empty for
// a public method.
func Authority(ctx context.Context) string {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c.authority
}

// Authorize checks that the caller holds a permission in an organisation, and returns a context that
// knows by which grant. ok is false if it does not hold it; an error means that the tree could not tell,
// or wraps ErrUnknownOrganization.
func Authorize(ctx context.Context, p apiv1.Permission, organization string) (_ context.Context, ok bool, err error) {
	c, _ := ctx.Value(callerKey{}).(caller)
	if p == apiv1.Permission_PERMISSION_PUBLIC {
		return ctx, true, nil
	}
	var unsure error // of a grant that the tree could not tell about; another one may do
	for _, g := range c.identity.Grants {
		within, err := reaches(ctx, c.tree, g, p, organization)
		if within {
			c.authority = string(g.Role) + "@organizations/" + g.Organization
			return context.WithValue(ctx, callerKey{}, c), true, nil
		}
		if err != nil && unsure == nil {
			unsure = fmt.Errorf("place of organizations/%s below organizations/%s: %w", organization, g.Organization, err)
		}
	}
	return ctx, false, unsure
}

// Allows tells whether the caller holds a permission in an organisation: the question of a method that
// spans organisations, or shows more to some than to others.
func Allows(ctx context.Context, p apiv1.Permission, organization string) (bool, error) {
	_, ok, err := Authorize(ctx, p, organization)
	if errors.Is(err, ErrUnknownOrganization) {
		return false, nil
	}
	return ok, err
}

// reaches tells whether one grant gives a permission in an organisation. The top of the tree, an empty
// organisation, is reached by a grant everywhere only.
func reaches(ctx context.Context, tree Tree, g Grant, p apiv1.Permission, organization string) (bool, error) {
	holds, subtree := g.Role.Grants(p)
	switch {
	case !holds:
		return false, nil
	case g.Organization == Everywhere:
		return true, nil
	case organization == "":
		return false, nil
	case g.Organization == organization:
		return true, nil
	case !subtree || tree == nil:
		return false, nil
	}
	return tree.Within(ctx, organization, g.Organization)
}

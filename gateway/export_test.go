package gateway

import (
	"context"
	"maps"
	"slices"
)

// Routes are all routes that a gateway serves beside its pages, those of the contracts and its own, as
// "GET /v1/{name=organizations/*}" and "GET /healthz".
func Routes(ctx context.Context, c Connections) ([]string, error) {
	all, err := newServed(ctx, c, Options{})
	if err != nil {
		return nil, err
	}
	return slices.Concat(slices.Sorted(maps.Keys(declaredRoutes())), all.own), nil
}

package gateway_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"gongkai/gateway"
	"gongkai/gateway/internal/fixture"
	"gongkai/gateway/openapi"
)

var (
	pathLine   = regexp.MustCompile(`^    (/.+):\n?$`)
	methodLine = regexp.MustCompile(`^        (get|put|post|patch|delete):\n?$`)
	inBraces   = regexp.MustCompile(`\{[^}=]+\}`)
	bound      = regexp.MustCompile(`\{[^}=]+=([^}]+)\}`)
)

// Every route that the gateway serves is described, and nothing else.
func TestOpenAPI_EveryRoute(t *testing.T) {
	// As it is generated: paths are indented by four, their methods by eight.
	var described []string
	path := ""
	for line := range strings.Lines(string(openapi.YAML)) {
		if m := pathLine.FindStringSubmatch(line); m != nil {
			path = inBraces.ReplaceAllString(m[1], "*")
		} else if m := methodLine.FindStringSubmatch(line); m != nil && path != "" {
			described = append(described, strings.ToUpper(m[1])+" "+path)
		}
	}
	routes, err := gateway.Routes(t.Context(), fixture.Start(t).Connections)
	if err != nil {
		t.Fatal(err)
	}
	var served []string
	for _, route := range routes {
		served = append(served, inBraces.ReplaceAllString(bound.ReplaceAllString(route, "$1"), "*"))
	}
	for _, route := range served {
		if !slices.Contains(described, route) {
			t.Errorf("%s is served, and not described", route)
		}
	}
	for _, route := range described {
		if !slices.Contains(served, route) {
			t.Errorf("%s is described, and not served", route)
		}
	}
	if len(served) < 90 {
		t.Errorf("%d routes", len(served))
	}
}

// Package openapi holds the description of the REST interface (OpenAPI 3), generated from the contracts.
package openapi

import _ "embed"

// YAML is the description as it is served at /openapi.yaml.
//
//go:embed openapi.yaml
var YAML []byte

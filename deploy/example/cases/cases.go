// Package cases holds examples of cases, as `gongkai calc deadline` and POST /v1/calculator/timelines:compute read them:
// one for each kind of step, named after it, and received.json and receipt.json for how a request came; below appeals, those of `gongkai calc limits` and POST
// /v1/calculator/appealLimits:compute.
package cases

import (
	"embed"

	"gongkai/services/law/deadline"
)

// Files are the examples.
//
//go:embed *.json appeals/*.json
var Files embed.FS

// Steps are the names of the examples, without .json.
func Steps() []string {
	steps := []string{"received", "receipt"}
	for _, k := range deadline.EventKinds() {
		steps = append(steps, string(k))
	}
	return steps
}

// Decode reads a case strictly: a field that there is not, a value of the wrong type and a date that is none are errors,
// which name the field; nothing may follow.
func Decode(text []byte) (deadline.Case, error) { return decode[deadline.Case](text) }

// DecodeAppeal reads an appeal likewise.
func DecodeAppeal(text []byte) (deadline.Appeal, error) { return decode[deadline.Appeal](text) }

// Appeals are the names of the examples of appeals, without appeals/ and .json.
func Appeals() []string { return []string{"act", "no_answer", "reconsideration", "litigation"} }

// Package law is the root of the rules: citations (act, article, both languages) and [Breach], a broken rule.
//
// The packages below it hold one subject each. They are pure: values in, values with reasons out; no clock,
// no storage, no protos. A rule that refuses its input collects every violation with [Under] and returns them
// at once as a [*Breach]; the caller sees all reasons, not just the first.
//
// Dates in this package are text of the form 2019-05-15, because civil dates live in package workday, which
// stands on this one.
package law

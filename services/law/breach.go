package law

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// Reason names a broken rule, as PUBLISH_DATE_IN_FUTURE. It is stable: clients and tests match it, never a text.
// Each rule's reasons are constants beside the rule.
type Reason string

// Violation is one broken rule.
type Violation struct {
	Reason Reason
	// Field is the path of the request field that the violation is about, as figures["disclosed.total"];
	// it may be empty.
	Field string
	// Citation is the rule's place in the law; zero where the rule is the suite's own.
	Citation Citation
	// Values are the values that the reason's text names, by name.
	Values map[string]string
}

// Breach is the error of input that breaks rules. It holds at least one violation.
type Breach struct{ Violations []Violation }

// Error lists the violations in English, for logs; users are shown the texts of the reasons.
func (b *Breach) Error() string {
	parts := make([]string, len(b.Violations))
	for i, v := range b.Violations {
		parts[i] = v.text()
	}
	return strings.Join(parts, "; ")
}

func (v Violation) text() string {
	s := string(v.Reason)
	if v.Field != "" {
		s += " in " + v.Field
	}
	for i, name := range slices.Sorted(maps.Keys(v.Values)) {
		if i == 0 {
			s += ":"
		}
		s += " " + name + "=" + v.Values[name]
	}
	if !v.Citation.IsZero() {
		s += " (" + v.Citation.String() + ")"
	}
	return s
}

// Reasons are the reasons of the breach that err is or wraps, in the order in which they were found;
// nil if there is none.
func Reasons(err error) []Reason {
	var b *Breach
	if !errors.As(err, &b) {
		return nil
	}
	reasons := make([]Reason, len(b.Violations))
	for i, v := range b.Violations {
		reasons[i] = v.Reason
	}
	return reasons
}

// Join makes one breach of several, in their order; nil if there is none. An error that is no breach is
// returned as it is.
func Join(errs ...error) error {
	var all Breach
	for _, err := range errs {
		var b *Breach
		switch {
		case errors.As(err, &b):
			all.Violations = append(all.Violations, b.Violations...)
		case err != nil:
			return err
		}
	}
	if len(all.Violations) == 0 {
		return nil
	}
	return &all
}

// Broken collects the violations of one check. It is not safe for concurrent use.
type Broken struct {
	citation Citation
	found    *[]Violation
}

// Under begins a check of rules that stand in the cited place.
func Under(c Citation) *Broken { return &Broken{citation: c, found: new([]Violation)} }

// Under goes on with the same check in another place of the law: both collect into one.
func (b *Broken) Under(c Citation) *Broken { return &Broken{citation: c, found: b.found} }

// If adds a violation if cond holds. Field is the path of the request field it is about, or empty;
// kv are name, value pairs that the reason's text names. A name without a value gets an empty one.
func (b *Broken) If(cond bool, r Reason, field string, kv ...string) {
	if !cond {
		return
	}
	v := Violation{Reason: r, Field: field, Citation: b.citation}
	if len(kv) > 0 {
		v.Values = make(map[string]string, len(kv)/2)
	}
	for i := 0; i < len(kv); i += 2 {
		v.Values[kv[i]] = strings.Join(kv[i+1:min(i+2, len(kv))], "")
	}
	*b.found = append(*b.found, v)
}

// Err returns what was collected as a [*Breach], or nil.
func (b *Broken) Err() error {
	if len(*b.found) == 0 {
		return nil
	}
	return &Breach{Violations: slices.Clone(*b.found)}
}

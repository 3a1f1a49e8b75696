package disclosure

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/law/workday"

	"go.einride.tech/aip/filtering"
	expr "google.golang.org/genproto/googleapis/api/expr/v1alpha1"
)

// filter is an AIP-160 filter, ready to be applied.
type filter struct {
	matches predicate
	// from and to bound the publication dates of what can match, both included; no date: no bound. A bounded filter
	// matches no draft.
	from, to workday.Date
}

type predicate func(*disclosurev1.Disclosure) bool

// field is what a filter can compare: every field as text.
type field struct {
	declared filtering.DeclarationOption
	value    func(*disclosurev1.Disclosure) string
}

const publishedOn = "published_on"

// filterFields are the fields that a filter knows, by name.
func filterFields() map[string]field {
	text := func(name string, value func(*disclosurev1.Disclosure) string) field {
		return field{filtering.DeclareIdent(name, filtering.TypeString), value}
	}
	return map[string]field{
		"category":        text("category", (*disclosurev1.Disclosure).GetCategory),
		"title":           text("title", (*disclosurev1.Disclosure).GetTitle),
		"document_number": text("document_number", (*disclosurev1.Disclosure).GetDocumentNumber),
		"index_number":    text("index_number", (*disclosurev1.Disclosure).GetIndexNumber),
		publishedOn: text(publishedOn, func(d *disclosurev1.Disclosure) string {
			return civil(d.GetPublishedOn()).String()
		}),
		"state": {
			filtering.DeclareEnumIdent("state", disclosurev1.State(0).Type()),
			func(d *disclosurev1.Disclosure) string { return d.GetState().String() },
		},
	}
}

// parseFilter reads a filter over [filterFields]. The empty filter matches everything.
func parseFilter(s string) (filter, error) {
	if s == "" {
		return filter{matches: func(*disclosurev1.Disclosure) bool { return true }}, nil
	}
	fields := filterFields()
	options := []filtering.DeclarationOption{filtering.DeclareStandardFunctions()}
	for _, f := range fields {
		options = append(options, f.declared)
	}
	declarations, err := filtering.NewDeclarations(options...)
	if err != nil {
		return filter{}, fmt.Errorf("declare filter fields: %w", err)
	}
	parsed, err := filtering.ParseFilterString(s, declarations)
	if err != nil {
		return filter{}, innermost(err)
	}
	f := filter{}
	w := walker{fields: fields}
	if f.matches, err = w.walk(parsed.CheckedExpr.GetExpr()); err != nil {
		return filter{}, innermost(err)
	}
	w.bound(parsed.CheckedExpr.GetExpr(), &f)
	return f, nil
}

// innermost is what is wrong with a filter, and where, in short: the parser's error repeats the filter at each level.
func innermost(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	var text string
	if at, ok := err.(interface {
		Position() filtering.Position
		Message() string
	}); ok {
		text = fmt.Sprintf("%s at %s", at.Message(), at.Position())
	} else {
		levels := strings.Split(err.Error(), "check call expr: ")
		text = levels[len(levels)-1]
	}
	const most = 200 // characters
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return errors.New(text)
}

// walker turns a checked expression into a predicate.
type walker struct{ fields map[string]field }

func (w walker) walk(e *expr.Expr) (predicate, error) {
	call := e.GetCallExpr()
	switch call.GetFunction() {
	case filtering.FunctionAnd, filtering.FunctionOr, filtering.FunctionNot:
		return w.junction(call)
	case "":
		return nil, fmt.Errorf("a comparison is wanted, as category = \"other\"")
	}
	return w.comparison(call)
}

func (w walker) junction(call *expr.Expr_Call) (predicate, error) {
	parts := make([]predicate, len(call.GetArgs()))
	for i, arg := range call.GetArgs() {
		p, err := w.walk(arg)
		if err != nil {
			return nil, err
		}
		parts[i] = p
	}
	switch call.GetFunction() {
	case filtering.FunctionNot:
		return func(d *disclosurev1.Disclosure) bool { return !parts[0](d) }, nil
	case filtering.FunctionAnd:
		return func(d *disclosurev1.Disclosure) bool { return parts[0](d) && parts[1](d) }, nil
	}
	return func(d *disclosurev1.Disclosure) bool { return parts[0](d) || parts[1](d) }, nil
}

// comparison compares a field with a text. A publication date that is not set differs from every date, and compares with
// none.
func (w walker) comparison(call *expr.Expr_Call) (predicate, error) {
	name, want, err := w.operands(call)
	if err != nil {
		return nil, err
	}
	holds, err := operator(call.GetFunction(), want)
	if err != nil {
		return nil, err
	}
	value := w.fields[name].value
	if name != publishedOn {
		return func(d *disclosurev1.Disclosure) bool { return holds(value(d)) }, nil
	}
	if _, err := workday.Parse(want); err != nil {
		return nil, err
	}
	unset := call.GetFunction() == filtering.FunctionNotEquals
	return func(d *disclosurev1.Disclosure) bool {
		if d.GetPublishedOn() == nil {
			return unset
		}
		return holds(value(d))
	}, nil
}

// operands are the name of a field, on the left, and the text that it is compared with.
func (w walker) operands(call *expr.Expr_Call) (name, want string, err error) {
	args := call.GetArgs()
	if len(args) != 2 {
		return "", "", fmt.Errorf("%s cannot be used here", call.GetFunction())
	}
	name = args[0].GetIdentExpr().GetName()
	if _, known := w.fields[name]; !known {
		return "", "", fmt.Errorf("a field is wanted on the left of %s", call.GetFunction())
	}
	if constant := args[1].GetIdentExpr().GetName(); constant != "" {
		if _, known := disclosurev1.State_value[constant]; !known {
			return "", "", fmt.Errorf("a text is wanted on the right of %s %s", name, call.GetFunction())
		}
		return name, constant, nil
	}
	text, isText := args[1].GetConstExpr().GetConstantKind().(*expr.Constant_StringValue)
	if !isText {
		return "", "", fmt.Errorf("a text is wanted on the right of %s %s", name, call.GetFunction())
	}
	return name, text.StringValue, nil
}

// operator compares a value with what is wanted.
func operator(function, want string) (func(value string) bool, error) {
	compared := func(holds func(int) bool) func(string) bool {
		return func(value string) bool { return holds(cmp.Compare(value, want)) }
	}
	switch function {
	case filtering.FunctionEquals:
		return compared(func(c int) bool { return c == 0 }), nil
	case filtering.FunctionNotEquals:
		return compared(func(c int) bool { return c != 0 }), nil
	case filtering.FunctionLessThan:
		return compared(func(c int) bool { return c < 0 }), nil
	case filtering.FunctionLessEquals:
		return compared(func(c int) bool { return c <= 0 }), nil
	case filtering.FunctionGreaterThan:
		return compared(func(c int) bool { return c > 0 }), nil
	case filtering.FunctionGreaterEquals:
		return compared(func(c int) bool { return c >= 0 }), nil
	case filtering.FunctionHas:
		return func(value string) bool { return strings.Contains(value, want) }, nil
	}
	return nil, fmt.Errorf("%s cannot be used here", function)
}

// bound narrows the dates by the comparisons that are joined by AND at the top.
func (w walker) bound(e *expr.Expr, f *filter) {
	call := e.GetCallExpr()
	if call.GetFunction() == filtering.FunctionAnd {
		for _, arg := range call.GetArgs() {
			w.bound(arg, f)
		}
		return
	}
	name, want, err := w.operands(call)
	on, malformed := workday.Parse(want)
	if err != nil || malformed != nil || name != publishedOn {
		return
	}
	switch call.GetFunction() {
	case filtering.FunctionEquals:
		f.atLeast(on)
		f.atMost(on)
	case filtering.FunctionGreaterThan, filtering.FunctionGreaterEquals:
		f.atLeast(on)
	case filtering.FunctionLessThan, filtering.FunctionLessEquals:
		f.atMost(on)
	}
}

func (f *filter) atLeast(on workday.Date) {
	if f.from.IsZero() || on.After(f.from) {
		f.from = on
	}
}

func (f *filter) atMost(on workday.Date) {
	if f.to.IsZero() || on.Before(f.to) {
		f.to = on
	}
}

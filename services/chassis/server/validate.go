package server

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gongkai/services/chassis/fault"
	"gongkai/services/law"

	validatepb "buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// validate checks a request against the rules in its proto, and its dates, if it can have any, against the
// calendar. It returns every violation at once.
func validate(v protovalidate.Validator, in proto.Message, d dates) error {
	var found []law.Violation
	var invalid *protovalidate.ValidationError
	switch err := v.Validate(in); {
	case errors.As(err, &invalid):
		for _, violation := range invalid.Violations {
			found = append(found, translate(violation.Proto, violation.RuleValue))
		}
	case err != nil:
		return fmt.Errorf("validate %s: %w", in.ProtoReflect().Descriptor().FullName(), err)
	}
	if !d.fit(in.ProtoReflect()) {
		badDates(in.ProtoReflect(), "", func(path string) {
			found = append(found, law.Violation{Field: path, Reason: "BAD_DATE"})
		})
	}
	if len(found) > 0 {
		return fault.Fields(found...)
	}
	return nil
}

// translate turns a rule of protovalidate into a reason that has a text in both languages.
func translate(v *validatepb.Violation, limit protoreflect.Value) law.Violation {
	rule := v.GetRuleId()
	out := law.Violation{Field: protovalidate.FieldPathString(v.GetField()), Values: map[string]string{}}
	if limit.IsValid() {
		out.Values["limit"] = limit.String()
	}
	family, kind, _ := strings.Cut(rule, ".")
	switch {
	case rule == "required":
		out.Reason = "REQUIRED"
	case family == "required": // a rule on a message, of one of its fields: required.title
		out.Field, out.Reason = out.Field+"."+kind, "REQUIRED"
	case kind == "min_len" && out.Values["limit"] == "1", kind == "min_items" && out.Values["limit"] == "1":
		out.Reason = "REQUIRED"
	case kind == "max_len", kind == "max_bytes":
		out.Reason = "TOO_LONG"
	case kind == "min_len":
		out.Reason = "TOO_SHORT"
	case kind == "max_items":
		out.Reason = "TOO_MANY"
	case kind == "min_items":
		out.Reason = "TOO_FEW"
	case kind == "unique":
		out.Reason = "NOT_UNIQUE"
	case kind == "pattern":
		out.Reason = "BAD_FORMAT"
	case strings.HasPrefix(rule, "enum."):
		out.Reason = "NOT_IN_LIST"
	case strings.HasPrefix(kind, "gt"), strings.HasPrefix(kind, "lt"):
		out.Reason = "OUT_OF_BOUNDS"
	default:
		out.Reason, out.Values["rule"] = "BREAKS_RULE", v.GetMessage()
	}
	return out
}

// holdsDates tells whether messages of a type can hold a google.type.Date. Above are the types that it is
// being asked for already.
func holdsDates(m protoreflect.MessageDescriptor, above []protoreflect.FullName) bool {
	if isDate(m) {
		return true
	}
	if slices.Contains(above, m.FullName()) {
		return false
	}
	above = append(above, m.FullName())
	for i := range m.Fields().Len() {
		if f := m.Fields().Get(i); f.Message() != nil && !f.IsMap() && holdsDates(f.Message(), above) {
			return true
		}
	}
	return false
}

// dates are the fields by which messages of a type lead to a google.type.Date, at whatever depth.
type dates map[protoreflect.FullName][]protoreflect.FieldDescriptor

// datesOf finds them; none if messages of that type can hold no date.
func datesOf(m protoreflect.MessageDescriptor) dates {
	d := make(dates)
	d.add(m)
	return d
}

func (d dates) add(m protoreflect.MessageDescriptor) {
	if _, seen := d[m.FullName()]; seen || !holdsDates(m, nil) {
		return
	}
	d[m.FullName()] = nil
	for i := range m.Fields().Len() {
		if f := m.Fields().Get(i); f.Message() != nil && !f.IsMap() && holdsDates(f.Message(), nil) {
			d[m.FullName()] = append(d[m.FullName()], f)
			if !isDate(f.Message()) {
				d.add(f.Message())
			}
		}
	}
}

// fit tells whether each date of a message is a day of the calendar.
func (d dates) fit(m protoreflect.Message) bool {
	if len(d) == 0 {
		return true
	}
	for _, f := range d[m.Descriptor().FullName()] {
		switch {
		case !m.Has(f):
		case f.IsList():
			for list, i := m.Get(f).List(), 0; i < list.Len(); i++ {
				if !d.fitOne(list.Get(i).Message()) {
					return false
				}
			}
		case !d.fitOne(m.Get(f).Message()):
			return false
		}
	}
	return true
}

func (d dates) fitOne(m protoreflect.Message) bool {
	if on, ok := m.Interface().(*date.Date); ok {
		return isDay(on)
	}
	return d.fit(m)
}

func isDate(m protoreflect.MessageDescriptor) bool {
	return m.FullName() == (*date.Date)(nil).ProtoReflect().Descriptor().FullName()
}

// isDay tells whether a date is a day of the calendar.
func isDay(d *date.Date) bool {
	day := time.Date(int(d.GetYear()), time.Month(d.GetMonth()), int(d.GetDay()), 0, 0, 0, 0, time.UTC)
	return d.GetYear() >= 1 && d.GetYear() <= 9999 && day.Month() == time.Month(d.GetMonth()) && day.Day() == int(d.GetDay())
}

// badDates calls found with the path of each google.type.Date that is no day of the calendar.
func badDates(m protoreflect.Message, path string, found func(path string)) {
	if d, ok := m.Interface().(*date.Date); ok {
		if !isDay(d) {
			found(path)
		}
		return
	}
	m.Range(func(f protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		at := strings.TrimPrefix(path+"."+string(f.Name()), ".")
		switch {
		case f.Message() == nil || f.IsMap():
		case f.IsList():
			for i := range value.List().Len() {
				badDates(value.List().Get(i).Message(), fmt.Sprintf("%s[%d]", at, i), found)
			}
		default:
			badDates(value.Message(), at, found)
		}
		return true
	})
}

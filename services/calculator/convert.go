package calculator

import (
	"encoding/json"
	"fmt"

	calculatorv1 "gongkai/proto/gongkai/calculator/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/law"
	"gongkai/services/law/workday"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// dates reads the dates of one request, and notes which are none.
type dates struct{ bad []law.Violation }

// read reads a date; an empty text is no date.
func (d *dates) read(path, text string) workday.Date {
	var on workday.Date
	if err := on.UnmarshalText([]byte(text)); err != nil {
		d.bad = append(d.bad, law.Violation{Field: path, Reason: "BAD_DATE"})
	}
	return on
}

// or reads a date; an empty text is the day given.
func (d *dates) or(path, text string, otherwise workday.Date) workday.Date {
	if text == "" {
		return otherwise
	}
	return d.read(path, text)
}

// err tells of every date that is none.
func (d *dates) err() error {
	if len(d.bad) == 0 {
		return nil
	}
	return fault.Fields(d.bad...)
}

// explained is a message that says how it comes about.
type explained interface {
	proto.Message
	GetExplanation() []*calculatorv1.Label
}

// answer fills a message with a result, by the form that both have in JSON, and with how it comes about.
func answer[M explained](out M, result any, lines []law.Label) (M, error) {
	var none M
	text, err := json.Marshal(result)
	if err != nil {
		return none, fmt.Errorf("write %T: %w", result, err)
	}
	if err := protojson.Unmarshal(text, out); err != nil {
		return none, fmt.Errorf("answer with %T: %w", result, err)
	}
	m := out.ProtoReflect()
	list := m.Mutable(m.Descriptor().Fields().ByName("explanation")).List()
	for _, l := range lines {
		list.Append(protoreflect.ValueOfMessage(toLabel(l).ProtoReflect()))
	}
	cite(m)
	return out, nil
}

func toLabel(l law.Label) *calculatorv1.Label { return &calculatorv1.Label{Zh: l.Zh, En: l.En} }

// cite writes each citation of a message out.
func cite(m protoreflect.Message) {
	if c, ok := m.Interface().(*calculatorv1.Citation); ok {
		c.Label = toLabel(law.Citation{Act: law.Act(c.GetAct()), Article: c.GetArticle()}.Label())
		return
	}
	m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch {
		case field.Message() == nil || field.IsMap():
		case field.IsList():
			for i := range value.List().Len() {
				cite(value.List().Get(i).Message())
			}
		default:
			cite(value.Message())
		}
		return true
	})
}

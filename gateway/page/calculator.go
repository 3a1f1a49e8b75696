package page

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"gongkai/gateway"
	calculatorv1 "gongkai/proto/gongkai/calculator/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/law"
	"gongkai/services/law/appeal"
	"gongkai/services/law/ground"
	"gongkai/services/law/workday"

	"google.golang.org/grpc/codes"
)

// calculator is the content of the calculator's page: its forms, and below one of them the answer.
type calculator struct {
	words
	Forms []calculatorForm
}

// calculatorForm is one question that can be asked.
type calculatorForm struct {
	words
	ID     string
	Fields []calculatorField
	Steps  []stepRow // of the form of a case
	Asked  bool
	Answer []string // lines
	Wrong  string   // what is wrong with the question
}

// calculatorField is one field of a form.
type calculatorField struct {
	words
	Name, Kind, Value string
	Options           []option // of a choice
	Required          bool
}

// option is one thing that can be chosen.
type option struct {
	Value string
	label law.Label // empty: the pages' own word
}

// Chosen tells whether an option is the field's value.
func (f calculatorField) Chosen(o option) bool { return f.Value == o.Value }

// Label is an option's name.
func (f calculatorField) Label(o option) string {
	switch {
	case o.label.Missing():
		return f.T("option_" + o.Value)
	case f.language == fault.English:
		return o.label.En
	}
	return o.label.Zh
}

func choiceField(name string, required bool, values ...string) calculatorField {
	f := calculatorField{Name: name, Kind: "choice", Required: required}
	for _, v := range values {
		f.Options = append(f.Options, option{Value: v})
	}
	return f
}

// outcomeField chooses among the outcomes of today's Regulation, no answer in time, and nothing.
func outcomeField() calculatorField {
	f := choiceField("outcome", false, "", appeal.NoAnswer)
	for _, o := range ground.On(workday.Date{Year: 2021, Month: 1, Day: 1}) {
		f.Options = append(f.Options, option{o.ID, o.Label})
	}
	return f
}

// explained is an answer that says how it comes about.
type explained interface {
	GetExplanation() []*calculatorv1.Label
}

// calculation is a form with what it asks.
type calculation struct {
	id     string
	fields []calculatorField
	ask    func(*site, *visit, answers) (explained, error)
}

func dateField(name string, required bool) calculatorField {
	return calculatorField{Name: name, Kind: "date", Required: required}
}

func numberField(name string, required bool) calculatorField {
	return calculatorField{Name: name, Kind: "number", Required: required}
}

// calculations are the forms in their order.
func calculations() []calculation {
	return []calculation{
		{"deadline", []calculatorField{dateField("received_on", true), dateField("as_of", false)}, (*site).computeTimeline},
		{"add", []calculatorField{dateField("from", true), numberField("days", true)}, (*site).addWorkdays},
		{"count", []calculatorField{dateField("from", true), dateField("to", true)}, (*site).countWorkdays},
		{"day", []calculatorField{dateField("date", true)}, (*site).lookUpDay},
		{"fee", []calculatorField{
			choiceField("schedule", true, "items", "pages"),
			numberField("items", true), numberField("already", false), dateField("received_on", false),
		}, (*site).computeFee},
		{"grounds", []calculatorField{dateField("on", false)}, (*site).listGrounds},
		{"appeal", []calculatorField{
			choiceField("kind", true, "department", "government", "agency", "justice", "vertical", "branch", "authorized", "ministry"),
			choiceField("level", true, "county", "township", "prefecture", "province"), dateField("answered_on", false), outcomeField(),
		}, (*site).findAppealBody},
		{"limits", limitFields(), (*site).computeAppealLimits},
	}
}

// answers are what was filled in.
type answers struct {
	values url.Values
	err    error // the first field that cannot be read
}

func (a *answers) text(name string) string { return strings.TrimSpace(a.values.Get(name)) }

func (a *answers) number(name string) int32 {
	text := a.text(name)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil && a.err == nil {
		a.err = fault.Field(name, "BAD_FORMAT")
	}
	return int32(n)
}

func (s *site) showCalculator(v *visit, r *http.Request) error {
	w, code := words{v.language}, http.StatusOK
	values := r.URL.Query()
	content := calculator{words: w}
	for _, c := range calculations() {
		f := calculatorForm{words: w, ID: c.id, Asked: values.Get("ask") == c.id}
		for _, field := range c.fields {
			field.words = w
			if f.Asked {
				field.Value = values.Get(field.Name)
			}
			f.Fields = append(f.Fields, field)
		}
		if c.id == "deadline" {
			f.Steps = stepRows(w, f.Asked, values)
		}
		if f.Asked && !values.Has("more") {
			found, err := c.ask(s, v, answers{values: values})
			status, _ := fault.Status(err, v.language, v.id)
			switch {
			case err == nil:
				f.Answer = w.lines(found)
			case status.Code() == codes.InvalidArgument || status.Code() == codes.FailedPrecondition:
				f.Wrong, code = localized(status), gateway.HTTPCode(status)
			default:
				return err
			}
		}
		content.Forms = append(content.Forms, f)
	}
	return s.show(v, code, "calculator", w.T("calculator"), content)
}

// lines are how an answer comes about, in the visitor's language.
func (w words) lines(found explained) []string {
	var lines []string
	for _, l := range found.GetExplanation() {
		line := l.GetZh()
		if w.language == fault.English {
			line = l.GetEn()
		}
		lines = append(lines, line)
	}
	return lines
}

func (s *site) findAppealBody(v *visit, a answers) (explained, error) {
	return s.calculator.FindAppealBody(v.ctx, &calculatorv1.FindAppealBodyRequest{
		Kind: a.text("kind"), Level: a.text("level"), On: a.text("answered_on"), Outcome: a.text("outcome"),
	})
}

func (s *site) addWorkdays(v *visit, a answers) (explained, error) {
	in := &calculatorv1.AddWorkdaysRequest{From: a.text("from"), Days: a.number("days")}
	if a.err != nil {
		return nil, a.err
	}
	return s.calculator.AddWorkdays(v.ctx, in)
}

func (s *site) countWorkdays(v *visit, a answers) (explained, error) {
	return s.calculator.CountWorkdays(v.ctx, &calculatorv1.CountWorkdaysRequest{From: a.text("from"), To: a.text("to")})
}

func (s *site) lookUpDay(v *visit, a answers) (explained, error) {
	return s.calculator.GetWorkday(v.ctx, &calculatorv1.GetWorkdayRequest{Date: a.text("date")})
}

func (s *site) computeFee(v *visit, a answers) (explained, error) {
	in := &calculatorv1.ComputeFeeRequest{ReceivedOn: a.text("received_on")}
	switch number := a.number("items"); a.text("schedule") {
	case "pages":
		in.Schedule = &calculatorv1.ComputeFeeRequest_Pages{Pages: number}
	default:
		in.Schedule = &calculatorv1.ComputeFeeRequest_Items{Items: number}
		in.Already = a.number("already")
	}
	if a.err != nil {
		return nil, a.err
	}
	return s.calculator.ComputeFee(v.ctx, in)
}

func (s *site) listGrounds(v *visit, a answers) (explained, error) {
	return s.calculator.ListGrounds(v.ctx, &calculatorv1.ListGroundsRequest{On: a.text("on")})
}

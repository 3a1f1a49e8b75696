package ledger

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/law"
	"gongkai/services/law/form"
	"gongkai/services/law/workday"

	"google.golang.org/genproto/googleapis/type/date"
)

// Limits of texts, in characters: those of the contract.
const (
	longestTitle   = 500
	longestContent = 200_000
	longestNumber  = 100
)

// reader makes the draft of one line.
type reader struct {
	*sheet
	line line
	row  *Row
}

func (in reader) all() {
	d := in.row.Draft
	d.Title = in.short(title, longestTitle, oneLine)
	if d.Title == "" && !in.faulty(title) {
		in.says(title, CellRequired, "column", in.columns[title].header)
	}
	d.Content = in.content()
	given := in.text(number)
	d.DocumentNumber = in.short(number, longestNumber, documentNumber)
	if d.DocumentNumber != "" && d.DocumentNumber != squeezed(given) {
		f := in.columns[number].says(NumberWritten, true, "given", clipped(given), "written", d.DocumentNumber)
		f.Field = "document_number"
		in.row.Findings = append(in.row.Findings, f)
	}
	in.row.PublishedOn = in.date(publishedOn)
	d.FormedOn = toProto(in.date(formedOn))
	d.IndexNumber = in.short(indexNumber, longestNumber, squeezed)
	in.row.ID = strings.ToUpper(squeezed(in.text(record)))
	in.attribute()
	in.channels()
	in.state()
	in.category()
}

// text is what a cell says, or nothing of one that holds no text.
func (in reader) text(f field) string {
	switch c := in.at(in.line, f); {
	case c.kind == formula:
		in.once(f, CellIsFormula, "column", in.columns[f].header)
	case c.kind == failure:
		in.once(f, CellIsError, "column", in.columns[f].header, "value", clipped(c.text))
	case garbled(c.text):
		in.once(f, TextUnreadable, "column", in.columns[f].header, "value", clipped(c.text))
	default:
		return c.text
	}
	return ""
}

// short is a text that is bounded, as it is written here.
func (in reader) short(f field, limit int, write func(string) string) string {
	s := write(in.text(f))
	if n := len(s); n > limit {
		if n = utf8.RuneCountInString(s); n > limit {
			in.says(f, CellTooLong, "column", in.columns[f].header, "length", fmt.Sprint(n), "limit", fmt.Sprint(limit))
			return ""
		}
	}
	return s
}

// content joins the columns that a long content takes.
func (in reader) content() string {
	whole := in.text(content)
	for _, i := range in.more {
		if i < len(in.line.cells) {
			whole += in.line.cells[i].text
		}
	}
	if garbled(whole) {
		in.once(content, TextUnreadable, "column", in.columns[content].header, "value", clipped(whole))
		return ""
	}
	whole = lines(whole)
	if n := len(whole); n > longestContent && utf8.RuneCountInString(whole) > longestContent {
		in.says(content, CellTooLong, "column", in.columns[content].header, "length", fmt.Sprint(utf8.RuneCountInString(whole)), "limit", fmt.Sprint(longestContent))
		return ""
	}
	return whole
}

func (in reader) date(f field) workday.Date {
	c := in.at(in.line, f)
	s := in.text(f)
	if trimmed(s) == "" {
		return workday.Date{}
	}
	d, ok := dateOf(c, in.later)
	if !ok {
		in.says(f, DateUnreadable, "column", in.columns[f].header, "value", clipped(s))
		return workday.Date{}
	}
	return d
}

func (in reader) attribute() {
	s := squeezed(in.text(attribute))
	if s == "" {
		return
	}
	a, ok := attributeOf(s)
	if !ok {
		in.says(attribute, ValueUnknown, "column", in.columns[attribute].header, "value", clipped(s), "known", strings.Join(attributeLabels(), "、"))
	}
	in.row.Draft.Attribute = a
}

// channels reads the ways of publishing. A ledger that has no column of its own for the attribute often keeps it here.
func (in reader) channels() {
	d := in.row.Draft
	for _, part := range strings.FieldsFunc(in.text(channels), func(r rune) bool { return strings.ContainsRune("、，,/／;；|\n\r", r) }) {
		s := squeezed(part)
		if s == "" {
			continue
		}
		c, ok := channelOf(s)
		if a, isAttribute := attributeOf(s); !ok && isAttribute {
			if d.Attribute == disclosurev1.Attribute_ATTRIBUTE_UNSPECIFIED {
				d.Attribute = a
			}
			continue
		}
		switch {
		case !ok:
			in.says(channels, ChannelUnknown, "value", clipped(part), "known", strings.Join(channelLabels(), "、"))
		case !slices.Contains(d.Channels, c):
			d.Channels = append(d.Channels, c)
		}
	}
}

func (in reader) state() {
	s := squeezed(in.text(state))
	if s == "" {
		return
	}
	st, ok := stateOf(s)
	if !ok {
		in.says(state, ValueUnknown, "column", in.columns[state].header, "value", clipped(s), "known", strings.Join(stateLabels(), "、"))
	}
	in.row.Draft.State = st
}

func (in reader) category() {
	s := squeezed(in.text(category))
	switch known := in.forms.Categories(yearOf(in.row)); {
	case s == "" && !in.faulty(category):
		in.says(category, CellRequired, "column", in.columns[category].header)
	case s != "":
		id, ok := categoryOf(s, known)
		if !ok {
			in.says(category, ValueUnknown, "column", in.columns[category].header, "value", clipped(s), "known", categoryLabels(known))
		}
		in.row.Draft.Category = id
	}
}

// yearOf is the year whose categories a row has; 0 if it has no date.
func yearOf(r *Row) int {
	if y := r.PublishedOn.Year; y != 0 {
		return y
	}
	return int(r.Draft.GetFormedOn().GetYear())
}

// says adds a finding about a field.
func (in reader) says(f field, reason law.Reason, kv ...string) {
	found := in.columns[f].says(reason, false, kv...)
	found.Field = namings()[f].path
	in.row.Findings = append(in.row.Findings, found)
}

// once is says for what several ways of looking at a cell may find.
func (in reader) once(f field, reason law.Reason, kv ...string) {
	if !in.faulty(f) {
		in.says(f, reason, kv...)
	}
}

// faulty tells whether something is wrong with a field already.
func (in reader) faulty(f field) bool {
	return slices.ContainsFunc(in.row.Findings, func(found Finding) bool {
		return !found.Note && found.Column == in.columns[f].letter
	})
}

func categoryOf(s string, known []form.Category) (string, bool) {
	for _, c := range known {
		if s == c.Label.Zh || strings.EqualFold(s, c.ID) || strings.EqualFold(s, strings.ReplaceAll(c.Label.En, " ", "")) {
			return c.ID, true
		}
	}
	return "", false
}

func categoryLabels(known []form.Category) string {
	var labels []string
	for _, c := range known {
		labels = append(labels, c.Label.Zh)
	}
	return strings.Join(labels, "、")
}

func toProto(d workday.Date) *date.Date {
	if d.IsZero() {
		return nil
	}
	return &date.Date{Year: int32(d.Year), Month: int32(d.Month), Day: int32(d.Day)}
}

func civil(d *date.Date) workday.Date {
	if d == nil {
		return workday.Date{}
	}
	return workday.Date{Year: int(d.GetYear()), Month: timeMonth(d), Day: int(d.GetDay())}
}

package workday

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"

	"gongkai/services/law"
)

const (
	fileLimit = 256 << 10 // bytes of a data file
	nameLimit = 120       // runes of a number or name
	spanLimit = 31        // days of one holiday
	// reach is how many days a notice may reach into the years beside its own. Those of 2008, 2012, 2019 and 2023
	// reached up to three days into December.
	reach = 7
)

// file is a data file as it is written; see [Load].
type file struct {
	Notices []entry `yaml:"notices"`
}

type entry struct {
	Number   string        `yaml:"number"`
	Date     string        `yaml:"date"`
	Year     int           `yaml:"year"`
	Amends   string        `yaml:"amends"`
	Holidays []arrangement `yaml:"holidays"`
}

type arrangement struct {
	Zh   string   `yaml:"zh"`
	En   string   `yaml:"en"`
	Rest []string `yaml:"rest"`
	Work []string `yaml:"work"`
}

// arranged is a notice with the days that it sets.
type arranged struct {
	Notice
	days []setting
}

// setting is one day as a notice sets it.
type setting struct {
	date    Date
	working bool
	name    law.Label
	notice  Notice
}

// read reads a data file. The error names every fault with the notice and the holiday it is in.
func read(r io.Reader) ([]arranged, error) {
	text, err := io.ReadAll(io.LimitReader(r, fileLimit+1))
	if err != nil {
		return nil, fmt.Errorf("read notices: %w", err)
	}
	f, err := decode(text)
	if err != nil {
		return nil, fmt.Errorf("read notices: %w", err)
	}
	var notices []arranged
	var faults []error
	for i, e := range f.Notices {
		n, err := e.check()
		if err != nil {
			faults = append(faults, fmt.Errorf("notice %d (%s): %w", i+1, e.Number, err))
		}
		notices = append(notices, n)
	}
	return notices, errors.Join(faults...)
}

func decode(text []byte) (file, error) {
	if len(text) > fileLimit {
		return file{}, fmt.Errorf("more than %d bytes", fileLimit)
	}
	for _, t := range lexer.Tokenize(string(text)) {
		if t.Type == token.AnchorType || t.Type == token.AliasType { // they would let a small file grow without bound
			return file{}, fmt.Errorf("line %d: anchors and aliases are not allowed", t.Position.Line)
		}
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict())
	var f file
	if err := decoder.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return file{}, err
	}
	var more any
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return file{}, errors.New("more than one document")
	}
	if len(f.Notices) == 0 {
		return file{}, errors.New("no notices")
	}
	return f, nil
}

// check turns an entry into a notice and tells every fault that shows in the entry alone.
func (e entry) check() (arranged, error) {
	var faults []error
	fault := func(cond bool, format string, args ...any) {
		if cond {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	date, err := Parse(e.Date)
	fault(err != nil, "date: %w", err)
	fault(!isName(e.Number), "number is missing, too long or not printable")
	fault(e.Amends != "" && !isName(e.Amends), "amends is too long or not printable")
	fault(e.Year < FirstYear || e.Year > LastYear, "year %d is not one of %d to %d", e.Year, FirstYear, LastYear)
	fault(err == nil && date.Year != e.Year && date.Year != e.Year-1, "date %s is neither in the year %d nor in the one before", date, e.Year)
	fault(len(e.Holidays) == 0, "no holidays")
	if len(faults) > 0 {
		return arranged{}, errors.Join(faults...)
	}
	n := arranged{Notice: Notice{Number: e.Number, Date: date, Year: e.Year, Amends: e.Amends}}
	for i, a := range e.Holidays {
		days, err := a.days(n.Notice)
		fault(err != nil, "holiday %d (%s): %w", i+1, a.Zh, err)
		n.days = append(n.days, days...)
	}
	return n, errors.Join(faults...)
}

// days are the days that an arrangement sets.
func (a arrangement) days(n Notice) ([]setting, error) {
	if !isName(a.Zh) || !isName(a.En) {
		return nil, errors.New("zh or en is missing, too long or not printable")
	}
	if len(a.Rest) == 0 {
		return nil, errors.New("rest is missing")
	}
	var set []setting
	for _, text := range a.Rest {
		s, err := parseSpan(text)
		if err != nil {
			return nil, fmt.Errorf("rest: %w", err)
		}
		s.each(func(d Date) { set = append(set, setting{d, false, law.Label{Zh: a.Zh, En: a.En}, n}) })
	}
	for _, text := range a.Work {
		d, err := Parse(text)
		if err != nil {
			return nil, fmt.Errorf("work: %w", err)
		}
		set = append(set, setting{d, true, law.Label{Zh: a.Zh, En: a.En}, n})
	}
	reached := span{Date{n.Year, time.January, 1}.AddDays(-reach), Date{n.Year, time.December, 31}.AddDays(reach)}
	for _, s := range set {
		if s.date.Before(reached.first) || s.date.After(reached.last) {
			return nil, fmt.Errorf("%s is not in %d nor within %d days of it", s.date, n.Year, reach)
		}
	}
	return set, nil
}

// parseSpan reads 2018-02-15/2018-02-21, or 2018-06-18 for a single day.
func parseSpan(text string) (span, error) {
	from, to, ranged := strings.Cut(text, "/")
	first, err := Parse(from)
	if err != nil {
		return span{}, err
	}
	if !ranged {
		return span{first, first}, nil
	}
	last, err := Parse(to)
	if err != nil {
		return span{}, err
	}
	if !first.Before(last) {
		return span{}, fmt.Errorf("%s does not end after it begins", text)
	}
	if !last.Before(first.AddDays(spanLimit)) {
		return span{}, fmt.Errorf("%s has more than %d days", text, spanLimit)
	}
	return span{first, last}, nil
}

func isName(s string) bool {
	return s != "" && strings.TrimSpace(s) == s && utf8.ValidString(s) && utf8.RuneCountInString(s) <= nameLimit &&
		strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}

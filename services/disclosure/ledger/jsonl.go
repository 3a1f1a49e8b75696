package ledger

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/ooxml"
	"gongkai/services/law"
	"gongkai/services/law/workday"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// jsonLines is an open file of one disclosure a line, in JSON.
type jsonLines struct {
	in   io.ReaderAt
	size int64
}

// rows walks the lines. Of a disclosure it takes what a ledger has.
func (t *jsonLines) rows(sheet string) iter.Seq2[*Row, error] {
	return func(yield func(*Row, error) bool) {
		in := bufio.NewScanner(io.NewSectionReader(t.in, 0, t.size))
		in.Buffer(make([]byte, 64<<10), ooxml.Longest)
		count, taken := 0, 0
		for number := 1; in.Scan(); number++ {
			text := bytes.TrimPrefix(bytes.TrimSpace(in.Bytes()), []byte("\ufeff"))
			if len(text) == 0 {
				continue
			}
			if count++; count > MaxRows {
				yield(nil, refuse(TooManyRows, "limit", fmt.Sprint(MaxRows)))
				return
			}
			r := &Row{Sheet: sheet, Number: number}
			if r.decode(text) {
				taken++
			}
			if taken == 0 && count == titleLines { // it is something else
				yield(nil, refuse(FormatUnknown))
				return
			}
			if !yield(r, nil) {
				return
			}
		}
		if err := in.Err(); errors.Is(err, bufio.ErrTooLong) {
			yield(nil, refuse(TooLarge, "limit", "4"))
		} else if err != nil {
			yield(nil, err)
		} else if taken == 0 {
			yield(nil, refuse(FormatUnknown))
		}
	}
}

// decode reads a disclosure, and tells whether it was one.
func (r *Row) decode(text []byte) bool {
	given := &disclosurev1.Disclosure{}
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(text, given); err != nil {
		r.Add(law.Violation{Reason: LineUnreadable, Values: map[string]string{"cause": clipped(strings.ReplaceAll(err.Error(), "\u00a0", " "))}})
		r.Draft = given
		return false
	}
	if given.GetName() != "" {
		r.ID = path.Base(given.GetName())
	}
	r.PublishedOn = civil(given.GetPublishedOn())
	is := Normal(given)
	r.Draft = &disclosurev1.Disclosure{
		Title: is.GetTitle(), Content: is.GetContent(), Category: is.GetCategory(), Attribute: is.GetAttribute(),
		DocumentNumber: is.GetDocumentNumber(), FormedOn: is.GetFormedOn(), Channels: is.GetChannels(),
		IndexNumber: squeezed(is.GetIndexNumber()), State: is.GetState(),
	}
	r.checkText("title", r.Draft.GetTitle(), longestTitle, true)
	r.checkText("content", r.Draft.GetContent(), longestContent, false)
	r.checkText("category", r.Draft.GetCategory(), 64, true)
	r.checkText("document_number", r.Draft.GetDocumentNumber(), longestNumber, false)
	r.checkText("index_number", r.Draft.GetIndexNumber(), longestNumber, false)
	r.checkValues()
	return true
}

// Normal is a disclosure with its texts as reading a ledger writes them: title in one line, document number with 〔〕.
func Normal(d *disclosurev1.Disclosure) *disclosurev1.Disclosure {
	is := proto.CloneOf(d)
	is.Title, is.Content, is.DocumentNumber = oneLine(d.GetTitle()), lines(d.GetContent()), documentNumber(d.GetDocumentNumber())
	return is
}

// checkText checks a text of a disclosure as a cell would be.
func (r *Row) checkText(path, s string, limit int, required bool) {
	switch n := utf8.RuneCountInString(s); {
	case s == "" && required:
		r.Add(law.Violation{Field: path, Reason: CellRequired, Values: map[string]string{"column": path}})
	case n > limit:
		r.Add(law.Violation{Field: path, Reason: CellTooLong, Values: map[string]string{"column": path, "length": fmt.Sprint(n), "limit": fmt.Sprint(limit)}})
	case garbled(s):
		r.Add(law.Violation{Field: path, Reason: TextUnreadable, Values: map[string]string{"column": path, "value": clipped(s)}})
	}
}

// checkValues checks the rest: dates of the calendar, values of the contract, no channel twice.
func (r *Row) checkValues() {
	for path, d := range map[string]workday.Date{"published_on": r.PublishedOn, "formed_on": civil(r.Draft.GetFormedOn())} {
		if d != (workday.Date{}) && !d.Valid() {
			r.Add(law.Violation{Field: path, Reason: DateUnreadable, Values: map[string]string{"column": path, "value": d.String()}})
		}
	}
	var all []disclosurev1.Channel
	for _, c := range r.Draft.GetChannels() {
		if _, ok := channelTable.labels[int32(c)]; !ok {
			r.Add(law.Violation{Field: "channels", Reason: ChannelUnknown, Values: map[string]string{"value": c.String(), "known": strings.Join(channelLabels(), "、")}})
		} else if !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	r.Draft.Channels = all
	if a := r.Draft.GetAttribute(); disclosurev1.Attribute_name[int32(a)] == "" {
		r.Add(law.Violation{Field: "attribute", Reason: ValueUnknown, Values: map[string]string{"column": "attribute", "value": a.String(), "known": strings.Join(attributeLabels(), "、")}})
	}
}

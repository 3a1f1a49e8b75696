package check

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"gongkai/services/law/form"
)

// The text of a report lists what a total of disclosures consists of, as 主动公开政府信息55条，其中：应急管理5条，通知公告25条，
// …, with a share behind each: 占9.1%.
var (
	listTotal = regexp.MustCompile(`(?:公开|发布)[^，,。;；:()]{0,24}?信息[^，,。;；:()0-9]{0,12}([0-9]{1,9})(?:条|件|篇|项)`)
	listBegin = regexp.MustCompile(`^[，,。;；:(]{0,2}(?:在(?:主动)?公开的(?:政府)?信息中[，,])?(?:其中|包括|分别|\(|:)`)
	listItem  = regexp.MustCompile(`^(?:其中|包括|分别为|分别是|[0-9]\.|:|[、和])*([^0-9]{0,40}?)([0-9]{1,9})(?:条|件|篇|项|个|份|次|宗)$`)
	listShare = regexp.MustCompile(`^(?:约)?占[^0-9]{0,16}([0-9]{1,3})(?:\.([0-9]{1,4}))?%$`)
	listRest  = regexp.MustCompile(`其[他它]|其余`)
	// listMedia are names of media: the same information may stand in several.
	listMedia = regexp.MustCompile(`网|平台|微信|微博|公众号|公报|公开栏|公示栏|媒体|发布会|电子屏|客户端|方式`)
	nested    = regexp.MustCompile(`\([^()]*\)`)
)

// breakdown is a total with what it is said to consist of.
type breakdown struct {
	words string
	total int64
	items []share
	rest  bool // the last item is what is left
}

// share is an item of a breakdown.
type share struct {
	words   string
	n       int64
	percent float64
	places  int // decimals of the percent; -1: none is told
}

// lists checks the breakdowns in the text: the items may not be more than the total, nor less where the last is what is
// left; and a share is one of the total.
func (r *run) lists() {
	for _, p := range r.Form.Parts {
		for _, b := range breakdowns(form.Plain(r.Narratives[p.ID])) {
			r.breakdown(p, b)
		}
	}
}

func (r *run) breakdown(p form.Part, b breakdown) {
	var sum int64
	for _, item := range b.items {
		sum += item.n
	}
	if sum > b.total || sum < b.total && b.rest {
		f := about(p)
		f.Expected, f.Found = fmt.Sprint(b.total), fmt.Sprint(sum)
		d := r.catalogue[TextParts]
		f.Text = zh(d.Text.Zh+"："+b.words, d.Text.En+": "+b.words)
		r.add(TextParts, f)
		return
	}
	for _, item := range b.items {
		if item.places >= 0 && !item.of(b.total) && !item.of(sum) {
			f := about(p)
			f.Expected, f.Found = fmt.Sprintf("%.*f%%", item.places, 100*float64(item.n)/float64(b.total)), item.words
			r.add(TextShare, f)
		}
	}
}

// of tells whether the item is said to be the share of a total that it is, rounded or cut off.
func (s share) of(total int64) bool {
	return total > 0 && math.Abs(s.percent-100*float64(s.n)/float64(total)) <= math.Pow10(-s.places)*1.001
}

const (
	fewItems   = 3  // below which a list is none
	mostTotals = 20 // in a text
)

// breakdowns finds the totals of a text behind which items are listed.
func breakdowns(text string) []breakdown {
	var found []breakdown
	for _, at := range listTotal.FindAllStringSubmatchIndex(text, mostTotals) {
		total, err := strconv.ParseInt(text[at[2]:at[3]], 10, 64)
		after := text[at[1]:min(len(text), at[1]+4000)]
		after, _, _ = strings.Cut(after, "\n\n")
		begin := listBegin.FindString(after)
		if err != nil || begin == "" {
			continue
		}
		b := breakdown{words: text[at[0]:at[1]], total: total}
		b.read(listed(after[len(begin):], strings.HasSuffix(begin, "(")))
		if len(b.items) >= fewItems {
			found = append(found, b)
		}
	}
	return found
}

// listed is what belongs to a list: to the end of its bracket or sentence, without what stands in brackets within it.
func listed(text string, bracket bool) string {
	if bracket {
		text, _, _ = strings.Cut(text, ")")
	}
	text, _, _ = strings.Cut(nested.ReplaceAllString(text, ""), "。")
	return text
}

// read takes the items of a list. One that lists media, or parts of an item, or has other figures among its items, is
// none that can be added up.
func (b *breakdown) read(list string) {
	for clause := range strings.FieldsFuncSeq(list, func(r rune) bool { return strings.ContainsRune("，,;；、:\n", r) }) {
		clause = strings.Trim(clause, " .")
		if m := listShare.FindStringSubmatch(clause); m != nil && len(b.items) > 0 {
			last := &b.items[len(b.items)-1]
			last.percent, _ = strconv.ParseFloat(m[1]+"."+m[2]+"0", 64) // only digits
			last.places, last.words = len(m[2]), last.words+"，"+clause
			continue
		}
		m := listItem.FindStringSubmatch(clause)
		switch {
		case m == nil && strings.ContainsAny(clause, "0123456789"), m != nil && listMedia.MatchString(m[1]), strings.HasPrefix(clause, "其中") && len(b.items) > 0:
			b.items = nil
			return
		case m == nil:
			continue
		}
		n, _ := strconv.ParseInt(m[2], 10, 64) // nine digits at most
		b.items = append(b.items, share{words: clause, n: n, places: -1})
		b.rest = listRest.MatchString(m[1])
	}
}

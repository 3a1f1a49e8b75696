package check

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongkai/services/law/form"
)

// The rows of Table 3 and the cells of Table 4 that these checks look at.
const (
	table3     = "t3"
	rowOver    = "carried_over"
	rowNew     = "received"
	rowPartial = "partial"
	rowForward = "carried_forward"
	rowTotal   = "concluded"
	denied     = "denied."
)

// outcomes looks for requests that were counted twice where the total of Table 3 does not balance and adds up otherwise:
// the outcomes are more than the requests by just as many as were answered in part, while some were denied; or the two
// differ by just as many as were corrected on appeal, which may have been handled anew. It is a hint to the cause.
func (r *run) outcomes() {
	t, ok := r.Form.Table(table3)
	if !ok || r.sumsBroken(table3) {
		return
	}
	i := slices.IndexFunc(t.Columns, func(c form.Column) bool { return c.Sum != nil })
	if i < 0 {
		return
	}
	column := t.Columns[i].ID
	excess, cells, known := r.excess(t, column)
	if !known || excess == 0 {
		return
	}
	partial, _ := r.value(t.CellID(rowPartial, column))
	hint := func(id, row string, n int64) {
		if c, ok := r.Form.Find(t.CellID(row, column)); ok {
			f := r.at(c)
			f.Found, f.Cells, f.Severity = c.Write(n), cells, Soft
			r.add(id, f)
		}
	}
	switch {
	case excess == partial && r.deniedIn(t, column) >= partial:
		hint(PartialDenied, rowPartial, excess)
	case max(excess, -excess) == r.corrected():
		hint(HandledAnew, rowNew, max(excess, -excess))
	}
}

// sumsBroken tells whether a sum of a table was found not to hold.
func (r *run) sumsBroken(table string) bool {
	return slices.ContainsFunc(r.found, func(f Finding) bool {
		return (f.Check == form.RowTotal || f.Check == form.ColumnTotal) && strings.HasPrefix(f.Cell, table+".")
	})
}

// excess is by how much a column's outcomes and what it carries forward are more than its requests, with its cells.
// Known is a column that is filled in.
func (r *run) excess(t *form.Table, column string) (excess int64, cells []string, known bool) {
	total, ok := t.Row(rowTotal)
	if !ok {
		return 0, nil, false
	}
	term := func(row string, minus bool) form.Term { return form.Term{Cell: t.CellID(row, column), Minus: minus} }
	terms := []form.Term{term(rowForward, false), term(rowNew, true), term(rowOver, true)}
	for _, row := range total.Sum {
		terms = append(terms, term(row, false))
	}
	for _, x := range terms {
		cells = append(cells, x.Cell)
	}
	s := r.side(terms)
	return s.value, cells, !s.gaps && !s.closed
}

// deniedIn is how many requests of a column were denied, as far as that is known.
func (r *run) deniedIn(t *form.Table, column string) int64 {
	var sum int64
	for _, row := range t.Rows {
		if strings.HasPrefix(row.ID, denied) {
			v, _ := r.value(t.CellID(row.ID, column))
			sum += v
		}
	}
	return sum
}

// corrected is how many acts were corrected on appeal, which may have been handled anew.
func (r *run) corrected() int64 {
	var n int64
	for _, id := range []string{"t4.reconsideration.corrected", "t4.litigation.direct.corrected", "t4.litigation.after_reconsideration.corrected"} {
		v, _ := r.value(id)
		n += v
	}
	return n
}

// notices and noNotice are how a report tells how many fee notices it sent.
var (
	notices  = regexp.MustCompile(`(?:发出|送达|制发)(?:的)?(?:政府信息公开)?(?:信息处理费)?(?:收费)?(?:通知)(?:书)?(?:的)?(?:件数|数量|数)?(?:共计|共|为|:)?([0-9]{1,9})(?:件|份|次)`)
	noNotice = regexp.MustCompile(`(?:未|没有|无)(?:发出|送达|制发)(?:过)?(?:任何)?(?:政府信息公开)?(?:信息处理费)?(?:收费)?通知`)
)

// toldNotices is how many fee notices the text of a part says were sent.
func toldNotices(text string) (n int64, told bool) {
	text = form.Plain(text)
	if m := notices.FindStringSubmatch(text); m != nil {
		n, err := strconv.ParseInt(m[1], 10, 64)
		return n, err == nil
	}
	return 0, noNotice.MatchString(text)
}

// records checks the report against what the organ's records say, and what it says of fees itself.
func (r *run) records() {
	const overdue, six = "t3.other.fee_overdue.total", "other"
	unpaid, _ := r.value(overdue)
	charged := unpaid > 0
	p, hasSix := r.Form.Part(six)
	sent, told := toldNotices(r.Narratives[six])
	if r.Records != nil {
		charged = charged || r.Records.Charged > 0 || r.Records.FeeNotices > 0
		sent, told = r.Records.FeeNotices, true
	}
	if c, ok := r.Form.Cell(overdue); ok && told && unpaid > sent {
		f := r.at(c)
		f.Expected, f.Found = "≤ "+strconv.FormatInt(sent, 10), c.Write(unpaid)
		r.add(FeeNotices, f)
	}
	if hasSix && charged && r.Narratives != nil && !containsAny(r.Narratives[p.ID], []string{"处理费", "收费", "费用"}) {
		f := about(p)
		f.Cells = []string{overdue}
		r.add(TextFees, f)
	}
	r.anew()
}

// anew compares the new requests with those of the records, where more of them would be cases that were handled anew.
func (r *run) anew() {
	c, ok := r.Form.Cell("t3.received.total")
	if r.Records == nil || !ok || r.Records.HandledAnew == 0 {
		return
	}
	v, known := r.value(c.ID)
	if more := v - r.Records.Received; known && more > 0 && more <= r.Records.HandledAnew {
		f := r.at(c)
		f.Expected, f.Found = fmt.Sprint(r.Records.Received), c.Write(v)
		r.add(HandledAnew, f)
	}
}

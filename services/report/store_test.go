package report

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"gongkai/services/chassis/kv"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"

	"pgregory.net/rapid"
)

func period(t rapid.TB, s string) workday.Period {
	p, err := workday.ParsePeriod(s)
	must(t, err)
	return p
}

// The format of the keys: a store that was written once must be read for ever.
func TestKeys_Golden(t *testing.T) {
	for _, c := range []struct {
		key  []byte
		want string
	}{
		{orgKey("652701-jiaoyuju"), "3635323730312d6a69616f79756a75" + "00"},
		{periodKey("65", period(t, "2018")), "3635" + "00" + "07e2" + "00"},
		{periodKey("65", period(t, "2018-q1")), "3635" + "00" + "07e2" + "01"},
		{periodKey("65", period(t, "2018-q4")), "3635" + "00" + "07e2" + "04"},
		{periodKey("65", period(t, "2018-01")), "3635" + "00" + "07e2" + "11"},
		{periodKey("65", period(t, "2018-12")), "3635" + "00" + "07e2" + "1c"},
		{totalKey("652701", period(t, "2100-02"), "a.b"), "363532373031" + "00" + "0834" + "12" + "612e62"},
	} {
		if got := fmt.Sprintf("%x", c.key); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// tuple is what a key of totals says.
type tuple struct {
	id      organ.ID
	period  workday.Period
	measure string
}

func drawTuple(t *rapid.T, label string) tuple {
	text := fmt.Sprint(rapid.IntRange(2000, 2003).Draw(t, label+" year")) + rapid.SampledFrom([]string{"", "-q1", "-q2", "-q4", "-01", "-04", "-12"}).Draw(t, label+" part")
	return tuple{
		rapid.SampledFrom(pool).Draw(t, label+" organisation"), period(t, text),
		rapid.StringMatching(`[a-c](\.[a-c])?`).Draw(t, label+" measure"),
	}
}

// before is the order that is meant: organisation, year, then the year itself, its quarters, its months; measure.
func (a tuple) before(b tuple) bool {
	switch {
	case a.id != b.id:
		return a.id < b.id
	case a.period.Year() != b.period.Year():
		return a.period.Year() < b.period.Year()
	case a.period.Kind() != b.period.Kind():
		return a.period.Kind() < b.period.Kind()
	case a.period != b.period:
		return a.period.First().Before(b.period.First())
	}
	return a.measure < b.measure
}

// Keys are in the order of what they say, and can be read back.
func TestKeys_Order(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawTuple(t, "a"), drawTuple(t, "b")
		keyA, keyB := totalKey(a.id, a.period, a.measure), totalKey(b.id, b.period, b.measure)
		if a.before(b) != (bytes.Compare(keyA, keyB) < 0) {
			t.Fatalf("%v and %v: %x and %x", a, b, keyA, keyB)
		}
		n, measure, err := splitKey(keyA)
		if err != nil || (tuple{n.organization, n.period, string(measure)}) != a {
			t.Fatalf("%v reads %v %s, %v", a, n, measure, err)
		}
	})
}

// A damaged key or value is an error, never a panic or a wrong total.
func FuzzTotal(f *testing.F) {
	f.Add(totalKey("65", period(f, "2018"), "a"), make([]byte, 8))
	f.Add([]byte("65"), []byte{1})
	f.Add([]byte{0, 7, 0xe2}, []byte(nil))
	f.Add([]byte{'6', 0, 7, 0xe2, 5}, make([]byte, 9))
	f.Fuzz(func(t *testing.T, key, value []byte) {
		got, err := readTotal(ownTotals, kv.Pair{Key: key, Value: value})
		if err == nil && !bytes.Equal(totalKey(got.organization, got.period, got.measure), key) {
			t.Errorf("%x reads %v", key, got)
		}
	})
}

// A total that becomes zero leaves no row; one of the wrong size stops the change.
func TestAdd(t *testing.T) {
	w := newWorld(t)
	key := totalKey("65", period(t, "2018"), "a")
	var rows int
	must(t, w.server.DB.Update(context.Background(), func(tx kv.Tx) error {
		for _, delta := range []int64{3, -5, 0, 2} {
			if err := add(tx, ownTotals, key, delta); err != nil {
				return err
			}
		}
		for range tx.Scan(ownTotals, kv.Range{}) {
			rows++
		}
		return tx.Put(ownTotals, key, []byte{1})
	}))
	equal(t, "rows", rows, 0)
	if err := w.server.DB.Update(context.Background(), func(tx kv.Tx) error { return add(tx, ownTotals, key, 1) }); err == nil {
		t.Error("a total of one byte is added to")
	}
}

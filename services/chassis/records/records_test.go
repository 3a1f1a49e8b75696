package records_test

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"strings"
	"testing"

	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/kvtest"
	"gongkai/services/chassis/records"

	"github.com/oklog/ulid/v2"
	"pgregory.net/rapid"
)

// The bytes of keys are a format: they never change.
func TestKeys(t *testing.T) {
	id := ulid.MustParseStrict("01ARZ3NDEKTSV4RRFFQ69G5FAV")
	const town, text = "363532373031323031" + "00", "01563e3ab5d3d6764c61efb99302bd5b"
	for what, c := range map[string]struct {
		key  []byte
		want string
	}{
		"record":     {records.Key("652701201", id), town + text},
		"revision":   {records.RevisionKey("652701201", id, 258), town + text + "0000000000000102"},
		"place":      {records.PlaceKey("652701201", 0xfecc1122, id), town + "fecc1122" + text},
		"serial":     {records.SerialKey("652701201", 2018), town + "07e2"},
		"department": {records.SerialKey("652701-jiaoyuju", 2018), hex.EncodeToString([]byte("652701-jiaoyuju")) + "00" + "07e2"},
	} {
		if got := hex.EncodeToString(c.key); got != c.want {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
	}
}

// Keys are in the order of what they are made of.
func TestOrderOfKeys(t *testing.T) {
	organizations := rapid.SampledFrom([]string{"65", "652", "6527", "652701", "652701-a", "652701-ab", "652701201", "652701201001", "7"})
	ids := rapid.Map(rapid.SliceOfN(rapid.Byte(), records.IDLen, records.IDLen), func(b []byte) ulid.ULID { return ulid.ULID(b) })
	rapid.Check(t, func(t *rapid.T) {
		orgA, orgB := organizations.Draw(t, "organisation"), organizations.Draw(t, "organisation")
		idA, idB := ids.Draw(t, "id"), ids.Draw(t, "id")
		if rapid.Bool().Draw(t, "same id") {
			idB = idA
		}
		placeA, placeB := rapid.Uint32().Draw(t, "order"), rapid.Uint32().Draw(t, "order")
		revA, revB := rapid.Int64Min(1).Draw(t, "revision"), rapid.Int64Min(1).Draw(t, "revision")
		yearA, yearB := rapid.IntRange(1, 9999).Draw(t, "year"), rapid.IntRange(1, 9999).Draw(t, "year")
		org := strings.Compare(orgA, orgB)
		for what, c := range map[string][2]int{
			"revisions": {bytes.Compare(records.RevisionKey(orgA, idA, revA), records.RevisionKey(orgB, idB, revB)), cmp.Or(org, idA.Compare(idB), cmp.Compare(revA, revB))},
			"places":    {bytes.Compare(records.PlaceKey(orgA, placeA, idA), records.PlaceKey(orgB, placeB, idB)), cmp.Or(org, cmp.Compare(placeA, placeB), idA.Compare(idB))},
			"serials":   {bytes.Compare(records.SerialKey(orgA, yearA), records.SerialKey(orgB, yearB)), cmp.Or(org, cmp.Compare(yearA, yearB))},
		} {
			if c[0] != c[1] {
				t.Errorf("%s: keys compare %d, their parts %d", what, c[0], c[1])
			}
		}
	})
}

// Serials count up from 1, one by one, for each organisation and year, and can be read back from their numbers; a
// counter that is none is an error.
func TestSerials(t *testing.T) {
	engine, err := kvtest.InMemory()()
	if err != nil {
		t.Fatal(err)
	}
	db, err := kv.Open(engine, kv.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	counters := records.Serials{Name: "serials"}
	err = db.Update(t.Context(), func(tx kv.Tx) error {
		for _, want := range []string{"65/2018-00001", "65/2018-00002", "65/2019-00001", "652701-a/2018-00001", "65/2018-00003"} {
			organization, year, serial, ok := records.ParseNumber(want)
			if !ok {
				t.Errorf("%s cannot be read", want)
			}
			got, err := counters.Draw(tx, organization, year)
			if err != nil || got != want {
				t.Errorf("%s, %v, want %s", got, err, want)
			}
			if last, err := counters.Last(tx, organization, year); err != nil || last != serial {
				t.Errorf("%s: the counter stands at %d, %v", want, last, err)
			}
		}
		return tx.Put(kv.Bucket(counters), records.SerialKey("65", 2018), []byte{1})
	})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), func(tx kv.Tx) error {
		number, err := counters.Draw(tx, "65", 2018)
		if err == nil {
			t.Errorf("%s from a counter of one byte", number)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", "65", "65/2018", "65/2018-1", "65/2018-000001", "/2018-00001", "65/02018-00001", "65/2018--0001", "65/2018-00001 "} {
		if _, _, _, ok := records.ParseNumber(bad); ok {
			t.Errorf("%q is read as a number", bad)
		}
	}
}

package request

import (
	"encoding/hex"
	"testing"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/server"
	"gongkai/services/law/workday"

	"github.com/oklog/ulid/v2"
)

// The bytes of keys are a format: they never change.
func TestKeys(t *testing.T) {
	id := ulid.MustParseStrict("01ARZ3NDEKTSV4RRFFQ69G5FAV")
	const town, text = "363532373031323031" + "00", "01563e3ab5d3d6764c61efb99302bd5b"
	for what, c := range map[string]struct {
		key  []byte
		want string
	}{
		"revision": {revisionKey("652701201", id, 258), town + text + "0000000000000102"},
		"index":    {indexKey("652701201", order(workday.Date{Year: 2018, Month: 7, Day: 1}), id), town + "fecc1122" + text},
		"serial":   {serialKey("652701201", 2018), town + "07e2"},
	} {
		if got := hex.EncodeToString(c.key); got != c.want {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
	}
	if s := revisions.Name + " " + index.Name + " " + serials.Name; s != "requests requests.receipt requests.serials" {
		t.Errorf("buckets: %s", s)
	}
}

// A page token is refused, or it names a place in the index.
func FuzzPageToken(f *testing.F) {
	in := &requestv1.ListInformationRequestsRequest{Parent: "organizations/652701201"}
	f.Add("%%", []byte("x"))
	f.Add("", make([]byte, cursorLen))
	f.Fuzz(func(t *testing.T, token string, cursor []byte) {
		in.PageToken = token
		if after, _, err := parsePage(in); err == nil && token != "" && len(after) != cursorLen {
			t.Errorf("token %q leads to %x", token, after)
		}
		own, err := server.NextPage(in, cursor)
		if err != nil {
			t.Fatal(err)
		}
		in.PageToken = own
		after, _, err := parsePage(in)
		if (err == nil) != (len(cursor) == cursorLen) || err == nil && string(after) != string(cursor) {
			t.Errorf("cursor %x: %x, %v", cursor, after, err)
		}
	})
}

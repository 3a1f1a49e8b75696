package request

import (
	"testing"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/records"
	"gongkai/services/chassis/server"
	"gongkai/services/law/workday"
)

// The bytes of keys are a format: they never change.
func TestKeys(t *testing.T) {
	if got := order(workday.Date{Year: 2018, Month: 7, Day: 1}); got != 0xfecc1122 {
		t.Errorf("a day: %x", got)
	}
	if s := revisions.Name + " " + index.Name + " " + serials.Name; s != "requests requests.receipt requests.serials" {
		t.Errorf("buckets: %s", s)
	}
}

// A page token is refused, or it names a place in the index.
func FuzzPageToken(f *testing.F) {
	in := &requestv1.ListInformationRequestsRequest{Parent: "organizations/652701201"}
	f.Add("%%", []byte("x"))
	f.Add("", make([]byte, records.CursorLen))
	f.Fuzz(func(t *testing.T, token string, cursor []byte) {
		in.PageToken = token
		if after, _, err := parsePage(in); err == nil && token != "" && len(after) != records.CursorLen {
			t.Errorf("token %q leads to %x", token, after)
		}
		own, err := server.NextPage(in, cursor)
		if err != nil {
			t.Fatal(err)
		}
		in.PageToken = own
		after, _, err := parsePage(in)
		if (err == nil) != (len(cursor) == records.CursorLen) || err == nil && string(after) != string(cursor) {
			t.Errorf("cursor %x: %x, %v", cursor, after, err)
		}
	})
}

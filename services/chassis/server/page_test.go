package server_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	apiv1 "gongkai/proto/gongkai/api/v1"
	directoryv1 "gongkai/proto/gongkai/directory/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/server"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"
)

var badToken = fault.Invalid("page_token", apiv1.ErrorReason_ERROR_REASON_INVALID_PAGE_TOKEN, nil)

func TestPage_Size(t *testing.T) {
	for asked, want := range map[int32]int{0: 50, 1: 1, 100: 100, 1000: 1000, 1001: 1000, 1 << 30: 1000, -1: 50} {
		after, size, err := server.Page(&reportv1.ListReportsRequest{Parent: town, PageSize: asked}, 50, 1000)
		if after != nil || size != want || err != nil {
			t.Errorf("%d asked: %q, %d, %v", asked, after, size, err)
		}
	}
}

func query(t *rapid.T, label string) *directoryv1.ListOrganizationsRequest {
	in := &directoryv1.ListOrganizationsRequest{
		Under:   rapid.SampledFrom([]string{"", city, town}).Draw(t, label+" under"),
		Subtree: rapid.Bool().Draw(t, label+" subtree"),
	}
	if rapid.Bool().Draw(t, label+" dated") {
		in.AsOf = day(2018, rapid.Int32Range(1, 2).Draw(t, label+" month"), 1)
	}
	return in
}

// A token works for its own query, whatever the size of its pages, and for no other one.
func TestPage_OwnQueryOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		made, asked := query(t, "made"), query(t, "asked")
		key := rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(t, "key")
		token, err := server.NextPage(made, key)
		if err != nil {
			t.Fatal(err)
		}
		same := proto.Equal(made, asked)
		asked.PageToken, asked.PageSize = token, rapid.Int32Range(0, 2000).Draw(t, "size")
		switch after, _, err := server.Page(asked, 50, 1000); {
		case same && (err != nil || !bytes.Equal(after, key)):
			t.Fatalf("its own query: %q, %v", after, err)
		case !same && !errors.Is(err, badToken):
			t.Fatalf("another query: %q, %v", after, err)
		}
	})
}

// The kind of list is part of the query, also where the fields are alike.
func TestPage_OwnListOnly(t *testing.T) {
	token, err := server.NextPage(&directoryv1.ListOrganizationsRequest{Under: town}, []byte("k"))
	must(t, err)
	if _, _, err := server.Page(&reportv1.ListReportsRequest{Parent: town, PageToken: token}, 50, 1000); !errors.Is(err, badToken) {
		t.Errorf("a list of organisations goes on as one of reports: %v", err)
	}
}

// Whatever stands in a token, it is refused or leads to the key it was made with.
func FuzzPage(f *testing.F) {
	in := &reportv1.ListReportsRequest{Parent: town}
	good, err := server.NextPage(in, []byte("key"))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"", good, good[:len(good)-1], good + "A", "====", "AAAAAAAAAAA", strings.Repeat("A", 500), "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		after, size, err := server.Page(&reportv1.ListReportsRequest{Parent: town, PageToken: token}, 50, 1000)
		switch {
		case err != nil && !errors.Is(err, badToken):
			t.Errorf("%q: %v", token, err)
		case err == nil && token != "" && len(after) == 0:
			t.Errorf("%q leads to the first page", token)
		case err == nil && size != 50:
			t.Errorf("%q: size %d", token, size)
		}
	})
}

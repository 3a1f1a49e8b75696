package directory_test

import (
	"context"
	"encoding/hex"
	"slices"
	"testing"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
)

var (
	organizations = kv.Bucket{Name: "organizations"}
	revisions     = kv.Bucket{Name: "revisions"}
)

// moved is a directory of which one township, entered by entry 4 of the log, has a second revision.
func moved(t *testing.T) *env {
	e := start(t)
	e.city()
	must(t, second(e.ReviseOrganization(e.root(), &directoryv1.ReviseOrganizationRequest{Name: township, Version: under("652702", on(2018, 7, 1))})))
	return e
}

// The keys of the store: they do not change.
func TestStoredKeys(t *testing.T) {
	e := moved(t)
	var keys []string
	must(t, e.db.View(t.Context(), func(r kv.Reader) error {
		for _, b := range []kv.Bucket{organizations, revisions} {
			for p, err := range r.Scan(b, kv.Range{From: []byte("652701201")}) {
				if err != nil {
					return err
				}
				keys = append(keys, hex.EncodeToString(p.Key))
			}
		}
		return nil
	}))
	want := []string{
		"363532373031323031", "363532373032",
		"363532373031323031000000000000000001", "363532373031323031000000000000000002", "363532373032000000000000000001",
	}
	if !slices.Equal(keys, want) {
		t.Errorf("keys %v, want %v", keys, want)
	}
}

func TestCheckFinds(t *testing.T) {
	first, last := []byte("652701201\x00\x00\x00\x00\x00\x00\x00\x00\x01"), []byte("652701201\x00\x00\x00\x00\x00\x00\x00\x00\x02")
	for name, c := range map[string]struct {
		harm func(*env, kv.Tx) error
		want []string
	}{
		"an organisation set back": {func(_ *env, tx kv.Tx) error { return copied(tx, revisions, first, organizations, []byte("652701201")) }, []string{
			"organizations/652701201 is not its revision 2",
		}},
		"a revision overwritten": {func(_ *env, tx kv.Tx) error { return copied(tx, revisions, last, revisions, first) }, []string{
			"revision 1 of organizations/652701201 does not have the hash that entry 4 says",
		}},
		"a revision gone": {func(_ *env, tx kv.Tx) error { return tx.Delete(revisions, first) }, []string{
			"revision 1 of organizations/652701201, of which entry 4 tells, is not stored",
		}},
		"a revision too many": {func(_ *env, tx kv.Tx) error {
			return copied(tx, revisions, last, revisions, []byte("652701201\x00\x00\x00\x00\x00\x00\x00\x00\x03"))
		}, []string{
			"revision 3 of organizations/652701201 is stored, but no entry tells of it",
		}},
		"an organisation too many": {func(_ *env, tx kv.Tx) error {
			return copied(tx, organizations, []byte("652702"), organizations, []byte("652703"))
		}, []string{
			"organizations/652703 is stored, but no entry tells of it",
		}},
		"an organisation gone": {func(_ *env, tx kv.Tx) error { return tx.Delete(organizations, []byte("652702")) }, []string{
			"1 organisations are missing of which the log tells",
		}},
		"an entry erased": {func(e *env, tx kv.Tx) error { return e.log.Erase(tx, 5) }, []string{
			"entry 5 was erased, though organisations hold no personal data",
			"organizations/652701201 is not its revision 1",
			"revision 2 of organizations/652701201 is stored, but no entry tells of it",
		}},
		"an entry of another kind": {func(e *env, tx kv.Tx) error {
			return e.log.Append(tx, &logv1.Entry{Kind: "disclosure.published"}, eventlog.NewSalt(), true)
		}, []string{
			"entry 6 is a disclosure.published, which the directory does not write",
		}},
		"an entry without a state": {func(e *env, tx kv.Tx) error {
			// It tells of revision 3, whose bytes are there and have its hash.
			if err := copied(tx, revisions, last, revisions, []byte("652701201\x00\x00\x00\x00\x00\x00\x00\x00\x03")); err != nil {
				return err
			}
			said, err := e.log.Entries(tx, 5, 1)
			if err != nil {
				return err
			}
			entry, err := said[0].Entry()
			if err != nil {
				return err
			}
			entry.Revision, entry.State = 3, nil
			return e.log.Append(tx, entry, eventlog.NewSalt(), true)
		}, []string{
			"revision 3 of organizations/652701201 is not the one that entry 6 shows",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			e := moved(t)
			if d := e.differences(); len(d) > 0 {
				t.Fatalf("before any harm: %v", d)
			}
			e.broken = true
			must(t, e.db.Update(context.Background(), func(tx kv.Tx) error { return c.harm(e, tx) }))
			if got := e.differences(); !slices.Equal(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

// copied copies a value.
func copied(tx kv.Tx, from kv.Bucket, key []byte, to kv.Bucket, as []byte) error {
	value, err := tx.Get(from, key)
	if err != nil {
		return err
	}
	return tx.Put(to, as, append([]byte(nil), value...))
}

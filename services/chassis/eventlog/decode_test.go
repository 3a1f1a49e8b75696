package eventlog

import (
	"bytes"
	"errors"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/protobuf/proto"

	logv1 "gongkai/proto/gongkai/log/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
)

// A stored value is refused as damaged, or is exactly what its parts encode to.
func FuzzStoredEntry(f *testing.F) {
	full, err := encode(&logv1.Entry{Kind: "disclosure.published", Revision: 1}, Salt{1}, true)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(full)
	f.Add(full[:fullLen])
	f.Add(full[:fullLen-1])
	f.Add(encodeErased([32]byte{9}, false))
	f.Add(encodeErased([32]byte{9}, true)[:headLen-1])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, value []byte) {
		e, err := decode(7, value)
		if err != nil {
			if !errors.Is(err, ErrCorrupt) {
				t.Fatal(err)
			}
			return
		}
		again := encodeErased(e.Commitment, e.Public)
		if !e.Erased {
			again[0] &^= flagErased
			again = append(append(again, e.Salt[:]...), e.Payload...)
		}
		if e.Index != 7 || !bytes.Equal(again, value) {
			t.Fatalf("%x was decoded to %+v", value, e)
		}
		if err := e.check(); err != nil && !errors.Is(err, ErrCorrupt) {
			t.Fatal(err)
		}
	})
}

// A payload is refused as damaged, or says the same after it was written again.
func FuzzPayload(f *testing.F) {
	payload, err := proto.Marshal(&logv1.Entry{Kind: "k", Before: []*logv1.Fact{{Value: -1}}, ContentSha256: []byte{1}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(payload)
	f.Add([]byte{})
	f.Add([]byte("\x0a\x01\xff"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		m, err := decodePayload(payload)
		if err != nil {
			if !errors.Is(err, ErrCorrupt) {
				t.Fatal(err)
			}
			return
		}
		value, err := encode(m, Salt{}, false)
		if err != nil {
			t.Fatal(err)
		}
		again, err := decodePayload(value[fullLen:])
		if err != nil || !proto.Equal(m, again) {
			t.Fatalf("%v became %v, %v", m, again, err)
		}
	})
}

// Whatever a source sends, a follower refuses it as damaged, or is at the position that the source said.
func FuzzMessage(f *testing.F) {
	value, err := encode(&logv1.Entry{Kind: "k"}, Salt{1}, false)
	if err != nil {
		f.Fatal(err)
	}
	e := &logv1.LogEntry{Commitment: value[1:headLen], Salt: value[headLen:fullLen], Payload: value[fullLen:]}
	root := tlog.RecordHash(e.GetCommitment())
	message, err := proto.Marshal(&logv1.WatchEntriesResponse{Entries: []*logv1.LogEntry{e}, Size: 1, Root: root[:]})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(message)
	f.Fuzz(func(t *testing.T, message []byte) {
		m := new(logv1.WatchEntriesResponse)
		if proto.Unmarshal(message, m) != nil {
			return
		}
		tr, err := newTracker(nil)
		if err != nil {
			t.Fatal(err)
		}
		entries, err := tr.take(m)
		if err != nil {
			if !errors.Is(err, ErrCorrupt) {
				t.Fatal(err)
			}
			return
		}
		if int64(len(entries)) != m.GetSize() || !bytes.Equal(tr.position().GetRoot(), m.GetRoot()) {
			t.Fatalf("%d entries to %d", len(entries), m.GetSize())
		}
		if _, err := newTracker(tr.position()); err != nil {
			t.Fatal(err)
		}
	})
}

// The facts that are decoded alone are those of the entry.
func TestFacts(t *testing.T) {
	facts := func(n int64) []*logv1.Fact {
		return []*logv1.Fact{{Organization: "organizations/652701201", Date: &date.Date{Year: 2018, Month: 6, Day: 1}, Measure: "m", Value: n}}
	}
	want := &logv1.Entry{Kind: "k", Resource: "r", Actor: "a", Before: facts(1), After: facts(2), ContentSha256: make([]byte, 32)}
	payload, err := proto.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := StoredEntry{Payload: payload}.Facts()
	if err != nil || !proto.Equal(got, &storev1.EntryFacts{Before: want.GetBefore(), After: want.GetAfter()}) || len(got.ProtoReflect().GetUnknown()) > 0 {
		t.Errorf("facts %v, %v", got, err)
	}
	if got, err := (StoredEntry{Payload: payload[:len(payload)-1]}).Facts(); !errors.Is(err, ErrCorrupt) {
		t.Errorf("facts of a payload cut short: %v, %v", got, err)
	}
	if got, err := (StoredEntry{Erased: true}).Facts(); err != nil || len(got.GetBefore())+len(got.GetAfter()) > 0 {
		t.Errorf("facts of an erased entry: %v, %v", got, err)
	}
}

package eventlog_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
)

var errWanted = errors.New("wanted")

// dump returns what a bucket holds, a line a key.
func dump(t testing.TB, db *kv.DB, b kv.Bucket) string {
	t.Helper()
	var s strings.Builder
	err := db.View(context.Background(), func(r kv.Reader) error {
		for p, err := range r.Scan(b, kv.Range{}) {
			if err != nil {
				return err
			}
			fmt.Fprintf(&s, "%x %x\n", p.Key, p.Value)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.String()
}

// The stored bytes of a log of three entries: a public one, a restricted one and an erased one. They must
// never change.
func TestFormat(t *testing.T) {
	db := store(t)
	l := logOf(t, db)
	err := db.Update(context.Background(), func(tx kv.Tx) error {
		return errors.Join(
			l.Append(tx, &logv1.Entry{Kind: "disclosure.published", Resource: "organizations/652701201/disclosures/1", Revision: 1}, saltOf(1), true),
			l.Append(tx, &logv1.Entry{Kind: "request.received", Revision: 300}, saltOf(2), false),
			l.Append(tx, &logv1.Entry{Kind: "request.received"}, saltOf(3), false),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	erase(t, db, l, 2)
	erase(t, db, l, 2)

	const (
		salt1 = "01000000000000000000000000000000000000000000000000000000000000aa"
		salt2 = "02000000000000000000000000000000000000000000000000000000000000aa"
		salt3 = "03000000000000000000000000000000000000000000000000000000000000aa"

		// Field 1, kind; field 2, resource; field 3, revision.
		payload1 = "0a14" + "646973636c6f737572652e7075626c6973686564" +
			"1225" + "6f7267616e697a6174696f6e732f3635323730313230312f646973636c6f73757265732f31" + "1801"
		payload2 = "0a10" + "726571756573742e7265636569766564" + "18ac02"
		payload3 = "0a10" + "726571756573742e7265636569766564"
	)
	c1, c2, c3 := sum(t, salt1+payload1), sum(t, salt2+payload2), sum(t, salt3+payload3)
	wantEntries := "0000000000000000 01" + c1 + salt1 + payload1 + "\n" +
		"0000000000000001 00" + c2 + salt2 + payload2 + "\n" +
		"0000000000000002 02" + c3 + "\n"
	if got := dump(t, db, entries); got != wantEntries {
		t.Errorf("entries:\n%swant\n%s", got, wantEntries)
	}
	h1, h2, h3 := sum(t, "00"+c1), sum(t, "00"+c2), sum(t, "00"+c3)
	h12 := sum(t, "01"+h1+h2)
	wantHashes := "0000000000000000 " + h1 + "\n0000000000000001 " + h2 + "\n" +
		"0000000000000002 " + h12 + "\n0000000000000003 " + h3 + "\n"
	if got := dump(t, db, hashes); got != wantHashes {
		t.Errorf("hashes:\n%swant\n%s", got, wantHashes)
	}
	// The root of all that, computed once by other means.
	const want = "434dc5ab1d80a8d5ef0a671f205adec2059b74676515e4de0fb3794d107a9935"
	if _, root := verify(t, db, l); hex.EncodeToString(root[:]) != want || sum(t, "01"+h12+h3) != want {
		t.Errorf("root %x, want %s", root[:], want)
	}
}

// sum is SHA-256 from hexadecimal to hexadecimal.
func sum(t *testing.T, s string) string {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// mth is the Merkle tree hash as RFC 6962 section 2.1 defines it.
func mth(data [][]byte) [32]byte {
	switch len(data) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, data[0]...))
	}
	k := 1
	for 2*k < len(data) {
		k *= 2
	}
	left, right := mth(data[:k]), mth(data[k:])
	return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
}

// Whatever transactions commit or are rolled back, and whatever is erased, the log verifies, and at each size
// it has the root that RFC 6962 defines.
func TestLogIsTheTreeOfItsCommitments(t *testing.T) {
	db := store(t)
	l := logOf(t, db)
	rapid.Check(t, func(rt *rapid.T) {
		model := &model{l: l, db: db}
		model.reset(rt)
		rt.Repeat(map[string]func(*rapid.T){
			"commit": func(rt *rapid.T) { model.append(rt, nil) },
			"fail":   func(rt *rapid.T) { model.append(rt, errWanted) },
			"erase":  model.erase,
			"":       model.check,
		})
	})
}

// model is what a log should be.
type model struct {
	db          *kv.DB
	l           *eventlog.Log
	commitments [][]byte
	payloads    [][]byte // nil: erased
	drawn       int
}

// reset empties the store.
func (m *model) reset(t *rapid.T) {
	err := m.db.Update(context.Background(), func(tx kv.Tx) error {
		for _, b := range []kv.Bucket{entries, hashes} {
			var keys [][]byte
			for p, err := range tx.Scan(b, kv.Range{}) {
				if err != nil {
					return err
				}
				keys = append(keys, bytes.Clone(p.Key))
			}
			for _, k := range keys {
				if err := tx.Delete(b, k); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// append appends some entries in one transaction, which ends with an error or without one.
func (m *model) append(t *rapid.T, end error) {
	n := rapid.IntRange(0, 20).Draw(t, "entries")
	first := m.drawn
	m.drawn += n
	err := m.db.Update(context.Background(), func(tx kv.Tx) error {
		for i := first; i < first+n; i++ {
			if err := m.l.Append(tx, entry(i, "652701201"), saltOf(i), i%2 == 0); err != nil {
				return err
			}
		}
		return end
	})
	if !errors.Is(err, end) {
		t.Fatal(err)
	}
	if end != nil {
		return
	}
	for i := first; i < first+n; i++ {
		payload, err := proto.MarshalOptions{Deterministic: true}.Marshal(entry(i, "652701201"))
		if err != nil {
			t.Fatal(err)
		}
		salt := saltOf(i)
		c := sha256.Sum256(append(salt[:], payload...))
		m.commitments, m.payloads = append(m.commitments, c[:]), append(m.payloads, payload)
	}
}

func (m *model) erase(t *rapid.T) {
	index := rapid.IntRange(-1, len(m.payloads)).Draw(t, "index")
	err := m.db.Update(context.Background(), func(tx kv.Tx) error { return m.l.Erase(tx, int64(index)) })
	if index < 0 || index == len(m.payloads) {
		if !errors.Is(err, eventlog.ErrBeyondLog) {
			t.Fatalf("erase entry %d of %d: %v", index, len(m.payloads), err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	m.payloads[index] = nil
}

func (m *model) check(t *rapid.T) {
	err := m.db.View(context.Background(), func(r kv.Reader) error {
		size, root, err := m.l.Verify(r)
		if err != nil {
			return err
		}
		if want := mth(m.commitments); size != int64(len(m.commitments)) || root != want {
			t.Fatalf("verified %d, %x, want %d, %x", size, root[:], len(m.commitments), want)
		}
		at := rapid.IntRange(0, len(m.commitments)).Draw(t, "size")
		if root, err = m.l.Root(r, int64(at)); err != nil {
			return err
		}
		if want := mth(m.commitments[:at]); root != want {
			t.Fatalf("root at %d is %x, want %x", at, root[:], want)
		}
		got, err := m.l.Entries(r, int64(at), 10)
		if err != nil {
			return err
		}
		if want := min(10, len(m.payloads)-at); len(got) != want {
			t.Fatalf("%d entries from %d of %d, want %d", len(got), at, len(m.payloads), want)
		}
		for i, e := range got {
			want := m.payloads[at+i]
			if e.Index != int64(at+i) || e.Erased != (want == nil) || !bytes.Equal(e.Payload, want) || !bytes.Equal(e.Commitment[:], m.commitments[at+i]) {
				t.Fatalf("entry %d is %+v", at+i, e)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Callers who share commits with callers who fail after appending: only the good ones' entries are there.
func TestAppendInCompany(t *testing.T) {
	db := store(t)
	l := logOf(t, db)
	var callers sync.WaitGroup
	for i := range 120 {
		callers.Go(func() {
			salt, want := eventlog.NewSalt(), error(nil)
			if i%3 == 0 {
				want = errWanted
			}
			err := db.Update(context.Background(), func(tx kv.Tx) error {
				return errors.Join(l.Append(tx, entry(i, "652701201"), salt, false), want)
			})
			if !errors.Is(err, want) {
				t.Error(err)
			}
		})
	}
	callers.Wait()
	if size, _ := verify(t, db, l); size != 80 {
		t.Errorf("size %d, want 80", size)
	}
	err := db.View(context.Background(), func(r kv.Reader) error {
		found, err := l.Entries(r, 0, 1000)
		seen := map[int64]bool{}
		for _, e := range found {
			m, err := e.Entry()
			if err != nil {
				return err
			}
			if i := m.GetRevision() - 1; i%3 == 0 || seen[i] {
				t.Errorf("entry of caller %d", i)
			}
			seen[m.GetRevision()-1] = true
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// What cannot be appended leaves no trace.
func TestAppendRefuses(t *testing.T) {
	db := store(t)
	l := logOf(t, db)
	add(t, db, l, 3, "652701201", true)
	for name, c := range map[string]struct {
		entry *logv1.Entry
		want  error
	}{
		"too large": {&logv1.Entry{ContentSha256: make([]byte, eventlog.MaxPayload)}, eventlog.ErrTooLarge},
		"not UTF-8": {&logv1.Entry{Kind: "\xff"}, nil},
	} {
		err := db.Update(context.Background(), func(tx kv.Tx) error { return l.Append(tx, c.entry, saltOf(9), true) })
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if size, _ := verify(t, db, l); size != 3 {
		t.Errorf("size %d, want 3", size)
	}
}

// Positions beyond the log are refused.
func TestBeyond(t *testing.T) {
	db := store(t)
	l := logOf(t, db)
	add(t, db, l, 3, "652701201", true)
	err := db.View(context.Background(), func(r kv.Reader) error {
		for _, at := range []int64{-1, 4, 1 << 62} {
			if _, err := l.Root(r, at); !errors.Is(err, eventlog.ErrBeyondLog) {
				t.Errorf("root at %d: %v", at, err)
			}
			if _, err := l.Entries(r, at, 1); !errors.Is(err, eventlog.ErrBeyondLog) {
				t.Errorf("entries from %d: %v", at, err)
			}
		}
		if e, err := l.Entries(r, 3, 1); len(e) != 0 || err != nil {
			t.Errorf("entries from the end: %v, %v", e, err)
		}
		if e, err := l.Entries(r, 0, 0); len(e) != 0 || err != nil {
			t.Errorf("no entries: %v, %v", e, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// change writes behind the log's back, runs f, and takes it back. A nil value deletes.
func change(t *testing.T, db *kv.DB, b kv.Bucket, key, value []byte, f func(kv.Reader)) {
	t.Helper()
	err := db.Update(context.Background(), func(tx kv.Tx) error {
		err := tx.Delete(b, key)
		if value != nil {
			err = tx.Put(b, key, value)
		}
		if err != nil {
			return err
		}
		f(tx)
		return errWanted
	})
	if !errors.Is(err, errWanted) {
		t.Fatal(err)
	}
}

// Every changed byte of every value, every missing key and every added one is found, and the entry named.
func TestVerifyFindsEveryChange(t *testing.T) {
	db := store(t)
	l := logOf(t, db)
	add(t, db, l, 7, "652701201", true)
	add(t, db, l, 6, "652701202", false)
	erase(t, db, l, 3)
	erase(t, db, l, 9)

	spoilt := func(b kv.Bucket, key, value []byte, what string) {
		t.Helper()
		change(t, db, b, key, value, func(r kv.Reader) {
			index := int64(binary.BigEndian.Uint64(key))
			if b == hashes {
				level, n := tlog.SplitStoredHashIndex(index)
				index = (n+1)<<level - 1 // the entry with which it was stored
			}
			good, _, err := l.Verify(r)
			if !errors.Is(err, eventlog.ErrCorrupt) {
				t.Fatalf("%s of %s %x: %v", what, b.Name, key, err)
			}
			if good > index || !strings.Contains(err.Error(), fmt.Sprintf("entry %d", good)) && good < 13 {
				t.Fatalf("%s of %s %x: %d entries are good: %v", what, b.Name, key, good, err)
			}
		})
	}
	for _, b := range []kv.Bucket{entries, hashes} {
		for _, p := range pairs(t, db, b) {
			for i := range p.Value {
				for _, mask := range []byte{0x01, 0x02, 0x03, 0x80, 0xff} {
					if b == entries && i == 0 && mask == 1 {
						continue // who may see an opening is not hashed
					}
					value := bytes.Clone(p.Value)
					value[i] ^= mask
					spoilt(b, p.Key, value, fmt.Sprintf("byte %d ^ %x", i, mask))
				}
			}
			spoilt(b, p.Key, p.Value[:len(p.Value)-1], "cut")
			spoilt(b, p.Key, append(bytes.Clone(p.Value), 0), "longer")
			if last := binary.BigEndian.Uint64(p.Key) == 12; b == hashes || !last {
				spoilt(b, p.Key, nil, "absence")
			}
		}
	}
	added := binary.BigEndian.AppendUint64(nil, 99)
	spoilt(entries, added, pairs(t, db, entries)[0].Value, "addition")
	spoilt(hashes, added, pairs(t, db, hashes)[0].Value, "addition")
}

// A log whose last entry was cut off shows in the hashes that are left over.
func TestVerifyFindsACutLog(t *testing.T) {
	db := store(t)
	l := logOf(t, db)
	add(t, db, l, 5, "652701201", true)
	change(t, db, entries, binary.BigEndian.AppendUint64(nil, 4), nil, func(r kv.Reader) {
		if _, _, err := l.Verify(r); !errors.Is(err, eventlog.ErrCorrupt) {
			t.Error(err)
		}
	})
}

// pairs returns copies of all that a bucket holds.
func pairs(t *testing.T, db *kv.DB, b kv.Bucket) (all []kv.Pair) {
	t.Helper()
	err := db.View(context.Background(), func(r kv.Reader) error {
		for p, err := range r.Scan(b, kv.Range{}) {
			if err != nil {
				return err
			}
			all = append(all, kv.Pair{Key: bytes.Clone(p.Key), Value: bytes.Clone(p.Value)})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

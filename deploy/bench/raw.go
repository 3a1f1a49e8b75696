package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	logv1 "gongkai/proto/gongkai/log/v1"

	"github.com/oklog/ulid/v2"
	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"
)

// write is a put, or a delete if the value is nil.
type write struct {
	bucket     string
	key, value []byte
}

// openRaw opens a store as the suite does, without the suite.
func openRaw(file string) (*bbolt.DB, error) {
	return bbolt.Open(file, 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType, InitialMmapSize: 1 << 30, Timeout: time.Second})
}

// state is what is known of a store before something is written.
type state struct {
	entries     int64 // of its log
	transaction int
}

func look(file string) (s state, err error) {
	db, err := openRaw(file)
	if err != nil {
		return s, fmt.Errorf("look at %s: %w", file, err)
	}
	err = db.View(func(tx *bbolt.Tx) error {
		s.transaction = tx.ID()
		if b := tx.Bucket([]byte("log.entries")); b != nil {
			if last, _ := b.Cursor().Last(); last != nil {
				s.entries = int64(binary.BigEndian.Uint64(last)) + 1
			}
		}
		return nil
	})
	return s, errors.Join(err, db.Close())
}

// changesIn reads what the entries of a log from one on have written, besides what has keys by chance. Was is the
// store before.
type changesIn func(was, tx *bbolt.Tx, from int64) ([][]write, error)

// writesSince reads from a store what each change has written since it was in a state, in the order of its log, and how
// many changes shared a commit. The store before is opened for what was new to it.
func writesSince(before, after string, since state, read changesIn) (changes [][]write, each int, err error) {
	old, err := openRaw(before)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, old.Close()) }()
	db, err := openRaw(after)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = old.View(func(was *bbolt.Tx) error {
		return db.View(func(tx *bbolt.Tx) error {
			if changes, err = read(was, tx, since.entries); err != nil || len(changes) == 0 {
				return err
			}
			commits := max(tx.ID()-since.transaction, 1)
			each = max(1, (len(changes)+commits/2)/commits)
			for _, name := range []string{"replays", "disclosures.imports"} {
				spread(changes, added(was, tx, name))
			}
			return nil
		})
	})
	return changes, each, err
}

// entriesIn goes through the entries of a log from one on, each with what the log itself has written for it.
func entriesIn(tx *bbolt.Tx, from int64, each func(e *logv1.Entry, written []write) error) error {
	entries, hashes := tx.Bucket([]byte("log.entries")), tx.Bucket([]byte("log.hashes"))
	c := entries.Cursor()
	for k, v := c.Seek(binary.BigEndian.AppendUint64(nil, uint64(from))); k != nil; k, v = c.Next() {
		const head = 1 + 32 + 32 // flags, commitment and salt, see package eventlog
		var e logv1.Entry
		if err := proto.Unmarshal(v[head:], &e); err != nil {
			return fmt.Errorf("decode an entry: %w", err)
		}
		written := []write{{"log.entries", bytes.Clone(k), bytes.Clone(v)}}
		index := int64(binary.BigEndian.Uint64(k))
		for i := tlog.StoredHashIndex(0, index); i < tlog.StoredHashIndex(0, index+1); i++ {
			at := binary.BigEndian.AppendUint64(nil, uint64(i))
			written = append(written, write{"log.hashes", at, bytes.Clone(hashes.Get(at))})
		}
		if err := each(&e, written); err != nil {
			return err
		}
	}
	return nil
}

// disclosuresIn is the [changesIn] of a store of disclosures.
func disclosuresIn(_, tx *bbolt.Tx, from int64) (changes [][]write, err error) {
	records := tx.Bucket([]byte("disclosures"))
	serials := make(map[string]uint64)
	err = entriesIn(tx, from, func(e *logv1.Entry, logged []write) error {
		w, err := recordWrites(e, records, serials)
		changes = append(changes, append(w, logged...))
		return err
	})
	return changes, err
}

// recordWrites are the revision, its place in the index, and the serial of its index number.
func recordWrites(e *logv1.Entry, records *bbolt.Bucket, serials map[string]uint64) ([]write, error) {
	organization, parsed, err := resource(e, "/disclosures/")
	if err != nil {
		return nil, err
	}
	prefix := append([]byte(organization), 0)
	revision := binary.BigEndian.AppendUint64(append(bytes.Clone(prefix), parsed[:]...), uint64(e.GetRevision()))
	value := bytes.Clone(records.Get(revision))
	if value == nil {
		return nil, fmt.Errorf("revision %d of %s is not stored", e.GetRevision(), e.GetResource())
	}
	place := func(order uint32) []byte {
		return append(binary.BigEndian.AppendUint32(bytes.Clone(prefix), order), parsed[:]...)
	}
	writes := []write{{"disclosures", revision, value}}
	on := e.GetHappenedOn()
	if e.GetRevision() > 1 {
		writes = append(writes, write{bucket: "disclosures.publication", key: place(0)})
	}
	writes = append(writes, write{"disclosures.publication", place(^uint32(on.GetYear()*10000 + on.GetMonth()*100 + on.GetDay())), []byte{}})
	return append(writes, serial("disclosures.serials", organization, on.GetYear(), serials)), nil
}

// resource is what an entry is about: of which organisation, and its id.
func resource(e *logv1.Entry, kind string) (organization string, id ulid.ULID, err error) {
	organization, text, _ := strings.Cut(strings.TrimPrefix(e.GetResource(), "organizations/"), kind)
	if id, err = ulid.ParseStrict(text); err != nil {
		err = fmt.Errorf("read the name %q: %w", e.GetResource(), err)
	}
	return organization, id, err
}

// serial is the next number of an organisation's year.
func serial(bucket, organization string, year int32, serials map[string]uint64) write {
	serials[organization]++
	key := binary.BigEndian.AppendUint16(append([]byte(organization), 0), uint16(year))
	return write{bucket, key, binary.BigEndian.AppendUint64(nil, serials[organization])}
}

// added are the pairs of a bucket that it did not have.
func added(was, tx *bbolt.Tx, name string) (found []write) {
	b, old := tx.Bucket([]byte(name)), was.Bucket([]byte(name))
	if b == nil {
		return nil
	}
	_ = b.ForEach(func(k, v []byte) error {
		if old == nil || old.Get(k) == nil {
			found = append(found, write{name, bytes.Clone(k), bytes.Clone(v)})
		}
		return nil
	})
	return found
}

// spread gives each change its share of writes whose keys are hashes: in no order, as they came.
func spread(changes [][]write, writes []write) {
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(writes), func(i, j int) { writes[i], writes[j] = writes[j], writes[i] })
	for i, w := range writes {
		at := i * len(changes) / len(writes)
		changes[at] = append(changes[at], w)
	}
}

// replay puts changes into a store, so many a commit, and returns how long that took.
func replay(file string, changes [][]write, each int) (took time.Duration, err error) {
	db, err := openRaw(file)
	if err != nil {
		return 0, fmt.Errorf("open the yardstick's store: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	begin := time.Now()
	for stretch := range slices.Chunk(changes, each) {
		if err := db.Update(func(tx *bbolt.Tx) error { return putAll(tx, stretch) }); err != nil {
			return 0, fmt.Errorf("write the yardstick's store: %w", err)
		}
	}
	return time.Since(begin), nil
}

func putAll(tx *bbolt.Tx, changes [][]write) error {
	buckets := make(map[string]*bbolt.Bucket)
	for _, writes := range changes {
		for _, w := range writes {
			b := buckets[w.bucket]
			if b == nil {
				var err error
				if b, err = tx.CreateBucketIfNotExists([]byte(w.bucket)); err != nil {
					return err
				}
				if strings.HasPrefix(w.bucket, "log.") {
					b.FillPercent = 1 // they only grow
				}
				buckets[w.bucket] = b
			}
			do := func() error { return b.Put(w.key, w.value) }
			if w.value == nil {
				do = func() error { return b.Delete(w.key) }
			}
			if err := do(); err != nil {
				return err
			}
		}
	}
	return nil
}

// drafts are the names of a store's drafts: those in the index without a date.
func drafts(file string) (names []string, err error) {
	if _, err := os.Stat(file); err != nil {
		return nil, err
	}
	db, err := openRaw(file)
	if err != nil {
		return nil, err
	}
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("disclosures.publication")).ForEach(func(k, _ []byte) error {
			organization, rest, ok := bytes.Cut(k, []byte{0})
			if ok && len(rest) == 20 && binary.BigEndian.Uint32(rest) == 0 {
				names = append(names, fmt.Sprintf("organizations/%s/disclosures/%s", organization, ulid.ULID(rest[4:])))
			}
			return nil
		})
	})
	return names, errors.Join(err, db.Close())
}

// firstPublished is the name of the first record that is no draft.
func firstPublished(file string) (name string, err error) {
	db, err := openRaw(file)
	if err != nil {
		return "", err
	}
	err = db.View(func(tx *bbolt.Tx) error {
		k, _ := tx.Bucket([]byte("disclosures.publication")).Cursor().First()
		organization, rest, ok := bytes.Cut(k, []byte{0})
		if !ok || len(rest) != 20 {
			return errors.New("no record is published")
		}
		name = fmt.Sprintf("organizations/%s/disclosures/%s", organization, ulid.ULID(rest[4:]))
		return nil
	})
	return name, errors.Join(err, db.Close())
}

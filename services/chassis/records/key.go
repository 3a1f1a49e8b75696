// Package records is what the services that keep records of organisations have in common in their stores: the keys of
// revisions, index places and serial numbers, and the comparison of all that with the log.
//
// Numbers in keys are big-endian, and an organisation's id ends with a zero byte, so that keys sort by organisation,
// then by what follows.
package records

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"iter"

	"gongkai/services/chassis/kv"

	"github.com/oklog/ulid/v2"
)

const (
	// IDLen is how long a record's id is in a key.
	IDLen = len(ulid.ULID{})
	// CursorLen is how long what follows the organisation is in the key of a place.
	CursorLen = 4 + IDLen
)

// OrganizationKey begins every key of an organisation: organisation ‖ 0.
func OrganizationKey(organization string) []byte {
	return append(append(make([]byte, 0, 64), organization...), 0)
}

// Key is a record's: organisation ‖ 0 ‖ ULID 16.
func Key(organization string, id ulid.ULID) []byte {
	return append(OrganizationKey(organization), id[:]...)
}

// RevisionKey is a revision's: organisation ‖ 0 ‖ ULID 16 ‖ revision 8.
func RevisionKey(organization string, id ulid.ULID, revision int64) []byte {
	return binary.BigEndian.AppendUint64(Key(organization, id), uint64(revision))
}

// PlaceKey is a record's place in an index by a number: organisation ‖ 0 ‖ order 4 ‖ ULID 16.
func PlaceKey(organization string, order uint32, id ulid.ULID) []byte {
	return append(binary.BigEndian.AppendUint32(OrganizationKey(organization), order), id[:]...)
}

// SerialKey is a counter's: organisation ‖ 0 ‖ year 2.
func SerialKey(organization string, year int) []byte {
	return binary.BigEndian.AppendUint16(OrganizationKey(organization), uint16(year))
}

// Revision is a revision as it is stored.
type Revision struct {
	Organization string
	ID           ulid.ULID
	Number       int64
	Value        []byte // of the transaction
}

// Revisions walks every revision of every record of a bucket, in the order of their keys.
func Revisions(r kv.Reader, b kv.Bucket) iter.Seq2[Revision, error] {
	return func(yield func(Revision, error) bool) {
		for pair, err := range r.Scan(b, kv.Range{}) {
			var found Revision
			if err == nil {
				organization, rest, ok := bytes.Cut(pair.Key, []byte{0})
				if ok && len(rest) == IDLen+8 {
					found = Revision{string(organization), ulid.ULID(rest[:IDLen]), int64(binary.BigEndian.Uint64(rest[IDLen:])), pair.Value}
				} else {
					err = fmt.Errorf("the key %x in %s is garbled", pair.Key, b.Name)
				}
			}
			if !yield(found, err) || err != nil {
				return
			}
		}
	}
}

// Last reads the last revision of a record, nil if there is none.
func Last(r kv.Reader, b kv.Bucket, organization string, id ulid.ULID) ([]byte, error) {
	within := kv.Prefix(Key(organization, id))
	within.Reverse = true
	for pair, err := range r.Scan(b, within) {
		return pair.Value, err
	}
	return nil, nil
}

// Place is where a record stands in an index.
type Place struct {
	ID     ulid.ULID
	Cursor []byte // what follows the organisation in its key, of the transaction
}

// Places walks an organisation's part of an index, from one cursor on and before another; nil is no limit.
func Places(r kv.Reader, b kv.Bucket, organization string, from, to []byte) iter.Seq2[Place, error] {
	prefix := OrganizationKey(organization)
	within := kv.Range{From: append(OrganizationKey(organization), from...), To: kv.Prefix(prefix).To}
	if to != nil {
		within.To = append(OrganizationKey(organization), to...)
	}
	return func(yield func(Place, error) bool) {
		for pair, err := range r.Scan(b, within) {
			var p Place
			if err == nil {
				if p.Cursor = pair.Key[len(prefix):]; len(p.Cursor) == CursorLen {
					p.ID = ulid.ULID(p.Cursor[4:])
				} else {
					err = fmt.Errorf("the key %x in %s is garbled", pair.Key, b.Name)
				}
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

package request

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"iter"

	requestv1 "gongkai/proto/gongkai/request/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/records"
	"gongkai/services/chassis/vault"
	"gongkai/services/law/workday"

	"github.com/oklog/ulid/v2"
	"google.golang.org/protobuf/proto"
)

// What belongs to personal data. Numbers are big-endian; an organisation's id ends with a zero byte.
//
//	bucket         key                                                           value
//	requests.keys  organisation ‖ 0 ‖ ULID 16                                    the request's data key, wrapped
//	requests.same  organisation ‖ 0 ‖ kind 1 ‖ blind index 16 ‖ day 4 ‖ ULID 16  none: requests of one applicant, or for the same
//	requests.reads organisation ‖ 0 ‖ ULID 16 ‖ order 16                         store.v1.StoredPersonalDataRead
//
// The day is that of receipt, as yyyymmdd. The order is the complement of a read's ULID: the latest comes first.
var (
	keys  = kv.Bucket{Name: "requests.keys"}
	alike = kv.Bucket{Name: "requests.same"}
	reads = kv.Bucket{Name: "requests.reads"}
)

const readsInfix = "/personalDataReads/"

func yyyymmdd(d workday.Date) uint32 { return uint32(d.Year*10000 + int(d.Month)*100 + d.Day) }

func samePrefix(organization string, kind byte, index [vault.IndexLen]byte) []byte {
	return append(append(records.OrganizationKey(organization), kind), index[:]...)
}

func sameKey(organization string, kind byte, index [vault.IndexLen]byte, on workday.Date, id ulid.ULID) []byte {
	return append(binary.BigEndian.AppendUint32(samePrefix(organization, kind, index), yyyymmdd(on)), id[:]...)
}

func readKey(n name, id ulid.ULID) []byte {
	for i := range id {
		id[i] = ^id[i]
	}
	return append(records.Key(n.organization, n.id), id[:]...)
}

// getKey reads the wrapped data key of a request; it is missing if it never had one, or was erased.
func getKey(r kv.Reader, n name) ([]byte, error) {
	wrapped, err := r.Get(keys, records.Key(n.organization, n.id))
	if err != nil {
		return nil, fmt.Errorf("read key of %s: %w", n, err)
	}
	return bytes.Clone(wrapped), nil
}

func putKey(tx kv.Tx, n name, wrapped []byte) error {
	if err := tx.Put(keys, records.Key(n.organization, n.id), wrapped); err != nil {
		return fmt.Errorf("store key of %s: %w", n, err)
	}
	return nil
}

// putPersonal stores what belongs to the personal data of a new request, if it has any.
func putPersonal(tx kv.Tx, n name, wrapped []byte, same [][]byte) error {
	if wrapped == nil {
		return nil
	}
	if err := putKey(tx, n, wrapped); err != nil {
		return err
	}
	return putSame(tx, same)
}

func deleteKey(tx kv.Tx, n name) error {
	if err := tx.Delete(keys, records.Key(n.organization, n.id)); err != nil {
		return fmt.Errorf("destroy key of %s: %w", n, err)
	}
	return nil
}

// sameKeys are the keys under which a request is found by its personal data.
func (s *Server) sameKeys(n name, on workday.Date, data *requestv1.PersonalData) (made [][]byte, err error) {
	for kind, parts := range sameness(data) {
		index, err := s.index(n.organization, kind, parts)
		if err != nil {
			return nil, err
		}
		made = append(made, sameKey(n.organization, kind, index, on, n.id))
	}
	return made, nil
}

// index is the blind index of a kind of sameness. It tells two organisations' requests apart.
func (s *Server) index(organization string, kind byte, parts []string) ([vault.IndexLen]byte, error) {
	return s.vault.Index(fmt.Sprint("same ", kind), append([]string{organization}, parts...)...)
}

func putSame(tx kv.Tx, made [][]byte) error {
	for _, key := range made {
		if err := tx.Put(alike, key, nil); err != nil {
			return fmt.Errorf("index applicant: %w", err)
		}
	}
	return nil
}

// dropSame takes a request out of the indexes of its personal data.
func (s *Server) dropSame(tx kv.Tx, r *record, data *requestv1.PersonalData) error {
	made, err := s.sameKeys(r.name, placedOn(r.request()), data)
	if err != nil {
		return err
	}
	return deleteSame(tx, made)
}

// dropSameOf does the same where the data cannot be read: it goes through the organisation's whole part of the index.
func dropSameOf(tx kv.Tx, n name) error {
	var made [][]byte
	for pair, err := range tx.Scan(alike, kv.Prefix(records.OrganizationKey(n.organization))) {
		if err != nil {
			return fmt.Errorf("find %s by applicant: %w", n, err)
		}
		if bytes.HasSuffix(pair.Key, n.id[:]) {
			made = append(made, bytes.Clone(pair.Key))
		}
	}
	return deleteSame(tx, made)
}

func deleteSame(tx kv.Tx, made [][]byte) error {
	for _, key := range made {
		if err := tx.Delete(alike, key); err != nil {
			return fmt.Errorf("drop applicant: %w", err)
		}
	}
	return nil
}

func putRead(tx kv.Tx, n name, id ulid.ULID, read *requestv1.PersonalDataRead) error {
	value, err := proto.MarshalOptions{Deterministic: true}.Marshal(&storev1.StoredPersonalDataRead{PersonalDataRead: read})
	if err != nil {
		return fmt.Errorf("encode %s: %w", read.GetName(), err)
	}
	if err := tx.Put(reads, readKey(n, id), value); err != nil {
		return fmt.Errorf("store %s: %w", read.GetName(), err)
	}
	return nil
}

// scanReads walks the reads of a request after one of them, the latest first; those of all requests if there is no
// such request's name.
func scanReads(r kv.Reader, n name, after []byte) iter.Seq2[*requestv1.PersonalDataRead, error] {
	within := kv.Range{}
	if n.organization != "" {
		within = kv.Prefix(records.Key(n.organization, n.id))
	}
	if after != nil {
		within.From = append(readKey(n, ulid.ULID(after)), 0)
	}
	return func(yield func(*requestv1.PersonalDataRead, error) bool) {
		for pair, err := range r.Scan(reads, within) {
			stored := new(storev1.StoredPersonalDataRead)
			if err == nil {
				err = proto.Unmarshal(pair.Value, stored)
			}
			if err != nil {
				err = fmt.Errorf("read personal data reads of %s: %w", n, err)
			}
			if !yield(stored.GetPersonalDataRead(), err) || err != nil {
				return
			}
		}
	}
}

package directory

import (
	"encoding/binary"
	"fmt"
	"iter"

	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/directory/mirror"
	"gongkai/services/law/organ"

	"google.golang.org/protobuf/proto"
)

// What is stored. Ids are ASCII, 2 to 38 bytes, without a zero byte.
//
//	bucket         key                                     value
//	organizations  id                                      store.v1.StoredOrganization, the latest revision
//	revisions      id ‖ 0x00 ‖ revision, 8 bytes, b.-e.    store.v1.StoredOrganization, the same bytes as then
//
// Values are never marshalled again: the log has their hashes.
func organizations() kv.Bucket { return kv.Bucket{Name: "organizations"} }
func revisions() kv.Bucket     { return kv.Bucket{Name: "revisions"} }

func revisionKey(id organ.ID, revision int64) []byte {
	return binary.BigEndian.AppendUint64(append([]byte(id), 0), uint64(revision))
}

func parseRevisionKey(key []byte) (organ.ID, int64, error) {
	n := len(key) - 9
	if n < 1 || key[n] != 0 {
		return "", 0, fmt.Errorf("garbled key %x of a revision", key)
	}
	return organ.ID(key[:n]), int64(binary.BigEndian.Uint64(key[n+1:])), nil
}

// find reads an organisation; nil if there is none.
func find(r kv.Reader, id organ.ID) (*storev1.StoredOrganization, error) {
	value, err := r.Get(organizations(), []byte(id))
	if err != nil {
		return nil, fmt.Errorf("read organizations/%s: %w", id, err)
	}
	if value == nil {
		return nil, nil
	}
	return decode(id, value)
}

// get is find for an organisation that has to be there: else it returns fault.NotFound.
func get(r kv.Reader, id organ.ID) (*storev1.StoredOrganization, error) {
	stored, err := find(r, id)
	if err == nil && stored == nil {
		return nil, fault.NotFound(nameOf(id))
	}
	return stored, err
}

func decode(id organ.ID, value []byte) (*storev1.StoredOrganization, error) {
	stored := new(storev1.StoredOrganization)
	if err := proto.Unmarshal(value, stored); err != nil {
		return nil, fmt.Errorf("decode organizations/%s: %w", id, err)
	}
	return stored, nil
}

// put stores a revision, and returns the bytes.
func put(tx kv.Tx, stored *storev1.StoredOrganization) ([]byte, error) {
	id := idOf(stored.GetOrganization().GetName())
	value, err := proto.MarshalOptions{Deterministic: true}.Marshal(stored)
	if err != nil {
		return nil, fmt.Errorf("encode organizations/%s: %w", id, err)
	}
	if err := tx.Put(organizations(), []byte(id), value); err != nil {
		return nil, fmt.Errorf("store organizations/%s: %w", id, err)
	}
	if err := tx.Put(revisions(), revisionKey(id, stored.GetRevision()), value); err != nil {
		return nil, fmt.Errorf("store revision %d of organizations/%s: %w", stored.GetRevision(), id, err)
	}
	return value, nil
}

// getRevision returns the bytes of a revision, nil if it is absent. They live as long as the transaction.
func getRevision(r kv.Reader, id organ.ID, revision int64) ([]byte, error) {
	value, err := r.Get(revisions(), revisionKey(id, revision))
	if err != nil {
		return nil, fmt.Errorf("read revision %d of organizations/%s: %w", revision, id, err)
	}
	return value, nil
}

// scan walks the organisations in the order of their ids. The bytes live as long as the transaction.
func scan(r kv.Reader) iter.Seq2[kv.Pair, error] { return r.Scan(organizations(), kv.Range{}) }

// scanRevisions walks the revisions by id and number. The bytes live as long as the transaction.
func scanRevisions(r kv.Reader) iter.Seq2[kv.Pair, error] { return r.Scan(revisions(), kv.Range{}) }

// loadTree reads every organisation into a tree.
func loadTree(r kv.Reader, t *tree) error {
	for p, err := range scan(r) {
		if err != nil {
			return fmt.Errorf("read organizations: %w", err)
		}
		stored, err := decode(organ.ID(p.Key), p.Value)
		if err != nil {
			return err
		}
		t.put(mirror.Organization(stored.GetOrganization()))
	}
	return nil
}

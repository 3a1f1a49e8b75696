package eventlog

import (
	"crypto/sha256"
	"fmt"

	"google.golang.org/protobuf/proto"

	logv1 "gongkai/proto/gongkai/log/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
)

// The value of an entry: flags ‖ commitment [‖ salt ‖ payload].
const (
	flagPublic = 1 << 0 // the opening is for everyone
	flagErased = 1 << 1 // salt and payload are gone
	knownFlags = flagPublic | flagErased

	headLen = 1 + sha256.Size
	fullLen = headLen + len(Salt{})
)

// StoredEntry is an entry as the store holds it.
type StoredEntry struct {
	// Index is its place in the log, counted from 0.
	Index int64
	// Public tells that the opening is for everyone.
	Public bool
	// Erased tells that salt and payload are gone; both are zero then.
	Erased bool
	// Commitment is SHA-256(salt ‖ payload), the data of the leaf.
	Commitment [sha256.Size]byte
	// Salt is the random part of the opening.
	Salt Salt
	// Payload is the marshalled [logv1.Entry], the bytes that were hashed.
	Payload []byte
}

// Entry returns the decoded payload, nil if it is erased.
func (e StoredEntry) Entry() (*logv1.Entry, error) {
	if e.Erased {
		return nil, nil
	}
	m, err := decodePayload(e.Payload)
	if err != nil {
		return nil, fmt.Errorf("entry %d: %w", e.Index, err)
	}
	return m, nil
}

// Facts returns the facts of the payload and decodes nothing else; it is empty if the payload is erased.
func (e StoredEntry) Facts() (*storev1.EntryFacts, error) {
	m := new(storev1.EntryFacts)
	if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(e.Payload, m); err != nil {
		return nil, fmt.Errorf("entry %d: decode facts: %w: %w", e.Index, ErrCorrupt, err)
	}
	return m, nil
}

// clone returns a copy that outlives the transaction.
func (e StoredEntry) clone() StoredEntry {
	if !e.Erased {
		e.Payload = append([]byte{}, e.Payload...)
	}
	return e
}

// check returns an error if the opening is there and does not fit the commitment.
func (e StoredEntry) check() error {
	if e.Erased || commit(e.Salt[:], e.Payload) == e.Commitment {
		return nil
	}
	return fmt.Errorf("opening of entry %d does not fit its commitment: %w", e.Index, ErrCorrupt)
}

// commit returns SHA-256(salt ‖ payload).
func commit(salt, payload []byte) (c [sha256.Size]byte) {
	h := sha256.New()
	h.Write(salt)
	h.Write(payload)
	h.Sum(c[:0])
	return c
}

// encode marshals an entry, commits to it, and returns the value to store.
func encode(e *logv1.Entry, salt Salt, public bool) ([]byte, error) {
	o := proto.MarshalOptions{Deterministic: true}
	n := o.Size(e)
	if n > MaxPayload {
		return nil, fmt.Errorf("%d bytes: %w", n, ErrTooLarge)
	}
	value := make([]byte, headLen, fullLen+n)
	value = append(value, salt[:]...)
	o.UseCachedSize = true
	value, err := o.MarshalAppend(value, e)
	if err != nil {
		return nil, fmt.Errorf("marshal: %w", err)
	}
	if public {
		value[0] = flagPublic
	}
	commitment := sha256.Sum256(value[headLen:])
	copy(value[1:], commitment[:])
	return value, nil
}

// encodeErased returns the value of an entry whose opening is gone.
func encodeErased(commitment [sha256.Size]byte, public bool) []byte {
	value := append([]byte{flagErased}, commitment[:]...)
	if public {
		value[0] |= flagPublic
	}
	return value
}

// decode takes a stored value apart. The payload is part of the value, not a copy.
func decode(index int64, value []byte) (StoredEntry, error) {
	e := StoredEntry{Index: index}
	if len(value) < headLen || value[0]&^knownFlags != 0 {
		return e, fmt.Errorf("entry %d is garbled: %w", index, ErrCorrupt)
	}
	e.Public = value[0]&flagPublic != 0
	e.Erased = value[0]&flagErased != 0
	copy(e.Commitment[:], value[1:])
	switch {
	case e.Erased && len(value) == headLen:
		return e, nil
	case e.Erased || len(value) < fullLen:
		return e, fmt.Errorf("entry %d has %d bytes, which do not fit its flags: %w", index, len(value), ErrCorrupt)
	}
	copy(e.Salt[:], value[headLen:])
	e.Payload = value[fullLen:]
	return e, nil
}

// decodePayload decodes the hashed bytes.
func decodePayload(payload []byte) (*logv1.Entry, error) {
	m := new(logv1.Entry)
	if err := proto.Unmarshal(payload, m); err != nil {
		return nil, fmt.Errorf("decode payload: %w: %w", ErrCorrupt, err)
	}
	return m, nil
}

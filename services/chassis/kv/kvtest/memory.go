package kvtest

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"sort"
	"sync"
	"testing"

	"gongkai/services/chassis/kv"
)

// Memory is an engine for tests that need no durability: sorted slices, copied when they are first written
// to in a transaction.
type Memory struct {
	data   *data
	writer sync.Mutex   // held by the write transaction
	views  sync.RWMutex // read-held by views, and written by Close
	closed bool         // written with writer and views held
}

// data outlives the engine, as a file would.
type data struct {
	mu      sync.Mutex
	inUse   bool
	buckets map[string][]kv.Pair // what is committed; the slices are never changed
}

// NewMemory returns an open engine without any data.
func NewMemory() *Memory {
	return &Memory{data: &data{inUse: true}}
}

// Reopen returns an engine on the same data; the one before must be closed, else it returns [kv.ErrLocked].
func (m *Memory) Reopen() (*Memory, error) {
	m.data.mu.Lock()
	defer m.data.mu.Unlock()
	if m.data.inUse {
		return nil, kv.ErrLocked
	}
	m.data.inUse = true
	return &Memory{data: m.data}, nil
}

// InMemory is the [Place] of engines in memory.
func InMemory() Open {
	m := NewMemory()
	m.data.inUse = false
	return m.open
}

// CopyInMemory is the [CopyPlace] of engines in memory.
func CopyInMemory(t testing.TB, r io.Reader) Open {
	m, err := ReadMemory(r)
	if err != nil {
		t.Fatal(err)
	}
	return m.open
}

// open implements [Open].
func (m *Memory) open() (kv.Engine, error) {
	opened, err := m.Reopen()
	if err != nil {
		return nil, err
	}
	return opened, nil
}

// View implements [kv.Engine].
func (m *Memory) View(f func(kv.Reader) error) error {
	m.views.RLock()
	defer m.views.RUnlock()
	if m.closed {
		return kv.ErrClosed
	}
	return f(&memoryTx{buckets: m.data.committed()})
}

// Copy implements [kv.Engine]. [ReadMemory] reads the copy.
func (m *Memory) Copy(w io.Writer, look func(kv.Reader) error) (int64, error) {
	m.views.RLock()
	defer m.views.RUnlock()
	if m.closed {
		return 0, kv.ErrClosed
	}
	buckets := m.data.committed()
	if look != nil {
		if err := look(&memoryTx{buckets: buckets}); err != nil {
			return 0, err
		}
	}
	var encoded bytes.Buffer
	if err := gob.NewEncoder(&encoded).Encode(buckets); err != nil {
		return 0, err
	}
	return encoded.WriteTo(w)
}

// ReadMemory returns an engine, which is closed, on the data of a copy.
func ReadMemory(r io.Reader) (*Memory, error) {
	d := &data{}
	if err := gob.NewDecoder(r).Decode(&d.buckets); err != nil {
		return nil, fmt.Errorf("read copy: %w", err)
	}
	for _, pairs := range d.buckets {
		for i := range pairs { // gob knows no empty slices
			if pairs[i].Value == nil {
				pairs[i].Value = []byte{}
			}
		}
	}
	return &Memory{data: d, closed: true}, nil
}

// Begin implements [kv.Engine].
func (m *Memory) Begin() (kv.EngineTx, error) {
	m.writer.Lock()
	if m.closed {
		m.writer.Unlock()
		return nil, kv.ErrClosed
	}
	buckets := maps.Clone(m.data.committed())
	if buckets == nil {
		buckets = map[string][]kv.Pair{}
	}
	return &memoryTx{engine: m, buckets: buckets, own: map[string]bool{}}, nil
}

// Close implements [kv.Engine].
func (m *Memory) Close() error {
	m.writer.Lock()
	defer m.writer.Unlock()
	m.views.Lock()
	defer m.views.Unlock()
	if m.closed {
		return nil
	}
	m.closed = true
	m.data.mu.Lock()
	defer m.data.mu.Unlock()
	m.data.inUse = false
	return nil
}

func (d *data) committed() map[string][]kv.Pair {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.buckets
}

// memoryTx implements [kv.EngineTx].
type memoryTx struct {
	engine  *Memory // nil: a view, or the transaction has ended
	buckets map[string][]kv.Pair
	own     map[string]bool // the buckets whose slices belong to this transaction
}

// Get implements [kv.Reader].
func (t *memoryTx) Get(b kv.Bucket, key []byte) ([]byte, error) {
	pairs := t.buckets[b.Name]
	if i := search(pairs, key); i < len(pairs) && bytes.Equal(pairs[i].Key, key) {
		return pairs[i].Value, nil
	}
	return nil, nil
}

// Scan implements [kv.Reader].
func (t *memoryTx) Scan(b kv.Bucket, r kv.Range) iter.Seq2[kv.Pair, error] {
	return func(yield func(kv.Pair, error) bool) {
		pairs := t.buckets[b.Name]
		if r.To != nil {
			pairs = pairs[:search(pairs, r.To)]
		}
		pairs = pairs[search(pairs, r.From):]
		for i := range pairs {
			if r.Reverse {
				i = len(pairs) - 1 - i
			}
			if !yield(pairs[i], nil) {
				return
			}
		}
	}
}

// Put implements [kv.Tx].
func (t *memoryTx) Put(b kv.Bucket, key, value []byte) error {
	if len(key) == 0 {
		return errors.New("key is empty")
	}
	pair := kv.Pair{Key: bytes.Clone(key), Value: append([]byte{}, value...)}
	pairs := t.writable(b)
	i := search(pairs, key)
	if i < len(pairs) && bytes.Equal(pairs[i].Key, key) {
		pairs[i] = pair
		return nil
	}
	t.buckets[b.Name] = slices.Insert(pairs, i, pair)
	return nil
}

// Delete implements [kv.Tx].
func (t *memoryTx) Delete(b kv.Bucket, key []byte) error {
	pairs := t.writable(b)
	if i := search(pairs, key); i < len(pairs) && bytes.Equal(pairs[i].Key, key) {
		t.buckets[b.Name] = slices.Delete(pairs, i, i+1)
	}
	return nil
}

// Commit implements [kv.EngineTx].
func (t *memoryTx) Commit() error {
	return t.end(func(d *data) { d.buckets = t.buckets })
}

// Rollback implements [kv.EngineTx].
func (t *memoryTx) Rollback() error {
	return t.end(func(*data) {})
}

func (t *memoryTx) end(f func(*data)) error {
	m := t.engine
	if m == nil {
		return errors.New("transaction has ended")
	}
	t.engine = nil
	m.data.mu.Lock()
	defer m.data.mu.Unlock()
	f(m.data)
	m.writer.Unlock()
	return nil
}

// writable returns the pairs of a bucket, which the transaction may change.
func (t *memoryTx) writable(b kv.Bucket) []kv.Pair {
	if !t.own[b.Name] {
		t.own[b.Name] = true
		t.buckets[b.Name] = slices.Clone(t.buckets[b.Name])
	}
	return t.buckets[b.Name]
}

// search returns the index of the first key that is not before key.
func search(pairs []kv.Pair, key []byte) int {
	return sort.Search(len(pairs), func(i int) bool { return bytes.Compare(pairs[i].Key, key) >= 0 })
}

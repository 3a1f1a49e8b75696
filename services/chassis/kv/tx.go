package kv

import "iter"

// tx is what functions get: the engine's transaction, watched.
type tx struct {
	engine EngineTx
	group  *group
	bytes  int      // written so far, by all
	dirty  bool     // something has been written, by anyone
	wrote  bool     // the function that runs has written
	undo   []before // what it has overwritten, if the group is wary
}

// before is the value of a key before a write; nil: the key was absent.
type before struct {
	bucket     Bucket
	key, value []byte
}

// Get implements [Reader].
func (t *tx) Get(b Bucket, key []byte) ([]byte, error) { return t.engine.Get(b, key) }

// Scan implements [Reader].
func (t *tx) Scan(b Bucket, r Range) iter.Seq2[Pair, error] { return t.engine.Scan(b, r) }

// Put implements [Tx].
func (t *tx) Put(b Bucket, key, value []byte) error {
	return t.write(b, key, len(value), func() error { return t.engine.Put(b, key, value) })
}

// Delete implements [Tx].
func (t *tx) Delete(b Bucket, key []byte) error {
	return t.write(b, key, 0, func() error { return t.engine.Delete(b, key) })
}

// write counts a write of n bytes under a key, and remembers what it overwrites if the group is wary.
func (t *tx) write(b Bucket, key []byte, n int, do func() error) error {
	t.wrote, t.dirty = true, true
	t.bytes += len(key) + n
	if !t.group.wary {
		return do()
	}
	old, err := t.engine.Get(b, key)
	if err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	t.undo = append(t.undo, before{b, append([]byte(nil), key...), old})
	return nil
}

// revert takes back the writes of the function that ran last, the latest first.
func (t *tx) revert() error {
	for i := len(t.undo) - 1; i >= 0; i-- {
		var err error
		if u := t.undo[i]; u.value == nil {
			err = t.engine.Delete(u.bucket, u.key)
		} else {
			err = t.engine.Put(u.bucket, u.key, u.value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

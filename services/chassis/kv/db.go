package kv

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// Options bound a commit and name the format of a store. The zero value is usable.
type Options struct {
	// Format is the version of what the store holds; 0 means 1. It is written when a store is first opened.
	// An older store is opened as it is.
	Format uint32
	// MaxBytes ends a commit's gathering once so many bytes of keys and values have been written; 0 means
	// 8 MiB. One function may write more.
	MaxBytes int
	// MaxCallers is the most functions that share one commit; 0 means 1,024.
	MaxCallers int
	// MaxTime ends a commit's gathering once its functions have run for so long; 0 means 50 ms.
	MaxTime time.Duration
	// Committed is told of every commit, once for each caller that shared it: in that caller's goroutine, with
	// the context of its Update, before Update returns; nil: nobody is told.
	Committed func(context.Context, *Commit)
}

// Commit is one commit that succeeded. It is shared by its callers, and does not change.
type Commit struct {
	// Number is its number since the store was opened, from 1.
	Number uint64
	// Callers is how many shared it.
	Callers int
	// Began is when its transaction was opened, Ran when all functions had run, Ended when it was durable.
	Began, Ran, Ended time.Time
}

func (o Options) orDefaults() Options {
	if o.Format == 0 {
		o.Format = 1
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 8 << 20
	}
	if o.MaxCallers <= 0 {
		o.MaxCallers = 1024
	}
	if o.MaxTime <= 0 {
		o.MaxTime = 50 * time.Millisecond
	}
	return o
}

// Stats counts what a store has done since it was opened.
type Stats struct {
	// Commits that wrote something and succeeded.
	Commits uint64
	// Callers whose functions shared those commits.
	Callers uint64
	// Largest number of callers in one commit.
	Largest uint64
	// Rollbacks of transactions in which a function failed after it had written.
	Rollbacks uint64
	// CommitTime is how long those commits took together, after their functions had run.
	CommitTime time.Duration
	// Sizes are those commits by how many callers shared them: Sizes[i] had at most 1<<i, and more than the one
	// before; the last one has all larger ones too.
	Sizes [12]uint64
}

// PanicError is what a caller gets whose function panicked. Nothing that the function wrote is kept.
type PanicError struct {
	// Value is what the function panicked with.
	Value any
	// Stack is the stack of the panic, as text.
	Stack []byte
}

// Error tells the value and the stack: it is meant for the operator's log, never for a user.
func (e *PanicError) Error() string {
	return fmt.Sprintf("transaction panicked: %v\n%s", e.Value, e.Stack)
}

// Unwrap returns the value if the function panicked with an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// DB is a store: an [Engine] with group commit. All its methods may be called from many goroutines.
type DB struct {
	engine Engine
	opts   Options
	closed atomic.Bool   // set with mu held
	ended  chan struct{} // closed when the engine has been closed
	endErr error         // of closing the engine; read it after ended

	arrived chan struct{} // holds one once something came into an empty queue, or the store is to close

	mu      sync.Mutex
	queue   []*call       // callers that the next transaction takes
	changed chan struct{} // closed at the next commit; nil if nobody asked
	stats   Stats
}

// Open makes a store of an engine and checks its format, which it writes if the store is new. It returns
// [ErrFormat] if the store was written by a newer version. The engine belongs to the store from then on;
// if Open fails it is closed.
func Open(e Engine, o Options) (*DB, error) {
	d := &DB{engine: e, opts: o.orDefaults(), ended: make(chan struct{}), arrived: make(chan struct{}, 1)}
	if err := d.checkFormat(); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	go (&group{db: d}).run()
	return d, nil
}

// View runs f on a snapshot of what is committed. Views run side by side with each other and with updates.
// If f panics, its caller gets a [*PanicError]. After Close it returns [ErrClosed].
func (d *DB) View(ctx context.Context, f func(Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if d.closed.Load() {
		return ErrClosed
	}
	return d.engine.View(func(r Reader) error { return attempt(f, r) })
}

// Backup writes a copy of what is committed to w, while reads and writes go on, and returns how many bytes it
// has. The copy is that of one moment: what was acknowledged before Backup was called is in it, and no part of
// a transaction is. If look is not nil it runs first, on the very snapshot that is copied.
//
// The snapshot is held until the last byte is written, and keeps the store from using freed space again: give
// it a file, never a network connection. It stops with the context's error when ctx ends.
func (d *DB) Backup(ctx context.Context, w io.Writer, look func(Reader) error) (n int64, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if d.closed.Load() {
		return 0, ErrClosed
	}
	copied := &copyWriter{ctx: ctx, w: w}
	err = guard("copy the store", func() error {
		n, err = d.engine.Copy(copied, look)
		if copied.err != nil {
			return copied.err // an engine may have lost what it wrapped
		}
		return err
	})
	return n, err
}

// copyWriter refuses to write once its context has ended, and keeps the first error.
type copyWriter struct {
	ctx context.Context
	w   io.Writer
	err error
}

// Write implements [io.Writer].
func (w *copyWriter) Write(p []byte) (n int, err error) {
	if w.err == nil {
		w.err = w.ctx.Err()
	}
	if w.err == nil {
		n, w.err = w.w.Write(p)
	}
	return n, w.err
}

// Update runs f in a write transaction, which it may share with other callers, and returns once that is
// durable. The functions of one transaction run one after the other, each as if it were alone.
//
// If f returns an error, Update returns it, and nothing that f wrote is kept. If f panics, the caller gets a
// [*PanicError]; if f ends its goroutine, the caller's ends. Neither does harm to other callers. If ctx ends
// before f is begun, f does not run and Update returns the context's error; later, it changes nothing.
// A commit that fails gives [ErrUnknownOutcome] and closes the store; after that, as after Close, Update
// returns [ErrClosed].
func (d *DB) Update(ctx context.Context, f func(Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := &call{ctx: ctx, f: f, done: make(chan struct{})}
	if !d.enqueue(c) {
		return ErrClosed
	}
	select {
	case <-c.done:
	case <-ctx.Done():
		if c.state.CompareAndSwap(queued, left) {
			return ctx.Err()
		}
		<-c.done
	}
	if c.exited {
		runtime.Goexit()
	}
	if c.commit != nil && d.opts.Committed != nil {
		d.opts.Committed(ctx, c.commit)
	}
	return c.err
}

// Changed returns a channel that is closed at the next commit that writes something, or when the store
// closes. A follower takes the channel first, then reads, then waits.
func (d *DB) Changed() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.changed == nil {
		d.changed = make(chan struct{})
		if d.closed.Load() {
			close(d.changed)
		}
	}
	return d.changed
}

// Stats returns what the store has done so far.
func (d *DB) Stats() Stats {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.stats
}

// Close takes no more callers, commits those that wait already, waits for running views, and closes the
// engine. It may be called more than once, but not from within a function given to View or Update.
func (d *DB) Close() error {
	d.refuse()
	<-d.ended
	return d.endErr
}

// enqueue hands a call to the next transaction; it reports false if the store is closed.
func (d *DB) enqueue(c *call) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed.Load() {
		return false
	}
	d.queue = append(d.queue, c)
	if len(d.queue) == 1 {
		d.wake()
	}
	return true
}

// wake tells the group to look again.
func (d *DB) wake() {
	select {
	case d.arrived <- struct{}{}:
	default: // it will
	}
}

// waiting tells how many callers wait for the next transaction.
func (d *DB) waiting() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.queue)
}

// refuse makes the store take no more callers.
func (d *DB) refuse() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed.Store(true)
	d.wake()
}

// committed counts a commit, numbers it and tells the followers.
func (d *DB) committed(c *Commit) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stats.Commits++
	d.stats.Callers += uint64(c.Callers)
	d.stats.Largest = max(d.stats.Largest, uint64(c.Callers))
	d.stats.CommitTime += c.Ended.Sub(c.Ran)
	d.stats.Sizes[min(bits.Len(uint(c.Callers-1)), len(d.stats.Sizes)-1)]++
	c.Number = d.stats.Commits
	d.announce()
}

// announce wakes those who wait for a change. It is called with mu held.
func (d *DB) announce() {
	if d.changed != nil {
		close(d.changed)
		d.changed = nil
	}
}

// end closes the engine, once the last transaction has ended.
func (d *DB) end() {
	d.endErr = guard("close the engine", d.engine.Close)
	d.mu.Lock()
	d.announce()
	d.mu.Unlock()
	close(d.ended)
}

// checkFormat compares the stored format with the one understood, and writes it into a new store.
func (d *DB) checkFormat() error {
	meta, key := Bucket{Name: Meta}, []byte("format")
	isNew := false
	err := d.engine.View(func(r Reader) error {
		stored, err := r.Get(meta, key)
		if err != nil {
			return err
		}
		if stored == nil {
			isNew = true
			for p, err := range r.Scan(meta, Range{}) {
				if err != nil {
					return err
				}
				return fmt.Errorf("store has no format, but a key %q", p.Key)
			}
			return nil
		}
		if len(stored) != 4 || binary.BigEndian.Uint32(stored) == 0 {
			return fmt.Errorf("store has a garbled format: %x", stored)
		}
		if v := binary.BigEndian.Uint32(stored); v > d.opts.Format {
			return fmt.Errorf("format %d, understood up to %d: %w", v, d.opts.Format, ErrFormat)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the store's format: %w", err)
	}
	if !isNew {
		return nil
	}
	if err := d.writeFormat(meta, key); err != nil {
		return fmt.Errorf("write the store's format: %w", err)
	}
	return nil
}

func (d *DB) writeFormat(meta Bucket, key []byte) error {
	t, err := d.engine.Begin()
	if err != nil {
		return err
	}
	if err := t.Put(meta, key, binary.BigEndian.AppendUint32(nil, d.opts.Format)); err != nil {
		return errors.Join(err, t.Rollback())
	}
	return t.Commit()
}

// attempt runs f and turns a panic into an error, also a fault in memory that an engine has mapped to a file.
// If f ends its goroutine, so does attempt.
func attempt[T any](f func(T) error, t T) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	returned := false
	defer func() {
		if returned {
			return
		}
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	err = f(t)
	returned = true
	return err
}

// guard runs a step of the engine, names it in the error, and turns a panic into one.
func guard(step string, f func() error) error {
	err := attempt(func(struct{}) error { return f() }, struct{}{})
	if err != nil {
		return fmt.Errorf("%s: %w", step, err)
	}
	return nil
}

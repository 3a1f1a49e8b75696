package kv

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// States of a call: who settles it.
const (
	queued int32 = iota // nobody yet
	taken               // the group: its function runs or has run
	left                // its caller, whose context ended
)

// call is one caller of Update.
type call struct {
	ctx   context.Context
	f     func(Tx) error
	state atomic.Int32
	done  chan struct{} // closed when err and exited are final

	err    error
	commit *Commit // that made it durable; nil: none did
	exited bool    // the function ended its goroutine
}

// take claims a call for the group; it reports false if its context has ended.
func (c *call) take() bool {
	if c.state.Load() == taken {
		return true // it runs again
	}
	if !c.state.CompareAndSwap(queued, taken) {
		return false
	}
	if err := c.ctx.Err(); err != nil {
		c.settle(err)
		return false
	}
	return true
}

func (c *call) settle(err error) {
	c.err = err
	close(c.done)
}

// group is the one goroutine that runs the functions of a store and commits them. Only that goroutine
// touches it.
//
// A function that fails after it has written spoils the transaction. The first time, the transaction is
// rolled back and those that were good run again, in a second transaction that remembers what each function
// overwrites, so that a further failure is undone by itself. Those who failed then run alone. So whatever
// fails, a function runs twice in company and once alone, at most.
//
// A function that fails before it has written leaves the transaction as it was. Its error may rest on what
// its neighbours wrote, so it is told when that is durable.
type group struct {
	db      *DB
	pending []*call   // to be run, in this order, before those in the queue
	running *call     // its function runs now
	joined  []*call   // have run in tx and stand or fall with its commit; the first one has written
	alone   []*call   // have failed after writing; each gets a transaction of its own
	tx      *tx       // nil: none is open
	wary    bool      // the transaction was rolled back once: keep undo records
	began   time.Time // when tx was opened
	broken  bool      // the engine failed: the store closes
	linger  linger
}

// run commits until the store is closed. A function that ends the goroutine is survived by a new one.
func (g *group) run() {
	finished := false
	defer func() {
		if !finished {
			g.salvage()
			go g.run()
		}
	}()
	for g.wait() {
		g.gather()
		g.commit()
		g.single()
	}
	g.db.end()
	finished = true
}

// wait blocks until there is something to run; it reports false when the store is closed and all are settled.
func (g *group) wait() bool {
	d := g.db
	if g.broken {
		g.abandon()
		return false
	}
	if g.tx != nil || len(g.pending)+len(g.alone) > 0 {
		return true // a function has ended the goroutine before this one
	}
	for {
		d.mu.Lock()
		waiting, closed := len(d.queue) > 0, d.closed.Load()
		d.mu.Unlock()
		if waiting || closed {
			return waiting
		}
		<-d.arrived
	}
}

// gather runs functions in one transaction until nobody waits or the bounds are reached.
func (g *group) gather() {
	for g.room() {
		c := g.next()
		if c == nil {
			return
		}
		if c.take() {
			g.try(c)
		}
	}
}

// room reports whether one more function may join the transaction.
func (g *group) room() bool {
	if g.broken {
		return false
	}
	o := g.db.opts
	return len(g.joined) == 0 || len(g.joined) < o.MaxCallers && g.tx.bytes < o.MaxBytes && time.Since(g.began) < max(o.MaxTime, g.linger.took)
}

// next returns the call to run next, nil if there is none.
func (g *group) next() *call {
	if len(g.pending) == 0 {
		g.pending = g.fetch()
	}
	for len(g.pending) == 0 && g.linger.wait(g.db, len(g.joined)) {
		g.pending = g.fetch()
	}
	if len(g.pending) == 0 {
		return nil
	}
	c := g.pending[0]
	g.pending = g.pending[1:]
	return c
}

// fetch empties the queue.
func (g *group) fetch() []*call {
	d := g.db
	d.mu.Lock()
	defer d.mu.Unlock()
	q := d.queue
	d.queue = nil
	return q
}

// try runs one function in the transaction, and decides what becomes of it.
func (g *group) try(c *call) {
	if err := g.begin(); err != nil {
		c.settle(err)
		return
	}
	g.tx.wrote, g.tx.undo = false, g.tx.undo[:0]
	g.running = c
	c.err = attempt(c.f, Tx(g.tx))
	g.running = nil

	switch first := len(g.joined) == 0; {
	case c.err != nil && g.tx.wrote:
		g.clean()
		if first { // it was alone
			close(c.done)
		} else {
			g.alone = append(g.alone, c)
		}
	case first && !g.tx.wrote: // it has seen committed things only: its answer is final
		close(c.done)
	default:
		g.joined = append(g.joined, c)
	}
}

// clean takes back what the function that ran last has written, as cheaply as it can.
func (g *group) clean() {
	again := g.joined
	switch {
	case !g.tx.wrote:
	case len(again) == 0:
		g.rollback()
	case !g.wary:
		g.rollback()
		g.pending = append(again, g.pending...)
		g.wary = true
	case guard("undo", g.tx.revert) != nil:
		g.rollback()
		g.alone = append(g.alone, again...)
	}
}

// single runs those that have failed after writing, each in a transaction of its own.
func (g *group) single() {
	for len(g.alone) > 0 && !g.broken {
		c := g.alone[0]
		g.alone = g.alone[1:]
		g.try(c)
		g.commit()
	}
}

// begin opens the transaction, unless it is open.
func (g *group) begin() error {
	if g.tx != nil {
		return nil
	}
	return guard("begin a transaction", func() error {
		e, err := g.db.engine.Begin()
		if err == nil {
			g.tx, g.began = &tx{engine: e, group: g}, time.Now()
		}
		return err
	})
}

// commit makes the transaction durable and answers those who joined it.
func (g *group) commit() {
	g.wary = false
	if g.tx == nil {
		return
	}
	if len(g.joined) == 0 {
		g.rollback()
		return
	}
	t, joined := g.tx, g.joined
	g.tx, g.joined = nil, nil
	done := &Commit{Callers: len(joined), Began: g.began, Ran: time.Now()}
	err := guard("commit", t.engine.Commit)
	if errors.Is(err, ErrFull) {
		for _, c := range joined {
			c.settle(err)
		}
		return
	}
	if err != nil {
		g.fail()
		for _, c := range joined {
			c.settle(fmt.Errorf("%w: %w", ErrUnknownOutcome, err))
		}
		return
	}
	done.Ended = time.Now()
	g.db.committed(done)
	for _, c := range joined {
		if c.err == nil {
			c.commit = done
		}
		close(c.done)
	}
	g.linger.after(done, g.db.waiting())
}

// rollback forgets the transaction and whatever those in joined did in it.
func (g *group) rollback() {
	t := g.tx
	g.tx, g.joined = nil, nil
	if t.dirty {
		g.db.mu.Lock()
		g.db.stats.Rollbacks++
		g.db.mu.Unlock()
	}
	if err := guard("roll back", t.engine.Rollback); err != nil {
		g.fail()
	}
}

// fail closes the store: the engine can no longer be trusted.
func (g *group) fail() {
	g.broken = true
	g.db.refuse()
}

// abandon answers all who are left over in a store that has failed.
func (g *group) abandon() {
	for _, c := range append(append(g.alone, g.pending...), g.fetch()...) {
		if c.take() {
			c.settle(ErrClosed)
		}
	}
	g.alone, g.pending = nil, nil
}

// salvage puts the group in order after a function has ended its goroutine: its caller's ends too, and the
// others are none the worse.
func (g *group) salvage() {
	c := g.running
	g.running = nil
	g.clean()
	c.exited = true
	close(c.done)
}

package kvtest

import (
	"errors"
	"sync"

	"gongkai/services/chassis/kv"
)

// Fault is a way in which a commit fails.
type Fault int

// The faults of a commit.
const (
	Lost   Fault = iota + 1 // nothing is kept, and an error is reported
	Done                    // everything is kept, but an error is reported
	Panics                  // nothing is kept, and the engine panics
	Full                    // nothing is kept, since there is no room
)

// ErrFault is what a commit with a fault reports.
var ErrFault = errors.New("fault in the test's engine")

// Faulty is an engine whose commits fail, or wait, when the test says so.
type Faulty struct {
	kv.Engine

	mu   sync.Mutex
	next Fault
	gate chan struct{}
}

// NewFaulty returns an engine that does what e does, until it is told otherwise.
func NewFaulty(e kv.Engine) *Faulty { return &Faulty{Engine: e} }

// Fail gives the next commit a fault.
func (f *Faulty) Fail(next Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next = next
}

// Hold makes every further commit wait: for a call of step, which lets one pass, or of release, which lets
// all pass from then on.
func (f *Faulty) Hold() (step, release func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	gate := make(chan struct{})
	f.gate = gate
	return func() { gate <- struct{}{} }, func() { close(gate) }
}

// Begin implements [kv.Engine].
func (f *Faulty) Begin() (kv.EngineTx, error) {
	t, err := f.Engine.Begin()
	if err != nil {
		return nil, err
	}
	return &faultyTx{EngineTx: t, engine: f}, nil
}

type faultyTx struct {
	kv.EngineTx
	engine *Faulty
}

// Commit implements [kv.EngineTx].
func (t *faultyTx) Commit() error {
	f := t.engine
	f.mu.Lock()
	fault, gate := f.next, f.gate
	f.next = 0
	f.mu.Unlock()
	if gate != nil {
		<-gate
	}
	switch fault {
	case Lost:
		return errors.Join(ErrFault, t.Rollback())
	case Done:
		return errors.Join(ErrFault, t.EngineTx.Commit())
	case Full:
		return errors.Join(kv.ErrFull, t.Rollback())
	case Panics:
		panic(errors.Join(ErrFault, t.Rollback()))
	default:
		return t.EngineTx.Commit()
	}
}

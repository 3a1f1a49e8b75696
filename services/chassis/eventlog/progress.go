package eventlog

import (
	"context"
	"sync/atomic"
	"time"

	storev1 "gongkai/proto/gongkai/store/v1"
)

// Progress is how far a follower is, for those who watch it. The zero Progress is ready; its methods may be
// called from many goroutines. A nil Progress notes nothing.
type Progress struct {
	size  atomic.Int64
	moved atomic.Int64 // Unix time in ns; 0: following has not begun
}

// Of returns a function that folds as fold does and notes how far that went, for [Follow] from the same
// position.
func (p *Progress) Of(from *storev1.FoldPosition, fold func(context.Context, Batch) error) func(context.Context, Batch) error {
	if p == nil {
		return fold
	}
	p.Begin(from)
	return func(ctx context.Context, b Batch) error {
		at := b.Position.GetSize() // the position is fold's to keep
		if err := fold(ctx, b); err != nil {
			return err
		}
		p.note(at)
		return nil
	}
}

// Begin notes where following begins. Who knows that before it follows says so: it is then no less ready than with
// the first connection.
func (p *Progress) Begin(at *storev1.FoldPosition) {
	if p != nil {
		p.note(at.GetSize())
	}
}

func (p *Progress) note(size int64) {
	p.size.Store(size)
	p.moved.Store(time.Now().UnixNano())
}

// At tells how many entries are folded, and when the last were, or when following began; the zero time if it
// has not.
func (p *Progress) At() (size int64, moved time.Time) {
	if ns := p.moved.Load(); ns != 0 {
		moved = time.Unix(0, ns)
	}
	return p.size.Load(), moved
}

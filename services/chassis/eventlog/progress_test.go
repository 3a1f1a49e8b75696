package eventlog_test

import (
	"context"
	"errors"
	"testing"
	"time"

	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/eventlog"
)

// Progress is where following began, and then what was folded; a fold that failed is none.
func TestProgress(t *testing.T) {
	var p eventlog.Progress
	if _, moved := p.At(); !moved.IsZero() {
		t.Errorf("moved at %s before it began", moved)
	}
	var failed error
	fold := p.Of(&storev1.FoldPosition{Size: 3}, func(_ context.Context, b eventlog.Batch) error {
		b.Position.Size = -1 // the position is fold's
		return failed
	})
	size, began := p.At()
	if size != 3 || time.Since(began) > time.Minute {
		t.Errorf("begins with %d at %s", size, began)
	}
	if err := fold(t.Context(), eventlog.Batch{Position: &storev1.FoldPosition{Size: 5}}); err != nil {
		t.Fatal(err)
	}
	failed = errWanted
	if err := fold(t.Context(), eventlog.Batch{Position: &storev1.FoldPosition{Size: 7}}); !errors.Is(err, errWanted) {
		t.Error(err)
	}
	if size, moved := p.At(); size != 5 || moved.Before(began) {
		t.Errorf("%d at %s", size, moved)
	}
	var none *eventlog.Progress
	if err := none.Of(nil, fold)(t.Context(), eventlog.Batch{Position: new(storev1.FoldPosition)}); !errors.Is(err, errWanted) {
		t.Errorf("without progress: %v", err)
	}
}

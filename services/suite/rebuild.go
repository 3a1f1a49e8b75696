package suite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gongkai/services/report"
)

// Rebuild folds the report store's totals anew from the logs of a data folder that no process has open, and
// verifies the folder as Fsck does. It is the way out when a follower is refused, because a store was put back
// to an older copy: what that copy lacks is lost, reports and their seals stay.
func Rebuild(ctx context.Context, data string, checkpoints ...string) (*Verdict, error) {
	s, err := openWhole(data)
	if err != nil {
		return nil, err
	}
	sources := make(map[string]report.Source)
	err = s.within(ctx, "request", sources, []string{"disclosure", "directory"}, func() error {
		return report.Rebuild(ctx, s.stores["report"], s.logs["report"], sources, time.Now())
	})
	if err := errors.Join(err, s.closeStores()); err != nil {
		return nil, fmt.Errorf("rebuild %s: %w", data, err)
	}
	return Fsck(ctx, data, checkpoints...)
}

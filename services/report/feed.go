package report

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	logv1 "gongkai/proto/gongkai/log/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/law/organ"
)

// directoryFeed is the feed that the tree comes from.
const directoryFeed = "directory"

// Run follows the feeds until ctx ends, and returns its error then. It returns earlier, with an error that
// wraps eventlog.ErrDiverged or eventlog.ErrCorrupt, if a feed is not the one that was followed.
func (s *Server) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var running sync.WaitGroup
	for service, client := range s.Feeds {
		running.Go(func() {
			if err := s.follow(ctx, service, client); err != nil {
				cancel(err)
			}
		})
	}
	running.Wait()
	return context.Cause(ctx)
}

func (s *Server) follow(ctx context.Context, service string, client logv1.LogServiceClient) error {
	log := "logs/" + service
	for {
		err := s.followOnce(ctx, log, service, client)
		if !errors.Is(err, kv.ErrFull) {
			return err
		}
		const pause = time.Second // for the operator to make room
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *Server) followOnce(ctx context.Context, log, service string, client logv1.LogServiceClient) error {
	from, err := s.followed(ctx, service)
	if err != nil {
		return err
	}
	fold := s.foldFacts
	if service == directoryFeed {
		fold = s.foldTree
	}
	if err := eventlog.Follow(ctx, client, log, from, s.Progress[service].Of(from, fold)); err != nil {
		return fmt.Errorf("follow %s: %w", log, err)
	}
	return nil
}

// followed is how far the log of a service is folded; nil: nothing yet.
func (s *Server) followed(ctx context.Context, service string) (at *storev1.FoldPosition, err error) {
	err = s.DB.View(ctx, func(r kv.Reader) error {
		at, err = getPosition(r, "logs/"+service)
		return err
	})
	return at, err
}

// patience is how long a call waits for the fold to catch up.
const patience = 10 * time.Second

// meet waits for an organisation that is not known yet until all is folded that the directory holds: it may just have been
// entered. Errors: as catchUp.
func (s *Server) meet(ctx context.Context, id organ.ID) error {
	if s.knows(id) {
		return nil
	}
	return s.catchUp(ctx, directoryFeed)
}

// catchUp waits until everything that was durable in feeds when it was called has been folded, in all of them where none
// is named. It returns UNAVAILABLE if that takes too long.
func (s *Server) catchUp(ctx context.Context, services ...string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	want := make(map[string]int64, len(s.Feeds))
	if len(services) == 0 {
		services = slices.Sorted(maps.Keys(s.Feeds))
	}
	for _, service := range services {
		client, ok := s.Feeds[service]
		if !ok {
			continue
		}
		log := "logs/" + service
		c, err := client.GetCheckpoint(ctx, &logv1.GetCheckpointRequest{Name: log})
		if err != nil {
			return fault.Busy(fmt.Errorf("ask size of %s: %w", log, err))
		}
		want[log] = c.GetSize()
	}
	for {
		changed := s.DB.Changed()
		behind, err := s.behind(ctx, want)
		if err != nil || !behind {
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return fault.Busy(errors.New("totals are behind the records"))
			}
			return ctx.Err()
		}
	}
}

func (s *Server) behind(ctx context.Context, want map[string]int64) (behind bool, err error) {
	err = s.DB.View(ctx, func(r kv.Reader) error {
		for log, size := range want {
			at, err := getPosition(r, log)
			if err != nil {
				return err
			}
			behind = behind || at.GetSize() < size
		}
		return nil
	})
	return behind, err
}

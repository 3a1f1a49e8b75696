package report

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/law/form"
	"gongkai/services/law/organ"
)

// Config is what the service needs.
type Config struct {
	// DB is the service's store.
	DB *kv.DB
	// Log is its own event log, in the same store.
	Log *eventlog.Log
	// Forms are the report forms in use.
	Forms form.Forms
	// Feeds are the logs that it follows, by service: directory, disclosure, request.
	Feeds map[string]logv1.LogServiceClient
	// Progress notes how far each feed is followed, by service; a service that is not there is not noted.
	Progress map[string]*eventlog.Progress
	// Now is the clock.
	Now func() time.Time
}

// Server is the report service.
type Server struct {
	reportv1.UnimplementedReportServiceServer
	Config

	readers chan struct{} // the files that are being read

	// mu guards tree. It is held, at least for reading, during every transaction whose outcome depends on
	// the tree, so that tree and totals change together.
	mu   sync.RWMutex
	tree *organ.Tree
}

// New opens the service on its store: the tree is what the directory's feed has given so far.
func New(c Config) (*Server, error) {
	tree, err := loadTree(c.DB)
	if err != nil {
		return nil, err
	}
	s := &Server{Config: c, tree: tree, readers: make(chan struct{}, runtime.GOMAXPROCS(0))}
	for service, p := range c.Progress {
		at, err := s.followed(context.Background(), service)
		if err != nil {
			return nil, fmt.Errorf("read position in the log of %s: %w", service, err)
		}
		p.Begin(at)
	}
	return s, nil
}

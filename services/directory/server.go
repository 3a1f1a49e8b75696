package directory

import (
	"context"
	"fmt"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
)

// Server implements the directory, [directoryv1.DirectoryServiceServer], and as [access.Tree] answers from
// what is committed.
type Server struct {
	directoryv1.UnimplementedDirectoryServiceServer
	db  *kv.DB
	log *eventlog.Log
	now func() time.Time

	// writing holds a token while a write is under way.
	writing chan struct{}
	tree    *tree
}

// New makes the directory that db holds, whose log is log. It reads all organisations. Today is the civil
// date in Asia/Shanghai of now.
func New(db *kv.DB, log *eventlog.Log, now func() time.Time) (*Server, error) {
	s := &Server{db: db, log: log, now: now, writing: make(chan struct{}, 1), tree: newTree()}
	err := db.View(context.Background(), func(r kv.Reader) error { return loadTree(r, s.tree) })
	if err != nil {
		return nil, fmt.Errorf("load directory: %w", err)
	}
	return s, nil
}

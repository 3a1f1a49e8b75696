package disclosure

import (
	"context"
	"crypto/rand"
	"time"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/law/form"
	"gongkai/services/law/workday"

	"github.com/oklog/ulid/v2"
)

// Organizations knows which organisations exist.
type Organizations interface {
	// Exists tells whether there is such an organisation, given by its id, on a day.
	Exists(ctx context.Context, organization string, on workday.Date) (bool, error)
}

// Server is the disclosure service.
type Server struct {
	disclosurev1.UnimplementedDisclosureServiceServer
	db            *kv.DB
	log           *eventlog.Log
	forms         form.Forms
	organizations Organizations
	now           func() time.Time
	entropy       *ulid.LockedMonotonicReader
}

// New makes the service on its store and its log. The forms say which categories a year has; today is the
// civil date of now.
func New(db *kv.DB, log *eventlog.Log, forms form.Forms, orgs Organizations, now func() time.Time) *Server {
	return &Server{
		db: db, log: log, forms: forms, organizations: orgs, now: now,
		entropy: &ulid.LockedMonotonicReader{MonotonicReader: ulid.Monotonic(rand.Reader, 0)},
	}
}

package request

import (
	"context"
	"crypto/rand"
	"time"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/server"
	"gongkai/services/chassis/vault"
	"gongkai/services/law/workday"
	"gongkai/services/request/letter"

	"github.com/oklog/ulid/v2"
)

// Organizations knows which organisations exist.
type Organizations interface {
	// Exists tells whether there is such an organisation, given by its id, on a day.
	Exists(ctx context.Context, organization string, on workday.Date) (bool, error)
	// Within tells whether an organisation is another one, or stands somewhere below it. The error wraps
	// [access.ErrUnknownOrganization] for one that there is not.
	Within(ctx context.Context, organization, ancestor string) (bool, error)
}

// Server is the request service.
type Server struct {
	requestv1.UnimplementedRequestServiceServer
	db            *kv.DB
	log           *eventlog.Log
	organizations Organizations
	vault         *vault.Vault
	days          workday.Calendar
	letters       *letter.Sets
	disclosures   disclosurev1.DisclosureServiceClient // nil if it is not known where that service answers
	secret        []byte                               // keys the hashes of repeated requests
	now           func() time.Time
	entropy       *ulid.LockedMonotonicReader
}

// Config is what the service stands on; all of it is required but for Letters and Disclosures.
type Config struct {
	DB            *kv.DB
	Log           *eventlog.Log
	Organizations Organizations
	// Days is the calendar of working days.
	Days workday.Calendar
	// Vault seals personal data.
	Vault *vault.Vault
	// Letters are the templates of letters; nil means those that are part of the program.
	Letters *letter.Sets
	// Disclosures reaches the disclosure service, which makes drafts of answers that are published to all; nil if it is
	// not known where that answers.
	Disclosures disclosurev1.DisclosureServiceClient
	// Now is the clock; today is its civil date.
	Now func() time.Time
}

// New makes the service.
func New(c Config) (*Server, error) {
	secret, err := c.Vault.Derive("replay")
	if err != nil {
		return nil, err
	}
	if c.Letters == nil {
		if c.Letters, err = letter.Default(); err != nil {
			return nil, err
		}
	}
	return &Server{
		db: c.DB, log: c.Log, organizations: c.Organizations, vault: c.Vault, days: c.Days, letters: c.Letters, disclosures: c.Disclosures, secret: secret, now: c.Now,
		entropy: &ulid.LockedMonotonicReader{MonotonicReader: ulid.Monotonic(rand.Reader, 0)},
	}, nil
}

// stamp stamps a call. What it repeats is known by a keyed hash, since it may hold personal data.
func (s *Server) stamp(ctx context.Context) server.Stamp {
	at := server.NewStamp(ctx, s.now())
	at.Secret = s.secret
	return at
}

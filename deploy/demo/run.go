package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
)

// Roles for which a token is asked.
const (
	Clerk         = "clerk"
	Reviewer      = "reviewer"
	Supervisor    = "supervisor"
	Administrator = "administrator"
	System        = "system"
)

// Everywhere is the organisation of a token that reaches the whole tree.
const Everywhere = "*"

// Options say how to run. BaseURL and Tokens are required.
type Options struct {
	// BaseURL is the gateway's, for example http://127.0.0.1:8080.
	BaseURL string
	// Tokens mints a token for a role in an organisation, given by its id, or Everywhere. Asked again, in a later
	// run too, its token must be for the same account, else a request id is not recognised.
	Tokens func(role, organization string) (string, error)
	// City is what to enter; nil means that of Load.
	City *City
	// Progress is told how many of the records are published, from many goroutines; it may be nil.
	Progress func(done, total int)
	// InFlight is how many records are under way at a time; 0 means 64.
	InFlight int
	// Language of the errors, as in Accept-Language; empty means zh.
	Language string
	// Patience is how long the roll-up may take to catch up with the records; 0 means a minute.
	Patience time.Duration
}

// Result is what a run did, and what the leading group sees at its end.
type Result struct {
	Rollup     *reportv1.Rollup
	RollupJSON []byte // exactly as REST returned it
	Form       *reportv1.ReportForm
	// Reused tells that the year was there already and nothing was entered.
	Reused        bool
	Organizations int
	Records       int
	Requests      int
	Calls         int64 // over REST, that were answered
	Elapsed       time.Duration
}

// Rate is the number of calls a second.
func (r *Result) Rate() float64 { return float64(r.Calls) / max(r.Elapsed.Seconds(), 1e-9) }

// run is one run under way.
type run struct {
	*client
	Options

	mu     sync.Mutex
	tokens map[string]string // guarded by mu; by role and organisation
}

// Run does the city's year: an administrator enters the organisations; each portal creates and publishes its
// records, a call each, or imports the ledger that it keeps; requests are entered and answered; each organisation that owes a report, but one, compiles
// and submits it; the leading group's office returns one and accepts them all, that one in its second version;
// one organisation publishes a record too late. It returns when the roll-up shows all of that.
//
// If the roll-up shows it from the start, nothing is entered. An [*Error] is a call that was refused.
func Run(ctx context.Context, o Options) (*Result, error) {
	if o.BaseURL == "" || o.Tokens == nil {
		return nil, errors.New("a run needs the gateway's address and tokens")
	}
	if o.City == nil {
		city, err := Load()
		if err != nil {
			return nil, err
		}
		o.City = city
	}
	o.InFlight, o.Language, o.Patience = cmp.Or(o.InFlight, 64), cmp.Or(o.Language, "zh"), cmp.Or(o.Patience, time.Minute)
	r := &run{client: newClient(o), Options: o, tokens: map[string]string{}}
	defer r.close()

	start := time.Now()
	result := &Result{Organizations: len(o.City.Organizations), Records: len(o.City.Records) + 2, Requests: len(o.City.Requests)}
	rollup, raw, err := r.rollup(ctx)
	switch {
	case err != nil && !isStatus(err, http.StatusNotFound):
		return nil, err
	case err == nil && o.City.done(rollup):
		result.Reused = true
	default:
		if err := r.year(ctx); err != nil {
			return nil, err
		}
		if rollup, raw, err = r.settled(ctx); err != nil {
			return nil, err
		}
	}
	result.Rollup, result.RollupJSON, result.Form = rollup, raw, &reportv1.ReportForm{}
	if _, err := r.get(ctx, "/v1/"+rollup.GetForm(), "", result.Form); err != nil {
		return nil, err
	}
	result.Calls, result.Elapsed = r.calls.Load(), time.Since(start)
	return result, nil
}

func (r *run) year(ctx context.Context) error {
	phases := []func(context.Context) error{r.enter, r.record, r.ask, r.submit, r.accept, r.mend, r.late}
	for _, phase := range phases {
		if err := phase(ctx); err != nil {
			return err
		}
	}
	return nil
}

// rollup reads the city's roll-up as its supervisor.
func (r *run) rollup(ctx context.Context) (*reportv1.Rollup, []byte, error) {
	token, err := r.token(Supervisor, CityID)
	if err != nil {
		return nil, nil, err
	}
	rollup := &reportv1.Rollup{}
	raw, err := r.get(ctx, "/v1/organizations/"+CityID+"/rollups/"+Period, token, rollup)
	return rollup, raw, err
}

// settled reads the roll-up until it stands on all that the logs of records and requests hold now.
func (r *run) settled(ctx context.Context) (*reportv1.Rollup, []byte, error) {
	sizes := map[string]int64{}
	for _, name := range []string{"logs/disclosure", "logs/request"} {
		checkpoint := &logv1.Checkpoint{}
		if _, err := r.get(ctx, "/v1/"+name+"/checkpoint", "", checkpoint); err != nil {
			return nil, nil, err
		}
		sizes[name] = checkpoint.GetSize()
	}
	ctx, cancel := context.WithTimeout(ctx, r.Patience)
	defer cancel()
	wait := 5 * time.Millisecond
	for {
		rollup, raw, err := r.rollup(ctx)
		if err != nil {
			return nil, nil, err
		}
		if behind := behind(rollup, sizes); behind == "" {
			if !r.City.done(rollup) {
				return nil, nil, fmt.Errorf("the roll-up of %s does not show the year as it was entered: the data hold something else", CityID)
			}
			return rollup, raw, nil
		} else if err := pause(ctx, wait); err != nil {
			return nil, nil, fmt.Errorf("wait for the roll-up to catch up with %s: %w", behind, err)
		}
		wait = min(2*wait, 250*time.Millisecond)
	}
}

// behind names a log of which a roll-up does not know so many entries; empty if there is none.
func behind(rollup *reportv1.Rollup, sizes map[string]int64) string {
	known := map[string]int64{}
	for _, b := range rollup.GetBasis() {
		known[b.GetLog()] = b.GetSize()
	}
	for name, size := range sizes {
		if known[name] < size {
			return name
		}
	}
	return ""
}

// done tells whether a roll-up shows the year to its end: whoever was to be accepted is, the returned report in
// its second version, and the late record, which comes last, is known.
func (c *City) done(rollup *reportv1.Rollup) bool {
	rows := map[string]*reportv1.RollupRow{}
	for _, row := range rollup.GetRows() {
		rows[row.GetCode()] = row
	}
	for _, in := range c.Reports {
		row := rows[strings.TrimPrefix(in.GetParent(), "organizations/")]
		if row.GetStatus() != reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED {
			return false
		}
	}
	const total = "disclosed.total"
	return rows[ReturnedID].GetVersion() >= 2 && rows[LateID].GetFigures()[total].GetLate() > 0 &&
		int(rollup.GetTotals()[total].GetRecords()) >= len(c.Records)+2
}

func isStatus(err error, status int) bool {
	var refused *Error
	return errors.As(err, &refused) && refused.Status == status
}

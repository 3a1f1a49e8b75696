package killtest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc/metadata"

	"gongkai/deploy/demo"
	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/suite"
)

var (
	kills = flag.Int("kills", 8, "how many times the process is killed")
	seed  = flag.Uint64("seed", 0, "of the random numbers; 0 means any")
)

// grace is how long the process has to stop after SIGTERM.
const grace = 15 * time.Second

// harness is a data folder with what is known of it.
type harness struct {
	*testing.T
	program, data string
	rng           *rand.Rand
	city          *demo.City
	ledger        *ledger
	notes         *notes
	workers       []*worker
	token         string
}

// newHarness prepares workers: some organisations keep records over gRPC and some over REST, and one worker each
// takes care of requests, reports, and the tree.
func newHarness(t *testing.T, program string, from uint64) *harness {
	t.Helper()
	city, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	city.Organizations = append(city.Organizations, &directoryv1.CreateOrganizationRequest{
		OrganizationId: otherCity,
		Organization: &directoryv1.Organization{
			DisplayName: "阿拉山口市人民政府", Parent: "organizations/6527", Kind: directoryv1.Kind_KIND_GOVERNMENT,
			NoReportReason: "示例：不另报本级报告", FoundedOn: &date.Date{Year: 2012, Month: 12, Day: 17},
		},
	})
	h := &harness{
		T: t, program: program, data: filepath.Join(t.TempDir(), "data"), city: city, ledger: newLedger(), notes: newNotes(),
		rng: rand.New(rand.NewPCG(from, 0)),
	}
	add := func(most int, of func(s *script) func(func(*step) bool)) {
		id := fmt.Sprintf("worker-%02d", len(h.workers))
		s := &script{id: id, city: city, rng: rand.New(rand.NewPCG(from, uint64(len(h.workers)+1)))}
		w := newWorker(h.ledger, most, of(s))
		h.workers = append(h.workers, w)
		t.Cleanup(w.stop)
	}
	over := []func(*doors) recorder{func(d *doors) recorder { return d.disclosure }, func(d *doors) recorder { return d.rest }}
	for i, of := range city.Reports {
		organization := strings.TrimPrefix(of.GetParent(), "organizations/")
		add(0, func(s *script) func(func(*step) bool) { return s.records(organization, over[i%2]) })
	}
	add(6, func(s *script) func(func(*step) bool) { return s.requests(demo.MissingID) })
	add(5, func(s *script) func(func(*step) bool) { return s.reports() })
	add(3, func(s *script) func(func(*step) bool) { return s.moves(city.Organizations) })
	return h
}

// up opens the doors of a child once it serves, and checks all that was acknowledged since the last time.
func (h *harness) up(c *child) (context.Context, *doors) {
	h.Helper()
	ctx, cancel := context.WithTimeout(h.Context(), time.Minute)
	defer cancel()
	at, err := c.serves(ctx)
	if err != nil {
		h.Fatal(err)
	}
	if h.token == "" {
		h.token = h.mint()
	}
	called := metadata.AppendToOutgoingContext(h.Context(), "authorization", "Bearer "+h.token)
	d := enter(called, h.T, at)
	if err := h.enterCity(called, d); err != nil {
		h.Fatal(err)
	}
	for _, w := range h.workers {
		if err := w.settle(called, d); err != nil {
			h.Fatal(err)
		}
	}
	for name, revision := range h.ledger.takeFresh() {
		if err := there(called, d, name, revision); err != nil {
			h.Error(err)
		}
	}
	sizes, err := h.notes.prove(called, d)
	if err != nil {
		h.Fatal(err)
	}
	for service, size := range sizes {
		if want := h.ledger.entries[service]; size != int64(want) {
			h.Errorf("logs/%s has %d entries, want %d: one for each change", service, size, want)
		}
	}
	return called, d
}

// mint makes a token for an account that may do everything.
func (h *harness) mint() string {
	h.Helper()
	issuer, err := suite.OpenIssuer(suite.TokenKey(h.data), time.Now)
	if err != nil {
		h.Fatal(err)
	}
	who := access.Identity{Account: "killtest"}
	for _, role := range []access.Role{access.Clerk, access.System, access.Supervisor, access.Administrator} {
		who.Grants = append(who.Grants, access.Grant{Role: role, Organization: access.Everywhere})
	}
	token, err := issuer.Mint(who, 24*time.Hour)
	if err != nil {
		h.Fatal(err)
	}
	return token
}

// enterCity enters the organisations, once.
func (h *harness) enterCity(ctx context.Context, d *doors) error {
	if len(h.ledger.revisions) > 0 {
		return nil
	}
	made, err := d.directory.BatchCreateOrganizations(ctx, &directoryv1.BatchCreateOrganizationsRequest{Requests: h.city.Organizations, RequestId: "city"})
	if err != nil {
		return fmt.Errorf("enter the city: %w", err)
	}
	for _, o := range made.GetOrganizations() {
		if err := h.ledger.acknowledge(&step{service: "directory", revision: 1}, o); err != nil {
			return err
		}
	}
	return nil
}

// load lets all workers work and collects checkpoints, until the child is ended by end.
func (h *harness) load(ctx context.Context, d *doors, end func() error) {
	h.Helper()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var working sync.WaitGroup
	for _, w := range h.workers {
		working.Go(func() {
			if err := w.load(ctx, d); err != nil {
				h.Error(err)
			}
		})
	}
	working.Go(func() {
		if err := h.notes.collect(ctx, d); err != nil {
			h.Error(err)
		}
	})
	if err := end(); err != nil {
		h.Error(err)
	}
	working.Wait()
	d.close()
}

// verify verifies the folder, which no process has open, with the checkpoints given.
func (h *harness) verify(checkpoints []string) {
	h.Helper()
	verdict, err := suite.Fsck(h.Context(), h.data, checkpoints...)
	if err != nil {
		h.Fatal(err)
	}
	for _, difference := range verdict.Differences {
		h.Error("fsck:", difference)
	}
	pending := map[string]int{}
	for _, w := range h.workers {
		if w.pending != nil {
			pending[w.pending.service]++
		}
	}
	for _, l := range verdict.Logs {
		service := strings.TrimPrefix(l.Name, "logs/")
		least := h.ledger.entries[service]
		if most := least + pending[service]; l.Size < int64(least) || l.Size > int64(most) {
			h.Errorf("%s has %d entries, want %d acknowledged, and at most %d", l.Name, l.Size, least, most)
		}
	}
}

// there checks that a resource is in the revision that was acknowledged last.
func there(ctx context.Context, d *doors, name string, revision int) error {
	var found resource
	var err error
	switch part := strings.Split(name, "/"); {
	case len(part) == 2:
		found, err = d.directory.GetOrganization(ctx, &directoryv1.GetOrganizationRequest{Name: name})
	case part[2] == "disclosures":
		found, err = d.disclosure.GetDisclosure(ctx, &disclosurev1.GetDisclosureRequest{Name: name})
	case part[2] == "informationRequests":
		found, err = d.request.GetInformationRequest(ctx, &requestv1.GetInformationRequestRequest{Name: name})
	case part[2] == "reports":
		found, err = d.report.GetReport(ctx, &reportv1.GetReportRequest{Name: name})
	default:
		return fmt.Errorf("a resource of an unknown kind: %s", name)
	}
	if err != nil {
		return fmt.Errorf("%s was acknowledged in revision %d: %w", name, revision, err)
	}
	if got, want := found.GetEtag(), fmt.Sprint(revision); got != want {
		return fmt.Errorf("%s is in revision %s, %s was acknowledged", name, got, want)
	}
	return nil
}

// complete compares every disclosure that the service lists with the ledger, and gets everything else.
func (h *harness) complete(ctx context.Context, d *doors) {
	h.Helper()
	want := maps.Clone(h.ledger.revisions)
	titles := map[string]bool{}
	for _, of := range h.city.Reports {
		in := &disclosurev1.ListDisclosuresRequest{Parent: of.GetParent(), PageSize: 1000}
		for {
			page, err := d.disclosure.ListDisclosures(ctx, in)
			if err != nil {
				h.Fatal(err)
			}
			for _, found := range page.GetDisclosures() {
				if revision := fmt.Sprint(want[found.GetName()]); revision != found.GetEtag() {
					h.Errorf("%s is listed in revision %s, %s was acknowledged", found.GetName(), found.GetEtag(), revision)
				}
				if titles[found.GetTitle()] {
					h.Errorf("%s was made by the same call as another record: %s", found.GetName(), found.GetTitle())
				}
				titles[found.GetTitle()] = true
				delete(want, found.GetName())
			}
			if in.PageToken = page.GetNextPageToken(); in.PageToken == "" {
				break
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if err := there(ctx, d, name, want[name]); err != nil {
			h.Error(err)
		}
	}
}

// after waits for a random time of at most so long.
func (h *harness) after(longest time.Duration) {
	timer := time.NewTimer(time.Duration(h.rng.Int64N(int64(longest))))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-h.Context().Done():
	}
}

// finish starts the child for the last time and checks everything.
func (h *harness) finish() {
	h.Helper()
	c := spawn(h.T, h.program, h.data)
	ctx, d := h.up(c)
	h.complete(ctx, d)
	d.close()
	if err := c.terminate(grace); err != nil {
		h.Error(err)
	}
	h.verify(h.notes.everyone())
	h.Logf("%d changes were acknowledged, %d of them after their answer was lost; entries: %v; %d checkpoints",
		h.ledger.steps, h.ledger.doubtful, h.ledger.entries, len(h.notes.everyone()))
}

func TestServe(t *testing.T) {
	if os.Getenv("BRIEF") != "" {
		t.Skip("it drives processes, which are built without the race detector")
	}
	program, from := build(t), *seed
	if from == 0 {
		from = rand.Uint64()
	}
	t.Logf("-seed %d", from)
	t.Run("Kill", func(t *testing.T) { testKill(t, newHarness(t, program, from)) })
	t.Run("KillFirstStart", func(t *testing.T) {
		for round := range max(2, *kills/4) {
			testKillFirstStart(t, newHarness(t, program, from+uint64(round)))
		}
	})
	t.Run("Terminate", func(t *testing.T) { testTerminate(t, newHarness(t, program, from)) })
}

// testKill kills the process on one data folder, while it starts and under load.
func testKill(t *testing.T, h *harness) {
	begin := time.Now()
	for kill := range *kills {
		c := spawn(t, h.program, h.data)
		if kill > 0 && h.rng.IntN(6) == 0 { // while it starts
			h.after(startTime)
			if err := c.kill(); err != nil {
				t.Error(err)
			}
		} else {
			ctx, d := h.up(c)
			h.load(ctx, d, func() error {
				h.after(loadTime)
				return c.kill()
			})
		}
		h.verify(h.notes.takeNew())
		if t.Failed() {
			t.Fatalf("kill %d was the last one", kill+1)
		}
	}
	h.finish()
	t.Logf("%d kills in %.1f s", *kills, time.Since(begin).Seconds())
}

// How long a process is let work, at most, before it is killed: while it starts, and under load.
const (
	startTime = 150 * time.Millisecond
	loadTime  = 200 * time.Millisecond
)

// testKillFirstStart kills a process that has no data folder yet: whatever it leaves, the next one starts on it.
func testKillFirstStart(t *testing.T, h *harness) {
	c := spawn(t, h.program, h.data)
	h.after(startTime)
	if err := c.kill(); err != nil {
		t.Error(err)
	}
	c = spawn(t, h.program, h.data)
	_, d := h.up(c)
	d.close()
	if err := c.terminate(grace); err != nil {
		t.Error(err)
	}
	h.verify(h.notes.everyone())
}

// testTerminate stops the process under load, with a watch open: it ends well and soon, and nothing
// acknowledged is lost.
func testTerminate(t *testing.T, h *harness) {
	for range 3 {
		c := spawn(t, h.program, h.data)
		ctx, d := h.up(c)
		watched := make(chan error, 1)
		go func() {
			_, err := d.rest.do(ctx, "GET", "/v1/logs/disclosure/entries:watch", nil)
			watched <- err
		}()
		h.load(ctx, d, func() error {
			h.after(loadTime)
			return c.terminate(grace)
		})
		select {
		case <-watched:
		case <-ctx.Done():
			t.Fatal(errors.New("the watch did not end"))
		}
		h.verify(h.notes.takeNew())
		if t.Failed() {
			t.FailNow()
		}
	}
	h.finish()
}

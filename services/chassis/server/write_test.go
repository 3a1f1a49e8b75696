package server_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/kvtest"
	"gongkai/services/chassis/server"

	"google.golang.org/protobuf/proto"
)

var (
	things = kv.Bucket{Name: "things"}
	noon   = time.Date(2019, 1, 10, 4, 0, 0, 0, time.UTC)
	errBad = errors.New("wanted by the test")
)

// desk is a store of organisations, the simplest that Write can serve.
type desk struct {
	t      testing.TB
	engine *kvtest.Faulty
	db     *kv.DB
	now    time.Time
	runs   int // of the function that changes
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	engine := kvtest.NewFaulty(kvtest.NewMemory())
	db, err := kv.Open(engine, kv.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return &desk{t: t, engine: engine, db: db, now: noon}
}

func load(r kv.Reader, name string) (*directoryv1.Organization, error) {
	value, err := r.Get(things, []byte(name))
	if err != nil || value == nil {
		return nil, errors.Join(err, fault.NotFound(name))
	}
	o := new(directoryv1.Organization)
	return o, proto.Unmarshal(value, o)
}

func save(tx kv.Tx, o *directoryv1.Organization) error {
	value, err := proto.Marshal(o)
	if err != nil {
		return err
	}
	return tx.Put(things, []byte(o.GetName()), value)
}

func (d *desk) stamp(account string) server.Stamp {
	return server.NewStamp(access.With(d.t.Context(), access.Identity{Account: account}, nil), d.now)
}

// create makes an organisation, named by its id.
func (d *desk) create(account, id, title, requestID string) (*directoryv1.Organization, error) {
	in := &directoryv1.CreateOrganizationRequest{
		OrganizationId: id, Organization: &directoryv1.Organization{DisplayName: title}, RequestId: requestID,
	}
	return server.Write(d.t.Context(), d.db, d.stamp(account), in, load, func(tx kv.Tx) (*directoryv1.Organization, error) {
		d.runs++
		if _, err := load(tx, "organizations/"+id); err == nil {
			return nil, fault.Exists("organizations/" + id)
		}
		o := &directoryv1.Organization{Name: "organizations/" + id, DisplayName: title, Etag: "1"}
		return o, save(tx, o)
	})
}

// rename changes an organisation.
func (d *desk) rename(account, id, title, requestID string) (*directoryv1.Organization, error) {
	in := &directoryv1.ReviseOrganizationRequest{
		Name: "organizations/" + id, RequestId: requestID, Version: &directoryv1.OrganizationVersion{DisplayName: title},
	}
	return server.Write(d.t.Context(), d.db, d.stamp(account), in, load, func(tx kv.Tx) (*directoryv1.Organization, error) {
		d.runs++
		o, err := load(tx, in.GetName())
		if err != nil {
			return nil, err
		}
		o.DisplayName = title
		return o, save(tx, o)
	})
}

func (d *desk) replays() (n int) {
	d.t.Helper()
	must(d.t, d.db.View(d.t.Context(), func(r kv.Reader) error {
		for _, err := range r.Scan(kv.Bucket{Name: "replays"}, kv.Range{}) {
			if err != nil {
				return err
			}
			n++
		}
		return nil
	}))
	return n
}

// A repetition changes nothing, and returns the resource as it is now.
func TestWrite_Replay(t *testing.T) {
	d := newDesk(t)
	made, err := d.create("a", "1", "first", "r-1")
	must(t, err)
	if made.GetDisplayName() != "first" || d.runs != 1 {
		t.Fatalf("%v after %d runs", made, d.runs)
	}
	_, err = d.rename("a", "1", "second", "r-2")
	must(t, err)
	again, err := d.create("a", "1", "first", "r-1")
	must(t, err)
	if again.GetDisplayName() != "second" || again.GetName() != made.GetName() || d.runs != 2 {
		t.Errorf("%v after %d runs", again, d.runs)
	}
	if _, err := d.create("a", "1", "other", "r-1"); !errors.Is(err, fault.RequestIDReused("")) {
		t.Errorf("another request: %v", err)
	}
	if _, err := d.create("a", "2", "first", "r-1"); !errors.Is(err, fault.RequestIDReused("")) {
		t.Errorf("another resource: %v", err)
	}
	if _, err := d.create("a", "1", "first", ""); !errors.Is(err, fault.Exists("")) {
		t.Errorf("without an id: %v", err)
	}
	if _, err := d.create("b", "1", "first", "r-1"); !errors.Is(err, fault.Exists("")) {
		t.Errorf("another caller: %v", err)
	}
	if _, err := d.rename("a", "1", "third", "r-1"); err != nil {
		t.Errorf("another method: %v", err)
	}
	if n := d.replays(); n != 3 {
		t.Errorf("%d replays are kept, want 3", n)
	}
}

// A request_id is remembered for at least 7 days, and forgotten soon after; what is forgotten is dropped.
func TestWrite_SevenDays(t *testing.T) {
	for _, c := range []struct {
		after time.Duration
		known bool
	}{
		{time.Second, true},
		{24 * time.Hour, true},
		{7*24*time.Hour - time.Second, true},
		{7 * 24 * time.Hour, true},
		{8 * 24 * time.Hour, false},
		{400 * 24 * time.Hour, false},
	} {
		d := newDesk(t)
		_, err := d.create("a", "1", "first", "r-1")
		must(t, err)
		d.now = noon.Add(c.after)
		if _, err = d.create("a", "1", "first", "r-1"); (err == nil) != c.known || err != nil && !errors.Is(err, fault.Exists("")) {
			t.Errorf("after %s: %v", c.after, err)
		}
		_, err = d.create("a", "2", "second", "r-2")
		must(t, err)
		want := 1
		if c.known {
			want = 2
		}
		if n := d.replays(); n != want {
			t.Errorf("after %s: %d replays are kept, want %d", c.after, n, want)
		}
	}
}

// However many there are, old replays go: each write drops more than it adds.
func TestWrite_Forgets(t *testing.T) {
	d := newDesk(t)
	for i := range 40 {
		_, err := d.create("a", fmt.Sprint(i), "first", fmt.Sprint("r-", i))
		must(t, err)
	}
	d.now = noon.AddDate(0, 0, 30)
	for i := range 20 {
		_, err := d.rename("a", "1", fmt.Sprint(i), fmt.Sprint("later-", i))
		must(t, err)
	}
	if n := d.replays(); n != 20 {
		t.Errorf("%d replays are kept, want the 20 new ones", n)
	}
}

// An error leaves nothing, so that the same request_id can be tried again.
func TestWrite_Error(t *testing.T) {
	d := newDesk(t)
	in := &directoryv1.CreateOrganizationRequest{OrganizationId: "1", RequestId: "r-1"}
	_, err := server.Write(t.Context(), d.db, d.stamp("a"), in, load, func(tx kv.Tx) (*directoryv1.Organization, error) {
		o := &directoryv1.Organization{Name: "organizations/1"}
		return o, errors.Join(save(tx, o), errBad)
	})
	if !errors.Is(err, errBad) || d.replays() != 0 {
		t.Errorf("%v, %d replays", err, d.replays())
	}
	if _, err := d.rename("a", "1", "x", ""); !errors.Is(err, fault.NotFound("")) {
		t.Errorf("the resource is there: %v", err)
	}
	_, err = d.create("a", "1", "first", "r-1")
	must(t, err)
}

// Commits that gather callers run a function again when a neighbour spoils the first attempt; it still counts once.
func TestWrite_RunsTwice(t *testing.T) {
	d := newDesk(t)
	step, release := d.engine.Hold()
	results := make(chan error, 3)
	background := context.Background()
	go func() { // keeps the store busy, so that the next two gather
		results <- d.db.Update(background, func(tx kv.Tx) error { return tx.Put(things, []byte("busy"), nil) })
	}()
	go func() {
		_, err := d.create("a", "1", "first", "r-1")
		results <- err
	}()
	go func() {
		results <- d.db.Update(background, func(tx kv.Tx) error { return errors.Join(tx.Put(things, []byte("spoilt"), nil), errBad) })
	}()
	step()
	release()
	bad := 0
	for range 3 {
		if err := <-results; errors.Is(err, errBad) {
			bad++
		} else {
			must(t, err)
		}
	}
	o, err := d.create("a", "1", "first", "r-1")
	if err != nil || bad != 1 || o.GetDisplayName() != "first" || d.replays() != 1 {
		t.Errorf("%v, %v, %d failed, %d replays", o, err, bad, d.replays())
	}
}

// A commit whose outcome is unknown is settled by the repetition, whether it was kept or lost.
func TestWrite_UnknownOutcome(t *testing.T) {
	for _, f := range []kvtest.Fault{kvtest.Lost, kvtest.Done} {
		open := kvtest.InMemory()
		d := &desk{t: t, now: noon}
		reopen := func() {
			e, err := open()
			must(t, err)
			d.engine = kvtest.NewFaulty(e)
			d.db, err = kv.Open(d.engine, kv.Options{})
			must(t, err)
		}
		reopen()
		d.engine.Fail(f)
		if _, err := d.create("a", "1", "first", "r-1"); !errors.Is(err, kv.ErrUnknownOutcome) {
			t.Fatalf("fault %d: %v", f, err)
		}
		must(t, d.db.Close())
		reopen()
		if o, err := d.create("a", "1", "first", "r-1"); err != nil || o.GetDisplayName() != "first" || d.replays() != 1 {
			t.Errorf("fault %d: %v, %v", f, o, err)
		}
		must(t, d.db.Close())
	}
}

// Several resources of one request come back in their order.
func TestWriteAll_Replay(t *testing.T) {
	d := newDesk(t)
	in := &directoryv1.BatchCreateOrganizationsRequest{RequestId: "r-1"}
	runs := 0
	create := func() ([]*directoryv1.Organization, error) {
		return server.WriteAll(t.Context(), d.db, d.stamp("a"), in, load, func(tx kv.Tx) ([]*directoryv1.Organization, error) {
			runs++
			var all []*directoryv1.Organization
			for _, id := range []string{"3", "1", "2"} {
				o := &directoryv1.Organization{Name: "organizations/" + id}
				if err := save(tx, o); err != nil {
					return nil, err
				}
				all = append(all, o)
			}
			return all, nil
		})
	}
	for range 2 {
		all, err := create()
		must(t, err)
		var names []string
		for _, o := range all {
			names = append(names, o.GetName())
		}
		if got := strings.Join(names, " "); got != "organizations/3 organizations/1 organizations/2" || runs != 1 {
			t.Errorf("%s after %d runs", got, runs)
		}
	}
	in.RequestId = ""
	if all, err := create(); err != nil || len(all) != 3 || runs != 2 {
		t.Errorf("without an id: %d, %v, %d runs", len(all), err, runs)
	}
}

// The key of a replay is the day, and the hash of caller, method and request_id: the format of every store.
func TestReplayKey(t *testing.T) {
	d := newDesk(t)
	_, err := d.create("acc-1", "1", "first", "r-1")
	must(t, err)
	must(t, d.db.View(t.Context(), func(r kv.Reader) error {
		for pair := range r.Scan(kv.Bucket{Name: "replays"}, kv.Range{}) {
			const want = "000045f2" + "f75296b4" // 2019-01-10
			if got := fmt.Sprintf("%x", pair.Key[:8]); got != want || len(pair.Key) != 36 {
				t.Errorf("key %x, want it to begin with %s", pair.Key, want)
			}
			if day := binary.BigEndian.Uint32(pair.Key); int64(day) != noon.Unix()/86400 {
				t.Errorf("day %d", day)
			}
		}
		return nil
	}))
}

func TestMatchEtag(t *testing.T) {
	o := &directoryv1.Organization{Name: "organizations/1"}
	for _, c := range []struct {
		current, given string
		stale          bool
	}{{"3", "3", false}, {"3", "", false}, {"", "", false}, {"3", "2", true}, {"", "1", true}} {
		if err := server.MatchEtag(o, c.current, c.given); errors.Is(err, fault.Stale("", "", "")) != c.stale {
			t.Errorf("%q against %q: %v", c.given, c.current, err)
		}
	}
}

package report

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/kvtest"
	"gongkai/services/directory/mirror"
	"gongkai/services/law/form"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"pgregory.net/rapid"
)

var errSpoilt = errors.New("wanted by the test")

// tester is a test, or one run of a property.
type tester interface {
	rapid.TB
	Cleanup(func())
}

// world is a report service with the logs that it follows, without anything between them: the test decides
// what is folded, and when.
type world struct {
	t       tester
	server  *Server
	open    kvtest.Open
	engine  *kvtest.Faulty
	sources map[string]*origin
	model   *organ.Tree // as all of the directory's log says
	forms   form.Forms
	settle  func() // if given, waits until each caller stands in the store's queue
}

// origin is a log in a store of its own.
type origin struct {
	db  *kv.DB
	log *eventlog.Log
}

func newSource(t tester, service string) *origin {
	db, err := kv.Open(kvtest.NewMemory(), kv.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return &origin{db, newLog(t, db, service)}
}

func newLog(t tester, db *kv.DB, service string) *eventlog.Log {
	private, public, err := eventlog.GenerateKey("example.org/" + service)
	must(t, err)
	signer, err := note.NewSigner(private)
	must(t, err)
	return eventlog.New(db, service, signer, public)
}

func (s *origin) append(t tester, entries ...*logv1.Entry) {
	must(t, s.db.Update(context.Background(), func(tx kv.Tx) error {
		for _, e := range entries {
			if err := s.log.Append(tx, e, eventlog.NewSalt(), true); err != nil {
				return err
			}
		}
		return nil
	}))
}

func newWorld(t tester) *world {
	forms, err := form.Embedded()
	must(t, err)
	w := &world{t: t, open: kvtest.InMemory(), model: organ.NewTree(), forms: forms, sources: map[string]*origin{
		directoryFeed: newSource(t, directoryFeed), "disclosure": newSource(t, "disclosure"),
	}}
	w.start()
	t.Cleanup(func() { must(t, w.server.DB.Close()) })
	return w
}

// start opens the store as a process does that begins.
func (w *world) start() {
	engine, err := w.open()
	must(w.t, err)
	w.engine = kvtest.NewFaulty(engine)
	db, err := kv.Open(w.engine, kv.Options{})
	must(w.t, err)
	w.server, err = New(Config{
		DB: db, Log: newLog(w.t, db, "report"), Forms: w.forms,
		Now: func() time.Time { return time.Date(2020, 1, 10, 4, 0, 0, 0, time.UTC) },
	})
	must(w.t, err)
}

func (w *world) restart() {
	must(w.t, w.server.DB.Close())
	w.start()
}

// batch is the next stretch of a feed, of at most so many entries; false if there is none.
func (w *world) batch(service string, most int64) (b eventlog.Batch, ok bool) {
	s := w.sources[service]
	var from *storev1.FoldPosition
	must(w.t, w.server.DB.View(context.Background(), func(r kv.Reader) (err error) {
		from, err = getPosition(r, s.log.Name())
		return err
	}))
	must(w.t, s.db.View(context.Background(), func(r kv.Reader) error {
		entries, err := s.log.Entries(r, from.GetSize(), most)
		if err != nil {
			return err
		}
		tree, err := (&compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}).NewRange(0, uint64(from.GetSize()), from.GetRange())
		if err != nil {
			return err
		}
		for _, e := range entries {
			entry, err := e.Entry()
			if err == nil {
				err = tree.Append(rfc6962.DefaultHasher.HashLeaf(e.Commitment[:]), nil)
			}
			if err != nil {
				return err
			}
			b.Entries = append(b.Entries, eventlog.Entry{Index: e.Index, Entry: entry})
		}
		size := from.GetSize() + int64(len(entries))
		root, err := s.log.Root(r, size)
		b.Log, b.Position = s.log.Name(), &storev1.FoldPosition{Size: size, Root: root[:], Range: tree.Hashes()}
		return err
	}))
	return b, len(b.Entries) > 0
}

// fold folds the next stretch of a feed, and returns whether there was one.
func (w *world) fold(service string, most int64) (bool, error) {
	b, ok := w.batch(service, most)
	if !ok {
		return false, nil
	}
	if service == directoryFeed {
		return true, w.server.foldTree(context.Background(), b)
	}
	return true, w.server.foldFacts(context.Background(), b)
}

func (w *world) foldAll() {
	for service := range w.sources {
		for more := true; more; {
			var err error
			more, err = w.fold(service, 1000)
			must(w.t, err)
		}
	}
}

// foldBeside folds beside a caller that spoils the transaction which they share, so that the fold runs again.
func (w *world) foldBeside(service string, most int64) {
	step, release := w.engine.Hold()
	ended := make(chan error, 3)
	junk := func(err error) {
		ended <- w.server.DB.Update(context.Background(), func(tx kv.Tx) error {
			return errors.Join(tx.Put(kv.Bucket{Name: "junk"}, []byte("x"), nil), err)
		})
	}
	settle := func() {
		if w.settle != nil {
			w.settle()
		}
	}
	go junk(nil) // keeps the store busy meanwhile
	settle()
	go func() {
		_, err := w.fold(service, most)
		ended <- err
	}()
	settle()
	go junk(errSpoilt)
	settle()
	step()
	release()
	for range 3 {
		if err := <-ended; err != nil && !errors.Is(err, errSpoilt) {
			w.t.Fatal(err)
		}
	}
}

// foldAndFail folds with a commit that fails, as if the process had ended there, and starts again.
func (w *world) foldAndFail(service string, most int64, how kvtest.Fault) {
	w.engine.Fail(how)
	if there, err := w.fold(service, most); there && !errors.Is(err, kv.ErrUnknownOutcome) {
		w.t.Fatalf("fold with a failing commit: %v", err)
	}
	w.restart()
}

// check compares what is stored with what the logs say.
func (w *world) check() {
	sources := make(map[string]Source)
	var opened func(names []string) error
	var own Source
	opened = func(names []string) error {
		if len(names) == 0 {
			found, err := Recompute(own.Reader, own, sources)
			for _, d := range found {
				w.t.Errorf("%s", d)
			}
			return err
		}
		s := w.sources[names[0]]
		return s.db.View(context.Background(), func(r kv.Reader) error {
			sources[names[0]] = Source{s.log, r}
			return opened(names[1:])
		})
	}
	must(w.t, w.server.DB.View(context.Background(), func(r kv.Reader) error {
		own = Source{w.server.Log, r}
		return opened([]string{directoryFeed, "disclosure"})
	}))
}

// auditor is a context that sees everything.
func auditor() context.Context {
	return access.With(context.Background(), access.Identity{
		Account: "a", Grants: []access.Grant{{Role: access.Auditor, Organization: access.Everywhere}},
	}, nil)
}

// checkRollups holds every roll-up to its sums: the totals are the sum of the rows and those of the
// organisation's own subtree, and the differences add up to records less submitted.
func (w *world) checkRollups(periods ...string) {
	for _, id := range pool {
		for _, p := range periods {
			out, err := w.server.GetRollup(auditor(), &reportv1.GetRollupRequest{Name: "organizations/" + string(id) + "/rollups/" + p})
			if err != nil {
				continue // it did not exist then
			}
			period, _ := workday.ParsePeriod(p)
			f, err := w.forms.For(period)
			must(w.t, err)
			var whole bases
			must(w.t, w.server.DB.View(context.Background(), func(r kv.Reader) (err error) {
				whole, err = subtreeBases(r, reportName{id, period}, f)
				return err
			}))
			for _, c := range f.Cells() {
				var submitted, records, late, difference, explained int32
				for _, row := range out.GetRows() {
					figure := row.GetFigures()[c.ID]
					submitted, records = submitted+figure.GetSubmitted(), records+figure.GetRecords()
					late, difference = late+figure.GetLate(), difference+figure.GetDifference()
				}
				for _, d := range out.GetDifferences() {
					if d.GetCell() == c.ID {
						explained += d.GetDifference()
					}
				}
				total := out.GetTotals()[c.ID]
				at := fmt.Sprintf("%s in %s, %s", id, p, c.ID)
				equal(w.t, at+": submitted, rows", submitted, total.GetSubmitted())
				equal(w.t, at+": records, rows", records, total.GetRecords())
				equal(w.t, at+": late, rows", late, total.GetLate())
				equal(w.t, at+": difference, rows", difference, total.GetDifference())
				equal(w.t, at+": submitted, subtree", int64(total.GetSubmitted()), whole.submitted[c.ID])
				equal(w.t, at+": records, subtree", int64(total.GetRecords()), whole.records[c.ID])
				equal(w.t, at+": late, subtree", int64(total.GetLate()), whole.late[c.ID])
				equal(w.t, at+": difference", total.GetDifference(), total.GetRecords()-total.GetSubmitted())
				equal(w.t, at+": explained", explained, total.GetDifference())
			}
		}
	}
}

func equal[T comparable](t rapid.TB, what string, got, want T) {
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func must(t rapid.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// pool are the organisations that there may be.
var pool = []organ.ID{
	"65", "6527", "6528", "652701", "652702", "652701-a", "652701-b", "652702-a",
	"652701201", "652701202", "652702201", "652701201001", "652701201002", "652702201001",
}

func kindOf(id organ.ID) organ.Kind {
	switch {
	case id.IsDepartment():
		return organ.Department
	case id.Level() == organ.Village:
		return organ.VillagersCommittee
	}
	return organ.Government
}

// enter puts an organisation into the directory's log, and into the model.
func (w *world) enter(organizations ...organ.Organization) {
	var entries []*logv1.Entry
	for _, o := range organizations {
		w.model.Put(o)
		entries = append(entries, changed(w.t, o))
	}
	w.sources[directoryFeed].append(w.t, entries...)
}

// changed is the entry of the directory's log that tells of an organisation.
func changed(t tester, o organ.Organization) *logv1.Entry {
	message := &directoryv1.Organization{Name: "organizations/" + string(o.ID)}
	if !o.EndedOn.IsZero() {
		message.EndedOn = dateOf(o.EndedOn)
	}
	for _, v := range o.Versions {
		version := &directoryv1.OrganizationVersion{EffectiveOn: dateOf(v.EffectiveOn), DisplayName: v.DisplayName, OwesReport: v.OwesReport, NoReportReason: v.NoReportReason}
		for k := range directoryv1.Kind_name {
			if mirror.Organization(&directoryv1.Organization{Versions: []*directoryv1.OrganizationVersion{{Kind: directoryv1.Kind(k)}}}).Versions[0].Kind == v.Kind {
				version.Kind = directoryv1.Kind(k)
			}
		}
		if v.Parent != "" {
			version.Parent = "organizations/" + string(v.Parent)
		}
		message.Versions = append(message.Versions, version)
	}
	for _, s := range o.Successors {
		message.Successors = append(message.Successors, "organizations/"+string(s))
	}
	state, err := anypb.New(message)
	must(t, err)
	return &logv1.Entry{Kind: "organization.changed", Resource: message.GetName(), State: state}
}

func version(from string, parent, name string) organ.Version {
	return organ.Version{EffectiveOn: civil(from), Parent: organ.ID(parent), DisplayName: name, Kind: organ.Government, OwesReport: true}
}

func civil(s string) workday.Date {
	var d workday.Date
	if _, err := fmt.Sscanf(s, "%d-%d-%d", &d.Year, &d.Month, &d.Day); err != nil {
		return workday.Date{}
	}
	return d
}

// fact is one published record.
func fact(id organ.ID, on *date.Date, category string) *logv1.Fact {
	return &logv1.Fact{Organization: "organizations/" + string(id), Date: on, Measure: "disclosures.published." + category, Value: 1}
}

// accept takes an organisation's report of a period to its seal; it reports whether it could.
func (w *world) accept(id organ.ID, period string) bool {
	name := "organizations/" + string(id) + "/reports/" + period
	ctx := context.Background()
	if _, err := w.server.CompileReport(ctx, &reportv1.CompileReportRequest{
		Parent: "organizations/" + string(id), Period: period,
		Narratives: []*reportv1.Narrative{{Part: "overview", Markdown: "a"}, {Part: "problems", Markdown: "b"}},
	}); err != nil {
		return false
	}
	_, err := w.server.SubmitReport(ctx, &reportv1.SubmitReportRequest{Name: name})
	must(w.t, err)
	_, err = w.server.AcceptReport(ctx, &reportv1.AcceptReportRequest{Name: name})
	must(w.t, err)
	return true
}

// story draws what happens in a world.
type story struct {
	*world
	*rapid.T
	records []*logv1.Fact
}

func (s *story) day() workday.Date {
	return workday.Date{Year: 2018, Month: time.Month(s.pick("month", 1, 2, 3, 6, 7)), Day: s.pick("day", 1, 15)}
}

func (s *story) pick(what string, of ...int) int { return rapid.SampledFrom(of).Draw(s.T, what) }

func (s *story) anyone(what string) organ.ID { return rapid.SampledFrom(pool).Draw(s.T, what) }

// publish, and the changes of what is published, are facts before and after.
func (s *story) publish() {
	for range s.pick("records", 1, 2, 5) {
		f := fact(s.anyone("publisher"), dateOf(s.day()), rapid.SampledFrom([]string{"work_report", "other"}).Draw(s.T, "category"))
		s.records = append(s.records, f)
		s.sources["disclosure"].append(s.T, &logv1.Entry{Kind: "disclosure.published", After: []*logv1.Fact{f}})
	}
}

func (s *story) change(f func(*logv1.Fact)) {
	if len(s.records) == 0 {
		return
	}
	i := rapid.IntRange(0, len(s.records)-1).Draw(s.T, "record")
	e := &logv1.Entry{Kind: "disclosure.updated", Before: []*logv1.Fact{s.records[i]}}
	if f == nil {
		s.records = slices.Delete(s.records, i, i+1)
	} else {
		s.records[i] = proto.CloneOf(s.records[i])
		f(s.records[i])
		e.After = []*logv1.Fact{s.records[i]}
	}
	s.sources["disclosure"].append(s.T, e)
}

// reorganise changes an organisation at random, as the rules of the tree allow it.
func (s *story) reorganise() {
	o, known := s.model.Get(s.anyone("organisation"))
	if !known {
		o.ID = s.anyone("new organisation")
		if _, known = s.model.Get(o.ID); known {
			return
		}
		s.found(&o)
		s.place(o, &o.Versions[0].Parent)
		return
	}
	o.Versions, o.Successors = slices.Clone(o.Versions), slices.Clone(o.Successors)
	switch s.pick("how", 0, 1, 2) {
	case 0: // a new version
		v := o.Versions[len(o.Versions)-1]
		v.EffectiveOn = s.day()
		o.Versions = append(o.Versions, v)
		s.place(o, &o.Versions[len(o.Versions)-1].Parent)
	case 1: // a correction
		i := rapid.IntRange(0, len(o.Versions)-1).Draw(s.T, "version")
		if i > 0 {
			o.Versions[i].EffectiveOn = s.day()
		}
		s.place(o, &o.Versions[i].Parent)
	case 2: // its end, or another one
		o.EndedOn, o.Successors = s.day(), nil
		if rapid.Bool().Draw(s.T, "succeeded") {
			o.Successors = []organ.ID{""}
			s.place(o, &o.Successors[0])
		} else if s.model.Check(o) == nil {
			s.enter(o)
		}
	}
}

// place gives an organisation one of those that may stand in a place of it, and enters it, if any may.
func (s *story) place(o organ.Organization, at *organ.ID) {
	was := *at
	begin := rapid.IntRange(0, len(pool)-1).Draw(s.T, "place")
	for i := range pool {
		if *at = pool[(begin+i)%len(pool)]; *at != was && s.model.Check(o) == nil {
			s.enter(o)
			return
		}
	}
}

func (s *story) found(o *organ.Organization) {
	v := version("2008-05-01", "", string(o.ID))
	v.Kind = kindOf(o.ID)
	if rapid.Bool().Draw(s.T, "late") {
		v.EffectiveOn = s.day()
	}
	o.Versions = []organ.Version{v}
}

// begin enters the organisations in their usual places.
func (s *story) begin() {
	for _, id := range pool {
		v := version("2008-05-01", string(id.Government()), string(id))
		v.Kind = kindOf(id)
		if !id.IsDepartment() {
			v.Parent = map[int]organ.ID{2: "", 4: "65", 6: "6527", 9: id[:min(6, len(id))], 12: id[:min(9, len(id))]}[len(id)]
		}
		s.enter(organ.Organization{ID: id, Versions: []organ.Version{v}})
	}
	if rapid.Bool().Draw(s.T, "known first") {
		s.foldAll()
	}
}

// Whatever happens, in whichever batches it is folded, and whatever breaks meanwhile: the stored totals are
// what the logs say, and the roll-ups add up.
func TestFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &story{world: newWorld(t), T: t}
		s.begin()
		feeds := []string{directoryFeed, "disclosure"}
		most := func() int64 { return int64(s.pick("most", 1, 2, 5, 1000)) }
		feed := func() string { return rapid.SampledFrom(feeds).Draw(t, "feed") }
		t.Repeat(map[string]func(*rapid.T){
			"publish":      func(*rapid.T) { s.publish() },
			"publish more": func(*rapid.T) { s.publish() },
			"re-date":      func(*rapid.T) { s.change(func(f *logv1.Fact) { f.Date = dateOf(s.day()) }) },
			"re-categorise": func(*rapid.T) {
				s.change(func(f *logv1.Fact) { f.Measure = "disclosures.published.government_document" })
			},
			"withdraw":        func(*rapid.T) { s.change(nil) },
			"reorganise":      func(*rapid.T) { s.reorganise() },
			"reorganise more": func(*rapid.T) { s.reorganise() },
			"accept": func(*rapid.T) {
				s.accept(s.anyone("reporter"), rapid.SampledFrom([]string{"2018", "2018-q1", "2018-07"}).Draw(t, "period"))
			},
			"fold": func(*rapid.T) {
				_, err := s.fold(feed(), most())
				must(t, err)
			},
			"fold twice": func(*rapid.T) { s.foldBeside(feed(), most()) },
			"lose":       func(*rapid.T) { s.foldAndFail(feed(), most(), kvtest.Lost) },
			"keep":       func(*rapid.T) { s.foldAndFail(feed(), most(), kvtest.Done) },
			"restart":    func(*rapid.T) { s.restart() },
		})
		s.check()
		s.foldAll()
		s.check()
		s.checkRollups("2018", "2018-q1", "2018-q3", "2018-07")
	})
}

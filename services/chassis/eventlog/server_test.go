package eventlog_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
)

const goldenNote = "log.example.org/request\n3\n1Ja2lZKy98CzPHx0KgwvMFdLUsybFY8/527hXcsDi5Q=\n\n" +
	"— log.example.org/request IXns5ocnd2uNZIGK0nNgTXgjBbjh9On3Q1YiObap3nPXZeeN9w2VAsDEnJ5Iytvtmg1VWa/+kMUW9K0tkIzUpHc2zgA=\n"

// The signed note of a fixed log under a fixed key: other people's tools read it.
func TestCheckpoint(t *testing.T) {
	db := store(t)
	l := logOf(t, db)
	client := served(t, l)
	verifier, err := note.NewVerifier(verifierKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int64{0, 3, 3, 10} {
		if size, _ := verify(t, db, l); n > size {
			add(t, db, l, int(n-size), "652701201", true)
		}
		c, err := client.GetCheckpoint(t.Context(), &logv1.GetCheckpointRequest{Name: "logs/request"})
		if err != nil {
			t.Fatal(err)
		}
		_, root := verify(t, db, l)
		if c.GetName() != "logs/request" || c.GetSize() != n || !bytes.Equal(c.GetRoot(), root[:]) || c.GetVerifierKey() != verifierKey {
			t.Errorf("checkpoint at %d: %v", n, c)
		}
		opened, err := note.Open([]byte(c.GetNote()), note.VerifierList(verifier))
		if err != nil {
			t.Fatal(err)
		}
		var parsed log.Checkpoint
		rest, err := parsed.Unmarshal([]byte(opened.Text))
		if err != nil || len(rest) > 0 || parsed.Origin != "log.example.org/request" || parsed.Size != uint64(n) || !bytes.Equal(parsed.Hash, root[:]) {
			t.Errorf("note at %d: %+v, %q, %v", n, parsed, rest, err)
		}
		tree, err := tlog.ParseTree([]byte("go.sum database tree\n" + strings.SplitN(opened.Text, "\n", 2)[1]))
		if err != nil || tree.N != n || tree.Hash != root {
			t.Errorf("tlog reads %+v, %v", tree, err)
		}
		if n == 3 && c.GetNote() != goldenNote {
			t.Errorf("note:\n%q, want\n%q", c.GetNote(), goldenNote)
		}
	}
}

// A checkpoint that nobody could verify is not given out.
func TestCheckpointRefusesAnotherVerifierKey(t *testing.T) {
	private, other, err := eventlog.GenerateKey("log.example.org/request")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	for key, good := range map[string]bool{verifierKey: false, "garbled": false, other: true} {
		c, err := eventlog.New(store(t), "request", signer, key).Checkpoint(t.Context())
		if (err == nil) != good {
			t.Errorf("verifier key %s: %v, %v", key, c, err)
		}
	}
	if _, _, err := eventlog.GenerateKey("a name"); err == nil {
		t.Error("a key of a name that notes cannot carry")
	}
}

// Every proof of every tree up to 35 entries convinces the verifiers of two other libraries, and no longer
// does when a bit of it is changed.
func TestProofs(t *testing.T) {
	const most = 35
	db := store(t)
	l := logOf(t, db)
	client := served(t, l)
	add(t, db, l, most, "652701201", false)
	erase(t, db, l, 4)
	roots := make([]tlog.Hash, most+1)
	var stored []eventlog.StoredEntry
	err := db.View(t.Context(), func(r kv.Reader) (err error) {
		for n := range roots {
			if roots[n], err = l.Root(r, int64(n)); err != nil {
				return err
			}
		}
		stored, err = l.Entries(r, 0, most)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for size := int64(1); size <= most; size++ {
		for index := range size {
			p, err := client.ProveInclusion(t.Context(), &logv1.ProveInclusionRequest{Name: fmt.Sprintf("logs/request/entries/%d", index), Size: size})
			if err != nil {
				t.Fatal(err)
			}
			leaf := rfc6962.DefaultHasher.HashLeaf(stored[index].Commitment[:])
			if p.GetIndex() != index || p.GetSize() != size || !bytes.Equal(p.GetLeafHash(), leaf) || !bytes.Equal(p.GetRoot(), roots[size][:]) {
				t.Fatalf("inclusion of %d in %d: %v", index, size, p)
			}
			checkInclusion(t, p)
		}
		for old := int64(0); old <= size; old++ {
			p, err := client.ProveConsistency(t.Context(), &logv1.ProveConsistencyRequest{Name: "logs/request", OldSize: old, Size: size})
			if err != nil {
				t.Fatal(err)
			}
			if p.GetOldSize() != old || p.GetSize() != size || !bytes.Equal(p.GetOldRoot(), roots[old][:]) || !bytes.Equal(p.GetRoot(), roots[size][:]) {
				t.Fatalf("consistency of %d and %d: %v", old, size, p)
			}
			checkConsistency(t, p)
		}
	}
	p, err := client.ProveInclusion(t.Context(), &logv1.ProveInclusionRequest{Name: "logs/request/entries/0"})
	if err != nil || p.GetSize() != most {
		t.Errorf("inclusion in the current tree: %v, %v", p, err)
	}
	c, err := client.ProveConsistency(t.Context(), &logv1.ProveConsistencyRequest{Name: "logs/request", OldSize: 5})
	if err != nil || c.GetSize() != most {
		t.Errorf("consistency with the current tree: %v, %v", c, err)
	}
}

func checkInclusion(t *testing.T, p *logv1.InclusionProof) {
	t.Helper()
	both := func() (ours, theirs error) {
		return tlog.CheckRecord(cooked(p.GetHashes()), p.GetSize(), tlog.Hash(p.GetRoot()), p.GetIndex(), tlog.Hash(p.GetLeafHash())),
			proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(p.GetIndex()), uint64(p.GetSize()), p.GetLeafHash(), p.GetHashes(), p.GetRoot())
	}
	if a, b := both(); a != nil || b != nil {
		t.Fatalf("inclusion of %d in %d: %v, %v", p.GetIndex(), p.GetSize(), a, b)
	}
	if len(p.GetHashes()) > 0 {
		p.Hashes[len(p.Hashes)/2][7] ^= 4
		if a, b := both(); a == nil || b == nil {
			t.Fatalf("changed inclusion of %d in %d: %v, %v", p.GetIndex(), p.GetSize(), a, b)
		}
	}
}

func checkConsistency(t *testing.T, p *logv1.ConsistencyProof) {
	t.Helper()
	both := func() (ours, theirs error) {
		if p.GetOldSize() > 0 { // tlog does not know the empty tree
			ours = tlog.CheckTree(cooked(p.GetHashes()), p.GetSize(), tlog.Hash(p.GetRoot()), p.GetOldSize(), tlog.Hash(p.GetOldRoot()))
		}
		return ours, proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(p.GetOldSize()), uint64(p.GetSize()), p.GetHashes(), p.GetOldRoot(), p.GetRoot())
	}
	if a, b := both(); a != nil || b != nil {
		t.Fatalf("consistency of %d and %d: %v, %v", p.GetOldSize(), p.GetSize(), a, b)
	}
	if len(p.GetHashes()) > 0 {
		p.Hashes[len(p.Hashes)/2][7] ^= 4
		if a, b := both(); a == nil || b == nil {
			t.Fatalf("changed consistency of %d and %d: %v, %v", p.GetOldSize(), p.GetSize(), a, b)
		}
	}
}

func cooked(raw [][]byte) []tlog.Hash {
	h := make([]tlog.Hash, len(raw))
	for i := range raw {
		h[i] = tlog.Hash(raw[i])
	}
	return h
}

// Who sees which opening: 0 public, 1 and 2 of two townships of a city, 3 of another city, 4 of no
// organisation, 5 of an unknown one, 6 public but erased.
func TestVisibility(t *testing.T) {
	db := store(t)
	l := logOf(t, db)
	err := db.Update(t.Context(), func(tx kv.Tx) error {
		for i, e := range []*logv1.Entry{
			entry(0, "652701201"), entry(1, "652701201"), entry(2, "652701202"),
			{Resource: "organizations/652702"},
			{Resource: "reportForms/2019"},
			entry(5, "999999"), entry(6, "652701201"),
		} {
			if err := l.Append(tx, e, saltOf(i), i == 0 || i == 6); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	erase(t, db, l, 6)
	client := served(t, l)
	for who, want := range map[string][]int64{
		"":          {0},
		"652701":    {0, 1, 2},
		"652701201": {0, 1},
		"652702":    {0, 3},
		"*":         {0, 1, 2, 3, 4, 5},
	} {
		ctx := t.Context()
		if who != "" {
			ctx = auditor(ctx, who)
		}
		listed, err := client.ListEntries(ctx, &logv1.ListEntriesRequest{Parent: "logs/request", Decode: true})
		if err != nil {
			t.Fatal(err)
		}
		watch, err := client.WatchEntries(ctx, &logv1.WatchEntriesRequest{Parent: "logs/request", Decode: true})
		if err != nil {
			t.Fatal(err)
		}
		watched, err := watch.Recv()
		if err != nil {
			t.Fatal(err)
		}
		if got := visible(t, listed.GetEntries()); !slices.Equal(got, want) || listed.GetSize() != 7 {
			t.Errorf("auditor of %q is listed %v of %d, want %v", who, got, listed.GetSize(), want)
		}
		if got := visible(t, watched.GetEntries()); !slices.Equal(got, want) {
			t.Errorf("auditor of %q is sent %v, want %v", who, got, want)
		}
	}
}

// visible returns the indexes of the entries whose opening is there; all must be whole.
func visible(t *testing.T, served []*logv1.LogEntry) (found []int64) {
	t.Helper()
	for _, e := range served {
		switch {
		case len(e.GetCommitment()) != 32:
			t.Errorf("entry %d has no commitment", e.GetIndex())
		case e.GetSalt() == nil && e.GetPayload() == nil && e.GetEntry() == nil:
		default:
			found = append(found, e.GetIndex())
			c := sha256.Sum256(append(e.GetSalt(), e.GetPayload()...))
			m := new(logv1.Entry)
			if err := proto.Unmarshal(e.GetPayload(), m); err != nil || !bytes.Equal(c[:], e.GetCommitment()) || !proto.Equal(m, e.GetEntry()) {
				t.Errorf("entry %d: %v, %v", e.GetIndex(), e, err)
			}
		}
	}
	return found
}

// A list is bounded in entries and in bytes, whatever is asked for, and goes on where it ended.
func TestListBounds(t *testing.T) {
	db := store(t)
	l := logOf(t, db)
	client := served(t, l)
	add(t, db, l, 1500, "652701201", true)
	list := func(start int64, page int32) *logv1.ListEntriesResponse {
		t.Helper()
		r, err := client.ListEntries(t.Context(), &logv1.ListEntriesRequest{Parent: "logs/request", Start: start, PageSize: page})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.GetEntries()) > 0 && (r.GetEntries()[0].GetIndex() != start || r.GetEntries()[0].GetEntry() != nil) {
			t.Errorf("first entry from %d: %v", start, r.GetEntries()[0])
		}
		return r
	}
	for _, c := range []struct {
		start int64
		page  int32
		want  int
	}{{0, 0, 100}, {7, 3, 3}, {0, 1000, 1000}, {0, 5000, 1000}, {1400, 1000, 100}, {1499, 5, 1}, {1500, 5, 0}} {
		if r := list(c.start, c.page); len(r.GetEntries()) != c.want || r.GetSize() != 1500 {
			t.Errorf("from %d, %d: %d entries of %d, want %d", c.start, c.page, len(r.GetEntries()), r.GetSize(), c.want)
		}
	}
	// The largest entries go one by one, smaller ones as many as fit.
	err := db.Update(t.Context(), func(tx kv.Tx) error {
		for i, n := range []int{eventlog.MaxPayload - 10, 400 << 10, 400 << 10, 400 << 10} {
			if err := l.Append(tx, &logv1.Entry{ContentSha256: make([]byte, n)}, saltOf(i), true); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for start, want := range map[int64]int{1500: 1, 1501: 2, 1503: 1} {
		if r := list(start, 0); len(r.GetEntries()) != want {
			t.Errorf("from %d: %d entries, want %d", start, len(r.GetEntries()), want)
		}
	}
	if _, err := client.ListEntries(t.Context(), &logv1.ListEntriesRequest{Parent: "logs/request", Start: 1500, Decode: true}); err != nil {
		t.Error(err)
	}
}

// A watch sends what is there in bounded messages, then each commit, and never what was rolled back.
func TestWatch(t *testing.T) {
	db := store(t)
	l := logOf(t, db)
	client := served(t, l)
	add(t, db, l, 1200, "652701201", true)
	ctx, cancel := context.WithCancel(t.Context())
	watch, err := client.WatchEntries(ctx, &logv1.WatchEntriesRequest{Parent: "logs/request", Start: 100})
	if err != nil {
		t.Fatal(err)
	}
	next := int64(100)
	receive := func(n int) {
		t.Helper()
		m, err := watch.Recv()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range m.GetEntries() {
			if e.GetIndex() != next {
				t.Fatalf("entry %d came in the place of %d", e.GetIndex(), next)
			}
			next++
		}
		var root tlog.Hash
		err = db.View(t.Context(), func(r kv.Reader) (err error) {
			root, err = l.Root(r, next)
			return err
		})
		if err != nil || len(m.GetEntries()) != n || m.GetSize() != next || !bytes.Equal(m.GetRoot(), root[:]) {
			t.Fatalf("%d entries to size %d, root %x, want %d, %d, %x: %v", len(m.GetEntries()), m.GetSize(), m.GetRoot(), n, next, root[:], err)
		}
	}
	receive(1000)
	receive(100)
	for range 3 {
		add(t, db, l, 2, "652701201", true)
		receive(2)
		err := db.Update(t.Context(), func(tx kv.Tx) error {
			if err := l.Append(tx, entry(0, "652701201"), saltOf(0), true); err != nil {
				return err
			}
			return errWanted
		})
		if !errors.Is(err, errWanted) {
			t.Fatal(err)
		}
	}
	cancel()
	if _, err := watch.Recv(); status.Code(err) != codes.Canceled {
		t.Errorf("after the end of the context: %v", err)
	}
}

// A watch ends when its store closes.
func TestWatchEndsWithItsStore(t *testing.T) {
	db := store(t)
	l := eventlog.New(db, "request", nil, "")
	add(t, db, l, 1, "652701201", true)
	watch, err := served(t, l).WatchEntries(t.Context(), &logv1.WatchEntriesRequest{Parent: "logs/request"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := watch.Recv(); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := watch.Recv(); status.Code(err) != codes.Unavailable {
		t.Errorf("after the store was closed: %v", err)
	}
}

// Each refusal has its own error.
func TestRefusals(t *testing.T) {
	db := store(t)
	l := logOf(t, db)
	add(t, db, l, 3, "652701201", true)
	_, root := verify(t, db, l)
	c := served(t, l, eventlog.New(store(t), "report", nil, ""))
	watch := func(in *logv1.WatchEntriesRequest) error {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		s, err := c.WatchEntries(ctx, in)
		if err == nil {
			_, err = s.Recv()
		}
		return err
	}
	inclusion := func(name string, size int64) error {
		_, err := c.ProveInclusion(t.Context(), &logv1.ProveInclusionRequest{Name: name, Size: size})
		return err
	}
	consistency := func(name string, old, size int64) error {
		_, err := c.ProveConsistency(t.Context(), &logv1.ProveConsistencyRequest{Name: name, OldSize: old, Size: size})
		return err
	}
	list := func(name string, start int64) error {
		_, err := c.ListEntries(t.Context(), &logv1.ListEntriesRequest{Parent: name, Start: start})
		return err
	}
	_, checkpoint := c.GetCheckpoint(t.Context(), &logv1.GetCheckpointRequest{Name: "logs/other"})
	for what, r := range map[string]struct {
		err  error
		want codes.Code
	}{
		"checkpoint of another log":        {checkpoint, codes.NotFound},
		"list of another log":              {list("logs/other", 0), codes.NotFound},
		"list from beyond":                 {list("logs/request", 4), codes.OutOfRange},
		"list from beyond an empty log":    {list("logs/report", 1), codes.OutOfRange},
		"list of an empty log":             {list("logs/report", 0), codes.OK},
		"watch of another log":             {watch(&logv1.WatchEntriesRequest{Parent: "logs/other"}), codes.NotFound},
		"watch from beyond":                {watch(&logv1.WatchEntriesRequest{Parent: "logs/request", Start: 4, Root: root[:]}), codes.OutOfRange},
		"watch from another root":          {watch(&logv1.WatchEntriesRequest{Parent: "logs/request", Start: 2, Root: root[:]}), codes.FailedPrecondition},
		"watch from a short root":          {watch(&logv1.WatchEntriesRequest{Parent: "logs/request", Start: 3, Root: root[:5]}), codes.FailedPrecondition},
		"inclusion in another log":         {inclusion("logs/other/entries/0", 0), codes.NotFound},
		"inclusion of an entry beyond":     {inclusion("logs/request/entries/3", 0), codes.OutOfRange},
		"inclusion of a later entry":       {inclusion("logs/request/entries/2", 2), codes.OutOfRange},
		"inclusion in a tree beyond":       {inclusion("logs/request/entries/2", 4), codes.OutOfRange},
		"inclusion of no number":           {inclusion("logs/request/entries/x", 0), codes.OutOfRange},
		"inclusion of a negative entry":    {inclusion("logs/request/entries/-1", 0), codes.OutOfRange},
		"inclusion in an empty log":        {inclusion("logs/report/entries/0", 0), codes.OutOfRange},
		"consistency of another log":       {consistency("logs/other", 0, 0), codes.NotFound},
		"consistency with a later tree":    {consistency("logs/request", 3, 2), codes.OutOfRange},
		"consistency with a tree beyond":   {consistency("logs/request", 2, 4), codes.OutOfRange},
		"consistency of a negative tree":   {consistency("logs/request", -1, 3), codes.OutOfRange},
		"consistency of empty with empty":  {consistency("logs/report", 0, 0), codes.OK},
		"consistency of empty with itself": {consistency("logs/request", 0, 3), codes.OK},
	} {
		if status.Code(r.err) != r.want {
			t.Errorf("%s: %v, want %v", what, r.err, r.want)
		}
	}
}

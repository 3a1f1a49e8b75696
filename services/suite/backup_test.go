package suite_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/backup"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/bolt"
	"gongkai/services/suite"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// root is a context of someone who may do everything.
func root(t *testing.T, s *suite.Suite) context.Context {
	t.Helper()
	who := access.Identity{Account: "root"}
	for _, role := range access.Roles() {
		if role != access.Service {
			who.Grants = append(who.Grants, access.Grant{Role: role, Organization: access.Everywhere})
		}
	}
	token, err := s.Issuer.Mint(who, time.Hour)
	must(t, err)
	return metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+token)
}

// publish writes down a disclosure, publishes it, and returns its name.
func publish(ctx context.Context, s *suite.Suite) (string, error) {
	client := disclosurev1.NewDisclosureServiceClient(s.Conn)
	d, err := client.CreateDisclosure(ctx, &disclosurev1.CreateDisclosureRequest{
		Parent:     "organizations/65",
		Disclosure: &disclosurev1.Disclosure{Title: "示例", Content: "示例。", Category: "other", FormedOn: &date.Date{Year: 2018, Month: 6, Day: 1}},
	})
	if err != nil {
		return "", err
	}
	_, err = client.PublishDisclosure(ctx, &disclosurev1.PublishDisclosureRequest{
		Name: d.GetName(), PublishedOn: &date.Date{Year: 2018, Month: 6, Day: 2},
	})
	return d.GetName(), err
}

// saved is the archive of a suite that runs.
func saved(t *testing.T, s *suite.Suite, w io.Writer) *backup.Manifest {
	t.Helper()
	m, err := suite.Archive{Program: "test"}.Backup(root(t, s), w, func(string) grpc.ClientConnInterface { return s.Conn })
	must(t, err)
	return m
}

// load has writers publish until it is stopped; acked are the names that were acknowledged so far.
type load struct {
	mu     sync.Mutex
	acked  []string
	all    sync.WaitGroup
	stop   context.CancelFunc
	enough chan struct{} // closed when two a writer were acknowledged
}

func startLoad(t *testing.T, s *suite.Suite, writers int) *load {
	t.Helper()
	ctx, stop := context.WithCancel(root(t, s))
	l := &load{stop: stop, enough: make(chan struct{})}
	for range writers {
		l.all.Go(func() {
			for ctx.Err() == nil {
				name, err := publish(ctx, s)
				switch {
				case ctx.Err() != nil:
				case err != nil:
					t.Error(err)
				default:
					l.mu.Lock()
					if l.acked = append(l.acked, name); len(l.acked) == 2*writers {
						close(l.enough)
					}
					l.mu.Unlock()
				}
			}
		})
	}
	return l
}

func (l *load) soFar() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.acked...)
}

// published are the resources that a data folder's log says are published.
func published(t *testing.T, data string) map[string]bool {
	t.Helper()
	engine, err := bolt.Open(filepath.Join(data, "disclosure.db"))
	must(t, err)
	db, err := kv.Open(engine, kv.Options{})
	must(t, err)
	defer func() { must(t, db.Close()) }()
	names := map[string]bool{}
	must(t, db.View(t.Context(), func(r kv.Reader) error {
		entries, err := eventlog.New(db, "disclosure", nil, "").Entries(r, 0, 1<<40)
		for _, stored := range entries {
			e, err := stored.Entry()
			if err != nil {
				return err
			}
			if e.GetKind() == "disclosure.published" {
				names[e.GetResource()] = true
			}
		}
		return err
	}))
	return names
}

// Copies taken while 64 callers write: each is restored, is what its logs say, and has everything that was
// acknowledged before it was begun.
func TestBackup_UnderLoad(t *testing.T) {
	s := open(t, t.TempDir())
	must(t, enter(t, s, s.Conn, "65"))
	const rounds, writers = 20, 64
	for round := range rounds {
		l := startLoad(t, s, writers)
		<-l.enough
		before := l.soFar()
		var b bytes.Buffer
		m := saved(t, s, &b)
		l.stop()
		l.all.Wait()

		data := filepath.Join(t.TempDir(), "restored")
		restored, err := suite.Restore(t.Context(), &b, data)
		must(t, err)
		if len(restored.Verdict.Differences) > 0 || restored.Before != "" || m.Files[0].Name != "report.db" {
			t.Errorf("round %d: %+v", round, restored)
		}
		have := published(t, data)
		for _, name := range before {
			if !have[name] {
				t.Fatalf("round %d: %s was acknowledged before, and is not in the copy", round, name)
			}
		}
	}
}

// A restore keeps what was there, and refuses a folder that is in use, which stays as it is.
func TestRestore(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	s := open(t, data)
	must(t, enter(t, s, s.Conn, "65"))
	var b bytes.Buffer
	saved(t, s, &b)
	must(t, enter(t, s, s.Conn, "64"))
	if _, err := suite.Restore(t.Context(), bytes.NewReader(b.Bytes()), data); !errors.Is(err, kv.ErrLocked) {
		t.Errorf("restored over a suite that runs: %v", err)
	}
	key := checkpoint(t, s, "directory").GetVerifierKey()
	late := checkpoint(t, s, "directory").GetNote()
	must(t, s.Close(t.Context()))
	if _, err := suite.Restore(t.Context(), bytes.NewReader(b.Bytes()), data, late); !errors.Is(err, suite.ErrUnequal) {
		t.Errorf("restored what does not continue a checkpoint: %v", err)
	}

	restored, err := suite.Restore(t.Context(), bytes.NewReader(b.Bytes()), data)
	must(t, err)
	if !strings.HasPrefix(restored.Before, data+".before-") {
		t.Errorf("the old folder is at %q", restored.Before)
	}
	for folder, want := range map[string]int64{data: 1, restored.Before: 2} {
		v, err := suite.Fsck(t.Context(), folder)
		must(t, err)
		if len(v.Differences) > 0 || v.Logs[0].Size != want {
			t.Errorf("%s: %+v, want %d entries", folder, v, want)
		}
	}
	only(t, filepath.Dir(data), "data", filepath.Base(restored.Before))
	s = open(t, data)
	must(t, enter(t, s, s.Conn, "64"))
	now := checkpoint(t, s, "directory").GetVerifierKey()
	if name, _, _ := strings.Cut(key, "+"); now == key || !strings.HasPrefix(now, name+"+") {
		t.Errorf("the key is %s, and was %s", now, key)
	}
}

// only tests that a folder holds these names and nothing else.
func only(t *testing.T, folder string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	must(t, err)
	var have []string
	for _, e := range entries {
		have = append(have, e.Name())
	}
	if fmt.Sprint(have) != fmt.Sprint(want) {
		t.Errorf("%s holds %v, want %v", folder, have, want)
	}
}

// A folder that is closed is saved with its keys: the restored suite signs and accepts as before. Restored
// through a link, the folder that it leads to is replaced; an empty folder is not kept.
func TestBackup_WithKeys(t *testing.T) {
	data := t.TempDir()
	s := open(t, data)
	must(t, enter(t, s, s.Conn, "65"))
	want := checkpoint(t, s, "directory")
	token, err := s.Issuer.Mint(access.Identity{Account: "a", Grants: []access.Grant{{Role: access.Clerk, Organization: "65"}}}, time.Hour)
	must(t, err)
	if _, err := (suite.Archive{}).BackupFolder(t.Context(), io.Discard, data); !errors.Is(err, kv.ErrLocked) {
		t.Errorf("a folder in use is copied: %v", err)
	}
	must(t, s.Close(t.Context()))
	var b bytes.Buffer
	_, err = suite.Archive{Keys: data}.BackupFolder(t.Context(), &b, data)
	must(t, err)

	place, link := filepath.Join(t.TempDir(), "place"), filepath.Join(t.TempDir(), "link")
	must(t, os.Mkdir(place, 0o700))
	must(t, os.Symlink(place, link))
	restored, err := suite.Restore(t.Context(), &b, link)
	must(t, err)
	if restored.Before != "" {
		t.Errorf("an empty folder is kept at %s", restored.Before)
	}
	only(t, filepath.Dir(place), "place")
	s = open(t, place)
	if have := checkpoint(t, s, "directory"); have.GetNote() != want.GetNote() || have.GetVerifierKey() != want.GetVerifierKey() {
		t.Errorf("%v after, %v before", have, want)
	}
	if _, err := s.Issuer.Verifier().Verify(token); err != nil {
		t.Errorf("the token of before: %v", err)
	}
	if _, err := (suite.Archive{Keys: t.TempDir()}).BackupFolder(t.Context(), io.Discard, data); err == nil {
		t.Error("keys are saved that are not there")
	}
}

// forged packs a data folder as it is, whatever is wrong with it.
func forged(t *testing.T, data string, m *backup.Manifest) []byte {
	t.Helper()
	var bodies []io.Reader
	for i, f := range m.Files {
		content, err := os.ReadFile(filepath.Join(data, f.Name))
		must(t, err)
		sum := sha256.Sum256(content)
		m.Files[i].Size, m.Files[i].SHA256 = int64(len(content)), hex.EncodeToString(sum[:])
		bodies = append(bodies, bytes.NewReader(content))
	}
	var b bytes.Buffer
	must(t, backup.Write(&b, m, bodies))
	return b.Bytes()
}

// An archive that is damaged, is not what its logs say, or is of a newer format: it is refused, and the folder
// is what it was, with nothing beside it.
func TestRestore_Refused(t *testing.T) {
	source := t.TempDir()
	s := open(t, source)
	must(t, enter(t, s, s.Conn, "65"))
	for !followed(t, s) {
		continue
	}
	var b bytes.Buffer
	m := saved(t, s, &b)
	must(t, s.Close(t.Context()))
	sound := b.Bytes()
	change := func(service, bucket string, change func(key, value []byte) []byte) []byte {
		data := filepath.Join(t.TempDir(), "data")
		must(t, os.CopyFS(data, os.DirFS(source)))
		tamper(t, data, service, bucket, change)
		return forged(t, data, m)
	}
	page := func() []byte {
		data := filepath.Join(t.TempDir(), "data")
		must(t, os.CopyFS(data, os.DirFS(source)))
		file := filepath.Join(data, "report.db")
		content, err := os.ReadFile(file)
		must(t, err)
		for i := 2 * os.Getpagesize(); i < 6*os.Getpagesize(); i++ {
			content[i] = 0xff
		}
		must(t, os.WriteFile(file, content, 0o600))
		return forged(t, data, m)
	}
	short := *m
	short.Files = short.Files[:3]
	flipped := bytes.Clone(sound)
	flipped[len(flipped)/2] ^= 4
	size := func(of int64) *backup.Manifest {
		other := *m
		other.Files = append([]backup.File(nil), m.Files...)
		log := *other.Files[3].Log
		log.Size = of
		other.Files[3].Log = &log
		return &other
	}

	data := filepath.Join(t.TempDir(), "data")
	old := open(t, data)
	must(t, enter(t, old, old.Conn, "64"))
	must(t, old.Close(t.Context()))
	for _, c := range []struct {
		name    string
		archive []byte
		want    error
		because string
	}{
		{"empty", nil, backup.ErrDamaged, ""},
		{"cut short", sound[:len(sound)/3], backup.ErrDamaged, "cut short"},
		{"last byte missing", sound[:len(sound)-1], backup.ErrDamaged, "cut short"},
		{"a bit", flipped, backup.ErrDamaged, ""},
		{"no directory", forged(t, source, &short), backup.ErrDamaged, "directory.db"},
		{"a page", page(), nil, "report.db"},
		{"a record", change("directory", "organizations", func(_, v []byte) []byte { v[len(v)-1] ^= 1; return v }), nil, "organizations/65"},
		{"a leaf", change("directory", "log.hashes", func(_, v []byte) []byte { v[0] ^= 1; return v }), nil, "logs/directory"},
		{"newer format", change("request", kv.Meta, func(k, v []byte) []byte {
			if string(k) == "format" {
				return binary.BigEndian.AppendUint32(nil, 2)
			}
			return v
		}), kv.ErrFormat, "request"},
		{"another size in the manifest", forged(t, source, size(7)), suite.ErrUnequal, "the manifest says 7"},
	} {
		_, err := suite.Restore(t.Context(), bytes.NewReader(c.archive), data)
		if err == nil || c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.because) {
			t.Errorf("%s: %v", c.name, err)
		}
		only(t, filepath.Dir(data), "data")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := suite.Restore(ctx, bytes.NewReader(sound), data); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	v, err := suite.Fsck(t.Context(), data)
	must(t, err)
	if len(v.Differences) > 0 || v.Logs[0].Size != 1 {
		t.Errorf("the folder has changed: %+v", v)
	}
}

// A damaged store is no reason against a restore: it is why there is one.
func TestRestore_OverDamage(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	s := open(t, data)
	must(t, enter(t, s, s.Conn, "65"))
	var b bytes.Buffer
	saved(t, s, &b)
	must(t, s.Close(t.Context()))
	must(t, os.WriteFile(filepath.Join(data, "directory.db"), bytes.Repeat([]byte("damage"), 10_000), 0o600))
	_, err := suite.Restore(t.Context(), &b, data)
	must(t, err)
	open(t, data)
}

// A store is put back to an older copy while the report store has followed it further: the suite stops and says
// what it met; rebuilt, it goes on, and is what its logs say.
func TestRebuild(t *testing.T) {
	data := t.TempDir()
	s := open(t, data)
	must(t, enter(t, s, s.Conn, "65"))
	publishSome(t, s, 3)
	must(t, s.Close(t.Context()))
	older, err := os.ReadFile(filepath.Join(data, "disclosure.db"))
	must(t, err)
	s = open(t, data)
	publishSome(t, s, 4)
	for v, err := s.Verify(t.Context()); !caughtUp(t, s); v, err = s.Verify(t.Context()) {
		must(t, err)
		if len(v.Differences) > 0 {
			t.Fatal(v.Differences)
		}
	}
	must(t, s.Close(t.Context()))
	must(t, os.WriteFile(filepath.Join(data, "disclosure.db"), older, 0o600))

	s = open(t, data)
	<-s.Done()
	var diverged *eventlog.DivergedError
	if !errors.As(s.Err(), &diverged) || diverged.Log != "logs/disclosure" || diverged.Followed != 14 || diverged.Size != 6 {
		t.Errorf("it stopped for %v", s.Err())
	}
	if _, err := suite.Rebuild(t.Context(), data); !errors.Is(err, kv.ErrLocked) {
		t.Errorf("rebuilt under a process that has it open: %v", err)
	}
	must(t, s.Close(t.Context()))
	if _, err := suite.Fsck(t.Context(), data); !errors.As(err, &diverged) {
		t.Errorf("fsck before: %v", err)
	}
	v, err := suite.Rebuild(t.Context(), data)
	must(t, err)
	if len(v.Differences) > 0 {
		t.Errorf("after: %v", v.Differences)
	}
	s = open(t, data)
	publishSome(t, s, 5)
	for !caughtUp(t, s) {
		continue
	}
	must(t, s.Err())
	must(t, s.Close(t.Context()))
	v, err = suite.Fsck(t.Context(), data)
	must(t, err)
	if len(v.Differences) > 0 || v.Logs[1].Size != 16 {
		t.Errorf("in the end: %+v", v)
	}
	if _, err := suite.Rebuild(t.Context(), t.TempDir()); err == nil {
		t.Error("an empty folder is rebuilt")
	}
}

func publishSome(t *testing.T, s *suite.Suite, n int) {
	t.Helper()
	for range n {
		_, err := publish(root(t, s), s)
		must(t, err)
	}
}

// caughtUp tells whether the report store has followed disclosure to its end.
func caughtUp(t *testing.T, s *suite.Suite) bool {
	t.Helper()
	out, err := reportv1.NewReportServiceClient(s.Conn).GetRollup(t.Context(), &reportv1.GetRollupRequest{Name: "organizations/65/rollups/2018"})
	must(t, err)
	for _, p := range out.GetBasis() {
		if p.GetLog() == "logs/disclosure" {
			return p.GetSize() == checkpoint(t, s, "disclosure").GetSize()
		}
	}
	return false
}

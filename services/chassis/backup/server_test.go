package backup_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	backupv1 "gongkai/proto/gongkai/backup/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/backup"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/bolt"
)

// env is a store that is served.
type env struct {
	t      *testing.T
	folder string
	db     *kv.DB
	log    *eventlog.Log
	client backupv1.BackupServiceClient
}

func start(t *testing.T) *env {
	t.Helper()
	e := &env{t: t, folder: t.TempDir()}
	engine, err := bolt.Open(filepath.Join(t.TempDir(), "request.db"))
	e.check(err)
	e.db, err = kv.Open(engine, kv.Options{})
	e.check(err)
	t.Cleanup(func() { e.check(e.db.Close()) })
	private, verifier, err := eventlog.GenerateKey("gongkai.local/request")
	e.check(err)
	signer, err := note.NewSigner(private)
	e.check(err)
	e.log = eventlog.New(e.db, "request", signer, verifier)

	l := bufconn.Listen(1 << 16)
	s := grpc.NewServer()
	backupv1.RegisterBackupServiceServer(s, backup.NewServer(e.folder, map[string]backup.Store{"stores/request": {DB: e.db, Log: e.log}}))
	go func() { _ = s.Serve(l) }() // it ends with the test
	t.Cleanup(s.Stop)
	conn, err := grpc.NewClient("passthrough:bufconn", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return l.DialContext(ctx) }))
	e.check(err)
	t.Cleanup(func() { e.check(conn.Close()) })
	e.client = backupv1.NewBackupServiceClient(conn)
	return e
}

func (e *env) check(err error) {
	e.t.Helper()
	if err != nil {
		e.t.Fatal(err)
	}
}

// add appends entries, each with a payload of so many bytes.
func (e *env) add(n, payload int) {
	e.t.Helper()
	e.check(e.db.Update(e.t.Context(), func(tx kv.Tx) error {
		for i := range n {
			entry := &logv1.Entry{Kind: "test.added", Resource: fmt.Sprintf("tests/%d", i), ContentSha256: make([]byte, payload)}
			if err := e.log.Append(tx, entry, eventlog.NewSalt(), true); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (e *env) size() (n int64) {
	e.t.Helper()
	e.check(e.db.View(e.t.Context(), func(r kv.Reader) (err error) { n, err = e.log.Size(r); return err }))
	return n
}

// A copy is what its head says, opens, and holds the log that its head says; later writes are not in it.
func TestCopy(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.add(40, 50_000)
	want := e.size()
	c, err := backup.Ask(t.Context(), e.client, "stores/request")
	e.check(err)
	e.add(10, 100) // the copy is made already
	content, err := io.ReadAll(c)
	e.check(err)
	e.check(c.Close())
	sum := sha256.Sum256(content)
	if int64(len(content)) != c.Head.GetSize() || !bytes.Equal(sum[:], c.Head.GetSha256()) || len(content) < 1<<20 {
		t.Errorf("received %d bytes with SHA-256 %x, announced %v", len(content), sum, c.Head)
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	e.check(os.WriteFile(path, content, 0o600))
	e.check(bolt.Check(path))
	engine, err := bolt.Open(path)
	e.check(err)
	db, err := kv.Open(engine, kv.Options{})
	e.check(err)
	defer db.Close()
	e.check(db.View(t.Context(), func(r kv.Reader) error {
		size, root, err := e.log.Verify(r)
		if size != want || size != c.Head.GetLogSize() || !bytes.Equal(root[:], c.Head.GetLogRoot()) {
			t.Errorf("the copy's log has %d entries, root %x; its head says %v", size, root, c.Head)
		}
		return err
	}))
	verifier, err := note.NewVerifier(c.Head.GetVerifierKey())
	e.check(err)
	if _, err := note.Open([]byte(c.Head.GetCheckpoint()), note.VerifierList(verifier)); err != nil {
		t.Error(err)
	}
}

// Messages are small, and a receiver that does not read holds no transaction open, nor leaves a file behind.
func TestSlowReceiver(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.add(40, 50_000)
	ctx, cancel := context.WithCancel(t.Context())
	stream, err := e.client.Backup(ctx, &backupv1.BackupRequest{Name: "stores/request"})
	e.check(err)
	first, err := stream.Recv()
	e.check(err)
	if first.GetCopy().GetName() != "stores/request" {
		t.Errorf("the first message is %v", first)
	}
	if err := e.db.Close(); err != nil { // it waits for every transaction
		t.Error(err)
	}
	n := int64(0)
	for {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		e.check(err)
		if len(m.GetData()) == 0 || len(m.GetData()) > 1<<20 {
			t.Errorf("a message has %d bytes", len(m.GetData()))
		}
		n += int64(len(m.GetData()))
	}
	cancel()
	if n != first.GetCopy().GetSize() {
		t.Errorf("%d bytes came, want %d", n, first.GetCopy().GetSize())
	}
	if left, err := os.ReadDir(e.folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// Refusals: a store that is not there, a closed one, more copies at once than there is room for.
func TestRefused(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.add(100, 50_000)
	code := func(err error) codes.Code {
		s, _ := fault.Status(err, fault.English, "")
		return s.Code()
	}
	if _, err := backup.Ask(t.Context(), e.client, "stores/nothing"); err == nil {
		t.Error("a store that is not there was copied")
	}
	direct := backup.NewServer(e.folder, map[string]backup.Store{"stores/request": {DB: e.db, Log: e.log}})
	if err := direct.Backup(&backupv1.BackupRequest{Name: "stores/nothing"}, nil); code(err) != codes.NotFound {
		t.Errorf("no such store: %v", err)
	}
	release := make(chan struct{})
	waiting, ended := make(chan struct{}), make(chan error)
	const room = 8
	for range room {
		go func() {
			ended <- direct.Backup(&backupv1.BackupRequest{Name: "stores/request"}, &held{ctx: t.Context(), waiting: waiting, release: release})
		}()
	}
	for range room {
		<-waiting
	}
	if err := direct.Backup(&backupv1.BackupRequest{Name: "stores/request"}, &held{ctx: t.Context()}); code(err) != codes.Unavailable {
		t.Errorf("no room: %v", err)
	}
	close(release)
	for range room {
		if err := <-ended; !errors.Is(err, errHeld) {
			t.Errorf("held: %v", err)
		}
	}
	if left, err := os.ReadDir(e.folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	e.check(e.db.Close())
	if err := direct.Backup(&backupv1.BackupRequest{Name: "stores/request"}, &held{ctx: t.Context()}); code(err) != codes.Unavailable {
		t.Errorf("closed: %v", err)
	}
}

var errHeld = errors.New("receiver is gone")

// held is a receiver that waits with its first message, and then is gone.
type held struct {
	grpc.ServerStreamingServer[backupv1.BackupResponse]
	ctx              context.Context
	waiting, release chan struct{}
}

func (h *held) Context() context.Context { return h.ctx }

func (h *held) Send(*backupv1.BackupResponse) error {
	h.waiting <- struct{}{}
	<-h.release
	return errHeld
}

package suite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	backupv1 "gongkai/proto/gongkai/backup/v1"
	"gongkai/services/chassis/backup"

	"google.golang.org/grpc"
)

// copied are the stores of this process that can be copied, by name.
func (s *Suite) copied() map[string]backup.Store {
	stores := make(map[string]backup.Store)
	for _, t := range s.stored() {
		stores[storeName(t.Name)] = backup.Store{DB: s.stores[t.Name], Log: s.logs[t.Name]}
	}
	return stores
}

func storeName(service string) string { return "stores/" + service }

// cut lists the services in the order in which their stores are copied: a follower before those whose logs it
// follows, so that each position in the copies lies within a copied log.
func cut() []string {
	var names []string
	for _, t := range slices.Backward(Stored()) {
		names = append(names, t.Name)
	}
	return names
}

// Archive is a backup that is to be written.
type Archive struct {
	// Program is the version that writes it.
	Program string
	// Keys is the data folder whose keys go into it; empty means that none do.
	Keys string
}

// Backup writes an archive of a suite that runs, while reads and writes go on. reach gives the connection to a
// service, as someone who may administer everywhere. Memory does not grow with the stores.
func (a Archive) Backup(ctx context.Context, w io.Writer, reach func(service string) grpc.ClientConnInterface) (*backup.Manifest, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return a.write(w, func(service string) (*backup.Copy, error) {
		return backup.Ask(ctx, backupv1.NewBackupServiceClient(reach(service)), storeName(service))
	})
}

// BackupFolder writes an archive of a data folder that no process has open.
func (a Archive) BackupFolder(ctx context.Context, w io.Writer, data string) (_ *backup.Manifest, err error) {
	s, err := openWhole(data)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.closeStores()) }()
	return a.write(w, func(service string) (*backup.Copy, error) {
		return backup.Take(ctx, data, storeName(service), backup.Store{DB: s.stores[service], Log: s.logs[service]})
	})
}

// write has each store copied in the order of the cut, and then writes the copies.
func (a Archive) write(w io.Writer, take func(service string) (*backup.Copy, error)) (_ *backup.Manifest, err error) {
	m := &backup.Manifest{Version: backup.Version, Program: a.Program, Time: time.Now().UTC().Truncate(time.Second)}
	var bodies []io.Reader
	for _, service := range cut() {
		c, err := take(service)
		if err != nil {
			return nil, err
		}
		defer c.Close() //nolint:errcheck // nothing was written to it
		m.Files, bodies = append(m.Files, fileOf(service, c.Head)), append(bodies, c)
	}
	if a.Keys != "" {
		keys, err := readKeys(a.Keys)
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			m.Files, bodies = append(m.Files, k.file), append(bodies, bytes.NewReader(k.content))
		}
	}
	return m, backup.Write(w, m, bodies)
}

func fileOf(service string, c *backupv1.Copy) backup.File {
	return backup.File{
		Name: service + ".db", Size: c.GetSize(), SHA256: hex.EncodeToString(c.GetSha256()),
		Log: &backup.Log{
			Size: c.GetLogSize(), Root: hex.EncodeToString(c.GetLogRoot()), Checkpoint: c.GetCheckpoint(), VerifierKey: c.GetVerifierKey(),
		},
	}
}

// key is a key of a data folder.
type key struct {
	file    backup.File
	content []byte
}

// readKeys reads the keys of a data folder.
func readKeys(data string) ([]key, error) {
	entries, err := os.ReadDir(filepath.Join(data, "keys"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s has no keys: %w", data, err)
	}
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	var keys []key
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".new") { // of a process that ended while it wrote
			continue
		}
		content, err := os.ReadFile(filepath.Join(data, "keys", e.Name()))
		if err != nil {
			return nil, fmt.Errorf("read keys: %w", err)
		}
		sum := sha256.Sum256(content)
		keys = append(keys, key{
			backup.File{Name: path.Join("keys", e.Name()), Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}, content,
		})
	}
	return keys, nil
}

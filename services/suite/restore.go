package suite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gongkai/services/chassis/backup"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/bolt"
)

// Restored tells what a restore has done.
type Restored struct {
	// Manifest is the archive's.
	Manifest *backup.Manifest
	// Verdict is what the verification found; on success it has no differences.
	Verdict *Verdict
	// Before is where the folder is now that was there before; empty if there was none.
	Before string
}

// ErrUnequal is returned for an archive whose stores are not what their logs say.
var ErrUnequal = errors.New("what was saved is not as its logs say")

// Restore puts the suite of an archive into a data folder. It unpacks beside the folder, and verifies everything
// that Fsck verifies, and that each log continues the checkpoint in the manifest and those given, before it
// replaces what is there; that is kept beside it. If anything fails, or the process ends at whatever moment,
// the folder is what it was. It returns an error that wraps kv.ErrLocked if a process has the folder open,
// backup.ErrDamaged, backup.ErrVersion, kv.ErrFormat, or [ErrUnequal].
//
// An archive has its suite's keys only if they were asked for. If it has none, new ones are made: tokens are to
// be minted anew, and checkpoints are signed by another key of the same name. With its own keys, a suite that was
// put back signs sizes anew that it may have signed before; witnesses that have seen those will say so.
func Restore(ctx context.Context, r io.Reader, data string, checkpoints ...string) (_ *Restored, err error) {
	if data, err = filepath.Abs(data); err != nil {
		return nil, err
	}
	if real, err := filepath.EvalSymlinks(data); err == nil {
		data = real
	}
	unlock, err := lock(data)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if err := os.MkdirAll(filepath.Dir(data), 0o700); err != nil {
		return nil, fmt.Errorf("restore: %w", err)
	}
	fresh, err := os.MkdirTemp(filepath.Dir(data), filepath.Base(data)+".restore-*")
	if err != nil {
		return nil, fmt.Errorf("restore: %w", err)
	}
	before := ""
	defer func() {
		if before == "" { // else the folder of that name may be the old one
			_ = os.RemoveAll(fresh)
		}
	}()
	m, err := backup.Read(&interruptible{ctx, r}, func(f backup.File, body io.Reader) error { return unpack(fresh, f, body) })
	if err != nil {
		return nil, err
	}
	verdict, err := verify(ctx, fresh, m, checkpoints)
	if err != nil {
		return &Restored{Manifest: m, Verdict: verdict}, err
	}
	if err := makeKeys(fresh, m); err != nil {
		return nil, err
	}
	before, err = replace(data, fresh)
	return &Restored{Manifest: m, Verdict: verdict, Before: before}, err
}

// lock takes the locks of a data folder, if there is one, so that no process opens it. A store that is damaged
// is no reason against a restore.
func lock(data string) (unlock func() error, err error) {
	var engines []kv.Engine
	unlock = func() error {
		var errs []error
		for _, e := range engines {
			errs = append(errs, e.Close())
		}
		return errors.Join(errs...)
	}
	for _, t := range Stored() {
		file := filepath.Join(data, t.Name+".db")
		if info, err := os.Stat(file); err != nil || info.Size() == 0 {
			continue
		}
		e, err := bolt.Open(file)
		if errors.Is(err, kv.ErrLocked) {
			return nil, errors.Join(err, unlock())
		}
		if err == nil {
			engines = append(engines, e)
		}
	}
	return unlock, nil
}

// interruptible is a reader that ends with its context.
type interruptible struct {
	ctx context.Context
	r   io.Reader
}

// Read implements [io.Reader].
func (r *interruptible) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// unpack writes one file of an archive.
func unpack(folder string, f backup.File, body io.Reader) error {
	path := filepath.Join(folder, filepath.FromSlash(f.Name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("unpack %s: %w", f.Name, err)
	}
	mode := fs.FileMode(0o600)
	if strings.HasSuffix(f.Name, ".pub") {
		mode = 0o644
	}
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return fmt.Errorf("unpack %s: %w", f.Name, err)
	}
	_, err = io.Copy(out, body)
	if err := errors.Join(err, out.Sync(), out.Close()); err != nil {
		return fmt.Errorf("unpack %s: %w", f.Name, err)
	}
	return nil
}

// verify verifies what was unpacked. The keys need not be there: checkpoints are verified with those that the
// manifest names.
func verify(ctx context.Context, folder string, m *backup.Manifest, checkpoints []string) (_ *Verdict, err error) {
	verifiers := make(map[string]string)
	for _, f := range m.Files {
		if f.Log != nil {
			verifiers[strings.TrimSuffix(f.Name, ".db")] = f.Log.VerifierKey
			checkpoints = append(checkpoints, f.Log.Checkpoint)
		}
	}
	s := newOffline(folder)
	defer func() { err = errors.Join(err, s.closeStores()) }()
	for _, t := range Stored() {
		verifier, ok := verifiers[t.Name]
		if !ok {
			return nil, fmt.Errorf("%w: it has no %s.db", backup.ErrDamaged, t.Name)
		}
		if err := bolt.Check(filepath.Join(folder, t.Name+".db")); err != nil {
			return nil, err
		}
		if err := s.openDB(t.Name); err != nil {
			return nil, err
		}
		s.logs[t.Name] = eventlog.New(s.stores[t.Name], t.Name, nil, verifier) // which signs nothing
	}
	v, err := s.Verify(ctx, checkpoints...)
	if err != nil {
		return v, err
	}
	for _, f := range m.Files {
		for _, l := range v.Logs {
			if f.Log != nil && l.Name == "logs/"+strings.TrimSuffix(f.Name, ".db") && (l.Size != f.Log.Size || l.Root != f.Log.Root) {
				v.Differences = append(v.Differences, fmt.Sprintf("%s has %d entries, the manifest says %d, or another root", l.Name, l.Size, f.Log.Size))
			}
		}
	}
	if n := len(v.Differences); n > 0 {
		return v, fmt.Errorf("%w: %d differences, the first is: %s", ErrUnequal, n, v.Differences[0])
	}
	return v, nil
}

// makeKeys makes the keys that an archive does not have, under the names that they had.
func makeKeys(folder string, m *backup.Manifest) error {
	for _, f := range m.Files {
		if f.Log == nil {
			continue
		}
		service := strings.TrimSuffix(f.Name, ".db")
		name, _, _ := strings.Cut(f.Log.VerifierKey, "+")
		if _, _, err := openSigner(folder, strings.TrimSuffix(name, "/"+service), service); err != nil {
			return err
		}
	}
	_, err := OpenIssuer(TokenKey(folder), time.Now)
	return err
}

// replace puts a folder in the place of another, which it keeps beside it, in one step where the system has one.
func replace(data, fresh string) (before string, err error) {
	parent := filepath.Dir(data)
	if err := syncFolders(filepath.Join(fresh, "keys"), fresh); err != nil {
		return "", fmt.Errorf("replace %s: %w", data, err)
	}
	_ = os.Remove(data) // it goes only if it is empty
	if _, err := os.Lstat(data); errors.Is(err, fs.ErrNotExist) {
		if err := os.Rename(fresh, data); err != nil {
			return "", fmt.Errorf("replace %s: %w", data, err)
		}
		return "", syncFolders(parent)
	}
	before = fmt.Sprintf("%s.before-%s", data, time.Now().UTC().Format("20060102T150405.000Z"))
	if before, err = exchange(data, fresh, before); err != nil {
		return "", fmt.Errorf("replace %s: %w", data, err)
	}
	return before, syncFolders(parent)
}

// exchangeInTwo is exchange where the system has no step of its own for it.
func exchangeInTwo(data, fresh, before string) (string, error) {
	if err := os.Rename(data, before); err != nil {
		return "", err
	}
	if err := os.Rename(fresh, data); err != nil {
		return "", errors.Join(err, os.Rename(before, data))
	}
	return before, nil
}

// syncFolders makes the names in folders durable; one that is not there has none.
func syncFolders(paths ...string) error {
	for _, path := range paths {
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

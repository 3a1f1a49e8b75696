package suite

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/bolt"
	"gongkai/services/directory"
	"gongkai/services/disclosure"
	"gongkai/services/report"
	"gongkai/services/request"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Verdict is what Fsck found.
type Verdict struct {
	// Logs are the logs that were verified, in the order of the targets.
	Logs []LogVerdict
	// Differences tell in words what is not as it should be; none means equal.
	Differences []string
}

// LogVerdict is a log as it was computed anew from its entries.
type LogVerdict struct {
	// Name is `logs/{service}`.
	Name string
	// Size is its number of entries, Root the hash of their tree in hexadecimal.
	Size int64
	Root string
}

// checks compare a service's state with its log.
var checks = map[string]func(kv.Reader, *eventlog.Log) ([]string, error){
	"directory": directory.Check, "disclosure": disclosure.Check, "request": request.Check, "report": report.Check,
}

// Fsck verifies a data folder that no process has open. Every hash of every log is computed anew from the
// entries and compared; every stored record is compared with its log; the totals are folded anew from the
// logs and compared one by one; and each log must continue the signed checkpoints given, which were kept
// outside. It returns an error if the folder cannot be read at all.
func Fsck(ctx context.Context, data string, checkpoints ...string) (*Verdict, error) {
	s, err := openWhole(data)
	if err != nil {
		return nil, err
	}
	defer s.closeStores() //nolint:errcheck // nothing was written
	return s.Verify(ctx, checkpoints...)
}

// newOffline is a suite that serves nothing: its stores are opened one by one.
func newOffline(data string) *Suite {
	return &Suite{options: Options{Data: data, Origin: "gongkai.local"}, stores: make(map[string]*kv.DB), logs: make(map[string]*eventlog.Log)}
}

// openWhole opens all stores of a data folder that no process has open, once their pages are checked. It makes
// nothing anew that is missing.
func openWhole(data string) (*Suite, error) {
	for _, t := range Stored() {
		for _, file := range []string{t.Name + ".db", "keys/" + t.Name + ".key", "keys/" + t.Name + ".pub"} {
			if _, err := os.Stat(filepath.Join(data, file)); err != nil {
				return nil, fmt.Errorf("%s is no whole data folder: %w", data, err)
			}
		}
	}
	s := newOffline(data)
	for _, t := range Stored() {
		err := bolt.Check(filepath.Join(data, t.Name+".db"))
		if err == nil {
			err = s.openStore(t.Name)
		}
		if err != nil {
			return nil, errors.Join(err, s.closeStores())
		}
	}
	return s, nil
}

// closeStores closes the stores that are open.
func (s *Suite) closeStores() error {
	var errs []error
	for _, db := range s.stores {
		errs = append(errs, db.Close())
	}
	return errors.Join(errs...)
}

// Verify is Fsck for a suite that runs: it verifies what is durable when it is called.
func (s *Suite) Verify(ctx context.Context, checkpoints ...string) (*Verdict, error) {
	v := &Verdict{}
	sources := make(map[string]report.Source)
	// The report store's snapshot is taken first: a feed may be ahead of what was folded, never behind.
	return v, s.within(ctx, "report", sources, []string{"request", "disclosure", "directory"}, func() error {
		for _, t := range Stored() {
			if err := v.log(t.Name, sources[t.Name]); err != nil {
				return err
			}
		}
		for i, text := range checkpoints {
			if err := v.continues(sources, i+1, text); err != nil {
				return err
			}
		}
		own := sources["report"]
		delete(sources, "report")
		found, err := report.Recompute(own.Reader, own, sources)
		v.Differences = append(v.Differences, found...)
		return err
	})
}

// within opens a snapshot of each store, one inside the other, and then does something with them.
func (s *Suite) within(ctx context.Context, service string, sources map[string]report.Source, more []string, do func() error) error {
	return s.stores[service].View(ctx, func(r kv.Reader) error {
		sources[service] = report.Source{Log: s.logs[service], Reader: r}
		if len(more) == 0 {
			return do()
		}
		return s.within(ctx, more[0], sources, more[1:], do)
	})
}

// log verifies one log and the state that it tells of.
func (v *Verdict) log(service string, source report.Source) error {
	size, root, err := source.Log.Verify(source.Reader)
	if err != nil {
		v.Differences = append(v.Differences, fmt.Sprintf("%s: %v", source.Log.Name(), err))
		return nil
	}
	v.Logs = append(v.Logs, LogVerdict{Name: source.Log.Name(), Size: size, Root: hex.EncodeToString(root[:])})
	found, err := checks[service](source.Reader, source.Log)
	v.Differences = append(v.Differences, found...)
	return err
}

// continues checks that the log which signed a checkpoint continues it. Logs are told apart by their keys;
// a checkpoint that none of them signed proves nothing, and is a difference.
func (v *Verdict) continues(sources map[string]report.Source, number int, checkpoint string) error {
	for _, t := range Stored() {
		source := sources[t.Name]
		verifier, err := note.NewVerifier(source.Log.VerifierKey())
		if err != nil {
			return fmt.Errorf("read key of %s: %w", source.Log.Name(), err)
		}
		signed, err := note.Open([]byte(checkpoint), note.VerifierList(verifier))
		if err != nil {
			continue
		}
		tree, err := parseCheckpoint(signed.Text)
		if err != nil {
			return err
		}
		root, err := source.Log.Root(source.Reader, tree.N)
		if err != nil || root != tree.Hash {
			v.Differences = append(v.Differences, fmt.Sprintf("%s does not continue the checkpoint of %d entries", source.Log.Name(), tree.N))
		}
		return nil
	}
	v.Differences = append(v.Differences, fmt.Sprintf("checkpoint %d is signed by none of these logs", number))
	return nil
}

// parseCheckpoint reads the text of a C2SP checkpoint: origin, size, root.
func parseCheckpoint(text string) (tlog.Tree, error) {
	var origin, root string
	var size int64
	if _, err := fmt.Sscanf(text, "%s\n%d\n%s\n", &origin, &size, &root); err != nil {
		return tlog.Tree{}, fmt.Errorf("read checkpoint: %w", err)
	}
	hash, err := tlog.ParseHash(root)
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("read checkpoint: %w", err)
	}
	return tlog.Tree{N: size, Hash: hash}, nil
}

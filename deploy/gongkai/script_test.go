package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/encoding/protojson"

	"gongkai/deploy/demo"
	reportv1 "gongkai/proto/gongkai/report/v1"
)

// longest is how long a script waits for something.
const longest = 3 * time.Minute

// running is the key of a script's background processes.
type running struct{}

// background is a process that runs beside a script.
type background struct {
	process *os.Process
	ended   chan error
	stdout  string // a file
	stderr  string // a file
}

func processOf(ts *testscript.TestScript, name string) *background {
	b, ok := ts.Value(running{}).(map[string]*background)[name]
	if !ok {
		ts.Fatalf("no process %s was started", name)
	}
	return b
}

// filledOnce returns the command `filled DIR`, which makes DIR a data folder in which the demo has done its year. It is
// done once, and copied.
func filledOnce(t *testing.T) func(*testscript.TestScript, bool, []string) {
	once := filepath.Join(t.TempDir(), "data")
	fill := sync.OnceValue(func() error {
		if out, err := exec.Command("gongkai", "demo", "--exit", "--data", once, "--listen", "127.0.0.1:0").CombinedOutput(); err != nil {
			return fmt.Errorf("fill a data folder: %w\n%s", err, out)
		}
		return nil
	})
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 1 {
			ts.Fatalf("usage: filled DIR")
		}
		ts.Check(fill())
		ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS(once)))
	}
}

// start NAME COMMAND... starts a process; its output goes to NAME.out and NAME.err.
func start(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: start NAME COMMAND...")
	}
	out, err := os.Create(ts.MkAbs(args[0] + ".out"))
	ts.Check(err)
	errs, err := os.Create(ts.MkAbs(args[0] + ".err"))
	ts.Check(err)
	cmd := exec.Command(args[1], args[2:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = ts.MkAbs("."), out, errs
	cmd.Env = append(os.Environ(), "TMPDIR="+ts.Getenv("TMPDIR"))
	ts.Check(cmd.Start())
	b := &background{process: cmd.Process, ended: make(chan error, 1), stdout: out.Name(), stderr: errs.Name()}
	go func() {
		b.ended <- cmd.Wait()
		_, _ = out.Close(), errs.Close()
	}()
	ts.Value(running{}).(map[string]*background)[args[0]] = b
	ts.Defer(func() { _ = b.process.Kill() }) // it has ended, if all went well
}

// await NAME REGEXP waits until a process has printed something, and sets each group of the expression that has a
// name. await -file GLOB waits until such a file takes more than 300 kB on the disk.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: await NAME REGEXP, or await -file GLOB")
	}
	if args[0] == "-file" {
		poll(ts, args[1], func() bool {
			found, err := filepath.Glob(ts.MkAbs(args[1]))
			ts.Check(err)
			if len(found) == 0 {
				return false
			}
			var file syscall.Stat_t
			return syscall.Stat(found[0], &file) == nil && file.Blocks*512 > 300_000
		})
		return
	}
	b, pattern := processOf(ts, args[0]), regexp.MustCompile(args[1])
	poll(ts, args[1], func() bool {
		var printed []byte
		for _, name := range []string{b.stdout, b.stderr} {
			text, err := os.ReadFile(name)
			ts.Check(err)
			printed = append(printed, text...)
		}
		found := pattern.FindSubmatch(printed)
		for i, name := range pattern.SubexpNames() {
			if found != nil && name != "" {
				ts.Setenv(name, string(found[i]))
			}
		}
		return found != nil
	})
}

func poll(ts *testscript.TestScript, what string, done func() bool) {
	turn, end := time.NewTicker(5*time.Millisecond), time.NewTimer(longest)
	defer turn.Stop()
	defer end.Stop()
	for !done() {
		select {
		case <-turn.C:
		case <-end.C:
			ts.Fatalf("%s did not come within %s", what, longest)
		}
	}
}

// end NAME SIGNAL CODE sends INT or TERM to a process, and wants an exit code.
func end(ts *testscript.TestScript, neg bool, args []string) {
	signals := map[string]os.Signal{"INT": os.Interrupt, "TERM": syscall.SIGTERM}
	if neg || len(args) != 3 || signals[args[1]] == nil {
		ts.Fatalf("usage: end NAME INT|TERM CODE")
	}
	b := processOf(ts, args[0])
	ts.Check(b.process.Signal(signals[args[1]]))
	end := time.NewTimer(longest)
	defer end.Stop()
	select {
	case err := <-b.ended:
		code := 0
		var exited *exec.ExitError
		if errors.As(err, &exited) {
			code = exited.ExitCode()
		}
		if strconv.Itoa(code) != args[2] {
			ts.Fatalf("%s ended with exit code %d, want %s", args[0], code, args[2])
		}
	case <-end.C:
		ts.Fatalf("%s did not end within %s", args[0], longest)
	}
}

// code CODE COMMAND... runs a command that ends with an exit code.
func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code CODE COMMAND...")
	}
	err, got := ts.Exec(args[1], args[2:]...), 0
	var exited *exec.ExitError
	if errors.As(err, &exited) {
		got = exited.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("%s ended with exit code %d, want %s", args[1], got, args[0])
	}
}

// get URL [TOKEN] requests a URL, and prints the answer as lines.
func get(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: get URL [TOKEN]")
	}
	header := http.Header{}
	if len(args) == 2 {
		header.Set("Authorization", "Bearer "+args[1])
	}
	_, err := fmt.Fprintln(ts.Stdout(), strings.TrimSuffix(string(request(ts, args[0], header)), "\n"))
	ts.Check(err)
}

func request(ts *testscript.TestScript, url string, header http.Header) []byte {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	ts.Check(err)
	req.Header = header
	res, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	ts.Check(err)
	if res.StatusCode != http.StatusOK {
		ts.Fatalf("GET %s: %s: %s", url, res.Status, body)
	}
	return body
}

var (
	curlLine    = regexp.MustCompile(`(?m)^  curl -s (?:-H '([^:']+): ([^']+)' )?'(http://[^']+)'$`)
	grpcurlLine = regexp.MustCompile(`(?m)^  grpcurl -plaintext (?:-d '([^']+)' )?(\S+) (\S+)$`)
)

// pasted FILE does what the curl lines of a demo's output do, and checks that its grpcurl lines name what there is.
func pasted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: pasted FILE")
	}
	text := ts.ReadFile(args[0])
	curls, grpcurls := curlLine.FindAllStringSubmatch(text, -1), grpcurlLine.FindAllStringSubmatch(text, -1)
	if n := strings.Count(text, "  curl "); n != len(curls) || n < 4 {
		ts.Fatalf("%d of %d curl lines are understood, want at least 4", len(curls), n)
	}
	for _, line := range curls {
		header := http.Header{}
		if line[1] != "" {
			header.Set(line[1], line[2])
		}
		if len(request(ts, line[3], header)) == 0 {
			ts.Fatalf("nothing was answered to %s", line[0])
		}
	}
	if n := strings.Count(text, "  grpcurl "); n != len(grpcurls) || n < 2 {
		ts.Fatalf("%d of %d grpcurl lines are understood, want at least 2", len(grpcurls), n)
	}
	for _, line := range grpcurls {
		ts.Check(describe(line[2], line[3], line[1]))
	}
}

// rollup FILE checks the figures of the roll-up that a file has, and nothing else.
func rollup(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: rollup FILE")
	}
	r := &reportv1.Rollup{}
	ts.Check(protojson.Unmarshal([]byte(ts.ReadFile(args[0])), r))
	want := map[string]int32{
		"disclosed.total": 550, "disclosed.government_document": 24, "disclosed.work_report": 1,
		"disclosed.emergency_management": 365, "disclosed.work_update": 130, "disclosed.other": 30,
	}
	sums := map[string]int32{}
	seen := false
	for _, row := range r.GetRows() {
		for cell, figure := range row.GetFigures() {
			sums[cell] += figure.GetSubmitted()
		}
		if row.GetCode() != demo.TownshipID {
			continue
		}
		seen = true
		for cell, n := range want {
			if got := row.GetFigures()[cell]; got.GetSubmitted() != n || got.GetRecords() != n {
				ts.Fatalf("%s of %s is %v, want %d on both bases", cell, row.GetCode(), got, n)
			}
		}
	}
	if !seen || r.GetOwed() != 12 || r.GetAccepted() != 11 || r.GetMissing() != 1 {
		ts.Fatalf("%d owe a report, %d are accepted and %d missing, want 12, 11 and 1 (township there: %t)", r.GetOwed(), r.GetAccepted(), r.GetMissing(), seen)
	}
	for cell, total := range r.GetTotals() {
		if total.GetSubmitted() != sums[cell] {
			ts.Fatalf("the total of %s is %d, the rows have %d", cell, total.GetSubmitted(), sums[cell])
		}
	}
}

// tamper WHAT DATA changes one thing in a data folder, past the suite: payload, total, record, format.
func tamper(ts *testscript.TestScript, neg bool, args []string) {
	places := map[string]struct {
		file, bucket string
		change       func(b *bbolt.Bucket, key, value []byte) error
	}{
		"payload": {"disclosure.db", "log.entries", func(b *bbolt.Bucket, key, value []byte) error {
			value[len(value)-1] ^= 1
			return b.Put(key, value)
		}},
		"total": {"report.db", "totals.own", func(b *bbolt.Bucket, key, value []byte) error {
			return b.Put(key, binary.BigEndian.AppendUint64(nil, binary.BigEndian.Uint64(value)+1))
		}},
		"format": {"disclosure.db", "meta", func(b *bbolt.Bucket, _, _ []byte) error {
			return b.Put([]byte("format"), binary.BigEndian.AppendUint32(nil, 2))
		}},
		"record": {"disclosure.db", "disclosures", func(b *bbolt.Bucket, key, _ []byte) error { return b.Delete(key) }},
	}
	if neg || len(args) != 2 || places[args[0]].change == nil {
		ts.Fatalf("usage: tamper payload|total|record|format DATA")
	}
	place := places[args[0]]
	db, err := bbolt.Open(filepath.Join(ts.MkAbs(args[1]), place.file), 0o600, &bbolt.Options{Timeout: time.Second})
	ts.Check(err)
	err = db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(place.bucket))
		if b == nil {
			return fmt.Errorf("there is no bucket %s", place.bucket)
		}
		key, value := b.Cursor().First()
		return place.change(b, append([]byte{}, key...), append([]byte{}, value...))
	})
	ts.Check(errors.Join(err, db.Close()))
}

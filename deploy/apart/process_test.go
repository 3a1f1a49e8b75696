package apart

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"gongkai/services/chassis/access"
	"gongkai/services/suite"
)

const (
	gateway = "gateway"
	patient = time.Minute // how long a test waits for something
	grace   = 20 * time.Second
)

// needs are the processes whose addresses each one is told, in the order in which they start the first time.
var needs = []struct {
	target string
	of     []string
}{
	{"directory", nil},
	{"disclosure", []string{"directory"}},
	{"request", []string{"directory", "disclosure"}},
	{"report", []string{"directory", "disclosure", "request"}},
	{"calculator", nil},
	{gateway, []string{"directory", "disclosure", "request", "report", "calculator"}},
}

// build builds the program once.
func build(t *testing.T) (program string) {
	t.Helper()
	program = filepath.Join(t.TempDir(), "gongkai")
	if out, err := exec.Command("go", "build", "-o", program, "gongkai/deploy/gongkai").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return program
}

// processes are the suite, run apart.
type processes struct {
	*testing.T
	program  string
	folder   func(target string) string // where a target keeps its data
	tokenKey string                     // empty: that of the data folder
	at       map[string]string          // where each target answers, since it was first started
	run      map[string]*child
	issuer   *access.Issuer
}

// startAll starts the processes. A folder returns where each keeps its data.
func startAll(t *testing.T, program, tokenKey string, folder func(target string) string) *processes {
	t.Helper()
	p := &processes{T: t, program: program, folder: folder, tokenKey: tokenKey, at: map[string]string{}, run: map[string]*child{}}
	for _, n := range needs {
		p.start(n.target)
	}
	if tokenKey == "" {
		tokenKey = suite.TokenKey(folder("directory"))
	}
	var err error
	if p.issuer, err = suite.OpenIssuer(tokenKey, time.Now); err != nil {
		t.Fatal(err)
	}
	return p
}

// start starts one process and waits until it serves: on any port the first time, and on that port from then on.
func (p *processes) start(target string) {
	p.Helper()
	args := []string{"serve", "--target", target, "--listen", "127.0.0.1:0", "--log-level", "error"}
	if at, again := p.at[target]; again {
		args[4] = at
	}
	if target != gateway && target != "calculator" {
		args = append(args, "--data", p.folder(target))
		if p.tokenKey != "" {
			args = append(args, "--token-key", p.tokenKey)
		}
	}
	for _, n := range needs {
		if n.target == target {
			for _, other := range n.of {
				args = append(args, "--"+other, p.at[other])
			}
		}
	}
	ctx, cancel := context.WithTimeout(p.Context(), patient)
	defer cancel()
	var err error
	p.run[target], p.at[target], err = serve(ctx, p.T, p.program, args)
	if err != nil {
		p.Fatalf("start %s: %v", target, err)
	}
}

// url is the gateway's.
func (p *processes) url() string { return "http://" + p.at[gateway] }

// token mints a token as the demo wants it: for the account that a role has in an organisation.
func (p *processes) token(role, organization string) (string, error) {
	return mint(p.issuer, role, organization)
}

func mint(issuer *access.Issuer, role, organization string) (string, error) {
	r, err := access.ParseRole(role)
	if err != nil {
		return "", err
	}
	return issuer.Mint(access.Identity{
		Account: role + "-" + organization, Grants: []access.Grant{{Role: r, Organization: organization}},
	}, 2*time.Hour)
}

// stopAll stops the processes, the gateway first, and wants each to end well.
func (p *processes) stopAll() {
	p.Helper()
	for _, n := range slices.Backward(needs) {
		if err := p.run[n.target].terminate(); err != nil {
			p.Errorf("stop %s: %v", n.target, err)
		}
	}
}

// fsck verifies the stores of all processes together.
func (p *processes) fsck() *suite.Verdict {
	p.Helper()
	data := p.folder("directory")
	if data != p.folder("report") {
		data = p.gather()
	}
	verdict, err := suite.Fsck(p.Context(), data)
	if err != nil {
		p.Fatal(err)
	}
	for _, d := range verdict.Differences {
		p.Error("fsck:", d)
	}
	return verdict
}

// gather copies what each service keeps in a folder of its own into one.
func (p *processes) gather() string {
	p.Helper()
	all := p.TempDir()
	if err := os.Mkdir(filepath.Join(all, "keys"), 0o700); err != nil {
		p.Fatal(err)
	}
	for _, t := range suite.Stored() {
		for _, file := range []string{t.Name + ".db", "keys/" + t.Name + ".key", "keys/" + t.Name + ".pub"} {
			if err := os.Link(filepath.Join(p.folder(t.Name), file), filepath.Join(all, file)); err != nil {
				p.Fatal(err)
			}
		}
	}
	return all
}

// child is a serving process.
type child struct {
	process *os.Process
	ended   chan error // how it ended
	stderr  *bytes.Buffer
}

var firstLine = regexp.MustCompile(`^gongkai serves: (?:page and REST http://|gRPC )(127\.0\.0\.1:\d+),`)

// serve starts a process and waits until it says where it serves. A port that somebody else took while its own
// process was away is tried again until ctx ends.
func serve(ctx context.Context, t *testing.T, program string, args []string) (*child, string, error) {
	t.Helper()
	for {
		c := &child{ended: make(chan error, 1), stderr: new(bytes.Buffer)}
		cmd := exec.Command(program, args...)
		cmd.Stderr = c.stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			return nil, "", err
		}
		if err := cmd.Start(); err != nil {
			return nil, "", err
		}
		c.process = cmd.Process
		t.Cleanup(func() { _ = c.process.Kill() }) // it has ended, if all went well
		first := make(chan string, 1)
		go func() {
			lines := bufio.NewReader(out)
			line, _ := lines.ReadString('\n') // empty if it ended before it served
			first <- line
			_, _ = io.Copy(io.Discard, lines)
			c.ended <- cmd.Wait()
		}()
		select {
		case line := <-first:
			if found := firstLine.FindStringSubmatch(line); found != nil {
				return c, found[1], nil
			}
			err := <-c.ended
			if !strings.Contains(c.stderr.String(), "in use by another process") || ctx.Err() != nil {
				return nil, "", fmt.Errorf("it said %q and ended: %w, %s", line, err, c.stderr)
			}
		case <-ctx.Done():
			return nil, "", ctx.Err()
		}
	}
}

// kill sends SIGKILL and waits for the end.
func (c *child) kill() error {
	if err := c.process.Kill(); err != nil {
		return fmt.Errorf("kill: %w", err)
	}
	<-c.ended
	if c.stderr.Len() > 0 {
		return fmt.Errorf("before it was killed it wrote: %s", c.stderr)
	}
	return nil
}

// terminate sends SIGTERM, and wants exit code 0 within the grace, and no error to have been logged.
func (c *child) terminate() error {
	if err := c.process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("terminate: %w", err)
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case err := <-c.ended:
		if err != nil || c.stderr.Len() > 0 {
			return fmt.Errorf("after SIGTERM: %v, stderr %q; want exit code 0 in silence", err, c.stderr)
		}
		return nil
	case <-timer.C:
		return fmt.Errorf("it did not end within %s of SIGTERM", grace)
	}
}

// until waits until something holds.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	turn, end := time.NewTicker(10*time.Millisecond), time.NewTimer(patient)
	defer turn.Stop()
	defer end.Stop()
	for !holds() {
		select {
		case <-turn.C:
		case <-end.C:
			t.Fatalf("%s did not come within %s", what, patient)
		}
	}
}

// healthy tells whether the gateway says that every service serves.
func healthy(url string) bool {
	res, err := http.Get(url + "/healthz")
	if err != nil {
		return false
	}
	return res.Body.Close() == nil && res.StatusCode == http.StatusOK
}

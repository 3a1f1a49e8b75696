package killtest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"
)

// build builds the program once.
func build(t *testing.T) (program string) {
	t.Helper()
	program = filepath.Join(t.TempDir(), "gongkai")
	if out, err := exec.Command("go", "build", "-o", program, "gongkai/deploy/gongkai").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return program
}

// child is a serving process.
type child struct {
	process *os.Process
	first   chan string // its first line, which it prints when it serves; closed without one if it ends before
	ended   chan error  // how it ended
	stderr  *bytes.Buffer
}

// addresses are where a child serves.
type addresses struct{ url, grpc string }

var firstLine = regexp.MustCompile(`page and REST (http://\S+), .* gRPC (\S+),`)

// spawn starts a child on a data folder, and does not wait until it serves.
func spawn(t *testing.T, program, data string) *child {
	t.Helper()
	cmd := exec.Command(program, "serve", "--data", data, "--listen", "127.0.0.1:0", "--log-level", "error")
	c := &child{first: make(chan string, 1), ended: make(chan error, 1), stderr: new(bytes.Buffer)}
	cmd.Stderr = c.stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c.process = cmd.Process
	go func() {
		lines := bufio.NewReader(out)
		if line, err := lines.ReadString('\n'); err == nil {
			c.first <- line
		}
		close(c.first)
		_, _ = io.Copy(io.Discard, lines)
		c.ended <- cmd.Wait()
	}()
	t.Cleanup(func() { _ = c.process.Kill() })
	return c
}

// serves waits until the child serves.
func (c *child) serves(ctx context.Context) (addresses, error) {
	select {
	case line, ok := <-c.first:
		if !ok {
			return addresses{}, fmt.Errorf("the child ended before it served: %w, %s", <-c.ended, c.stderr)
		}
		found := firstLine.FindStringSubmatch(line)
		if found == nil {
			return addresses{}, fmt.Errorf("the child's first line does not say where it serves: %q", line)
		}
		return addresses{url: found[1], grpc: found[2]}, nil
	case <-ctx.Done():
		return addresses{}, fmt.Errorf("the child does not serve: %w", ctx.Err())
	}
}

// kill sends SIGKILL and waits for the end.
func (c *child) kill() error {
	if err := c.process.Kill(); err != nil {
		return fmt.Errorf("kill: %w", err)
	}
	<-c.ended
	if c.stderr.Len() > 0 {
		return fmt.Errorf("before it was killed the child wrote: %s", c.stderr)
	}
	return nil
}

// terminate sends SIGTERM, and wants exit code 0 within the grace.
func (c *child) terminate(grace time.Duration) error {
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
		return fmt.Errorf("the child did not end within %s of SIGTERM", grace)
	}
}

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

// child is a process that answers.
type child struct {
	web, grpc string // its addresses
	began     time.Time
	command   *exec.Cmd
	log       *os.File
}

// serve runs `gongkai serve` on a data folder, on free ports. More are further flags.
func (b *bench) serve(ctx context.Context, data string, more ...string) (*child, error) {
	args := append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0"}, more...)
	return b.start(ctx, b.gongkai, args...)
}

// bare is how this program is told to be a yardstick: followed by its name.
const bare = "bare-"

// yardstick runs this program as a bare server.
func (b *bench) yardstick(ctx context.Context, name string) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	return b.start(ctx, self, bare+name)
}

// start runs a program until it tells its addresses. What it logs goes to a file, as in production.
func (b *bench) start(ctx context.Context, program string, args ...string) (_ *child, err error) {
	c := &child{command: exec.CommandContext(ctx, program, args...), began: time.Now()}
	c.command.Cancel = func() error { return c.command.Process.Signal(syscall.SIGTERM) }
	if c.log, err = os.CreateTemp(b.folder, "log-"); err != nil {
		return nil, err
	}
	c.command.Stderr = c.log
	out, err := c.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.command.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", filepath.Base(program), err)
	}
	lines := bufio.NewReader(out)
	for c.web == "" && c.grpc == "" {
		line, err := lines.ReadString('\n')
		if err != nil {
			said, _ := os.ReadFile(c.log.Name())
			return nil, errors.Join(fmt.Errorf("%s %s ended: %s", filepath.Base(program), strings.Join(args, " "), said), c.command.Wait())
		}
		c.web, c.grpc = submatch(webAddress, line), submatch(grpcAddress, line)
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	return c, nil
}

var (
	webAddress  = regexp.MustCompile(`(http://[^/, ]+)`)
	grpcAddress = regexp.MustCompile(`gRPC\s+([^, \n]+)`)
)

func submatch(r *regexp.Regexp, s string) string {
	if m := r.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}

// stop ends the process gracefully.
func (c *child) stop() error {
	err := c.command.Process.Signal(syscall.SIGTERM)
	var exit *exec.ExitError
	if waited := c.command.Wait(); !errors.As(waited, &exit) {
		err = errors.Join(err, waited)
	}
	return errors.Join(err, c.log.Close(), os.Remove(c.log.Name()))
}

// conns are connections to the process's gRPC.
func (c *child) conns(n int) (conns []*grpc.ClientConn, err error) {
	for range n {
		conn, err := grpc.NewClient(c.grpc, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			return nil, fmt.Errorf("connect to %s: %w", c.grpc, err)
		}
		conns = append(conns, conn)
	}
	return conns, nil
}

// serving waits until the process says that it serves, and returns how long after its start that was.
func (c *child) serving(ctx context.Context) (time.Duration, error) {
	conns, err := c.conns(1)
	if err != nil {
		return 0, err
	}
	defer closeAll(conns)
	for {
		out, err := healthpb.NewHealthClient(conns[0]).Check(ctx, &healthpb.HealthCheckRequest{}, grpc.WaitForReady(true))
		switch {
		case err != nil:
			return 0, fmt.Errorf("ask for health: %w", err)
		case out.GetStatus() == healthpb.HealthCheckResponse_SERVING:
			return time.Since(c.began), nil
		}
	}
}

func closeAll(conns []*grpc.ClientConn) {
	for _, conn := range conns {
		_ = conn.Close()
	}
}

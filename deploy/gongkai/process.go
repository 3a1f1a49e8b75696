package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"syscall"
	"time"

	"gongkai/gateway"
	"gongkai/gateway/page"
	"gongkai/services/chassis/telemetry"
	"gongkai/services/law/form"
	"gongkai/services/suite"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

// process is what one process runs: services, the gateway, or both, with their listeners.
type process struct {
	suite *suite.Suite
	http  *http.Server
	web   net.Listener // pages, REST, OpenAPI; nil without the gateway
	grpc  net.Listener // nil without services
	// secured tells whether the addresses are. The server itself cannot tell: it makes a TLSConfig of its own.
	secured bool
	ended   chan error // of a listener that ended too early

	admin   net.Listener // metrics, readiness, profiles; nil: none
	watched *http.Server // on admin
	metrics *telemetry.Metrics
	tracing *telemetry.Tracing
	forms   form.Forms
}

// options are what a process runs, where it keeps its data and where it listens.
type options struct {
	run          []string // services; nil: all
	gateway      bool
	addresses    map[string]string // of the services that run elsewhere
	data, origin string
	tokenKey     string
	listen       string
	grpcListen   string // empty means the port after that of listen
	holidays     string // file of more holiday notices; empty: none
	letters      string // folder of templates of letters; empty: none
	forms        string // folder of further report forms; empty: none
	home         page.Home
	security     security
	visibility   visibility
	logger       *slog.Logger
}

// services tells whether the process runs any.
func (o options) services() bool { return o.run == nil || len(o.run) > 0 }

// stores tells whether any of the services keeps something.
func (o options) stores() bool {
	return slices.ContainsFunc(suite.Stored(), func(t suite.Target) bool { return o.run == nil || slices.Contains(o.run, t.Name) })
}

// open starts a process. What it could not start is stopped again.
func open(ctx context.Context, o options) (_ *process, err error) {
	p := &process{ended: make(chan error, 3)}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	calendar, err := readCalendar(o.holidays)
	if err != nil {
		return nil, err
	}
	letters, err := readLetters(o.letters)
	if err != nil {
		return nil, err
	}
	if p.forms, err = readForms(o.forms); err != nil {
		return nil, err
	}
	if err := p.listen(&o); err != nil {
		return nil, err
	}
	if o.stores() {
		if err := writable(o.data); err != nil {
			return nil, err
		}
	}
	p.metrics = o.visibility.metrics()
	if p.tracing, err = o.visibility.tracing(ctx); err != nil {
		return nil, err
	}
	parts := suite.Options{
		Calendar: &calendar, Letters: letters, Forms: p.forms,
		Data: o.data, Origin: o.origin, Logger: o.logger, Run: o.run, Addresses: o.addresses, TokenKey: o.tokenKey,
		Metrics: p.metrics, Tracing: p.tracing,
	}
	client, err := o.connections()
	if err != nil {
		return nil, err
	}
	if client != nil {
		parts.Elsewhere = credentials.NewTLS(client)
	}
	if p.suite, err = suite.Open(parts); err != nil {
		return nil, err
	}
	return p, p.serve(ctx, o)
}

// listen takes the addresses, and completes the options with the one that follows from another.
func (p *process) listen(o *options) (err error) {
	if o.visibility.AdminListen != "" {
		if p.admin, err = listen(o.visibility.AdminListen, "--admin-listen"); err != nil {
			return err
		}
	}
	if o.gateway {
		if p.web, err = listen(o.listen, "--listen"); err != nil {
			return err
		}
	}
	if !o.services() {
		return nil
	}
	flag := "--grpc-listen"
	if o.grpcListen == "" {
		o.grpcListen, flag = o.listen, "--listen"
		if p.web != nil {
			o.grpcListen = nextPort(o.listen, p.web.Addr())
		}
	}
	p.grpc, err = listen(o.grpcListen, flag)
	return err
}

// serve begins to answer on the addresses that were taken.
func (p *process) serve(ctx context.Context, o options) error {
	if p.admin != nil {
		p.serveAdmin()
	}
	if p.web != nil {
		if err := p.serveWeb(ctx, o); err != nil {
			return err
		}
	}
	if p.grpc == nil {
		return nil
	}
	secured, err := o.security.server(o.logger, true)
	if err != nil {
		return err
	}
	l := p.grpc
	if secured != nil {
		secured.NextProtos = []string{"h2"}
		l = tls.NewListener(l, secured)
	}
	go func() {
		if err := p.suite.Serve(l); err != nil {
			p.ended <- err
		}
	}()
	return nil
}

func (p *process) serveWeb(ctx context.Context, o options) error {
	handler, err := p.gateway(ctx, o)
	if err != nil {
		return err
	}
	web := gateway.Server(handler)
	if web.TLSConfig, err = o.security.server(o.logger, false); err != nil {
		return err
	}
	serve := web.Serve
	if p.secured = web.TLSConfig != nil; p.secured {
		serve = func(l net.Listener) error { return web.ServeTLS(l, "", "") }
	}
	p.http = web
	go func() {
		if err := serve(p.web); !errors.Is(err, http.ErrServerClosed) {
			p.ended <- err
		}
	}()
	return nil
}

func (p *process) gateway(ctx context.Context, o options) (http.Handler, error) {
	logs := make(map[string]grpc.ClientConnInterface)
	for _, t := range suite.Stored() {
		logs[t.Name] = p.suite.Connection(t.Name)
	}
	services := gateway.Connections{
		Directory: logs["directory"], Disclosure: logs["disclosure"], Request: logs["request"], Report: logs["report"],
		Calculator: p.suite.Connection("calculator"), Logs: logs,
	}
	pages, err := page.New(services, page.Options{Home: o.home, Logger: o.logger})
	if err != nil {
		return nil, err
	}
	return gateway.New(ctx, services, gateway.Options{
		Pages: pages, Forms: p.forms, Logger: o.logger, Version: "gongkai/" + version(), Metrics: p.metrics, Tracing: p.tracing,
	})
}

// address is that of the gateway, as a URL.
func (p *process) address() string {
	scheme := "http://"
	if p.secured {
		scheme = "https://"
	}
	return scheme + reachable(p.web.Addr())
}

// grpcAddress is that of gRPC, as HOST:PORT.
func (p *process) grpcAddress() string { return reachable(p.grpc.Addr()) }

// reachable is an address under which a listener can be reached from this machine: localhost, if it listens on all
// addresses.
func reachable(a net.Addr) string {
	if tcp, ok := a.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("localhost", strconv.Itoa(tcp.Port))
	}
	return a.String()
}

// wait returns when ctx ends, or when something of the process cannot go on.
func (p *process) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-p.ended:
		return err
	case <-p.suite.Done():
		return p.suite.Err()
	}
}

// grace is how long calls in flight may take to finish when the process stops.
const grace = 15 * time.Second

// close stops gracefully, from the outside in: REST calls finish, then gRPC calls, then the stores close.
func (p *process) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	var errs []error
	if p.suite != nil {
		p.suite.Retire() // whoever looks sees it before the first call is refused
	}
	if p.http != nil {
		errs = append(errs, p.http.Shutdown(ctx))
	}
	if p.suite != nil {
		errs = append(errs, p.suite.Close(ctx))
	}
	if err := p.tracing.Shutdown(ctx); err != nil {
		slog.Warn("traces are lost", "cause", err) // as those of a collector that is not there
	}
	if p.watched != nil {
		errs = append(errs, p.watched.Close())
	}
	for _, l := range []net.Listener{p.web, p.grpc, p.admin} {
		if l != nil {
			_ = l.Close() // its server has closed it already, if it got that far
		}
	}
	return errors.Join(errs...)
}

// interrupted is a context that ends on Ctrl-C and on SIGTERM. A second signal ends the process at once, and leaves a
// temporary folder behind.
func interrupted() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// listen listens on an address, which was given by a flag.
func listen(address, flag string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("the address %s is in use by another process; choose another one with %s (地址已被占用)", address, flag)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s, given by %s: %w (无法监听)", address, flag, cause(err))
	}
	return l, nil
}

// cause is what the system or the resolver says, without what is said already.
func cause(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}

// nextPort is the host that was asked for with the port after the one that was got; any port, if any was asked for or
// there is none after it.
func nextPort(asked string, got net.Addr) string {
	host, port, err := net.SplitHostPort(asked)
	if err != nil {
		return asked // nothing listens on such an address
	}
	if tcp, ok := got.(*net.TCPAddr); ok && port != "0" && port != "" && tcp.Port < 65535 {
		return net.JoinHostPort(host, strconv.Itoa(tcp.Port+1))
	}
	return net.JoinHostPort(host, "0")
}

// writable makes a data folder if it is not there, and tells plainly if nothing can be written in it.
func writable(data string) error {
	err := os.MkdirAll(data, 0o700)
	if err == nil {
		var probe *os.File
		if probe, err = os.CreateTemp(data, ".probe-*"); err == nil {
			err = errors.Join(probe.Close(), os.Remove(probe.Name()))
		}
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	if err != nil {
		return fmt.Errorf("cannot write in the data folder %s: %w (数据目录无法写入)", data, err)
	}
	return nil
}

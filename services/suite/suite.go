package suite

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	backupv1 "gongkai/proto/gongkai/backup/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/backup"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/bolt"
	"gongkai/services/chassis/server"
	"gongkai/services/chassis/telemetry"
	"gongkai/services/chassis/vault"
	"gongkai/services/directory/mirror"
	"gongkai/services/law/form"
	"gongkai/services/law/workday"
	"gongkai/services/request/letter"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"
)

// Options are what a process needs to run its services. Data is required, unless it runs none.
type Options struct {
	// Data is the folder that holds everything; it is made if it is not there.
	Data string
	// Origin names this suite in the checkpoints of its logs, as transparency.example.gov.cn; empty means
	// gongkai.local.
	Origin string
	// Calendar knows the working days; nil means by the notices that come with the program.
	Calendar *workday.Calendar
	// Letters are the templates of letters; nil means those that come with the program.
	Letters *letter.Sets
	// Forms are the report forms; nil means those that come with the program.
	Forms form.Forms
	// Now is the clock; nil means the wall clock.
	Now func() time.Time
	// Logger takes the logs; nil discards them.
	Logger *slog.Logger
	// Run are the services that this process runs, by name; nil means all.
	Run []string
	// Addresses are where the services answer that run elsewhere, by name, as host:port.
	Addresses map[string]string
	// TokenKey is the file of the key that signs tokens, the same for every process of a suite; empty means
	// keys/token.pem in the data folder.
	TokenKey string
	// Elsewhere secures the connections to other processes; nil means that they are not secured.
	Elsewhere credentials.TransportCredentials
	// Metrics are shown what the process does; nil means none. One Metrics is for one suite.
	Metrics *telemetry.Metrics
	// Tracing makes spans of calls and commits; nil means none.
	Tracing *telemetry.Tracing
}

// Suite is the services of one process.
type Suite struct {
	// Issuer mints the tokens that the services accept.
	Issuer *access.Issuer
	// Conn reaches every service in-process, through the same chain as the network does, as whoever the
	// call's metadata says.
	Conn *grpc.ClientConn

	options  Options
	targets  []Target // those that run here
	server   *server.Server
	internal *grpc.ClientConn            // in-process, as the services themselves
	remote   map[string]*grpc.ClientConn // to those that run elsewhere, as whoever the metadata says
	asUs     map[string]*grpc.ClientConn // to those that run elsewhere, as the services themselves
	memory   *bufconn.Listener
	stores   map[string]*kv.DB
	logs     map[string]*eventlog.Log
	tree     *mirror.Tree        // nil without services
	followed map[source]progress // every feed that is followed
	caught   sync.Map            // source → that it has once been followed to its end
	retired  atomic.Bool         // the process is about to stop

	ctx     context.Context // ends when the suite stops, or a follower must
	cancel  context.CancelCauseFunc
	running sync.WaitGroup
	closing sync.Once
	closed  error // of closing; read it after closing is done
}

// Open opens the stores of a data folder and starts all services on them. Errors wrap kv.ErrLocked if
// another process has the folder open, and kv.ErrFormat if a newer version wrote it.
func Open(o Options) (_ *Suite, err error) {
	if o.Origin == "" {
		o.Origin = "gongkai.local"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Forms == nil {
		if o.Forms, err = form.Embedded(); err != nil {
			return nil, err
		}
	}
	if o.Calendar == nil {
		official, err := workday.Official()
		if err != nil {
			return nil, err
		}
		o.Calendar = &official
	}
	targets, err := o.targets()
	if err != nil {
		return nil, err
	}
	s := &Suite{
		options: o, targets: targets, stores: make(map[string]*kv.DB), logs: make(map[string]*eventlog.Log),
		remote: make(map[string]*grpc.ClientConn), asUs: make(map[string]*grpc.ClientConn), followed: make(map[source]progress),
	}
	s.ctx, s.cancel = context.WithCancelCause(context.Background())
	defer func() {
		if err != nil {
			s.Close(context.Background())
		}
	}()
	if err := s.openData(); err != nil {
		return nil, err
	}
	if err := s.connect(); err != nil {
		return nil, err
	}
	if err := s.start(); err != nil {
		return nil, err
	}
	s.watch()
	return s, nil
}

// stored are the services of this process that have a store.
func (s *Suite) stored() []Target { return stored(s.targets) }

// openData opens what the services of this process keep; without one that has a store there is nothing.
func (s *Suite) openData() (err error) {
	if len(s.stored()) == 0 {
		return nil
	}
	if err := os.MkdirAll(s.options.Data, 0o700); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	for _, t := range s.stored() {
		if err := s.openStore(t.Name); err != nil {
			return err
		}
	}
	key := s.options.TokenKey
	if key == "" {
		key = TokenKey(s.options.Data)
	}
	s.Issuer, err = OpenIssuer(key, s.options.Now)
	return err
}

func (s *Suite) openStore(service string) error {
	if err := s.openDB(service); err != nil {
		return err
	}
	signer, verifier, err := openSigner(s.options.Data, s.options.Origin, service)
	if err != nil {
		return err
	}
	s.logs[service] = eventlog.New(s.stores[service], service, signer, verifier)
	return nil
}

func (s *Suite) openDB(service string) error {
	engine, err := bolt.Open(filepath.Join(s.options.Data, service+".db"))
	if err != nil {
		return fmt.Errorf("open store of %s: %w", service, err)
	}
	db, err := kv.Open(engine, kv.Options{Committed: s.options.Tracing.Commits(service)})
	if err != nil {
		return fmt.Errorf("open store of %s: %w", service, err)
	}
	s.stores[service] = db
	return nil
}

// connect makes the in-process listener and the connections to it, and those to other processes.
func (s *Suite) connect() (err error) {
	const buffer = 1 << 20
	s.memory = bufconn.Listen(buffer)
	within := grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return s.memory.DialContext(ctx) })
	us := grpc.WithPerRPCCredentials(&serviceToken{issuer: s.Issuer, now: s.options.Now})
	plain := insecure.NewCredentials()
	if s.Conn, err = dial("passthrough:in-process", plain, within); err != nil {
		return err
	}
	if s.internal, err = dial("passthrough:in-process", plain, within, us); err != nil {
		return err
	}
	secured := s.options.Elsewhere
	if secured == nil {
		secured = plain
	}
	for service, address := range s.options.Addresses {
		if s.remote[service], err = dial(address, secured); err != nil {
			return err
		}
		if s.asUs[service], err = dial(address, secured, us); err != nil {
			return err
		}
	}
	return nil
}

func dial(address string, secured credentials.TransportCredentials, more ...grpc.DialOption) (*grpc.ClientConn, error) {
	conn, err := grpc.NewClient(address, append(more,
		grpc.WithTransportCredentials(secured),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: reconnect, MinConnectTimeout: 5 * time.Second}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(server.MaxMessage), grpc.MaxCallSendMsgSize(server.MaxMessage)),
	)...)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", address, err)
	}
	return conn, nil
}

// reconnect is how soon a process that was restarted is found again.
var reconnect = backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 3 * time.Second}

// Connection reaches a service, in this process or in another, as whoever the call's metadata says; nil if
// neither runs it.
func (s *Suite) Connection(service string) grpc.ClientConnInterface {
	if s.runs(service) {
		return s.Conn
	}
	if conn, ok := s.remote[service]; ok {
		return conn
	}
	return nil
}

// feed reaches the log of a service, as the services themselves.
func (s *Suite) feed(service string) logv1.LogServiceClient {
	if s.runs(service) {
		return logv1.NewLogServiceClient(s.internal)
	}
	return logv1.NewLogServiceClient(s.asUs[service])
}

func (s *Suite) runs(service string) bool {
	return slices.ContainsFunc(s.targets, func(t Target) bool { return t.Name == service })
}

func (s *Suite) start() (err error) {
	if len(s.targets) == 0 {
		return nil
	}
	options := server.Options{Logger: s.options.Logger, Metrics: s.options.Metrics, Tracing: s.options.Tracing}
	if len(s.stored()) > 0 { // else there is nothing that not everyone may know
		s.tree = mirror.New(s.feed(directoryName), s.options.Now)
		s.followed[source{treeName, directoryName}] = s.tree.Progress()
		options.Verifier, options.Tree = s.Issuer.Verifier(), s.tree
	}
	if s.server, err = server.New(options); err != nil {
		return err
	}
	for _, t := range s.targets {
		needs := Needs{
			DB: s.stores[t.Name], Log: s.logs[t.Name], Tree: s.tree, Forms: s.options.Forms, Calendar: *s.options.Calendar, Letters: s.options.Letters, Now: s.options.Now,
			Feeds: make(map[string]logv1.LogServiceClient), Progress: make(map[string]*eventlog.Progress),
			Connection: s.Connection,
			Vault:      func() (*vault.Vault, error) { return openVault(s.options.Data) },
		}
		for _, feed := range t.Feeds {
			needs.Feeds[feed], needs.Progress[feed] = s.feed(feed), new(eventlog.Progress)
			s.followed[source{t.Name, feed}] = needs.Progress[feed]
		}
		run, err := t.Register(s.server, needs)
		if err != nil {
			return fmt.Errorf("start %s: %w", t.Name, err)
		}
		if run != nil {
			s.follow(t.Name, run)
		}
	}
	s.serveStores()
	if err := s.server.Ready(); err != nil {
		return err
	}
	if s.tree != nil {
		s.follow("tree of organisations", s.tree.Run)
	}
	s.running.Go(func() {
		if err := s.server.Serve(s.memory); err != nil {
			s.cancel(err)
		}
	})
	return nil
}

// serveStores serves the logs and copies of the stores, if there are any.
func (s *Suite) serveStores() {
	if len(s.stored()) == 0 {
		return
	}
	var logs []*eventlog.Log
	for _, t := range s.stored() {
		logs = append(logs, s.logs[t.Name])
	}
	logv1.RegisterLogServiceServer(s.server, eventlog.NewServer(logs...))
	backupv1.RegisterBackupServiceServer(s.server, backup.NewServer(s.options.Data, s.copied()))
}

// follow runs a follower until the suite stops. One that cannot go on stops the suite: better no answer
// than one from a feed that is not the one that was followed.
func (s *Suite) follow(what string, run func(context.Context) error) {
	s.running.Go(func() {
		if err := run(s.ctx); err != nil && s.ctx.Err() == nil {
			s.options.Logger.Error("follower stopped", "of", what, "cause", err)
			s.cancel(fmt.Errorf("%s: %w", what, err))
		}
	})
}

// Serve answers gRPC calls from a listener until the suite stops. A process that runs no service has none
// to answer with.
func (s *Suite) Serve(l net.Listener) error {
	if s.server == nil {
		return errors.New("this process runs no service")
	}
	return s.server.Serve(l)
}

// Done ends when the suite stops or cannot go on; Err then says why.
func (s *Suite) Done() <-chan struct{} { return s.ctx.Done() }

// Err tells why the suite cannot go on; nil if it was closed, or runs.
func (s *Suite) Err() error {
	if err := context.Cause(s.ctx); !errors.Is(err, errStopped) {
		return err
	}
	return nil
}

var errStopped = errors.New("stopped")

// Close stops gracefully: calls in flight finish, or are cut off when ctx ends; then the stores close. A
// second call waits for the first, and returns the same.
func (s *Suite) Close(ctx context.Context) error {
	s.closing.Do(func() { s.closed = s.close(ctx) })
	return s.closed
}

func (s *Suite) close(ctx context.Context) error {
	s.Retire()
	if s.server != nil {
		s.server.Drain(ctx) // calls in flight may wait for the followers
	}
	s.cancel(errStopped)
	if s.server != nil {
		s.server.Stop(ctx)
	}
	s.running.Wait()
	var errs []error
	conns := append(slices.Collect(maps.Values(s.remote)), slices.Collect(maps.Values(s.asUs))...)
	for _, conn := range append(conns, s.Conn, s.internal) {
		if conn != nil {
			errs = append(errs, conn.Close())
		}
	}
	for _, t := range slices.Backward(s.stored()) {
		if db, ok := s.stores[t.Name]; ok {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// serviceToken makes the token by which the services reach each other, and renews it in time.
type serviceToken struct {
	issuer *access.Issuer
	now    func() time.Time

	mu    sync.Mutex // guards the fields below
	token string
	renew time.Time
}

// GetRequestMetadata implements credentials.PerRPCCredentials.
func (t *serviceToken) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	const holds = time.Hour
	t.mu.Lock()
	defer t.mu.Unlock()
	if now := t.now(); t.token == "" || now.After(t.renew) {
		token, err := t.issuer.Mint(access.Identity{
			Account: "service", Grants: []access.Grant{{Role: access.Service, Organization: access.Everywhere}},
		}, holds)
		if err != nil {
			return nil, err
		}
		t.token, t.renew = token, now.Add(holds/2)
	}
	return map[string]string{"authorization": "Bearer " + t.token}, nil
}

// RequireTransportSecurity implements credentials.PerRPCCredentials: whether connections to other processes are
// secured is the operator's choice.
func (t *serviceToken) RequireTransportSecurity() bool { return false }

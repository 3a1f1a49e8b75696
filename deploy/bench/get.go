package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"time"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/access"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// getters is how many call at once.
const getters = 64

// bareServer answers every Get with the disclosure that it was last given by an update.
type bareServer struct {
	disclosurev1.UnimplementedDisclosureServiceServer
	answer atomic.Pointer[disclosurev1.Disclosure]
}

// GetDisclosure answers from memory.
func (s *bareServer) GetDisclosure(context.Context, *disclosurev1.GetDisclosureRequest) (*disclosurev1.Disclosure, error) {
	return s.answer.Load(), nil
}

// UpdateDisclosure gives the answer.
func (s *bareServer) UpdateDisclosure(_ context.Context, in *disclosurev1.UpdateDisclosureRequest) (*disclosurev1.Disclosure, error) {
	s.answer.Store(in.GetDisclosure())
	return in.GetDisclosure(), nil
}

// serveBare is the yardstick of that name, in a process of its own: a bare gRPC server, with a bare gateway before it
// that reaches it in the process, as that of the suite does.
func serveBare(ctx context.Context, name string) error {
	if name != "gateway" {
		return fmt.Errorf("there is no yardstick %q", name)
	}
	s := grpc.NewServer()
	disclosurev1.RegisterDisclosureServiceServer(s, &bareServer{})
	memory := bufconn.Listen(1 << 20)
	conn, err := grpc.NewClient("passthrough:in-process", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return memory.DialContext(ctx) }))
	if err != nil {
		return err
	}
	mux := runtime.NewServeMux(runtime.WithMarshalerOption(runtime.MIMEWildcard, &runtime.JSONPb{
		MarshalOptions: protojson.MarshalOptions{EmitDefaultValues: true},
	}))
	if err := disclosurev1.RegisterDisclosureServiceHandler(ctx, mux, conn); err != nil {
		return err
	}
	web, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ended := make(chan error, 3)
	go func() { ended <- s.Serve(memory) }()
	go func() { ended <- s.Serve(l) }()
	go func() { ended <- http.Serve(web, mux) }() //nolint:gosec // it serves nobody but the benchmark
	fmt.Printf("http://%s, gRPC %s\n", web.Addr(), l.Addr())
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return nil
	}
}

// measureGet reads a disclosure again and again, in turns with the yardstick that answers the same bytes.
func measureGet(ctx context.Context, b *bench) (rows []row, err error) {
	data, err := b.city(ctx, b.size(100_000, 10_000))
	if err != nil {
		return nil, err
	}
	name, err := firstPublished(filepath.Join(data, "disclosure.db"))
	if err != nil {
		return nil, err
	}
	suite, err := b.serve(ctx, data)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, suite.stop()) }()
	bare, err := b.yardstick(ctx, "gateway")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, bare.stop()) }()
	token, err := mint(data, access.Reviewer, townCode(0))
	if err != nil {
		return nil, err
	}
	g := &getting{name: name, token: token, n: b.size(8_000, 3_000), children: [2]*child{suite, bare}}
	if err := g.teach(ctx); err != nil {
		return nil, err
	}
	if rows, err = g.measure(ctx, b); err != nil {
		return nil, err
	}
	return rows, nil
}

// getting is what is read, and from whom: the suite and the yardstick.
type getting struct {
	name, token string
	n           int // calls a turn
	children    [2]*child
	payload     int // bytes of the answer
}

// teach gives the yardstick what the suite answers.
func (g *getting) teach(ctx context.Context) error {
	ctx = bearing(ctx, g.token)
	var answers [2]*disclosurev1.Disclosure
	for i, c := range g.children {
		conns, err := c.conns(1)
		if err != nil {
			return err
		}
		defer closeAll(conns)
		client := disclosurev1.NewDisclosureServiceClient(conns[0])
		if i == 1 {
			if _, err := client.UpdateDisclosure(ctx, &disclosurev1.UpdateDisclosureRequest{Disclosure: answers[0]}, grpc.WaitForReady(true)); err != nil {
				return fmt.Errorf("teach the yardstick: %w", err)
			}
		}
		if answers[i], err = client.GetDisclosure(ctx, &disclosurev1.GetDisclosureRequest{Name: g.name}, grpc.WaitForReady(true)); err != nil {
			return fmt.Errorf("get %s: %w", g.name, err)
		}
	}
	g.payload = proto.Size(answers[0])
	if !proto.Equal(answers[0], answers[1]) {
		return errors.New("the yardstick answers something else")
	}
	return nil
}

func (g *getting) measure(ctx context.Context, b *bench) ([]row, error) {
	var overGRPC, overREST turns
	for turn := range b.rounds + 1 { // the first is to warm up
		var rates [2][2]float64
		for i, c := range g.children {
			for j, get := range []func(context.Context, *child) (float64, error){g.overGRPC, g.overREST} {
				rate, err := get(ctx, c)
				if err != nil {
					return nil, err
				}
				rates[j][i] = rate
			}
		}
		b.say("  gRPC %.0f/s, bare %.0f/s; REST %.0f/s, bare %.0f/s", rates[0][0], rates[0][1], rates[1][0], rates[1][1])
		if turn > 0 {
			overGRPC.add(rates[0][0], rates[0][1])
			overREST.add(rates[1][0], rates[1][1])
		}
	}
	return []row{
		overGRPC.atLeast(text{
			fmt.Sprintf("Get over gRPC, %d callers, %d bytes; yardstick: bare grpc-go", getters, g.payload),
			fmt.Sprintf("经 gRPC 读取，%d 路并发，%d 字节；对照：裸 grpc-go", getters, g.payload),
		}, "/s", 0.6),
		overREST.atLeast(text{
			fmt.Sprintf("Get through REST, %d callers; yardstick: bare grpc-gateway", getters),
			fmt.Sprintf("经 REST 读取，%d 路并发；对照：裸 grpc-gateway", getters),
		}, "/s", 0.6),
	}, nil
}

// overGRPC returns how many Gets a second a server answers.
func (g *getting) overGRPC(ctx context.Context, c *child) (float64, error) {
	ctx = bearing(ctx, g.token)
	conns, err := c.conns(connections)
	if err != nil {
		return 0, err
	}
	defer closeAll(conns)
	return g.rate(func(caller int) error {
		client := disclosurev1.NewDisclosureServiceClient(conns[caller%connections])
		_, err := client.GetDisclosure(ctx, &disclosurev1.GetDisclosureRequest{Name: g.name})
		return err
	})
}

// overREST is overGRPC through the gateway.
func (g *getting) overREST(ctx context.Context, c *child) (float64, error) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: getters, DisableCompression: true}}
	defer client.CloseIdleConnections()
	return g.rate(func(int) error {
		in, err := http.NewRequestWithContext(ctx, http.MethodGet, c.web+"/v1/"+g.name, nil)
		if err != nil {
			return err
		}
		in.Header.Set("Authorization", "Bearer "+g.token)
		out, err := client.Do(in)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, out.Body)
		if err = errors.Join(err, out.Body.Close()); err == nil && out.StatusCode != http.StatusOK {
			err = fmt.Errorf("get %s: HTTP %d", g.name, out.StatusCode)
		}
		return err
	})
}

func (g *getting) rate(get func(caller int) error) (float64, error) {
	begin := time.Now()
	err := together(getters, func(caller int) error {
		for range g.n / getters {
			if err := get(caller); err != nil {
				return err
			}
		}
		return nil
	})
	return float64(g.n/getters*getters) / time.Since(begin).Seconds(), err
}

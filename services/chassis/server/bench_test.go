package server_test

import (
	"context"
	"log/slog"
	"net"
	"slices"
	"testing"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/server"
	"gongkai/services/chassis/telemetry"

	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/test/bufconn"
)

// serving is a server that can be called in the process.
type serving interface {
	grpc.ServiceRegistrar
	Serve(net.Listener) error
}

// connect serves the stub without anything to do, and returns a client.
func connect(b *testing.B, s serving) directoryv1.DirectoryServiceClient {
	b.Helper()
	l := bufconn.Listen(1 << 20)
	go func() { _ = s.Serve(l) }()
	conn, err := grpc.NewClient("passthrough:bench", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return l.DialContext(ctx) }))
	must(b, err)
	b.Cleanup(func() { must(b, conn.Close()) })
	return directoryv1.NewDirectoryServiceClient(conn)
}

// BenchmarkChain is a call through the whole chain, with a token, a nested date, validation and a permission
// in a subtree, beside the same call of a bare gRPC server: the chain by itself, with metrics, and with metrics
// and traces of which none is sampled. It reports medians, and the ratio of each to the bare server.
func BenchmarkChain(b *testing.B) {
	key, err := access.GenerateKey()
	must(b, err)
	issuer, err := access.NewIssuer(key, time.Now)
	must(b, err)
	token, err := issuer.Mint(access.Identity{Account: "a", Grants: []access.Grant{{Role: access.Administrator, Organization: "652701"}}}, time.Hour)
	must(b, err)
	ctx := metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+token)

	bare := grpc.NewServer()
	directoryv1.RegisterDirectoryServiceServer(bare, &stub{})
	defer bare.Stop()
	names, clients := []string{"bare"}, []directoryv1.DirectoryServiceClient{connect(b, bare)}
	for _, c := range []struct {
		name    string
		metrics *telemetry.Metrics
		tracing *telemetry.Tracing
	}{
		{"chain", nil, nil},
		{"metrics", telemetry.NewMetrics("bench"), nil},
		{"unsampled", telemetry.NewMetrics("bench"), telemetry.NewTracing(tracetest.NewNoopExporter(), 0, "bench")},
	} {
		s, err := server.New(server.Options{
			Verifier: issuer.Verifier(), Tree: tree{}, Logger: slog.New(slog.DiscardHandler), Metrics: c.metrics, Tracing: c.tracing,
		})
		must(b, err)
		directoryv1.RegisterDirectoryServiceServer(s, &stub{})
		must(b, s.Ready())
		defer s.Stop(context.Background())
		names, clients = append(names, c.name), append(clients, connect(b, s))
	}
	in := correction(town)
	in.Version = &directoryv1.OrganizationVersion{DisplayName: "贝林哈日莫墩乡人民政府", Kind: directoryv1.Kind_KIND_GOVERNMENT, EffectiveOn: day(2018, 7, 1)}
	for _, c := range clients { // connects, and compiles the rules
		_, err := c.CorrectOrganization(ctx, in)
		must(b, err)
	}
	took := make([][]time.Duration, len(clients))
	for turn := 0; b.Loop(); turn++ {
		for k := range clients { // in turn, each first once in a while, so that all meet the same weather
			i := (turn + k) % len(clients)
			begin := time.Now()
			if _, err := clients[i].CorrectOrganization(ctx, in); err != nil {
				b.Fatal(err)
			}
			took[i] = append(took[i], time.Since(begin))
		}
	}
	median := func(i int) float64 {
		slices.Sort(took[i])
		return float64(took[i][len(took[i])/2])
	}
	for i, name := range names {
		b.ReportMetric(median(i), name+"-ns/op")
		if i > 0 {
			b.ReportMetric(median(i)/median(0), name+"-ratio")
		}
	}
}

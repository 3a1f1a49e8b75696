package server

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/telemetry"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// header takes what a call sends before its answer.
type header struct{ grpc.ServerTransportStream }

func (header) SetHeader(metadata.MD) error { return nil }

// everywhere is a tree in which every organisation stands below every other.
type everywhere struct{}

func (everywhere) Within(context.Context, string, string) (bool, error) { return true, nil }

// BenchmarkSteps is what each step of the chain costs a call by itself, and all of them together, as `serve` has them:
// the token known already, a nested date, a permission in a subtree, metrics, no sampled trace, the access log in a file.
func BenchmarkSteps(b *testing.B) {
	c, ctx := benchChain(b)
	in := &directoryv1.CorrectOrganizationRequest{Name: "organizations/652701201", Version: &directoryv1.OrganizationVersion{
		DisplayName: "贝林哈日莫墩乡人民政府", Kind: directoryv1.Kind_KIND_GOVERNMENT, EffectiveOn: &date.Date{Year: 2018, Month: 7, Day: 1},
	}, EffectiveOn: &date.Date{Year: 2018, Month: 7, Day: 1}, Reason: "a"}
	const full = directoryv1.DirectoryService_CorrectOrganization_FullMethodName
	named := withID(ctx)
	known, err := c.identify(named)
	if err != nil {
		b.Fatal(err)
	}
	m := c.methods[full]
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"id", func() error { withID(ctx); return nil }},
		{"time limit", func() error { _, cancel := context.WithTimeout(named, maxTime); cancel(); return nil }},
		{"identity", func() error { _, err := c.identify(named); return err }},
		{"drain", func() error {
			leave, err := c.enter(known)
			if err == nil {
				leave()
			}
			return err
		}},
		{"validation", func() error { return validate(c.validator, in, m.dates) }},
		{"permission", func() error { _, _, err := access.Authorize(known, m.rule.Permission, "652701201"); return err }},
		{"metrics and access log", func() error {
			c.metrics.CallBegins()
			return c.finish(known, telemetry.Span{}, full, time.Now(), nil, nil)
		}},
		{"all", func() error {
			_, err := c.unary(ctx, in, &grpc.UnaryServerInfo{FullMethod: full}, func(context.Context, any) (any, error) { return in, nil })
			return err
		}},
	} {
		b.Run(step.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := step.do(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func benchChain(b *testing.B) (*chain, context.Context) {
	b.Helper()
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	key, err := access.GenerateKey()
	must(err)
	issuer, err := access.NewIssuer(key, time.Now)
	must(err)
	token, err := issuer.Mint(access.Identity{Account: "a", Grants: []access.Grant{{Role: access.Administrator, Organization: "652701"}}}, time.Hour)
	must(err)
	log, err := os.Create(filepath.Join(b.TempDir(), "access.log"))
	must(err)
	b.Cleanup(func() { must(log.Close()) })
	s, err := New(Options{
		Verifier: issuer.Verifier(), Tree: everywhere{}, Logger: slog.New(slog.NewTextHandler(log, nil)), Metrics: telemetry.NewMetrics("bench"),
	})
	must(err)
	directoryv1.RegisterDirectoryServiceServer(s, directoryv1.UnimplementedDirectoryServiceServer{})
	must(s.Ready())
	ctx := grpc.NewContextWithServerTransportStream(context.Background(), header{})
	return s.chain, metadata.NewIncomingContext(ctx, metadata.Pairs("authorization", "Bearer "+token))
}

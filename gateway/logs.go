package gateway

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/telemetry"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// logs is a client of the LogService that every service has: it calls the service that the log's name tells.
type logs struct {
	clients map[string]logv1.LogServiceClient
}

func newLogs(connections map[string]grpc.ClientConnInterface) *logs {
	l := &logs{clients: map[string]logv1.LogServiceClient{}}
	for service, c := range connections {
		l.clients[service] = logv1.NewLogServiceClient(c)
	}
	return l
}

// of returns the client of the log in a name, `logs/{service}` or `logs/{service}/entries/{index}`.
func (l *logs) of(name string) (logv1.LogServiceClient, error) {
	log, _, _ := strings.Cut(strings.TrimPrefix(name, "logs/"), "/")
	if c, ok := l.clients[log]; ok {
		return c, nil
	}
	return nil, fault.NotFound("logs/" + clip(log))
}

func (l *logs) GetCheckpoint(ctx context.Context, in *logv1.GetCheckpointRequest, opts ...grpc.CallOption) (*logv1.Checkpoint, error) {
	c, err := l.of(in.GetName())
	if err != nil {
		return nil, err
	}
	return c.GetCheckpoint(ctx, in, opts...)
}

func (l *logs) ListEntries(ctx context.Context, in *logv1.ListEntriesRequest, opts ...grpc.CallOption) (*logv1.ListEntriesResponse, error) {
	c, err := l.of(in.GetParent())
	if err != nil {
		return nil, err
	}
	return c.ListEntries(ctx, in, opts...)
}

// WatchEntries returns once the service has sent something or refused the call, so that a refusal has its own HTTP
// code and is no line of a stream.
func (l *logs) WatchEntries(ctx context.Context, in *logv1.WatchEntriesRequest, opts ...grpc.CallOption) (grpc.ServerStreamingClient[logv1.WatchEntriesResponse], error) {
	c, err := l.of(in.GetParent())
	if err != nil {
		return nil, err
	}
	stream, err := c.WatchEntries(ctx, in, opts...)
	if err != nil {
		return nil, err
	}
	first, err := stream.Recv()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return &begun{ServerStreamingClient: stream, first: first}, nil
}

// begun is a stream of which the first message was received already.
type begun struct {
	grpc.ServerStreamingClient[logv1.WatchEntriesResponse]
	first *logv1.WatchEntriesResponse // nil once it was handed on
}

func (b *begun) Recv() (*logv1.WatchEntriesResponse, error) {
	if m := b.first; m != nil {
		b.first = nil
		return m, nil
	}
	return b.ServerStreamingClient.Recv()
}

func (l *logs) ProveInclusion(ctx context.Context, in *logv1.ProveInclusionRequest, opts ...grpc.CallOption) (*logv1.InclusionProof, error) {
	c, err := l.of(in.GetName())
	if err != nil {
		return nil, err
	}
	return c.ProveInclusion(ctx, in, opts...)
}

func (l *logs) ProveConsistency(ctx context.Context, in *logv1.ProveConsistencyRequest, opts ...grpc.CallOption) (*logv1.ConsistencyProof, error) {
	c, err := l.of(in.GetName())
	if err != nil {
		return nil, err
	}
	return c.ProveConsistency(ctx, in, opts...)
}

// checkpoint serves a log's checkpoint as the signed note that other people's tools read (C2SP tlog-checkpoint).
func (l *logs) checkpoint(w http.ResponseWriter, r *http.Request) {
	ctx := metadata.AppendToOutgoingContext(r.Context(),
		"x-request-id", r.Header.Get("X-Request-Id"), "accept-language", r.Header.Get("Accept-Language"),
		telemetry.Traceparent, r.Header.Get(telemetry.Traceparent))
	c, err := l.GetCheckpoint(ctx, &logv1.GetCheckpointRequest{Name: "logs/" + r.PathValue("service")})
	if err != nil {
		refuse(w, r, err, 0)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, c.GetNote())
}

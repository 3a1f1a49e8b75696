package server_test

import (
	"context"
	"net"
	"testing"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/server"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/proto"
)

// bytesCodec sends bytes as they are.
type bytesCodec struct{}

func (bytesCodec) Name() string { return "proto" }

func (bytesCodec) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(v.([]byte))}, nil
}

func (bytesCodec) Unmarshal(mem.BufferSlice, any) error { return nil }

// TestUndecodable sends what is no message of its method: the error is the suite's own, not gRPC's INTERNAL.
func TestUndecodable(t *testing.T) {
	s, err := server.New(server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	disclosurev1.RegisterDisclosureServiceServer(s, disclosurev1.UnimplementedDisclosureServiceServer{})
	logv1.RegisterLogServiceServer(s, logv1.UnimplementedLogServiceServer{})
	if err := s.Ready(); err != nil {
		t.Fatal(err)
	}
	l := bufconn.Listen(1 << 20)
	served := make(chan error)
	go func() { served <- s.Serve(l) }()
	conn, err := grpc.NewClient("passthrough:test", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return l.DialContext(ctx) }),
		grpc.WithDefaultCallOptions(grpc.ForceCodecV2(bytesCodec{})))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		s.Stop(t.Context())
		if err := <-served; err != nil {
			t.Error(err)
		}
		_ = conn.Close()
	}()
	const create = "/gongkai.disclosure.v1.DisclosureService/CreateDisclosure"
	garbled, err := proto.Marshal(&disclosurev1.CreateDisclosureRequest{Disclosure: &disclosurev1.Disclosure{Title: "好", Content: "M"}})
	if err != nil {
		t.Fatal(err)
	}
	garbled[len(garbled)-1] = 0xff
	for name, c := range map[string]struct {
		call  func() error
		field string
	}{
		"nested text": {func() error { return conn.Invoke(t.Context(), create, garbled, nil) }, "content"},
		"text":        {func() error { return conn.Invoke(t.Context(), create, []byte{0x0a, 1, 0xff}, nil) }, "parent"},
		"not a field": {func() error { return conn.Invoke(t.Context(), create, []byte{0xff, 0xff}, nil) }, ""},
		"cut off":     {func() error { return conn.Invoke(t.Context(), create, garbled[:len(garbled)-2], nil) }, ""},
		"stream": {func() error {
			stream, err := conn.NewStream(t.Context(), &grpc.StreamDesc{ServerStreams: true}, "/gongkai.log.v1.LogService/WatchEntries")
			if err != nil {
				return err
			}
			if err := stream.SendMsg([]byte{0x0a, 1, 0xff}); err != nil {
				return err
			}
			return stream.RecvMsg(nil)
		}, "parent"},
	} {
		s := status.Convert(c.call())
		reason, field := "", ""
		for _, d := range s.Details() {
			switch d := d.(type) {
			case *errdetails.ErrorInfo:
				reason = d.GetReason()
			case *errdetails.BadRequest:
				field = d.GetFieldViolations()[0].GetField()
			}
		}
		if s.Code() != codes.InvalidArgument || reason != "UNDECODABLE" || field != c.field {
			t.Errorf("%s: %v %s, field %q, want %q", name, s, reason, field, c.field)
		}
	}
}

package killtest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
)

// callTime is how long a call may take.
const callTime = 20 * time.Second

// doors are the ways into a child.
type doors struct {
	conn       *grpc.ClientConn
	directory  directoryv1.DirectoryServiceClient
	disclosure disclosurev1.DisclosureServiceClient
	request    requestv1.RequestServiceClient
	report     reportv1.ReportServiceClient
	logs       logv1.LogServiceClient
	rest       *rest
}

// recorder keeps disclosures: over gRPC, or over REST.
type recorder interface {
	CreateDisclosure(context.Context, *disclosurev1.CreateDisclosureRequest, ...grpc.CallOption) (*disclosurev1.Disclosure, error)
	PublishDisclosure(context.Context, *disclosurev1.PublishDisclosureRequest, ...grpc.CallOption) (*disclosurev1.Disclosure, error)
	UpdateDisclosure(context.Context, *disclosurev1.UpdateDisclosureRequest, ...grpc.CallOption) (*disclosurev1.Disclosure, error)
	WithdrawDisclosure(context.Context, *disclosurev1.WithdrawDisclosureRequest, ...grpc.CallOption) (*disclosurev1.Disclosure, error)
}

// enter opens the doors of a child that serves.
func enter(ctx context.Context, t *testing.T, at addresses) *doors {
	t.Helper()
	conn, err := grpc.NewClient("passthrough:///"+at.grpc, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(64<<20)))
	if err != nil {
		t.Fatal(err)
	}
	serving(ctx, t, conn)
	return &doors{
		conn:       conn,
		directory:  directoryv1.NewDirectoryServiceClient(conn),
		disclosure: disclosurev1.NewDisclosureServiceClient(conn),
		request:    requestv1.NewRequestServiceClient(conn),
		report:     reportv1.NewReportServiceClient(conn),
		logs:       logv1.NewLogServiceClient(conn),
		rest:       &rest{base: at.url, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}},
	}
}

// serving waits until a child is healthy: it has told its addresses, its followers may not have begun.
func serving(ctx context.Context, t *testing.T, conn *grpc.ClientConn) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	health, err := healthv1.NewHealthClient(conn).Watch(ctx, &healthv1.HealthCheckRequest{})
	for err == nil {
		var now *healthv1.HealthCheckResponse
		if now, err = health.Recv(); now.GetStatus() == healthv1.HealthCheckResponse_SERVING {
			return
		}
	}
	t.Fatalf("it does not get healthy: %v", err)
}

func (d *doors) close() {
	_ = d.conn.Close()
	d.rest.client.CloseIdleConnections()
}

// rest is the gateway. Its errors are statuses, like those of gRPC: UNAVAILABLE if there was no whole answer.
type rest struct {
	base   string
	client *http.Client
}

func (r *rest) CreateDisclosure(ctx context.Context, in *disclosurev1.CreateDisclosureRequest, _ ...grpc.CallOption) (*disclosurev1.Disclosure, error) {
	out := &disclosurev1.Disclosure{}
	return out, r.call(ctx, http.MethodPost, "/v1/"+in.GetParent()+"/disclosures?requestId="+in.GetRequestId(), in.GetDisclosure(), out)
}

func (r *rest) PublishDisclosure(ctx context.Context, in *disclosurev1.PublishDisclosureRequest, _ ...grpc.CallOption) (*disclosurev1.Disclosure, error) {
	return r.verb(ctx, in.GetName()+":publish", in)
}

func (r *rest) WithdrawDisclosure(ctx context.Context, in *disclosurev1.WithdrawDisclosureRequest, _ ...grpc.CallOption) (*disclosurev1.Disclosure, error) {
	return r.verb(ctx, in.GetName()+":withdraw", in)
}

func (r *rest) UpdateDisclosure(ctx context.Context, in *disclosurev1.UpdateDisclosureRequest, _ ...grpc.CallOption) (*disclosurev1.Disclosure, error) {
	query := url.Values{"requestId": {in.GetRequestId()}, "updateMask": {in.GetUpdateMask().GetPaths()[0]}}
	out := &disclosurev1.Disclosure{}
	return out, r.call(ctx, http.MethodPatch, "/v1/"+in.GetDisclosure().GetName()+"?"+query.Encode(), in.GetDisclosure(), out)
}

func (r *rest) verb(ctx context.Context, path string, in proto.Message) (*disclosurev1.Disclosure, error) {
	body := proto.Clone(in)
	body.ProtoReflect().Clear(body.ProtoReflect().Descriptor().Fields().ByName("name")) // it is in the path
	out := &disclosurev1.Disclosure{}
	return out, r.call(ctx, http.MethodPost, "/v1/"+path, body, out)
}

// checkpoint gets a log's signed note.
func (r *rest) checkpoint(ctx context.Context, service string) (note string, err error) {
	answer, err := r.do(ctx, http.MethodGet, "/logs/"+service+"/checkpoint", nil)
	return string(answer), err
}

func (r *rest) call(ctx context.Context, method, path string, in, out proto.Message) error {
	body, err := protojson.Marshal(in)
	if err != nil {
		return err
	}
	answer, err := r.do(ctx, method, path, body)
	if err != nil {
		return err
	}
	return protojson.Unmarshal(answer, out)
}

func (r *rest) do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, r.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	sent, _ := metadata.FromOutgoingContext(ctx)
	for _, token := range sent.Get("authorization") {
		req.Header.Set("Authorization", token)
	}
	res, err := r.client.Do(req)
	if err != nil {
		return nil, status.Error(codes.Unavailable, err.Error())
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, status.Error(codes.Unavailable, err.Error())
	}
	if res.StatusCode != http.StatusOK {
		var refusal struct {
			Code    codes.Code
			Message string
		}
		if err := json.Unmarshal(answer, &refusal); err != nil || refusal.Code == codes.OK {
			return nil, status.Errorf(codes.Internal, "HTTP %s: %s", res.Status, answer)
		}
		return nil, status.Errorf(refusal.Code, "%s %s: %s", method, path, refusal.Message)
	}
	return answer, nil
}

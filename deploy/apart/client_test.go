package apart

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	reportv1 "gongkai/proto/gongkai/report/v1"
)

// client calls the gateway's REST interface with one token.
type client struct {
	base  string
	token string
	http  *http.Client
}

// refusal is an answer that is no success, a google.rpc.Status in JSON.
type refusal struct {
	call    string
	status  int // of HTTP
	code    int // of gRPC
	reason  string
	message string
}

func (r *refusal) Error() string {
	return fmt.Sprintf("%s: HTTP %d, code %d, reason %q: %s", r.call, r.status, r.code, r.reason, r.message)
}

// unavailable tells whether a refusal is a typed UNAVAILABLE.
func (r *refusal) unavailable() bool {
	const unavailable = 14
	return r.status == http.StatusServiceUnavailable && r.code == unavailable && r.reason == "UNAVAILABLE"
}

// once makes a call. An error that is no [*refusal] means that there was no whole answer.
func (c *client) once(ctx context.Context, method, path string, in, out proto.Message) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = protojson.Marshal(in); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return refused(method+" "+path, res.StatusCode, answer)
	}
	if out == nil {
		return nil
	}
	return protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(answer, out)
}

func refused(call string, status int, answer []byte) *refusal {
	var is struct {
		Code    int
		Message string
		Details []struct{ Reason string }
	}
	r := &refusal{call: call, status: status, message: string(answer)}
	if json.Unmarshal(answer, &is) == nil {
		r.code, r.message = is.Code, is.Message
		for _, d := range is.Details {
			r.reason += d.Reason
		}
	}
	return r
}

// persist makes a call until it is answered: what cannot be served just then is repeated, any other refusal is an
// error. It returns how often the call was made.
func (c *client) persist(ctx context.Context, method, path string, in, out proto.Message) (tries int, err error) {
	turn := time.NewTicker(5 * time.Millisecond)
	defer turn.Stop()
	for {
		tries++
		err := c.once(ctx, method, path, in, out)
		var r *refusal
		if err == nil || ctx.Err() != nil || errors.As(err, &r) && !r.unavailable() {
			return tries, err
		}
		select {
		case <-turn.C:
		case <-ctx.Done():
			return tries, ctx.Err()
		}
	}
}

// overGRPC has the report service itself compile a report, past the gateway.
func (c *client) overGRPC(ctx context.Context, address string, in *reportv1.CompileReportRequest) error {
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	_, err = reportv1.NewReportServiceClient(conn).CompileReport(metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+c.token), in)
	if closed := conn.Close(); err == nil {
		err = closed
	}
	return err
}

// unavailableStatus tells whether an error is a typed UNAVAILABLE of gRPC.
func unavailableStatus(err error) bool {
	is := status.Convert(err)
	return is.Code() == codes.Unavailable && slices.ContainsFunc(is.Details(), func(detail any) bool {
		info, ok := detail.(*errdetails.ErrorInfo)
		return ok && info.GetReason() == "UNAVAILABLE"
	})
}

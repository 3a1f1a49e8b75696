package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// Error is a call that was refused.
type Error struct {
	Call    string // method and path
	Status  int    // of HTTP
	Reason  string // of gongkai.api.v1.ErrorReason or of a broken rule; may be empty
	Message string // in the language of the run
}

// Error says which call failed and why.
func (e *Error) Error() string {
	s := fmt.Sprintf("%s: %s (HTTP %d", e.Call, e.Message, e.Status)
	if e.Reason != "" {
		s += ", " + e.Reason
	}
	return s + ")"
}

const (
	tries    = 4                      // of a call, the first included
	patience = 100 * time.Millisecond // before the second try; doubled before each one after
	maxBody  = 64 << 20               // bytes of an answer
)

// client calls the gateway. Every call of the demo is a read or carries a request id, so each may be repeated.
type client struct {
	http     *http.Client
	base     string
	language string
	calls    atomic.Int64 // that were answered
}

func newClient(o Options) *client {
	transport := &http.Transport{
		MaxIdleConns: 2 * o.InFlight, MaxIdleConnsPerHost: 2 * o.InFlight, IdleConnTimeout: time.Minute,
		DisableCompression: true,
	}
	return &client{http: &http.Client{Transport: transport, Timeout: time.Minute}, base: strings.TrimSuffix(o.BaseURL, "/"), language: o.Language}
}

func (c *client) close() { c.http.CloseIdleConnections() }

// get reads a resource into out, and returns the bytes of the answer as they came.
func (c *client) get(ctx context.Context, path, token string, out proto.Message) ([]byte, error) {
	return c.call(ctx, request{method: http.MethodGet, path: path, token: token}, nil, out)
}

// post calls a method with a body; out may be nil.
func (c *client) post(ctx context.Context, path, token string, in, out proto.Message) error {
	_, err := c.call(ctx, request{method: http.MethodPost, path: path, token: token}, in, out)
	return err
}

// create posts a new resource into a collection of an organisation that was only just entered: a service that
// follows the directory may learn of it a moment later, so NOT_FOUND is tried again too.
func (c *client) create(ctx context.Context, path, token, requestID string, in, out proto.Message) error {
	path += "?requestId=" + url.QueryEscape(requestID)
	_, err := c.call(ctx, request{method: http.MethodPost, path: path, token: token, justEntered: true}, in, out)
	return err
}

// send posts a file to an organisation that was only just entered, and decodes the answer.
func (c *client) send(ctx context.Context, path, token string, file []byte, out proto.Message) error {
	_, err := c.call(ctx, request{method: http.MethodPost, path: path, token: token, justEntered: true, file: file}, nil, out)
	return err
}

// request is one call, without the message that is its body.
type request struct {
	method, path, token string
	justEntered         bool
	file                []byte // the body, if it is no message
}

// call makes a call and decodes its answer into out, unless that is nil. It repeats a call that was not answered
// or could not be served just then.
func (c *client) call(ctx context.Context, r request, in, out proto.Message) ([]byte, error) {
	body := r.file
	if in != nil {
		var err error
		if body, err = protojson.Marshal(in); err != nil {
			return nil, fmt.Errorf("encode body of %s %s: %w", r.method, r.path, err)
		}
	}
	answer, err := c.once(ctx, r, body)
	for wait, try := patience, 1; err != nil && try < tries && r.again(err) && ctx.Err() == nil; try++ {
		if err := pause(ctx, wait); err != nil {
			return nil, err
		}
		wait *= 2
		answer, err = c.once(ctx, r, body)
	}
	if err != nil || out == nil {
		return answer, err
	}
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(answer, out); err != nil {
		return nil, fmt.Errorf("decode answer to %s %s: %w", r.method, r.path, err)
	}
	return answer, nil
}

// again tells whether a call that failed so may succeed when it is repeated.
func (r request) again(err error) bool {
	var refused *Error
	if !errors.As(err, &refused) {
		return true // the connection failed
	}
	return refused.Status == http.StatusServiceUnavailable || r.justEntered && refused.Status == http.StatusNotFound
}

func (c *client) once(ctx context.Context, r request, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, c.base+r.path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Language", c.language)
	switch {
	case r.file != nil:
		req.Header.Set("Content-Type", "application/octet-stream")
	case body != nil:
		req.Header.Set("Content-Type", "application/json")
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err // names method and URL
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return nil, fmt.Errorf("read answer to %s %s: %w", r.method, r.path, err)
	}
	c.calls.Add(1)
	if resp.StatusCode != http.StatusOK {
		return nil, refusal(r, resp.StatusCode, answer)
	}
	return answer, nil
}

// refusal reads a google.rpc.Status in JSON. An answer that is none, from a proxy in between, is quoted.
func refusal(r request, code int, answer []byte) *Error {
	e := &Error{Call: r.method + " " + r.path, Status: code}
	var status struct {
		Message string `json:"message"`
		Details []struct {
			Type    string `json:"@type"`
			Reason  string `json:"reason"`
			Message string `json:"message"`
		} `json:"details"`
	}
	if err := json.Unmarshal(answer, &status); err != nil || status.Message == "" {
		e.Message = http.StatusText(code) + ": " + string(answer[:min(len(answer), 200)])
		return e
	}
	e.Message = status.Message
	for _, d := range status.Details {
		switch d.Type {
		case "type.googleapis.com/google.rpc.ErrorInfo":
			e.Reason = d.Reason
		case "type.googleapis.com/google.rpc.LocalizedMessage":
			e.Message = d.Message
		}
	}
	return e
}

// pause waits, or returns the error of a context that ends first.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// remote is a gateway that a command calls.
type remote struct {
	URL       string `default:"http://127.0.0.1:8080" placeholder:"URL" help:"The gateway; default ${default}. (网关地址)"`
	TokenFile string `type:"path" placeholder:"FILE" help:"File that holds the token, as gongkai token prints it; without one, what is public can be had. (令牌文件)"`
	CA        string `name:"ca" type:"path" placeholder:"FILE" help:"Authorities in PEM that vouch for the gateway, if the system's do not. (网关的证书颁发机构)"`
	Lang      string `default:"zh" enum:"zh,en" help:"Language of what is told: ${enum}. (语言)"`
}

// upload is what a request sends.
type upload struct {
	io.Reader
	size int64
	kind string // its media type; empty: a file
}

// ask sends a message to a method of the gateway, none where in is nil, and reads the answer.
func (r remote) ask(ctx context.Context, method, path string, in, out proto.Message) error {
	var body upload
	if in != nil {
		data, err := protojson.Marshal(in)
		if err != nil {
			return err
		}
		body = upload{bytes.NewReader(data), int64(len(data)), "application/json"}
	}
	resp, err := r.do(ctx, method, path, nil, body)
	if err != nil {
		return err
	}
	return readAnswer(resp, out)
}

// readAnswer reads an answer in JSON, and closes it.
func readAnswer(resp *http.Response, out proto.Message) error {
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil {
		err = (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(answer, out)
	}
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	return nil
}

// do makes a call and returns the answer, which is to be closed. What is refused is an error in the user's language.
func (r remote) do(ctx context.Context, method, path string, query url.Values, body upload) (*http.Response, error) {
	base, err := url.Parse(r.URL)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, fmt.Errorf("--url %q is no address of a gateway, as http://127.0.0.1:8080 (网关地址有误)", r.URL)
	}
	var token []byte
	if r.TokenFile != "" {
		if token, err = os.ReadFile(r.TokenFile); err != nil {
			return nil, fmt.Errorf("read token: %w", err)
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(r.URL, "/")+path+"?"+query.Encode(), body)
	if err != nil {
		return nil, err
	}
	if body.Reader == nil {
		req.Body = nil
	}
	req.ContentLength = body.size
	if len(token) > 0 {
		req.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	}
	req.Header.Set("Accept-Language", r.Lang)
	req.Header.Set("Content-Type", cmp.Or(body.kind, "application/octet-stream"))
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if r.CA != "" {
		pool, err := authorities(r.CA)
		if err != nil {
			return nil, err
		}
		transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool}
	}
	resp, err := (&http.Client{Transport: transport}).Do(req)
	switch {
	case ctx.Err() != nil:
		return nil, errInterrupted
	case err != nil:
		return nil, err
	case resp.StatusCode != http.StatusOK:
		defer resp.Body.Close()
		return nil, refused(resp)
	}
	return resp, nil
}

// declined is what a gateway refuses, in the user's language.
type declined struct {
	code int // of HTTP
	text string
}

// Error implements error.
func (d declined) Error() string { return d.text }

// refused makes an error of a google.rpc.Status in JSON: its text in the caller's language.
func refused(resp *http.Response) error {
	const most = 1 << 20
	answer, err := io.ReadAll(io.LimitReader(resp.Body, most))
	var status struct {
		Message string `json:"message"`
		Details []struct {
			Type    string `json:"@type"`
			Message string `json:"message"`
		} `json:"details"`
	}
	if err != nil || json.Unmarshal(answer, &status) != nil || status.Message == "" {
		return fmt.Errorf("the gateway answered %s, which is no answer of gongkai (网关的回答无法识别)", resp.Status)
	}
	for _, d := range status.Details {
		if d.Type == "type.googleapis.com/google.rpc.LocalizedMessage" && d.Message != "" {
			return declined{resp.StatusCode, d.Message}
		}
	}
	return declined{resp.StatusCode, status.Message}
}

package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
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
	req.Header.Set("Content-Type", "application/octet-stream")
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
			return errors.New(d.Message)
		}
	}
	return errors.New(status.Message)
}

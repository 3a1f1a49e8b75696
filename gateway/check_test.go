package gateway_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"gongkai/gateway"
)

// upload is a form of fields: name, file name (empty: none), content, and so on.
func upload(t *testing.T, fields ...string) call {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i < len(fields); i += 3 {
		create := w.CreateFormField
		if file := fields[i+1]; file != "" {
			create = func(name string) (io.Writer, error) { return w.CreateFormFile(name, file) }
		}
		part, err := create(fields[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(fields[i+2])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return call{method: http.MethodPost, path: "/v1/reports:checkFile", body: body.String(), headers: map[string]string{"Content-Type": w.FormDataContentType()}}
}

// A report to be checked goes on to the service as the body or as a form with others; what is neither is refused.
func TestCheckFile(t *testing.T) {
	_, base := start(t, gateway.Options{})
	post := func(query, body string, headers ...string) call {
		c := call{method: http.MethodPost, path: "/v1/reports:checkFile" + query, body: body, headers: map[string]string{}}
		for i := 0; i < len(headers); i += 2 {
			c.headers[headers[i]] = headers[i+1]
		}
		return c
	}
	for _, c := range []struct {
		name string
		call call
		code int
		want string // what came to the service, or the reason
	}{
		{"a body", post("?fileName=%E5%B9%B4%E6%8A%A5.docx&form=2021&year=2023", "PK\x03\x04", "Content-Type", "application/octet-stream"), 200, "年报.docx:4 2021 2023 0"},
		{"a body without more", post("", "甲"), 200, ":3  0 0"},
		{"a form", upload(t, "file", "a.html", "<p>", "previous", "b.xlsx", "PK", "below", "c.csv", "1,2", "below", "d.csv", "", "form", "", "2019", "year", "", "2020", "complete", "", "true"), 200, "a.html:3 b.xlsx:2 c.csv:3 d.csv:0 2019 2020 1"},
		{"a form without a file", upload(t, "previous", "b.xlsx", "PK"), 400, "INVALID_FIELD"},
		{"two files", upload(t, "file", "a", "1", "file", "b", "2"), 400, "INVALID_FIELD"},
		{"two years", upload(t, "file", "a", "1", "year", "", "2020", "year", "", "2021"), 400, "INVALID_FIELD"},
		{"no year", upload(t, "file", "a", "1", "year", "", "x"), 400, "INVALID_FIELD"},
		{"no truth", upload(t, "file", "a", "1", "complete", "", "x"), 400, "INVALID_FIELD"},
		{"a field that is none", upload(t, "file", "a", "1", "files", "a", "1"), 400, "INVALID_FIELD"},
		{"a form and a query", post("?year=2020", upload(t, "file", "a", "1").body, "Content-Type", upload(t).headers["Content-Type"]), 400, "INVALID_FIELD"},
		{"a form that breaks off", post("", "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc", "Content-Type", "multipart/form-data; boundary=x"), 400, "UNDECODABLE"},
		{"too many fields", upload(t, strings.Split(strings.Repeat("below|a|1|", 301)+"file|a|1", "|")...), 400, "INVALID_FIELD"},
		{"JSON", post("", "{}", "Content-Type", "application/json"), 400, "INVALID_FIELD"},
		{"a year in the query", post("?year=x", "1"), 400, "INVALID_FIELD"},
		{"too large", post("", strings.Repeat("x", 15<<20+1)), 413, "TOO_LARGE"},
		{"too large as a form", upload(t, "file", "a", strings.Repeat("x", 8<<20), "previous", "a", strings.Repeat("x", 8<<20)), 413, "TOO_LARGE"},
		{"got", call{path: "/v1/reports:checkFile"}, 405, "UNIMPLEMENTED"},
	} {
		res, body := c.call.do(t, base)
		out := decode(t, body)
		got := reason(out)
		if res.StatusCode == http.StatusOK {
			var all []string
			for _, f := range out["findings"].([]any) {
				all = append(all, f.(map[string]any)["check"].(string)+":"+f.(map[string]any)["found"].(string))
			}
			report := out["report"].(map[string]any)
			got = strings.Join(append(all, report["form"].(string), report["period"].(string)), " ") + " " + map[bool]string{true: "1", false: "0"}[out["blocking"] == 1.0]
		}
		if res.StatusCode != c.code || got != c.want {
			t.Errorf("%s: %d %q, want %d %q: %.300s", c.name, res.StatusCode, got, c.code, c.want, body)
		}
	}
}

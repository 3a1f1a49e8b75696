package gateway_test

import (
	"net/http"
	"strings"
	"testing"

	"gongkai/gateway"
	"gongkai/gateway/internal/fixture"
)

// A signed copy goes up as the body and comes down as the file that it is; what is no copy, too large, or asked for in
// another way is refused.
func TestSignedCopyAsFile(t *testing.T) {
	_, base := start(t, gateway.Options{})
	report := "/v1/organizations/" + fixture.Township + "/reports/" + fixture.Year
	post := func(query, body, kind string) call {
		return call{method: http.MethodPost, path: report + ":uploadSignedCopy" + query, body: body, headers: map[string]string{"Content-Type": kind}}
	}
	for _, c := range []struct {
		name string
		call call
		code int
		want string
	}{
		{"up", post("?version=2&fileName=%E5%B9%B4%E6%8A%A5.pdf&attached_by=%E7%A4%BA%E4%BE%8B&etag=7", "%PDF-1.7", "application/pdf"), 200, `"etag":"7"`},
		{"its figures", post("?version=2&attachedBy=x", "%PDF-1.7", "application/pdf"), 200, `"version":2,"sha256":"","size":8`},
		{"no version", post("?version=x", "%PDF-1.7", "application/pdf"), 400, "INVALID_FIELD"},
		{"a field that is none", post("?copy=x", "%PDF-1.7", "application/pdf"), 400, "INVALID_FIELD"},
		{"JSON", post("?version=1", "{}", "application/json"), 400, "INVALID_FIELD"},
		{"a form", post("?version=1", "--x--", "multipart/form-data; boundary=x"), 400, "INVALID_FIELD"},
		{"too large", post("?version=1", strings.Repeat("x", 10<<20+1), "application/pdf"), 413, "TOO_LARGE"},
		{"got", call{path: report + ":uploadSignedCopy"}, 405, "UNIMPLEMENTED"},
		{"down", call{path: report + ":downloadSignedCopy"}, 200, "%PDF-1.7"},
		{"down by version", call{path: report + ":downloadSignedCopy?version=1"}, 200, "%PDF-1.7"},
		{"down by what is none", call{path: report + ":downloadSignedCopy?version=1.0"}, 400, "INVALID_FIELD"},
		{"in JSON", call{path: report + ":signedCopy"}, 200, `"content":"JVBERi0xLjc="`},
	} {
		res, body := c.call.do(t, base)
		if res.StatusCode != c.code || !strings.Contains(body, c.want) {
			t.Errorf("%s: %d %.300s, want %d %s", c.name, res.StatusCode, body, c.code, c.want)
		}
		if c.name == "down" {
			h := res.Header
			if h.Get("Content-Type") != "application/pdf" || !strings.Contains(h.Get("Content-Disposition"), `filename="652701201-2018-v1.pdf"`) || h.Get("Repr-Digest") != "sha-256=:q80=:" {
				t.Errorf("it comes as %v", h)
			}
		}
	}
}

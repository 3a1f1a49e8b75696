package gateway_test

import (
	"net/http"
	"strings"
	"testing"
	"unicode"

	"gongkai/gateway"
	"gongkai/gateway/internal/fixture"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// detail returns the detail of a type, as errdetails' BadRequest.
func detail(status map[string]any, name string) map[string]any {
	details, _ := status["details"].([]any)
	for _, d := range details {
		if m, _ := d.(map[string]any); m["@type"] == "type.googleapis.com/google.rpc."+name {
			return m
		}
	}
	return nil
}

func reason(status map[string]any) string {
	r, _ := detail(status, "ErrorInfo")["reason"].(string)
	return r
}

func field(status map[string]any) string {
	violations, _ := detail(status, "BadRequest")["fieldViolations"].([]any)
	if len(violations) == 0 {
		return ""
	}
	f, _ := violations[0].(map[string]any)["field"].(string)
	return f
}

const create = "/v1/organizations?organizationId="

// Every refusal is a status with its reason, and its field where one can be named; the gateway's own and
// the services' look alike.
func TestErrorShapes(t *testing.T) {
	_, base := start(t, gateway.Options{MaxBody: 1 << 20})
	disclosures := "/v1/organizations/652701201/disclosures"
	post := http.MethodPost
	for name, c := range map[string]struct {
		call
		code          int
		reason, field string
	}{
		"malformed JSON":             {call{method: post, path: disclosures, body: `{"title":`}, 400, "UNDECODABLE", ""},
		"more than one value":        {call{method: post, path: disclosures, body: `{} {}`}, 400, "UNDECODABLE", ""},
		"a list for an object":       {call{method: post, path: disclosures, body: `[]`}, 400, "UNDECODABLE", ""},
		"misspelt field":             {call{method: post, path: disclosures, body: `{"titel":"x"}`}, 400, "INVALID_FIELD", "titel"},
		"field of a wrong type":      {call{method: post, path: disclosures, body: `{"title":5}`}, 400, "INVALID_FIELD", "title"},
		"unknown enum value":         {call{method: post, path: disclosures, body: `{"state":"STATE_LOST"}`}, 400, "INVALID_FIELD", "state"},
		"number out of range":        {call{method: post, path: disclosures, body: `{"formedOn":{"year":99999999999}}`}, 400, "INVALID_FIELD", "year"},
		"field twice":                {call{method: post, path: disclosures, body: `{"title":"a","title":"b"}`}, 400, "INVALID_FIELD", "title"},
		"invalid UTF-8 in the body":  {call{method: post, path: disclosures, body: "{\"content\":\"ok\",\"title\":\"a\xff\"}"}, 400, "UNDECODABLE", "title"},
		"invalid UTF-8 in a list":    {call{method: post, path: "/v1/organizations/65/reports:compile", body: "{\"statedNone\":[\"a\",\"\xff\"]}"}, 400, "UNDECODABLE", "statedNone"},
		"invalid UTF-8 in the path":  {call{path: "/v1/organizations/%FF"}, 400, "UNDECODABLE", "name"},
		"invalid UTF-8 in the query": {call{path: disclosures + "?filter=%FF"}, 400, "UNDECODABLE", "filter"},
		"half a surrogate":           {call{method: post, path: disclosures, body: `{"title":"\ud800"}`}, 400, "UNDECODABLE", ""},
		"body too large":             {call{method: post, path: disclosures, body: `{"title":"` + strings.Repeat("a", 2<<20) + `"}`}, 413, "TOO_LARGE", ""},
		"title too long":             {call{method: post, path: disclosures, body: `{"title":"` + strings.Repeat("长", 501) + `"}`}, 400, "INVALID_FIELD", "disclosure.title"},
		"unknown route":              {call{path: "/v1/organisations"}, 404, "NOT_FOUND", ""},
		"unknown route elsewhere":    {call{path: "/wp-login.php"}, 404, "NOT_FOUND", ""},
		"wrong method":               {call{method: http.MethodDelete, path: disclosures}, 405, "UNIMPLEMENTED", ""},
		"wrong method elsewhere":     {call{method: post, path: "/healthz"}, 405, "UNIMPLEMENTED", ""},
		"override of the method":     {call{method: post, path: "/v1/reportForms", headers: map[string]string{"X-HTTP-Method-Override": "GET", "Content-Type": "application/x-www-form-urlencoded"}}, 405, "UNIMPLEMENTED", ""},
		"unknown query parameter":    {call{path: disclosures + "?pagesize=3"}, 400, "INVALID_FIELD", "pagesize"},
		"query beside a whole body":  {call{method: post, path: "/v1/organizations/65/reports:compile?period=2018", body: `{}`}, 400, "INVALID_FIELD", "period"},
		"query against the path":     {call{path: "/v1/organizations/652701?name=organizations/65"}, 400, "INVALID_FIELD", "name"},
		"bad query value":            {call{path: disclosures + "?pageSize=many"}, 400, "INVALID_FIELD", "page_size"},
		"query value twice":          {call{path: disclosures + "?pageSize=1&pageSize=2"}, 400, "INVALID_FIELD", "page_size"},
		"query that does not parse":  {call{path: disclosures + "?filter=%zz"}, 400, "UNDECODABLE", ""},
		"page token of another":      {call{path: disclosures + "?pageToken=zzz"}, 400, "INVALID_PAGE_TOKEN", "page_token"},
		"unknown log":                {call{path: "/v1/logs/payroll/checkpoint"}, 404, "NOT_FOUND", ""},
		"unknown log's note":         {call{path: "/logs/payroll/checkpoint"}, 404, "NOT_FOUND", ""},
		"watch beyond the log":       {call{path: "/v1/logs/report/entries:watch?start=101"}, 400, "OUT_OF_RANGE", "start"},
		"unknown organisation":       {call{path: "/v1/organizations/99"}, 404, "NOT_FOUND", ""},
		"bad token":                  {call{path: "/v1/reportForms", headers: map[string]string{"Authorization": "Bearer x"}}, 401, "UNAUTHENTICATED", ""},
		"field of a service":         {call{method: post, path: create + "1", body: `{}`}, 400, "INVALID_FIELD", "organization_id"},
		"exists":                     {call{method: post, path: create + "652701", body: `{}`}, 409, "ALREADY_EXISTS", ""},
		"broken rule":                {call{method: post, path: create + "652702", body: `{}`}, 400, "PARENT_LEVEL", "organization.parent"},
		"stale etag":                 {call{method: post, path: create + "652703", body: `{}`}, 409, "STALE_ETAG", "etag"},
		"denied":                     {call{method: post, path: create + "652704", body: `{}`}, 403, "PERMISSION_DENIED", ""},
		"busy":                       {call{method: post, path: create + "652705", body: `{}`}, 503, "UNAVAILABLE", ""},
		"fault of the server's":      {call{method: post, path: create + "652706", body: `{}`}, 500, "INTERNAL", ""},
		"method without a server":    {call{path: "/v1/organizations/65/informationRequests"}, 501, "UNIMPLEMENTED", ""},
	} {
		t.Run(name, func(t *testing.T) {
			res, body := c.do(t, base)
			status := decode(t, body)
			if res.StatusCode != c.code || reason(status) != c.reason || field(status) != c.field {
				t.Errorf("got %d %s field %q, want %d %s field %q: %s", res.StatusCode, reason(status), field(status), c.code, c.reason, c.field, body)
			}
			if info := detail(status, "ErrorInfo"); info["domain"] != "gongkai" {
				t.Errorf("domain %v", info["domain"])
			}
			if message, _ := status["message"].(string); message == "" || strings.ContainsFunc(message, han) || strings.Contains(message, "{") {
				t.Errorf("message %q", message)
			}
			if strings.Contains(body, "/var/lib") || strings.Contains(body, "127.0.0.1") {
				t.Errorf("the answer tells of the inside: %s", body)
			}
		})
	}
}

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

// The localized message is Chinese unless English is preferred; a broken rule names its article.
func TestErrorLanguage(t *testing.T) {
	_, base := start(t, gateway.Options{})
	for language, chinese := range map[string]bool{"": true, "zh-CN,zh;q=0.9,en;q=0.8": true, "en-GB,en;q=0.9": false} {
		for _, path := range []string{"/v1/nowhere", "/v1/organizations/99", "/v1/logs/payroll/checkpoint"} {
			_, body := call{path: path, headers: map[string]string{"Accept-Language": language}}.do(t, base)
			localized, _ := detail(decode(t, body), "LocalizedMessage")["message"].(string)
			if localized == "" || strings.ContainsFunc(localized, han) != chinese {
				t.Errorf("%s in %q: %q", path, language, localized)
			}
		}
	}
	_, body := call{method: http.MethodPost, path: create + "652702", body: `{}`}.do(t, base)
	if p := detail(decode(t, body), "PreconditionFailure"); !strings.Contains(body, "政府信息公开条例") || p == nil {
		t.Errorf("the broken rule's article is missing: %s", body)
	}
}

// A method that a path does not take is answered with those that it does.
func TestAllow(t *testing.T) {
	_, base := start(t, gateway.Options{})
	for path, want := range map[string]string{
		"/v1/organizations/652701201/disclosures": "GET, POST", "/v1/reportForms": "GET",
		"/v1/organizations/652701201/disclosures/01HG0000000000000000000001": "GET, PATCH",
	} {
		res, _ := call{method: http.MethodPut, path: path}.do(t, base)
		if got := res.Header.Get("Allow"); got != want {
			t.Errorf("%s allows %q, want %q", path, got, want)
		}
	}
	res, _ := call{path: "/v1/reportForms", headers: map[string]string{"Authorization": "Bearer x"}}.do(t, base)
	if got := res.Header.Get("WWW-Authenticate"); got != `Bearer realm="gongkai"` {
		t.Errorf("challenge %q", got)
	}
}

// A service that cannot be reached is 503, and its address stays inside.
func TestUnreachableService(t *testing.T) {
	s := fixture.Start(t)
	c, err := grpc.NewClient("127.0.0.1:1", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s.Connections.Report = c
	_, base := startBefore(t, s, gateway.Options{})
	res, body := call{path: "/v1/reportForms"}.do(t, base)
	if res.StatusCode != http.StatusServiceUnavailable || reason(decode(t, body)) != "UNAVAILABLE" || strings.Contains(body, "127.0.0.1") {
		t.Errorf("%d %s", res.StatusCode, body)
	}
}

package gateway_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"gongkai/gateway"
	"gongkai/gateway/internal/fixture"
)

const importPath = "/v1/organizations/" + fixture.Township + "/disclosures:import"

// A file of any size goes on to the service piece by piece, with the settings of the query.
func TestImport(t *testing.T) {
	_, base := start(t, gateway.Options{MaxBody: 10})
	for size, file := range map[float64]string{0: "", 5: "PK\x03\x04x", 3 << 20: strings.Repeat("甲乙丙丁", 3<<20/12)} {
		res, body := call{
			method: http.MethodPost, path: importPath + "?fileName=%E5%8F%B0%E8%B4%A6.csv&mode=accepted_rows&dry_run=true&publish=1", body: file,
			headers: map[string]string{"Authorization": "Bearer " + fixture.Token, "Content-Type": "application/octet-stream"},
		}.do(t, base)
		out := decode(t, body)
		if res.StatusCode != http.StatusOK || out["readCount"] != size || out["refusedCount"] != 0.0 {
			t.Errorf("%.0f bytes: %d %s", size, res.StatusCode, body)
			continue
		}
		finding := out["findings"].([]any)[0].(map[string]any)
		for _, want := range []string{fixture.Township, "台账.csv", "IMPORT_MODE_ACCEPTED_ROWS", "dry_run:true", "publish:true"} {
			if !strings.Contains(finding["message"].(string), want) {
				t.Errorf("the settings %v lack %s", finding["message"], want)
			}
		}
		if got := finding["values"].(map[string]any)["authorization"]; got != "Bearer "+fixture.Token {
			t.Errorf("authorization is %v", got)
		}
	}
}

// What is no import, no export and no template is refused in the usual shape.
func TestFiles_Refused(t *testing.T) {
	_, base := start(t, gateway.Options{})
	export := "/v1/organizations/" + fixture.Township + "/disclosures:export"
	for _, c := range []struct {
		name   string
		call   call
		code   int
		reason string
	}{
		{"another organisation", call{method: http.MethodPost, path: "/v1/organizations/659999/disclosures:import"}, 404, "NOT_FOUND"},
		{"a form", call{method: http.MethodPost, path: importPath, headers: map[string]string{"Content-Type": "multipart/form-data; boundary=x"}}, 400, "INVALID_FIELD"},
		{"JSON", call{method: http.MethodPost, path: importPath, headers: map[string]string{"Content-Type": "application/json"}}, 400, "INVALID_FIELD"},
		{"a mode", call{method: http.MethodPost, path: importPath + "?mode=some"}, 400, "INVALID_FIELD"},
		{"no truth", call{method: http.MethodPost, path: importPath + "?dryRun=maybe"}, 400, "INVALID_FIELD"},
		{"twice", call{method: http.MethodPost, path: importPath + "?dryRun=true&dry_run=false"}, 400, "INVALID_FIELD"},
		{"misspelt", call{method: http.MethodPost, path: importPath + "?dryrun=true"}, 400, "INVALID_FIELD"},
		{"no UTF-8", call{method: http.MethodPost, path: importPath + "?fileName=%ff"}, 400, "UNDECODABLE"},
		{"a broken query", call{method: http.MethodPost, path: importPath + "?fileName=%zz"}, 400, "UNDECODABLE"},
		{"too large", call{method: http.MethodPost, path: importPath, body: strings.Repeat("x", 64<<20+1)}, 413, "TOO_LARGE"},
		{"got", call{path: importPath}, 405, "UNIMPLEMENTED"},
		{"posted", call{method: http.MethodPost, path: export}, 405, "UNIMPLEMENTED"},
		{"a format", call{path: export + "?format=pdf"}, 400, "INVALID_FIELD"},
		{"a filter", call{path: export + "?filter=x"}, 400, "INVALID_FIELD"},
		{"a year", call{path: "/v1/disclosures:template?year=x"}, 400, "INVALID_FIELD"},
		{"another year", call{path: "/v1/disclosures:template?year=1999"}, 400, "INVALID_FIELD"},
	} {
		res, body := c.call.do(t, base)
		if got := reason(decode(t, body)); res.StatusCode != c.code || got != c.reason {
			t.Errorf("%s: %d %s, want %d %s", c.name, res.StatusCode, got, c.code, c.reason)
		}
	}
}

// A download has a name that every client can read.
func TestDownloads(t *testing.T) {
	_, base := start(t, gateway.Options{})
	for _, c := range []struct{ path, body, disposition string }{
		{"/v1/organizations/652701/disclosures:export", "EXPORT_FORMAT_UNSPECIFIED end", `attachment; filename="1.csv"; filename*=UTF-8''%E5%8F%B0%E8%B4%A6%20%271%27.csv`},
		{"/v1/organizations/652701/disclosures:export?format=csv", "EXPORT_FORMAT_CSV end", `attachment; filename="1.csv"; filename*=UTF-8''%E5%8F%B0%E8%B4%A6%20%271%27.csv`},
		{"/v1/disclosures:template?year=2018", "PK", `attachment; filename="disclosures.xlsx"; filename*=UTF-8''%E6%A8%A1%E6%9D%BF.xlsx`},
	} {
		res, body := call{path: c.path}.do(t, base)
		if res.StatusCode != http.StatusOK || body != c.body || res.Header.Get("Content-Disposition") != c.disposition {
			t.Errorf("%s: %d %q, %s", c.path, res.StatusCode, body, res.Header.Get("Content-Disposition"))
		}
	}
}

// An export that breaks off breaks the connection.
func TestExport_BreaksOff(t *testing.T) {
	_, base := start(t, gateway.Options{})
	res, err := http.Get(base + "/v1/organizations/652701/disclosures:export?filter=breaks+off")
	if err != nil {
		return // before the header came through
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err == nil {
		t.Errorf("it looks whole: %q", body)
	}
}

// A report comes as a file, if the caller may see it; a roll-up as well. What is next to it stays as it was.
func TestDownloads_Report(t *testing.T) {
	_, base := start(t, gateway.Options{})
	report, rollup := "/v1/organizations/"+fixture.Township+"/reports/"+fixture.Year, "/v1/organizations/"+fixture.City+"/rollups/"+fixture.Year
	for _, c := range []struct{ path, contains, contentType, file string }{
		{report + ":download", "word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", `filename="2018.docx"`},
		{report + ":download?format=html", "政府文件24条，工作报告1条", "text/html; charset=utf-8", `filename="2018.html"`},
		{report + ":download?format=csv", "政府文件24条，工作报告1条", "text/csv; charset=utf-8", `filename="2018.csv"`},
		{report + ":download?format=xlsx", "xl/worksheets/sheet1.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", `filename="2018.xlsx"`},
		{report + ":download?format=json", `"value": 550`, "application/json", `filename="2018.json"`},
		{rollup + ":download", "xl/worksheets/sheet2.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", `filename="2018.xlsx"`},
		{report, `"form"`, "application/json", ""},
		{rollup, `"rows"`, "application/json", ""},
	} {
		res, body := call{path: c.path, headers: map[string]string{"Authorization": "Bearer " + fixture.Token}}.do(t, base)
		if res.StatusCode != http.StatusOK || !strings.Contains(body, c.contains) || res.Header.Get("Content-Type") != c.contentType || !strings.Contains(res.Header.Get("Content-Disposition"), c.file) {
			t.Errorf("%s: %d, %s, %s", c.path, res.StatusCode, res.Header.Get("Content-Type"), res.Header.Get("Content-Disposition"))
		}
	}
	for _, c := range []struct {
		call   call
		code   int
		reason string
	}{
		{call{path: report + ":download?format=doc"}, 400, "INVALID_FIELD"},
		{call{path: report + ":download?kind=docx"}, 400, "INVALID_FIELD"},
		{call{path: rollup + ":download?format=csv"}, 400, "INVALID_FIELD"},
		{call{method: http.MethodPost, path: report + ":download"}, 405, "UNIMPLEMENTED"},
		{call{path: "/v1/organizations/659999/reports/2018:download"}, 404, "NOT_FOUND"},
		{call{path: report + ":lost"}, 404, "NOT_FOUND"},
	} {
		c.call.headers = map[string]string{"Authorization": "Bearer " + fixture.Token}
		res, body := c.call.do(t, base)
		if res.StatusCode != c.code || !strings.Contains(body, c.reason) {
			t.Errorf("%s %s: %d %s", c.call.method, c.call.path, res.StatusCode, body)
		}
	}
}

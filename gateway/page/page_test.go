package page_test

import (
	"flag"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gongkai/gateway"
	"gongkai/gateway/internal/fixture"
	"gongkai/gateway/page"

	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "write the golden pages anew")

// visitor asks for pages.
type visitor struct {
	t        *testing.T
	h        http.Handler
	language string
	token    string
}

func newVisitor(t *testing.T) (*fixture.Suite, visitor) {
	t.Helper()
	s := fixture.Start(t)
	pages, err := page.New(s.Connections, page.Options{Home: page.Home{Organization: fixture.City, Period: fixture.Year}})
	if err != nil {
		t.Fatal(err)
	}
	h, err := gateway.New(t.Context(), s.Connections, gateway.Options{Pages: pages})
	if err != nil {
		t.Fatal(err)
	}
	return s, visitor{t: t, h: h}
}

func (v visitor) do(method, path string) *httptest.ResponseRecorder {
	v.t.Helper()
	req := httptest.NewRequest(method, path, nil)
	req.Header.Set("X-Request-Id", "call-1")
	if v.language != "" {
		req.Header.Set("Accept-Language", v.language)
	}
	if v.token != "" {
		req.AddCookie(&http.Cookie{Name: "gongkai_token", Value: v.token})
	}
	w := httptest.NewRecorder()
	v.h.ServeHTTP(w, req)
	return w
}

// get returns a page, and fails unless it is well made.
func (v visitor) get(path string, code int) string {
	v.t.Helper()
	w := v.do(http.MethodGet, path)
	body := w.Body.String()
	if w.Code != code {
		v.t.Fatalf("%s: %d, want %d: %s", path, w.Code, code, body)
	}
	wellMade(v.t, path, body)
	return body
}

// follow goes where the site sends the visitor on, and returns the last path and its page.
func (v visitor) follow(path string) (string, string) {
	v.t.Helper()
	for range 5 {
		path = strings.SplitN(path, "#", 2)[0]
		w := v.do(http.MethodGet, path)
		if w.Code != http.StatusSeeOther {
			return path, w.Body.String()
		}
		path = w.Header().Get("Location")
	}
	v.t.Fatalf("%s leads round in a circle", path)
	return "", ""
}

// wellMade fails for a page with script, inline style, a table without caption or a heading cell without scope.
func wellMade(t *testing.T, path, body string) {
	t.Helper()
	if !strings.HasPrefix(body, "<!DOCTYPE html>") || strings.Contains(body, "ZgotmplZ") {
		t.Errorf("%s: is no page", path)
	}
	z := html.NewTokenizer(strings.NewReader(body))
	last := ""
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return
		}
		token := z.Token()
		if kind != html.StartTagToken {
			continue
		}
		attributes := map[string]string{}
		for _, a := range token.Attr {
			attributes[a.Key] = a.Val
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
				t.Errorf("%s: <%s %s>", path, token.Data, a.Key)
			}
			if a.Key == "href" && strings.HasPrefix(a.Val, "javascript") {
				t.Errorf("%s: a link runs a script", path)
			}
		}
		if last == "table" && token.Data != "caption" {
			t.Errorf("%s: a table without caption", path)
		}
		last = token.Data
		switch {
		case token.Data == "script" || token.Data == "img" || token.Data == "style":
			t.Errorf("%s: holds <%s>", path, token.Data)
		case token.Data == "th" && attributes["scope"] == "":
			t.Errorf("%s: a th without scope", path)
		}
	}
}

// golden compares a page with the one on file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := "testdata/" + name
	got = regexp.MustCompile(`/style-[0-9a-f]+\.css`).ReplaceAllString(got, "/style.css")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; look at it and run with -update:\n%s", file, firstDifference(string(want), got))
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return "want " + w[i] + "\ngot  " + g[i]
		}
	}
	return "one is longer"
}

// The first page is the roll-up, for the public and for a supervisor, in both languages.
func TestRollupGolden(t *testing.T) {
	_, v := newVisitor(t)
	golden(t, "rollup_public.html", v.get("/", http.StatusOK))
	v.token = fixture.Token
	golden(t, "rollup_supervisor.html", v.get("/", http.StatusOK))
	v.language = "en"
	golden(t, "rollup_supervisor_en.html", v.get("/rollups/652701/2018", http.StatusOK))
}

// The public learns what is accepted and how many are; who is missing, returned or late it does not.
func TestPublicSeesAcceptedOnly(t *testing.T) {
	_, v := newVisitor(t)
	body := v.get("/", http.StatusOK)
	for _, want := range []string{"应报送 12 家，已接收 9 家。", "本页仅公布已接收报告中的数字。", ">550</a>", `lang="zh-CN"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the public page lacks %s", want)
		}
	}
	for _, secret := range []string{"未报送", "已退回", "记录 ", "迟到", "差异", "请核对", "退出登录"} {
		if strings.Contains(body, secret) {
			t.Errorf("the public page shows %s", secret)
		}
	}
	v.token = fixture.Token
	body = v.get("/", http.StatusOK)
	for _, want := range []string{`<span class="status bad">未报送</span>`, "请核对", "<small>记录 596</small><small>迟到 &#43;1</small>", "接收后变化", "退出登录"} {
		if !strings.Contains(body, want) {
			t.Errorf("the supervisor's page lacks %s", want)
		}
	}
}

var link = regexp.MustCompile(`href="(/[^"]*)"`)

// linkOf returns the link around a figure in an organisation's row.
func linkOf(t *testing.T, body, organization, figure string) string {
	t.Helper()
	_, row, ok := strings.Cut(body, organization+"</a>")
	if !ok {
		t.Fatalf("no row of %s", organization)
	}
	row, _, _ = strings.Cut(row, "</tr>")
	m := regexp.MustCompile(`<a href="([^"]*)">` + regexp.QuoteMeta(figure) + `</a>`).FindStringSubmatch(row)
	if m == nil {
		t.Fatalf("no linked %s in %s", figure, row)
	}
	return html.UnescapeString(m[1])
}

// From the 550 to the 550 records, and from each category to its own.
func TestFigureLeadsToItsRecords(t *testing.T) {
	s, v := newVisitor(t)
	home := v.get("/", http.StatusOK)
	period := `published_on >= "2018-01-01" AND published_on <= "2018-12-31"`
	for figure, want := range map[string]struct{ path, filter string }{
		"550": {"/organizations/652701201/disclosures?period=2018", period + ` AND state = STATE_PUBLISHED`},
		"365": {"/organizations/652701201/disclosures?period=2018&category=emergency_management", period + ` AND category = "emergency_management" AND state = STATE_PUBLISHED`},
		"24":  {"/organizations/652701201/disclosures?period=2018&category=government_document", period + ` AND category = "government_document" AND state = STATE_PUBLISHED`},
	} {
		path, body := v.follow(linkOf(t, home, "贝林哈日莫墩乡人民政府", figure))
		if path != want.path {
			t.Errorf("%s leads to %s, want %s", figure, path, want.path)
		}
		if got := <-s.Filters; got != want.filter {
			t.Errorf("%s asks for %s, want %s", figure, got, want.filter)
		}
		records := strings.Count(body, `<th scope="row">`)
		for next := regexp.MustCompile(`rel="next" href="([^"]*)"`); next.MatchString(body); {
			body = v.get(html.UnescapeString(next.FindStringSubmatch(body)[1]), http.StatusOK)
			<-s.Filters
			records += strings.Count(body, `<th scope="row">`)
		}
		if figure != strconv.Itoa(records) {
			t.Errorf("behind %s are %d records", figure, records)
		}
	}
}

// A figure that no disclosures feed leads to its place in the report; a department's straight there.
func TestOtherFiguresLeadToTheReport(t *testing.T) {
	_, v := newVisitor(t)
	home := v.get("/", http.StatusOK)
	if got := linkOf(t, home, "博乐市教育局", "12.50"); got != "/organizations/652701-education/reports/2018#fees.charged" {
		t.Errorf("the fee leads to %s", got)
	}
	w := v.do(http.MethodGet, "/rollups/652701201/2018/cells/requests.received")
	if got := w.Header().Get("Location"); got != "/organizations/652701201/reports/2018#requests.received" {
		t.Errorf("the township's requests lead to %q", got)
	}
	v.token = fixture.Token
	v.get("/rollups/"+fixture.Missing+"/2018/cells/requests.received", http.StatusOK) // there is no report to lead to
	body := v.get("/organizations/652701201/reports/2018", http.StatusOK)
	for _, want := range []string{`<tr id="requests.received">`, "填报为无", "由记录得出", "<strong>按时</strong>", "<li>组织领导</li>"} {
		if !strings.Contains(body, want) {
			t.Errorf("the report lacks %s", want)
		}
	}
	if strings.Contains(body, "alert(1)") {
		t.Error("the report's text carries a script")
	}
	body = v.get("/organizations/"+fixture.Area+"/reports/2018", http.StatusOK)
	for _, want := range []string{
		"报告范围：全区域，汇总本级与下级已接收的 2 份报告。", `<a href="/rollups/652701101/2018/owed?only=missing">编制时另有 1 家`,
		`<td class="n">276</td><td><a href="/rollups/652701101/2018/cells/disclosed.emergency_management">汇总，其中本级 138</a></td>`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the report of an area lacks %s", want)
		}
	}
}

// A total leads to its organisations, each of which leads on.
func TestTotalLeadsToOrganizations(t *testing.T) {
	_, v := newVisitor(t)
	v.token = fixture.Token
	body := v.get("/rollups/652701/2018/cells/disclosed.work_update", http.StatusOK)
	for _, want := range []string{
		`<a href="/rollups/652701201/2018/cells/disclosed.work_update">130</a>`,
		`<a href="/organizations/652701-education/disclosures?period=2018&amp;category=work_update">288</a>`,
		`<small>记录 <a href="/rollups/652701102/2018/cells/disclosed.work_update">133</a></small>`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	body = v.get("/rollups/652701/2018/cells/disclosed.total", http.StatusOK)
	if !strings.Contains(body, `<a href="/rollups/652701/2018/cells/disclosed.emergency_management">`) {
		t.Error("a sum does not lead to its parts")
	}
}

// Every link of every page leads to a page.
func TestNoLinkIsDead(t *testing.T) {
	_, v := newVisitor(t)
	for _, token := range []string{"", fixture.Token} {
		v.token = token
		seen, waiting := map[string]bool{}, []string{"/"}
		for len(waiting) > 0 && len(seen) < 400 {
			path := waiting[0]
			waiting = waiting[1:]
			if seen[path] {
				continue
			}
			seen[path] = true
			w := v.do(http.MethodGet, path)
			if w.Code != http.StatusOK && w.Code != http.StatusSeeOther {
				t.Errorf("signed in %v: %s is %d", token != "", path, w.Code)
			}
			found := link.FindAllStringSubmatch(w.Body.String(), -1)
			if l := w.Header().Get("Location"); l != "" {
				found = append(found, []string{"", l})
			}
			for _, m := range found {
				next, _, _ := strings.Cut(html.UnescapeString(m[1]), "#")
				if !strings.Contains(next, "/disclosures/") || len(seen) < 20 {
					waiting = append(waiting, next)
				}
			}
		}
		if len(seen) < 100 {
			t.Errorf("only %d pages were found", len(seen))
		}
	}
}

// A supervisor sees who owes a report and by when, and what does not fit, with the reason; the public does not.
func TestOversight(t *testing.T) {
	_, v := newVisitor(t)
	for _, path := range []string{"/rollups/652701/2018/owed", "/rollups/652701/2018/discrepancies"} {
		v.get(path, http.StatusForbidden)
	}
	v.token = fixture.Token
	body := v.get("/rollups/652701/2018/owed?only=late", http.StatusOK)
	for _, want := range []string{"乌图布拉格镇人民政府", "2019-02-20", "逾期 2 天", "法定期限 2019-03-31，由 652701 提前或另定"} {
		if !strings.Contains(body, want) {
			t.Errorf("the list of who owes a report lacks %s", want)
		}
	}
	if strings.Contains(body, "小营盘镇人民政府") {
		t.Error("somebody is late who is not")
	}
	body = v.get("/organizations/652701201/reports/2018", http.StatusOK)
	if want := `<a href="/organizations/652701201/reports/2018/signed-copy?version=1">PDF 文件</a> <small>3 KiB</small></td><td class="id">abcd</td>`; !strings.Contains(body, want) {
		t.Errorf("the report lacks %s", want)
	}
	w := v.do(http.MethodGet, "/organizations/652701201/reports/2018/signed-copy?version=1")
	if w.Body.String() != "%PDF-1.7" || w.Header().Get("Content-Type") != "application/pdf" || w.Header().Get("Content-Disposition") != `attachment; filename="652701201-2018-v1.pdf"` {
		t.Errorf("the signed copy is sent as %v: %s", w.Header(), w.Body)
	}
	stranger := v
	stranger.token = fixture.Stranger
	if body := stranger.get("/organizations/652701201/reports/2018", http.StatusOK); strings.Contains(body, "signed-copy") || strings.Contains(body, "/lineage") {
		t.Error("a visitor is led to what is not shown yet")
	}
	v.get("/rollups/652701/2018/owed?only=happy", http.StatusBadRequest)
	v.get("/rollups/652701/2018?view=happy", http.StatusBadRequest)
	if body := v.get("/rollups/652701/2018?view=year_before", http.StatusOK); !strings.Contains(body, `<small class="other">上年 557</small>`) {
		t.Error("the year before is not shown")
	} else if want := `<rect class="before" x="230"`; !strings.Contains(body, want) || !strings.Contains(body, `<title>应急管理 365</title>`) {
		t.Error("the chart lacks a category or the year before")
	}
	body = v.get("/rollups/652701/2018/cells/disclosed.total/lineage?basis=records", http.StatusOK)
	for _, want := range []string{"合计 2", "logs/disclosure/entries/7", "公开", `<a href="/organizations/652701201/disclosures/01HG0000000000000000000001">`, "page_token=b"} {
		if !strings.Contains(body, want) {
			t.Errorf("the lineage lacks %s", want)
		}
	}
	v.get("/rollups/652701/2018/cells/disclosed.total/lineage?basis=happy", http.StatusBadRequest)
	body = v.get("/rollups/652701/2018/discrepancies", http.StatusOK)
	for _, want := range []string{"记录与报告不一致", "595", "示例原因", "已说明：示例说明——示例"} {
		if !strings.Contains(body, want) {
			t.Errorf("what does not fit lacks %s", want)
		}
	}
}

// What came from outside is text, never markup.
func TestEscaping(t *testing.T) {
	_, v := newVisitor(t)
	if body := v.get("/", http.StatusOK); !strings.Contains(body, "博乐市卫生健康委员会&lt;示例&gt;") {
		t.Error("a name is not escaped")
	}
	body := v.get("/organizations/652701201/disclosures/01HG0000000000000000000001", http.StatusOK)
	for _, want := range []string{"第1号&lt;示例&gt;</h1>", "已撤回", "内容有误", "2019-01-09", "652701201/2018-00001", "政府网站、公开栏、公示牌"} {
		if !strings.Contains(body, want) {
			t.Errorf("the record lacks %s", want)
		}
	}
	v.get("/"+url.PathEscape("<script>alert(1)</script>"), http.StatusNotFound)
}

// What cannot be shown is said in the visitor's words, under the right code.
func TestFailures(t *testing.T) {
	_, v := newVisitor(t)
	for path, code := range map[string]int{
		"/rollups/99/2018": 404, "/rollups/652701/2018-13": 404, "/rollups/x/2018": 404, "/rollups/652701/2007": 400,
		"/rollups/652701/2018/cells/none": 404, "/organizations/652701102/reports/2018": 404, "/organizations/99/disclosures": 404,
		"/organizations/652701201/disclosures?period=x": 400, "/organizations/652701201/disclosures?category=A\"": 400,
		"/organizations/652701201/disclosures?page_token=x": 400, "/organizations/652701201/disclosures?from=0": 400, "/nowhere": 404,
	} {
		body := v.get(strings.ReplaceAll(path, `"`, "%22"), code)
		if !strings.Contains(body, "无法显示此页") || !strings.Contains(body, "call-1") {
			t.Errorf("%s: %s", path, body)
		}
	}
	v.language = "en"
	if body := v.get("/rollups/99/2018", 404); !strings.Contains(body, "organizations/99 was not found;") || !strings.Contains(body, `lang="en"`) {
		t.Errorf("in English: %s", body)
	}
}

// A sign-in link leaves its token in a cookie that scripts and other sites cannot use, and nowhere else.
func TestSignIn(t *testing.T) {
	_, v := newVisitor(t)
	w := v.do(http.MethodGet, "/sign-in?token="+fixture.Token)
	cookies := w.Result().Cookies()
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/" || len(cookies) != 1 {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	c := cookies[0]
	if c.Name != "gongkai_token" || c.Value != fixture.Token || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Secure {
		t.Errorf("cookie %+v", c)
	}
	secure := visitor{t: t, h: v.h}.do(http.MethodGet, "https://example.org/sign-in?token="+fixture.Token)
	if c := secure.Result().Cookies(); len(c) != 1 || !c[0].Secure {
		t.Errorf("over TLS the cookie is %v", c)
	}
	for _, token := range []string{"", "unknown", "a%20b", "a%0d%0aSet-Cookie:x", strings.Repeat("a", 4000)} {
		w := v.do(http.MethodGet, "/sign-in?token="+token)
		if w.Code != http.StatusUnauthorized || len(w.Result().Cookies()) > 0 || !strings.Contains(w.Body.String(), "登录链接无效或已过期") {
			t.Errorf("token %.20q: %d %v", token, w.Code, w.Header())
		}
	}
}

// Signing out, and a token that no longer holds, clear the cookie.
func TestSignOut(t *testing.T) {
	_, v := newVisitor(t)
	v.token = fixture.Token
	w := v.do(http.MethodPost, "/sign-out")
	if c := w.Result().Cookies(); w.Code != http.StatusSeeOther || len(c) != 1 || c[0].MaxAge >= 0 {
		t.Errorf("%d %v", w.Code, c)
	}
	v.token = "expired"
	w = v.do(http.MethodGet, "/")
	if c := w.Result().Cookies(); w.Code != http.StatusUnauthorized || len(c) != 1 || c[0].MaxAge >= 0 {
		t.Errorf("expired: %d %v", w.Code, c)
	}
}

func TestStylesheet(t *testing.T) {
	_, v := newVisitor(t)
	path := regexp.MustCompile(`/style-[0-9a-f]+\.css`).FindString(v.get("/", http.StatusOK))
	w := v.do(http.MethodGet, path)
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") || strings.Contains(w.Body.String(), "url(") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestNewNeedsAHome(t *testing.T) {
	s := fixture.Start(t)
	for _, home := range []page.Home{{}, {Organization: "652701", Period: "18"}, {Organization: "../x", Period: "2018"}} {
		if _, err := page.New(s.Connections, page.Options{Home: home}); err == nil {
			t.Errorf("%+v was taken", home)
		}
	}
	if _, err := page.New(gateway.Connections{}, page.Options{Home: page.Home{Organization: "652701", Period: "2018"}}); err == nil {
		t.Error("pages were made without connections")
	}
}

// A roll-up of the organisation alone or with its departments is a link away, beside whatever else is looked at; the
// figures lead on in the same scope.
func TestScopes(t *testing.T) {
	_, v := newVisitor(t)
	v.token = fixture.Token
	body := v.get("/rollups/652701/2018?view=year_before&scope=departments", http.StatusOK)
	for _, want := range []string{
		`<a href="/rollups/652701/2018?view=year_before">全区域</a>`, `<a href="/rollups/652701/2018?scope=own&amp;view=year_before">本级</a>`,
		`<a href="/rollups/652701/2018?scope=departments&amp;view=year_before" aria-current="page">本级及所属部门</a>`,
		`<a href="/rollups/652701/2018?scope=departments">本期</a>`, "博乐市教育局", `<a href="/rollups/652701/2018/cells/disclosed.work_update?scope=departments">485</a>`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the roll-up with departments lacks %s", want)
		}
	}
	if strings.Contains(body, "小营盘镇人民政府") {
		t.Error("a township stands among the departments")
	}
	body = v.get("/rollups/652701/2018/cells/disclosed.work_update?scope=departments", http.StatusOK)
	if !strings.Contains(body, `<a href="/rollups/652701/2018?scope=departments">`) || strings.Contains(body, "小营盘镇人民政府") || strings.Contains(body, "/lineage") {
		t.Error("the figure is not in the scope")
	}
	if body := v.get("/rollups/652701201/2018", http.StatusOK); strings.Contains(body, "本级及所属部门") || !strings.Contains(body, "scope=own") {
		t.Error("a township has no departments")
	}
	if body := v.get("/rollups/652701-education/2018", http.StatusOK); strings.Contains(body, "?scope=") {
		t.Error("a department has nothing below it")
	}
	v.get("/rollups/652701/2018?scope=world", http.StatusBadRequest)
	v.get("/rollups/652701/2018/cells/disclosed.total?scope=world", http.StatusBadRequest)
}

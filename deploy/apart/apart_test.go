package apart

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"gongkai/deploy/demo"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/suite"
)

func TestApart(t *testing.T) {
	if os.Getenv("BRIEF") != "" {
		t.Skip("it drives processes, which are built without the race detector")
	}
	program := build(t)
	want := together(t, program)
	t.Run("OneFolder", func(t *testing.T) {
		data := filepath.Join(t.TempDir(), "data")
		test(t, startAll(t, program, "", func(string) string { return data }), want, (*child).terminate)
	})
	t.Run("FolderEach", func(t *testing.T) {
		dir := t.TempDir()
		folder := func(target string) string { return filepath.Join(dir, target) }
		test(t, startAll(t, program, filepath.Join(dir, "token.pem"), folder), want, (*child).kill)
	})
}

// together is the roll-up that one process gives.
func together(t *testing.T, program string) *reportv1.Rollup {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	c, at, err := serve(t.Context(), t, program, []string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--log-level", "error"})
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := suite.OpenIssuer(suite.TokenKey(data), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	rollup := year(t, "http://"+at, func(role, organization string) (string, error) { return mint(issuer, role, organization) })
	if err := c.terminate(); err != nil {
		t.Error(err)
	}
	return rollup
}

// year enters the year of the demo, and returns the roll-up without what is random in it: the roots of the logs.
func year(t *testing.T, url string, tokens func(role, organization string) (string, error)) *reportv1.Rollup {
	t.Helper()
	until(t, "a healthy suite", func() bool { return healthy(url) })
	result, err := demo.Run(t.Context(), demo.Options{BaseURL: url, Tokens: tokens})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the year took %.1f s: %.0f calls a second", result.Elapsed.Seconds(), result.Rate())
	for _, b := range result.Rollup.GetBasis() {
		b.Root = nil
	}
	return result.Rollup
}

// test does all that processes that were just started have to stand: each is ended alone, in a way, and then all are
// killed.
func test(t *testing.T, p *processes, want *reportv1.Rollup, end func(*child) error) {
	byDay := protocmp.IgnoreFields(&reportv1.RollupRow{}, "days_late") // another day may have begun since
	lateByDay := protocmp.IgnoreFields(&reportv1.Rollup{}, "late")
	if diff := cmp.Diff(want, year(t, p.url(), p.token), protocmp.Transform(), byDay, lateByDay); diff != "" {
		t.Fatalf("run apart, the roll-up differs (-together +apart):\n%s", diff)
	}
	city, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	c := client{base: p.url(), token: p.root(), http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}}
	before := c.sizes(t)
	l := begin(t.Context(), c, city)
	began := time.Now()
	for _, n := range needs {
		if err := end(p.run[n.target]); err != nil {
			t.Errorf("end %s: %v", n.target, err)
		}
		away(t, l, n.target, p.at["report"])
		p.start(n.target)
		progress(t, l, "after the end of "+n.target, "directory", "disclosure", "request", "report")
	}
	for _, n := range needs {
		if err := p.run[n.target].kill(); err != nil {
			t.Errorf("kill %s: %v", n.target, err)
		}
	}
	for _, n := range slices.Backward(needs) { // each comes up before those that it needs
		p.start(n.target)
	}
	progress(t, l, "after all were killed", "directory", "disclosure", "request", "report")
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
	t.Logf("under load for %.1f s; acknowledged: %v, %d calls were repeated", time.Since(began).Seconds(), l.entries, l.repeated)
	if l.repeated == 0 {
		t.Error("no call had to be repeated: the load was none")
	}
	counted(t, l, before)
	p.stopAll()
	for _, log := range p.fsck().Logs {
		service := strings.TrimPrefix(log.Name, "logs/")
		if want := before[service] + int64(l.entries[service]); log.Size != want {
			t.Errorf("%s has %d entries, want %d: one for each change that was acknowledged", log.Name, log.Size, want)
		}
	}
}

// root is the token of an account that may do everything.
func (p *processes) root() string {
	p.Helper()
	who := access.Identity{Account: "root"}
	for _, role := range access.Roles() {
		if role != access.Service {
			who.Grants = append(who.Grants, access.Grant{Role: role, Organization: access.Everywhere})
		}
	}
	token, err := p.issuer.Mint(who, 2*time.Hour)
	if err != nil {
		p.Fatal(err)
	}
	return token
}

// reads are calls that only the service can answer.
var reads = map[string]string{
	"directory":  "/v1/organizations/" + demo.CityID,
	"disclosure": "/v1/organizations/" + demo.TownshipID + "/disclosures?pageSize=1",
	"request":    "/v1/organizations/" + demo.TownshipID + "/informationRequests?pageSize=1",
	"report":     "/v1/reportForms/2007",
	"calculator": "/v1/calculator/workdays/2018-06-18",
}

// away checks what it is like without one process: its calls are UNAVAILABLE and the gateway says that the suite is
// not healthy; records and requests that need it not are taken all the same. Report is where that service answers.
func away(t *testing.T, l *load, target, report string) {
	t.Helper()
	if target == gateway {
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	for service, path := range reads {
		var r *refusal
		switch err := l.once(ctx, http.MethodGet, path, nil, nil); {
		case service != target && err != nil:
			t.Errorf("without %s: %v", target, err)
		case service == target && (!errors.As(err, &r) || !r.unavailable()):
			t.Errorf("without %s: %v; want a typed UNAVAILABLE", target, err)
		}
	}
	unavailable := func(what, path string, in proto.Message) {
		t.Helper()
		var r *refusal
		if err := l.once(ctx, http.MethodPost, path, in, nil); !errors.As(err, &r) || !r.unavailable() {
			t.Errorf("%s without %s: %v; want a typed UNAVAILABLE", what, target, err)
		}
	}
	if target != "report" && target != "calculator" { // the one waits until it has folded what the others hold, the other is needed by none
		compile := proto.CloneOf(l.city.Reports[0])
		compile.Period = "2018-q1"
		if err := l.overGRPC(ctx, report, compile); !unavailableStatus(err) {
			t.Errorf("a report without %s, over gRPC: %v; want a typed UNAVAILABLE", target, err)
		}
		compile.Parent = ""
		unavailable("a report", "/v1/"+l.city.Reports[0].GetParent()+"/reports:compile", compile)
	}
	if target == "directory" { // which alone knows whether there is one that has not been heard of
		unavailable("a record of an unknown organisation", "/v1/organizations/652799/disclosures", l.city.Records[0].Draft)
	}
	if healthy(l.base) {
		t.Errorf("without %s the gateway says that every service serves", target)
	}
	for _, service := range []string{"disclosure", "request"} {
		if service != target {
			progress(t, l, "without "+target, service)
		}
	}
}

// progress waits until a few more changes of each service are acknowledged.
func progress(t *testing.T, l *load, when string, services ...string) {
	t.Helper()
	const few = 3
	for _, service := range services {
		begun, _ := l.acknowledged(service)
		until(t, fmt.Sprintf("%s: a change by %s", when, service), func() bool {
			now, err := l.acknowledged(service)
			if err != nil {
				t.Fatalf("%s: %v", when, err)
			}
			return now >= begun+few
		})
	}
}

// sizes are those of the logs, by service.
func (c *client) sizes(t *testing.T) map[string]int64 {
	t.Helper()
	sizes := map[string]int64{}
	for _, target := range suite.Stored() {
		service := target.Name
		checkpoint := &logv1.Checkpoint{}
		if err := c.once(t.Context(), http.MethodGet, "/v1/logs/"+service+"/checkpoint", nil, checkpoint); err != nil {
			t.Fatal(err)
		}
		sizes[service] = checkpoint.GetSize()
	}
	return sizes
}

// counted compares what was acknowledged with the logs and the lists, and the lists with the roll-up.
func counted(t *testing.T, l *load, before map[string]int64) {
	t.Helper()
	now := l.sizes(t)
	for service, size := range now {
		if want := before[service] + int64(l.entries[service]); size != want {
			t.Errorf("logs/%s has %d entries, want %d: one for each change that was acknowledged", service, size, want)
		}
	}
	rollup := &reportv1.Rollup{}
	until(t, "a roll-up of all records", func() bool {
		rollup.Reset()
		if err := l.once(t.Context(), http.MethodGet, "/v1/organizations/"+demo.CityID+"/rollups/2018", nil, rollup); err != nil {
			t.Fatal(err)
		}
		for _, b := range rollup.GetBasis() {
			if b.GetSize() < now[strings.TrimPrefix(b.GetLog(), "logs/")] {
				return false
			}
		}
		return true
	})
	var organizations []string
	for _, o := range l.city.Organizations {
		organizations = append(organizations, o.GetOrganizationId())
	}
	records, requests := 0, 0
	for _, organization := range append(organizations, l.villages...) {
		records += l.listRecords(t, organization)
		requests += l.listRequests(t, organization)
	}
	for name := range l.records {
		t.Errorf("%s was acknowledged and is not listed", name)
	}
	for cell, want := range map[string]int{"disclosed.total": records, "requests.received": requests} {
		if got := rollup.GetTotals()[cell].GetRecords(); int(got) != want || want == 0 {
			t.Errorf("%s is %d in the roll-up, %d are listed", cell, got, want)
		}
	}
}

// listRecords counts the published records of an organisation that were published in 2018, and strikes out those that
// were acknowledged in the revision that is listed.
func (l *load) listRecords(t *testing.T, organization string) (n int) {
	t.Helper()
	titles := map[string]bool{}
	for page := ""; ; {
		list := &disclosurev1.ListDisclosuresResponse{}
		path := "/v1/organizations/" + organization + "/disclosures?pageSize=1000&pageToken=" + page
		if err := l.once(t.Context(), http.MethodGet, path, nil, list); err != nil {
			t.Fatal(err)
		}
		for _, d := range list.GetDisclosures() {
			if d.GetState() == disclosurev1.State_STATE_PUBLISHED && d.GetPublishedOn().GetYear() == 2018 {
				n++
			}
			if !strings.HasPrefix(d.GetTitle(), "示例 load-") {
				continue
			}
			if titles[d.GetTitle()] || l.records[d.GetName()] != d.GetEtag() {
				t.Errorf("%s, %q, is there in revision %s; %q was acknowledged (seen before: %t)",
					d.GetName(), d.GetTitle(), d.GetEtag(), l.records[d.GetName()], titles[d.GetTitle()])
			}
			titles[d.GetTitle()] = true
			delete(l.records, d.GetName())
		}
		if page = list.GetNextPageToken(); page == "" {
			return n
		}
	}
}

// listRequests counts the requests that an organisation received in 2018.
func (l *load) listRequests(t *testing.T, organization string) (n int) {
	t.Helper()
	for page := ""; ; {
		list := &requestv1.ListInformationRequestsResponse{}
		path := "/v1/organizations/" + organization + "/informationRequests?pageSize=1000&pageToken=" + page
		if err := l.once(t.Context(), http.MethodGet, path, nil, list); err != nil {
			t.Fatal(err)
		}
		for _, q := range list.GetInformationRequests() {
			if q.GetReceivedOn().GetYear() == 2018 {
				n++
			}
		}
		if page = list.GetNextPageToken(); page == "" {
			return n
		}
	}
}

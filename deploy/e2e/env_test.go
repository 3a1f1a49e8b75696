package e2e_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"gongkai/deploy/demo"
	"gongkai/gateway"
	"gongkai/gateway/page"
	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/server"
	"gongkai/services/suite"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/proto"
)

// clock stands still at noon of 20 March 2019 in Shanghai: the year 2018 is over, its form still in use.
func clock() time.Time { return time.Date(2019, time.March, 20, 4, 0, 0, 0, time.UTC) }

// env is a suite that runs, with the ways to it.
type env struct {
	t     *testing.T
	data  string
	suite *suite.Suite
	url   string           // of the gateway
	tcp   *grpc.ClientConn // to the services, past the gateway
	http  *http.Client

	stopped sync.Once
	closed  sync.Once
	web     *http.Server
	served  sync.WaitGroup
}

// start runs a suite on a new data folder. When the test ends its data are verified.
func start(t *testing.T) *env {
	t.Helper()
	return open(t, t.TempDir())
}

// open runs a suite on a data folder. When the test ends its data are verified.
func open(t *testing.T, data string) *env {
	t.Helper()
	e := run(t, data, clock)
	t.Cleanup(e.verify)
	return e
}

// run runs a suite on a data folder, by a clock, and lets its data be.
func run(t *testing.T, data string, now func() time.Time) *env {
	t.Helper()
	return runWith(t, suite.Options{Data: data, Now: now}, gateway.Options{})
}

// runWith runs a suite with more than the least that it needs.
func runWith(t *testing.T, o suite.Options, front gateway.Options) *env {
	t.Helper()
	e := &env{t: t, data: o.Data}
	var err error
	o.Origin = "transparency.example.gov.cn"
	e.suite, err = suite.Open(o)
	e.check(err)
	t.Cleanup(func() { e.check(e.stop()) })
	handler := e.gateway(front)
	rpc, web := e.listen(), e.listen()
	e.url, e.web = "http://"+web.Addr().String(), gateway.Server(handler)
	e.served.Go(func() { _ = e.suite.Serve(rpc) }) // it ends when the suite stops
	e.served.Go(func() {
		if err := e.web.Serve(web); !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("serve REST: %v", err)
		}
	})
	e.tcp, err = grpc.NewClient(rpc.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(server.MaxMessage), grpc.MaxCallSendMsgSize(server.MaxMessage)))
	e.check(err)
	e.http = &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 128},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return e
}

// gateway is put together as the program does it.
func (e *env) gateway(o gateway.Options) http.Handler {
	e.t.Helper()
	conn := e.suite.Conn
	services := gateway.Connections{Directory: conn, Disclosure: conn, Request: conn, Report: conn, Calculator: conn, Logs: map[string]grpc.ClientConnInterface{}}
	for _, target := range suite.Stored() {
		services.Logs[target.Name] = conn
	}
	pages, err := page.New(services, page.Options{Home: page.Home{Organization: demo.CityID, Period: demo.Period}})
	e.check(err)
	o.Pages = pages
	handler, err := gateway.New(e.t.Context(), services, o)
	e.check(err)
	return handler
}

func (e *env) listen() net.Listener {
	e.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	e.check(err)
	return l
}

// verify fails the test if the data are not what the logs say.
func (e *env) verify() {
	e.t.Helper()
	select {
	case <-e.suite.Done():
		e.check(e.suite.Err())
		verdict, err := suite.Fsck(context.Background(), e.data)
		e.check(err)
		e.equal(verdict)
	default:
		verdict, err := e.suite.Verify(context.Background())
		e.check(err)
		e.equal(verdict)
	}
}

func (e *env) equal(v *suite.Verdict) {
	e.t.Helper()
	for _, d := range v.Differences {
		e.t.Errorf("state and log differ: %s", d)
	}
	if len(v.Logs) != len(suite.Stored()) {
		e.t.Errorf("%d logs were verified, want %d", len(v.Logs), len(suite.Stored()))
	}
}

// stop ends everything, from the outside in.
func (e *env) stop() (err error) {
	e.stopped.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if e.http != nil {
			e.http.CloseIdleConnections()
			err = errors.Join(e.web.Shutdown(ctx), e.tcp.Close())
		}
		err = errors.Join(err, e.close(ctx))
		e.served.Wait()
	})
	return err
}

// close ends the services alone.
func (e *env) close(ctx context.Context) (err error) {
	e.closed.Do(func() { err = e.suite.Close(ctx) })
	return err
}

func (e *env) check(err error) {
	e.t.Helper()
	if err != nil {
		e.t.Fatal(err)
	}
}

// token mints a token of a role in an organisation, for the account that this role there has.
func (e *env) token(role access.Role, organization string) string {
	e.t.Helper()
	token, err := e.suite.Issuer.Mint(access.Identity{
		Account: string(role) + "-" + organization, Grants: []access.Grant{{Role: role, Organization: organization}},
	}, time.Hour)
	e.check(err)
	return token
}

// root may do everything everywhere, apart from what only the services do.
func (e *env) root() string {
	e.t.Helper()
	who := access.Identity{Account: "root"}
	for _, role := range access.Roles() {
		if role != access.Service {
			who.Grants = append(who.Grants, access.Grant{Role: role, Organization: access.Everywhere})
		}
	}
	token, err := e.suite.Issuer.Mint(who, time.Hour)
	e.check(err)
	return token
}

// sizes are those of all logs, by name.
func (e *env) sizes() map[string]int64 {
	e.t.Helper()
	sizes := map[string]int64{}
	for _, target := range suite.Stored() {
		name := "logs/" + target.Name
		sizes[name] = do[*logv1.Checkpoint](e, "", &logv1.GetCheckpointRequest{Name: name}).GetSize()
	}
	return sizes
}

// Two cities of one prefecture, their townships and a village. The names are made up.
const (
	cityA    = "652701"
	cityB    = "652702"
	townA    = "652701201" // below cityA, as is townC
	townC    = "652701202"
	townB    = "652702201" // below cityB
	villageA = "652701201001"
	unknown  = "652799"
)

// enter enters the two cities, on the day on which the Regulation came into force.
func (e *env) enter() {
	e.t.Helper()
	in := &directoryv1.BatchCreateOrganizationsRequest{}
	add := func(id, parent string, kind directoryv1.Kind, owes bool) {
		o := &directoryv1.Organization{DisplayName: "示例机关" + id, Kind: kind, OwesReport: owes, FoundedOn: day(2008, 5, 1)}
		if parent != "" {
			o.Parent = "organizations/" + parent
		}
		if !owes {
			o.NoReportReason = "示例：不单独编制年度报告"
		}
		in.Requests = append(in.Requests, &directoryv1.CreateOrganizationRequest{OrganizationId: id, Organization: o})
	}
	add("65", "", directoryv1.Kind_KIND_GOVERNMENT, false)
	add("6527", "65", directoryv1.Kind_KIND_GOVERNMENT, false)
	add(cityA, "6527", directoryv1.Kind_KIND_GOVERNMENT, false)
	add(cityB, "6527", directoryv1.Kind_KIND_GOVERNMENT, false)
	add(townA, cityA, directoryv1.Kind_KIND_GOVERNMENT, true)
	add(townC, cityA, directoryv1.Kind_KIND_GOVERNMENT, true)
	add(townB, cityB, directoryv1.Kind_KIND_GOVERNMENT, true)
	add(villageA, townA, directoryv1.Kind_KIND_VILLAGERS_COMMITTEE, false)
	do[*directoryv1.BatchCreateOrganizationsResponse](e, e.root(), in)
}

// draftOf asks for a draft in an organisation.
func draftOf(organization string) *disclosurev1.CreateDisclosureRequest {
	return &disclosurev1.CreateDisclosureRequest{
		Parent:     nameOf(organization),
		Disclosure: &disclosurev1.Disclosure{Title: "示例：工作动态", Content: "示例。", Category: "other", FormedOn: day(2017, 6, 1)},
	}
}

// draft writes down a disclosure.
func (e *env) draft(organization, category string) *disclosurev1.Disclosure {
	e.t.Helper()
	in := draftOf(organization)
	in.Disclosure.Category = category
	return do[*disclosurev1.Disclosure](e, e.token(access.Clerk, organization), in)
}

// publish writes down a disclosure and publishes it on a day.
func (e *env) publish(organization, category string, on *date.Date) *disclosurev1.Disclosure {
	e.t.Helper()
	return do[*disclosurev1.Disclosure](e, e.token(access.Reviewer, organization), &disclosurev1.PublishDisclosureRequest{
		Name: e.draft(organization, category).GetName(), PublishedOn: on,
	})
}

func day(year, month, of int) *date.Date {
	return &date.Date{Year: int32(year), Month: int32(month), Day: int32(of)}
}

// sole returns the one element of a list for which want holds.
func sole[E proto.Message](e *env, list []E, want func(E) bool) E {
	e.t.Helper()
	var found []E
	for _, one := range list {
		if want(one) {
			found = append(found, one)
		}
	}
	if len(found) != 1 {
		e.t.Fatalf("found %d, want one, in %v", len(found), list)
	}
	return found[0]
}

// nameOf is an organisation's resource name.
func nameOf(id string) string { return "organizations/" + id }

// sorted returns the keys of a map in order.
func sorted[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

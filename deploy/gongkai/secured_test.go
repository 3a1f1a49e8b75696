package main

import (
	"crypto/tls"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"gongkai/gateway/page"
	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/suite"
)

// secured are three processes that show each other certificates: the directory, the other services, the gateway.
type secured struct {
	*testing.T
	authority *authority
	dir       string
	directory *process
	services  *process
	gateway   *process
}

func startSecured(t *testing.T) *secured {
	t.Helper()
	a, err := newAuthority()
	must(t, err)
	s := &secured{T: t, authority: a, dir: t.TempDir()}
	s.directory = s.open("directory", options{run: []string{"directory"}}, "127.0.0.1")
	at := s.directory.grpcAddress()
	s.services = s.open("services", options{
		run: []string{"disclosure", "request", "report", "calculator"}, addresses: map[string]string{"directory": at},
	}, "127.0.0.1")
	s.gateway = s.open("gateway", s.beforeAll(at), "localhost", "127.0.0.1")
	return s
}

// beforeAll are the options of a gateway.
func (s *secured) beforeAll(directory string) options {
	services := s.services.grpcAddress()
	return options{run: []string{}, gateway: true, addresses: map[string]string{
		"directory": directory, "disclosure": services, "request": services, "report": services, "calculator": services,
	}}
}

// open starts a process with a certificate for hosts, which asks its callers for one.
func (s *secured) open(name string, o options, hosts ...string) *process {
	s.Helper()
	files, err := s.authority.files(filepath.Join(s.dir, name), hosts...)
	must(s.T, err)
	files.ClientCA = files.CA
	o.data, o.tokenKey, o.origin = filepath.Join(s.dir, name, "data"), s.tokenKey(), "gongkai.local"
	o.listen, o.security = "127.0.0.1:0", files
	o.logger, o.home = slog.New(slog.DiscardHandler), page.Home{Organization: "652701", Period: "2018"}
	p, err := open(s.Context(), o)
	must(s.T, err)
	s.Cleanup(func() { must(s.T, p.close()) })
	return p
}

func (s *secured) tokenKey() string { return filepath.Join(s.dir, "token.pem") }

// https makes calls from outside, which know the authority and show no certificate.
func (s *secured) https(method, url, token, body string) (int, string) {
	s.Helper()
	config, err := security{CA: filepath.Join(s.dir, "gateway", "ca.pem")}.client(slog.New(slog.DiscardHandler))
	must(s.T, err)
	transport := &http.Transport{TLSClientConfig: config}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(s.Context(), method, url, strings.NewReader(body))
	must(s.T, err)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := (&http.Client{Transport: transport}).Do(req)
	must(s.T, err)
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	must(s.T, err)
	return res.StatusCode, string(answer)
}

// check asks for health over gRPC.
func (s *secured) check(address string, c credentials.TransportCredentials) error {
	s.Helper()
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(c))
	must(s.T, err)
	defer conn.Close()
	_, err = healthv1.NewHealthClient(conn).Check(s.Context(), &healthv1.HealthCheckRequest{})
	return err
}

// Three processes do their work over connections on which both sides show certificates.
func TestSecured(t *testing.T) {
	s := startSecured(t)
	issuer, err := suite.OpenIssuer(s.tokenKey(), time.Now)
	must(t, err)
	token, err := issuer.Mint(access.Identity{Account: "root", Grants: []access.Grant{
		{Role: access.Administrator, Organization: access.Everywhere}, {Role: access.Clerk, Organization: access.Everywhere},
	}}, time.Hour)
	must(t, err)
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+token)
	_, err = directoryv1.NewDirectoryServiceClient(s.gateway.suite.Connection("directory")).CreateOrganization(ctx, &directoryv1.CreateOrganizationRequest{
		OrganizationId: "65", Organization: &directoryv1.Organization{
			DisplayName: "示例", Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true, FoundedOn: &date.Date{Year: 2008, Month: 5, Day: 1},
		},
	})
	must(t, err)
	// The services learn of the organisation by following the directory's log, over such a connection too.
	code, answer := s.https(http.MethodPost, s.gateway.address()+"/v1/organizations/65/disclosures", token, `{"title": "示例", "category": "other"}`)
	if code != http.StatusOK {
		t.Errorf("create over https: %d %s", code, answer)
	}
	list, err := disclosurev1.NewDisclosureServiceClient(s.gateway.suite.Connection("disclosure")).ListDisclosures(ctx, &disclosurev1.ListDisclosuresRequest{Parent: "organizations/65"})
	must(t, err)
	if n := len(list.GetDisclosures()); n != 1 {
		t.Errorf("%d records are there, want 1", n)
	}
	turn, end := time.NewTicker(20*time.Millisecond), time.NewTimer(time.Minute) // until the services have followed the directory
	defer turn.Stop()
	defer end.Stop()
	for {
		code, answer := s.https(http.MethodGet, s.gateway.address()+"/healthz", "", "")
		if code == http.StatusOK {
			return
		}
		select {
		case <-turn.C:
		case <-end.C:
			t.Fatalf("health over https after a minute: %d %s", code, answer)
		}
	}
}

// Who shows no certificate, one of another authority, or speaks in plain, is refused by the services.
func TestSecuredFromStrangers(t *testing.T) {
	s := startSecured(t)
	at := s.services.grpcAddress()
	mine, err := s.authority.files(filepath.Join(s.dir, "caller"), "caller")
	must(t, err)
	stranger, err := newAuthority()
	must(t, err)
	other, err := stranger.files(filepath.Join(s.dir, "stranger"), "127.0.0.1")
	must(t, err)
	with := func(c security) credentials.TransportCredentials {
		t.Helper()
		config, err := c.client(slog.New(slog.DiscardHandler))
		must(t, err)
		return credentials.NewTLS(config)
	}
	for name, c := range map[string]struct {
		credentials credentials.TransportCredentials
		want        codes.Code
	}{
		"with a certificate":      {with(mine), codes.OK},
		"without a certificate":   {with(security{CA: mine.CA}), codes.Unavailable},
		"of another authority":    {with(security{CA: mine.CA, Cert: other.Cert, Key: other.Key}), codes.Unavailable},
		"that knows another one":  {with(security{CA: other.CA, Cert: mine.Cert, Key: mine.Key}), codes.Unavailable},
		"in plain":                {insecure.NewCredentials(), codes.Unavailable},
		"with an outdated format": {credentials.NewTLS(&tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}), codes.Unavailable}, //nolint:gosec // what is refused
	} {
		if err := s.check(at, c.credentials); status.Code(err) != c.want {
			t.Errorf("a caller %s: %v, want %s", name, err, c.want)
		}
	}
}

// A service whose certificate is of another name is not talked to: its calls are UNAVAILABLE, and the answer says
// nothing of the inside.
func TestSecuredAgainstAnotherName(t *testing.T) {
	s := startSecured(t)
	imposter := s.open("imposter", options{run: []string{"directory"}}, "other.example")
	o := s.beforeAll(imposter.grpcAddress())
	p := s.open("misled", o, "localhost", "127.0.0.1")
	code, answer := s.https(http.MethodGet, p.address()+"/v1/organizations/65", "", "")
	if code != http.StatusServiceUnavailable || !strings.Contains(answer, `"UNAVAILABLE"`) || strings.Contains(answer, "other.example") {
		t.Errorf("the call was answered with %d %s", code, answer)
	}
	if code, _ := s.https(http.MethodGet, p.address()+"/healthz", "", ""); code != http.StatusServiceUnavailable {
		t.Errorf("health is %d", code)
	}
}

// A process shows a renewed certificate without being started anew, on both of its addresses.
func TestSecuredRenewed(t *testing.T) {
	a, err := newAuthority()
	must(t, err)
	s := &secured{T: t, authority: a, dir: t.TempDir()}
	p := s.open("all", options{gateway: true, grpcListen: "127.0.0.1:0"}, "localhost", "127.0.0.1")
	files, err := s.authority.files(filepath.Join(s.dir, "all"), "localhost", "127.0.0.1") // in place of the first
	must(t, err)
	config, err := files.client(slog.New(slog.DiscardHandler))
	must(t, err)
	for _, address := range []string{reachable(p.web.Addr()), p.grpcAddress()} {
		turn, end := time.NewTicker(20*time.Millisecond), time.NewTimer(time.Minute)
		defer turn.Stop()
		defer end.Stop()
		for serial := int64(0); serial != s.authority.serial; {
			c, err := tls.Dial("tcp", address, config)
			must(t, err)
			serial = c.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
			must(t, c.Close())
			select {
			case <-turn.C:
			case <-end.C:
				t.Fatalf("%s still shows number %d after a minute, want %d", address, serial, s.authority.serial)
			}
		}
	}
}

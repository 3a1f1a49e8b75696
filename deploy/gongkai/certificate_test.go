package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// authority issues certificates, each with the next serial number.
type authority struct {
	cert   *x509.Certificate
	key    *ecdsa.PrivateKey
	serial int64
}

func newAuthority() (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	is := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, is, is, key.Public(), key)
	if err != nil {
		return nil, err
	}
	is, err = x509.ParseCertificate(der)
	return &authority{cert: is, key: key, serial: 1}, err
}

// issue issues a certificate for hosts, and returns it and its key in PEM.
func (a *authority) issue(hosts ...string) (cert, private []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	a.serial++
	is := &x509.Certificate{
		SerialNumber: big.NewInt(a.serial), NotBefore: a.cert.NotBefore, NotAfter: a.cert.NotAfter,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			is.IPAddresses = append(is.IPAddresses, ip)
		} else {
			is.DNSNames = append(is.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, is, a.cert, key.Public(), a.key)
	if err != nil {
		return nil, nil, err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	return encode("CERTIFICATE", der), encode("PRIVATE KEY", pkcs8), nil
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// files writes a certificate for hosts, its key, and the authority's own certificate into a folder.
func (a *authority) files(dir string, hosts ...string) (security, error) {
	cert, key, err := a.issue(hosts...)
	s := security{Cert: filepath.Join(dir, "cert.pem"), Key: filepath.Join(dir, "key.pem"), CA: filepath.Join(dir, "ca.pem")}
	return s, errors.Join(err, os.MkdirAll(dir, 0o700),
		os.WriteFile(s.Cert, cert, 0o600), os.WriteFile(s.Key, key, 0o600), os.WriteFile(s.CA, encode("CERTIFICATE", a.cert.Raw), 0o600))
}

// shown is the serial number of the certificate that a server shows.
func shown(t *testing.T, server *tls.Config, a *authority) int64 {
	t.Helper()
	here, there := net.Pipe()
	defer here.Close()
	defer there.Close()
	go func() { _ = tls.Server(there, server).Handshake() }() // the other end tells how it went
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	c := tls.Client(here, &tls.Config{RootCAs: pool, ServerName: "localhost", MinVersion: tls.VersionTLS13})
	must(t, c.Handshake())
	return c.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

// A certificate that is replaced is shown from the next look on, whatever the times of its files; what cannot be used
// leaves the old one in use, and is said once.
func TestCertificateRenewed(t *testing.T) {
	a, err := newAuthority()
	must(t, err)
	files, err := a.files(t.TempDir(), "localhost")
	must(t, err)
	var logged bytes.Buffer
	now := time.Now()
	c := &certificate{cert: files.Cert, key: files.Key, logger: slog.New(slog.NewTextHandler(&logged, nil)), now: func() time.Time { return now }}
	server := &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.get() }}
	old := time.Now().Add(-24 * time.Hour)
	write := func(file string, text []byte) {
		t.Helper()
		must(t, errors.Join(os.WriteFile(file, text, 0o600), os.Chtimes(file, old, old)))
	}
	step := func(what string, serial int64, warnings int) {
		t.Helper()
		if got := shown(t, server, a); got != serial {
			t.Errorf("%s: number %d is shown, want %d", what, got, serial)
		}
		if got := strings.Count(logged.String(), "level=WARN"); got != warnings {
			t.Errorf("%s: %d warnings, want %d: %s", what, got, warnings, &logged)
		}
	}
	step("first", 2, 0)
	second, secondKey, err := a.issue("localhost")
	must(t, err)
	third, thirdKey, err := a.issue("localhost")
	must(t, err)

	write(files.Cert, second)
	write(files.Key, secondKey)
	step("replaced, not looked at yet", 2, 0)
	now = now.Add(time.Second)
	step("replaced", 3, 0)
	write(files.Cert, third[:len(third)/2])
	now = now.Add(time.Second)
	step("half a certificate", 3, 1)
	now = now.Add(time.Second)
	step("still half a certificate", 3, 1)
	write(files.Cert, third)
	now = now.Add(time.Second)
	step("its key not there yet", 3, 2)
	must(t, os.Remove(files.Key))
	now = now.Add(time.Second)
	step("no key at all", 3, 3)
	write(files.Key, thirdKey)
	now = now.Add(-time.Hour) // a clock that is put back does not stop it
	step("whole again", 4, 3)
	write(files.Cert, nil)
	now = now.Add(time.Second)
	step("empty", 4, 4)
}

// Certificates and authorities that cannot be used are refused at the start, with the file's name.
func TestSecurityRefused(t *testing.T) {
	a, err := newAuthority()
	must(t, err)
	dir := t.TempDir()
	good, err := a.files(dir, "localhost")
	must(t, err)
	other, err := a.files(filepath.Join(dir, "other"), "localhost")
	must(t, err)
	text := filepath.Join(dir, "text.pem")
	must(t, os.WriteFile(text, []byte("no PEM"), 0o600))
	for name, c := range map[string]struct {
		security
		want string
	}{
		"key of another":            {security{Cert: good.Cert, Key: other.Key}, "private key does not match"},
		"no key":                    {security{Cert: good.Cert}, "--tls-cert and --tls-key go together"},
		"no certificate":            {security{Key: good.Key}, "--tls-cert and --tls-key go together"},
		"text":                      {security{Cert: text, Key: good.Key}, "read certificate " + text},
		"not there":                 {security{Cert: dir + "/none.pem", Key: good.Key}, "none.pem: no such file"},
		"callers asked in plain":    {security{ClientCA: good.CA}, "--tls-client-ca needs"},
		"callers' authority":        {security{Cert: good.Cert, Key: good.Key, ClientCA: text}, text + " holds no certificate"},
		"authority":                 {security{CA: text}, text + " holds no certificate"},
		"authority not there":       {security{CA: dir + "/none.pem"}, "none.pem: no such file"},
		"no key, shown to services": {security{CA: good.CA, Cert: good.Cert}, "--tls-cert and --tls-key go together"},
	} {
		_, serverErr := c.server(slog.New(slog.DiscardHandler), true)
		_, clientErr := c.client(slog.New(slog.DiscardHandler))
		if err := errors.Join(serverErr, clientErr); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// Of connections that leave the machine in plain one warning tells, whatever their number.
func TestPlainConnections(t *testing.T) {
	a, err := newAuthority()
	must(t, err)
	files, err := a.files(t.TempDir(), "localhost")
	must(t, err)
	for name, c := range map[string]struct {
		addresses map[string]string
		ca        string
		warnings  int
	}{
		"none":            {nil, "", 0},
		"on this machine": {map[string]string{"directory": "127.0.0.1:1", "report": "[::1]:2", "request": "localhost:3"}, "", 0},
		"elsewhere":       {map[string]string{"directory": "127.0.0.1:1", "report": "10.0.0.2:2", "request": "request.example:3"}, "", 1},
		"secured":         {map[string]string{"report": "10.0.0.2:2"}, files.CA, 0},
	} {
		var logged bytes.Buffer
		o := options{addresses: c.addresses, security: security{CA: c.ca}, logger: slog.New(slog.NewTextHandler(&logged, nil))}
		_, err := o.connections()
		must(t, err)
		if got := strings.Count(logged.String(), "level=WARN"); got != c.warnings {
			t.Errorf("%s: %d warnings, want %d: %s", name, got, c.warnings, &logged)
		}
	}
}

// certify DIR HOST... makes cert.pem for hosts, its key.pem, and ca.pem in a folder.
func certify(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: certificate DIR HOST...")
	}
	a, err := newAuthority()
	ts.Check(err)
	_, err = a.files(ts.MkAbs(args[0]), args[1:]...)
	ts.Check(err)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

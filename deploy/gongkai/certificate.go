package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// security is where the certificates of a process are. The zero value secures nothing.
type security struct {
	Cert     string `name:"tls-cert" type:"path" placeholder:"FILE" help:"Certificate in PEM: both addresses are secured, and it is shown to other processes. Read anew when it changes. (证书)"`
	Key      string `name:"tls-key" type:"path" placeholder:"FILE" help:"Its private key in PEM. (私钥)"`
	CA       string `name:"tls-ca" type:"path" placeholder:"FILE" help:"Authorities in PEM that vouch for the other processes: connections to them are secured. Read at the start only. (其他进程的证书颁发机构)"`
	ClientCA string `name:"tls-client-ca" type:"path" placeholder:"FILE" help:"Authorities in PEM that vouch for gRPC callers: whoever shows no certificate of theirs is refused. Read at the start only. (gRPC调用方的证书颁发机构)"`
}

// server is how the addresses are secured; nil: not at all. Only gRPC asks callers for certificates.
func (c security) server(logger *slog.Logger, askCallers bool) (*tls.Config, error) {
	if c.Cert == "" && c.Key == "" {
		if c.ClientCA != "" {
			return nil, errors.New("--tls-client-ca needs --tls-cert and --tls-key")
		}
		return nil, nil
	}
	own, err := c.own(logger)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return own.get() },
	}
	if askCallers && c.ClientCA != "" {
		pool, err := authorities(c.ClientCA)
		if err != nil {
			return nil, err
		}
		config.ClientCAs, config.ClientAuth = pool, tls.RequireAndVerifyClientCert
	}
	return config, nil
}

// client is how connections to other processes are secured; nil: not at all.
func (c security) client(logger *slog.Logger) (*tls.Config, error) {
	if c.CA == "" {
		return nil, nil
	}
	pool, err := authorities(c.CA)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool}
	if c.Cert != "" || c.Key != "" {
		own, err := c.own(logger)
		if err != nil {
			return nil, err
		}
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return own.get() }
	}
	return config, nil
}

// own is the certificate of this process.
func (c security) own(logger *slog.Logger) (*certificate, error) {
	if c.Cert == "" || c.Key == "" {
		return nil, errors.New("--tls-cert and --tls-key go together")
	}
	own := &certificate{cert: c.Cert, key: c.Key, logger: logger, now: time.Now}
	_, err := own.get()
	return own, err
}

func authorities(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read authorities: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("read authorities: %s holds no certificate in PEM", file)
	}
	return pool, nil
}

// certificate is a certificate on disk. Once a second, when it is wanted, its files are compared with what was read,
// by their bytes: a file that is put in place keeps the time of where it came from. What cannot be used, as in the
// middle of a renewal, leaves the old one in use, with a warning for each cause.
type certificate struct {
	cert, key string
	logger    *slog.Logger
	now       func() time.Time

	mu     sync.Mutex // guards what follows
	looked time.Time
	read   [2][]byte // the files that loaded was made of
	loaded *tls.Certificate
	warned string // of what was warned last
}

// get returns the certificate to use now. It errs only if there never was one.
func (c *certificate) get() (*tls.Certificate, error) {
	const every = time.Second
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if since := now.Sub(c.looked); c.loaded != nil && since >= 0 && since < every {
		return c.loaded, nil
	}
	c.looked = now
	err := c.renew()
	switch {
	case err == nil:
		c.warned = ""
	case c.loaded == nil:
		return nil, err
	case c.warned != err.Error():
		c.warned = err.Error()
		c.logger.Warn("certificate not renewed, the old one stays in use", "cause", err)
	}
	return c.loaded, nil
}

// renew reads the files, and takes them if they are new and fit together.
func (c *certificate) renew() error {
	var files [2][]byte
	for i, name := range []string{c.cert, c.key} {
		var err error
		if files[i], err = os.ReadFile(name); err != nil {
			return fmt.Errorf("read certificate: %w", err)
		}
	}
	if c.loaded != nil && bytes.Equal(files[0], c.read[0]) && bytes.Equal(files[1], c.read[1]) {
		return nil
	}
	pair, err := tls.X509KeyPair(files[0], files[1])
	if err != nil {
		return fmt.Errorf("read certificate %s with key %s: %w", c.cert, c.key, err)
	}
	c.loaded, c.read = &pair, files
	return nil
}

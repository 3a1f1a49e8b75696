package access

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
	lru "github.com/hashicorp/golang-lru/v2"
)

const (
	issuer   = "gongkai"
	maxToken = 8 << 10
)

// claims is what a token says.
type claims struct {
	jwt.RegisteredClaims
	Grants []Grant `json:"grants"`
}

// Issuer mints tokens: JWTs (RFC 7519) signed with Ed25519 by a local key.
type Issuer struct {
	key ed25519.PrivateKey
	now func() time.Time
}

// NewIssuer makes an issuer of a key in PEM (PKCS #8), as GenerateKey makes it.
func NewIssuer(keyPEM []byte, now func() time.Time) (*Issuer, error) {
	block, _ := pem.Decode(keyPEM)
	if block == nil {
		return nil, errors.New("read token key: no PEM block")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read token key: %w", err)
	}
	private, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("read token key: %T is no Ed25519 key", key)
	}
	return &Issuer{key: private, now: now}, nil
}

// GenerateKey makes a new token key, in PEM (PKCS #8).
func GenerateKey() ([]byte, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("generate token key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("write token key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// Mint signs a token for an identity that holds for a while.
func (i *Issuer) Mint(who Identity, holds time.Duration) (string, error) {
	if who.Account == "" || len(who.Grants) == 0 {
		return "", errors.New("mint token: an account with at least one grant is needed")
	}
	now := i.now()
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Audience: jwt.ClaimStrings{issuer}, Subject: who.Account,
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(holds)),
		},
		Grants: who.Grants,
	})
	signed, err := token.SignedString(i.key)
	if err != nil {
		return "", fmt.Errorf("mint token: %w", err)
	}
	return signed, nil
}

// Verifier returns what verifies the issuer's tokens.
func (i *Issuer) Verifier() *Verifier {
	return NewVerifier(i.key.Public().(ed25519.PublicKey), i.now)
}

// Verifier tells who a token stands for. A verified token is cached by its hash until it expires.
type Verifier struct {
	key    ed25519.PublicKey
	now    func() time.Time
	parser *jwt.Parser
	cache  *lru.Cache[[sha256.Size]byte, verified]
}

type verified struct {
	identity Identity
	expires  time.Time
}

// NewVerifier verifies tokens signed by the key.
func NewVerifier(key ed25519.PublicKey, now func() time.Time) *Verifier {
	const cached = 4096
	cache, err := lru.New[[sha256.Size]byte, verified](cached)
	if err != nil { // only for a size below one
		panic(err)
	}
	return &Verifier{key: key, now: now, cache: cache, parser: jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}), jwt.WithIssuer(issuer), jwt.WithAudience(issuer),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(now), jwt.WithStrictDecoding(),
	)}
}

// Verify returns the identity of a token, or an error if it is damaged, expired, or signed by another key.
func (v *Verifier) Verify(token string) (Identity, error) {
	if len(token) > maxToken {
		return Identity{}, fmt.Errorf("token has %d bytes, the most is %d", len(token), maxToken)
	}
	hash := sha256.Sum256([]byte(token))
	if hit, ok := v.cache.Get(hash); ok && v.now().Before(hit.expires) {
		return hit.identity, nil
	}
	var c claims
	if _, err := v.parser.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return v.key, nil }); err != nil {
		return Identity{}, fmt.Errorf("verify token: %w", err)
	}
	if c.Subject == "" {
		return Identity{}, errors.New("verify token: it names no account")
	}
	for _, g := range c.Grants {
		if _, err := ParseRole(string(g.Role)); err != nil {
			return Identity{}, fmt.Errorf("verify token: %w", err)
		}
	}
	identity := Identity{Account: c.Subject, Grants: c.Grants}
	v.cache.Add(hash, verified{identity: identity, expires: c.ExpiresAt.Time})
	return identity, nil
}

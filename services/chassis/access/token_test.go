package access_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"reflect"
	"strings"
	"testing"
	"time"

	"gongkai/services/chassis/access"

	"github.com/golang-jwt/jwt/v5"
)

// clock is set by the test.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func newIssuer(t testing.TB) (*access.Issuer, ed25519.PrivateKey, *clock) {
	t.Helper()
	text, err := access.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{time.Date(2019, 1, 10, 9, 0, 0, 0, time.UTC)}
	issuer, err := access.NewIssuer(text, c.now)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return issuer, key.(ed25519.PrivateKey), c
}

var someone = access.Identity{Account: "acc-1", Grants: []access.Grant{
	{Role: access.Clerk, Organization: "652701201"}, {Role: access.Auditor, Organization: access.Everywhere},
}}

// A token holds until it expires, also while it is in the cache.
func TestVerify_Expiry(t *testing.T) {
	issuer, _, clock := newIssuer(t)
	token, err := issuer.Mint(someone, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	v := issuer.Verifier()
	for _, c := range []struct {
		after time.Duration
		holds bool
	}{{0, true}, {time.Minute, true}, {time.Hour - time.Second, true}, {time.Hour, false}, {2 * time.Hour, false}, {30 * time.Minute, true}} {
		clock.at = time.Date(2019, 1, 10, 9, 0, 0, 0, time.UTC).Add(c.after)
		who, err := v.Verify(token)
		if (err == nil) != c.holds || c.holds && !reflect.DeepEqual(who, someone) {
			t.Errorf("after %s: %+v, %v", c.after, who, err)
		}
	}
}

// Only what this issuer's key signed for this suite, with an account, known roles and an end, stands for anyone.
func TestVerify_Refused(t *testing.T) {
	issuer, key, clock := newIssuer(t)
	other, _, _ := newIssuer(t)
	claims := func(change func(jwt.MapClaims)) jwt.MapClaims {
		c := jwt.MapClaims{
			"iss": "gongkai", "aud": "gongkai", "sub": "acc-1", "exp": clock.at.Add(time.Hour).Unix(),
			"grants": []map[string]string{{"role": "clerk", "org": "652701"}},
		}
		change(c)
		return c
	}
	sign := func(method jwt.SigningMethod, key any, change func(jwt.MapClaims)) string {
		token, err := jwt.NewWithClaims(method, claims(change)).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	same := func(jwt.MapClaims) {}
	good := sign(jwt.SigningMethodEdDSA, key, same)
	foreign, err := other.Mint(someone, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	v := issuer.Verifier()
	if _, err := v.Verify(good); err != nil {
		t.Fatalf("the good token: %v", err)
	}
	for name, token := range map[string]string{
		"empty":              "",
		"garbage":            "a.b.c",
		"another key":        foreign,
		"no algorithm":       sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, same),
		"public key as HMAC": sign(jwt.SigningMethodHS256, []byte(key.Public().(ed25519.PublicKey)), same),
		"another audience":   sign(jwt.SigningMethodEdDSA, key, func(c jwt.MapClaims) { c["aud"] = "elsewhere" }),
		"another issuer":     sign(jwt.SigningMethodEdDSA, key, func(c jwt.MapClaims) { c["iss"] = "elsewhere" }),
		"no end":             sign(jwt.SigningMethodEdDSA, key, func(c jwt.MapClaims) { delete(c, "exp") }),
		"not yet":            sign(jwt.SigningMethodEdDSA, key, func(c jwt.MapClaims) { c["nbf"] = clock.at.Add(time.Minute).Unix() }),
		"no account":         sign(jwt.SigningMethodEdDSA, key, func(c jwt.MapClaims) { delete(c, "sub") }),
		"unknown role":       sign(jwt.SigningMethodEdDSA, key, func(c jwt.MapClaims) { c["grants"] = []map[string]string{{"role": "root", "org": "*"}} }),
		"oversized":          sign(jwt.SigningMethodEdDSA, key, func(c jwt.MapClaims) { c["note"] = strings.Repeat("x", 8<<10) }),
		"changed signature":  changed(good, strings.LastIndexByte(good, '.')+1),
		"two dots more":      good + "..",
	} {
		if who, err := v.Verify(token); err == nil || who.Account != "" {
			t.Errorf("%s: %+v, %v", name, who, err)
		}
	}
}

// changed is the token with another character at a place.
func changed(token string, at int) string {
	other := "A"
	if token[at] == 'A' {
		other = "B"
	}
	return token[:at] + other + token[at+1:]
}

func TestMint_Refused(t *testing.T) {
	issuer, _, _ := newIssuer(t)
	for _, who := range []access.Identity{{}, {Account: "a"}, {Grants: someone.Grants}} {
		if token, err := issuer.Mint(who, time.Hour); err == nil {
			t.Errorf("%+v: %s", who, token)
		}
	}
}

func TestNewIssuer_Refused(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"empty": nil, "no PEM": []byte("secret"), "garbled": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte{1, 2}}),
		"another algorithm": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}),
	} {
		if _, err := access.NewIssuer(text, time.Now); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// Whatever a caller sends as a token, the answer is an error or an identity that the key signed.
func FuzzVerify(f *testing.F) {
	issuer, _, _ := newIssuer(f)
	good, err := issuer.Mint(someone, time.Hour)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{good, "", ".", "..", "eyJhbGciOiJub25lIn0.e30.", good[1:], strings.Repeat(".", 100)} {
		f.Add(seed)
	}
	v := issuer.Verifier()
	f.Fuzz(func(t *testing.T, token string) {
		if who, err := v.Verify(token); err == nil && !reflect.DeepEqual(who, someone) {
			t.Errorf("%q stands for %+v", token, who)
		}
	})
}

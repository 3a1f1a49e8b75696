package vault_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"gongkai/services/chassis/vault"
)

func open(t testing.TB, content []byte) *vault.Vault {
	t.Helper()
	v, err := vault.New(content)
	ok(t, err)
	return v
}

func generate(t testing.TB) []byte {
	t.Helper()
	content, err := vault.Generate()
	ok(t, err)
	return content
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// What was sealed is read with the same file, for the same case and field, and in no other way.
func TestSeal(t *testing.T) {
	content := generate(t)
	key, wrapped, err := open(t, content).NewKey("case-1")
	ok(t, err)
	sealed, err := key.Seal("name", "示例申请人")
	ok(t, err)
	if bytes.Contains(sealed, []byte("示例")) {
		t.Error("it can be read")
	}
	v := open(t, content)
	again, err := v.Unwrap("case-1", wrapped)
	ok(t, err)
	if text, err := again.Read("name", sealed); err != nil || text != "示例申请人" {
		t.Errorf("read %q, %v", text, err)
	}
	other, _, err := v.NewKey("case-1")
	ok(t, err)
	flipped := bytes.Clone(sealed)
	flipped[len(flipped)-1]++
	_, moved := v.Unwrap("case-2", wrapped)
	_, foreign := open(t, generate(t)).Unwrap("case-1", wrapped)
	_, field := again.Read("contact", sealed)
	_, key2 := other.Read("name", sealed)
	_, altered := again.Read("name", flipped)
	_, short := again.Read("name", sealed[:4])
	for what, err := range map[string]error{"another case": moved, "another file": foreign, "another field": field, "another key": key2, "altered": altered, "cut": short} {
		if !errors.Is(err, vault.ErrUnreadable) {
			t.Errorf("%s: %v", what, err)
		}
		if err != nil && strings.Contains(err.Error(), "示例") {
			t.Errorf("%s tells the text: %v", what, err)
		}
	}
}

// An index is the same for the same text and purpose only, whichever process makes it.
func TestIndex(t *testing.T) {
	content := generate(t)
	v := open(t, content)
	index := func(v *vault.Vault, purpose string, parts ...string) string {
		i, err := v.Index(purpose, parts...)
		ok(t, err)
		return string(i[:])
	}
	want := index(v, "applicant", "ab", "c")
	if index(open(t, content), "applicant", "ab", "c") != want {
		t.Error("not the same after opening again")
	}
	derived, err := v.Derive("applicant")
	ok(t, err)
	for what, got := range map[string]string{
		"purpose": index(v, "content", "ab", "c"), "parts": index(v, "applicant", "a", "bc"), "fewer": index(v, "applicant", "abc"),
		"file": index(open(t, generate(t)), "applicant", "ab", "c"), "derived": string(derived[:vault.IndexLen]),
	} {
		if got == want {
			t.Errorf("the same for another %s", what)
		}
	}
	if len(derived) != 32 {
		t.Errorf("a key of %d bytes", len(derived))
	}
}

// A key file that is damaged is refused without showing any of it.
func FuzzNew(f *testing.F) {
	content := generate(f)
	f.Add([]byte("{}"))
	f.Add(content[:len(content)/2])
	f.Fuzz(func(t *testing.T, content []byte) {
		v, err := vault.New(content)
		if (v == nil) != (err != nil) {
			t.Errorf("%v, %v", v, err)
		}
		if err != nil && len(content) > 20 && strings.Contains(err.Error(), string(content)) {
			t.Errorf("shown: %v", err)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	v := open(b, generate(b))
	for b.Loop() {
		key, _, err := v.NewKey("organizations/652701201/informationRequests/01ARZ3NDEKTSV4RRFFQ69G5FAV")
		ok(b, err)
		for _, field := range []string{"name", "number", "contact", "address", "description", "form"} {
			_, err := key.Seal(field, "示例内容示例内容示例内容")
			ok(b, err)
		}
	}
}

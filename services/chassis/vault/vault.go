package vault

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// ErrUnreadable is returned for what was sealed with another key file, or was altered.
var ErrUnreadable = errors.New("it was sealed with another key, or altered")

// IndexLen is the length of a blind index in bytes.
const IndexLen = 16

// Vault wraps data keys and makes blind indexes. It is safe for concurrent use.
type Vault struct {
	wrap  tink.AEAD
	index *prf.Set
}

// file is the key file: two keysets of Tink, in its JSON.
type file struct {
	Wrap  json.RawMessage `json:"wrap"`
	Index json.RawMessage `json:"index"`
}

// Generate makes the content of a new key file. It is secret.
func Generate() ([]byte, error) {
	wrap, err := generate(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, err
	}
	index, err := generate(prf.HMACSHA256PRFKeyTemplate())
	if err != nil {
		return nil, err
	}
	content, err := json.Marshal(file{wrap, index})
	if err != nil {
		return nil, fmt.Errorf("encode key file: %w", err)
	}
	return append(content, '\n'), nil
}

func generate(template *tinkpb.KeyTemplate) (json.RawMessage, error) {
	handle, err := keyset.NewHandle(template)
	if err != nil {
		return nil, fmt.Errorf("generate key: %w", err)
	}
	var out bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&out)); err != nil {
		return nil, fmt.Errorf("encode key: %w", err)
	}
	return bytes.Clone(bytes.TrimSpace(out.Bytes())), nil
}

// New opens a vault with the content of its key file.
func New(content []byte) (*Vault, error) {
	var f file
	if err := json.Unmarshal(content, &f); err != nil {
		return nil, errors.New("the key file is damaged") // the cause may show what is secret
	}
	wrap, err := read(f.Wrap)
	if err != nil {
		return nil, err
	}
	index, err := read(f.Index)
	if err != nil {
		return nil, err
	}
	v := new(Vault)
	if v.wrap, err = aead.New(wrap); err != nil {
		return nil, fmt.Errorf("open wrapping key: %w", err)
	}
	if v.index, err = prf.NewPRFSet(index); err != nil {
		return nil, fmt.Errorf("open index key: %w", err)
	}
	return v, nil
}

func read(content json.RawMessage) (*keyset.Handle, error) {
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(content)))
	if err != nil {
		return nil, errors.New("the key file is damaged")
	}
	return handle, nil
}

// Key is the data key of one case, unwrapped.
type Key struct{ aead *subtle.AESGCM }

// NewKey makes the data key of a case, and wraps it for the store.
func (v *Vault) NewKey(owner string) (k Key, wrapped []byte, err error) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // it never fails
	if wrapped, err = v.wrap.Encrypt(secret, []byte(owner)); err != nil {
		return Key{}, nil, fmt.Errorf("wrap data key: %w", err)
	}
	k, err = newKey(secret)
	return k, wrapped, err
}

// Unwrap gives back the data key of a case. The error wraps ErrUnreadable if the key is not this vault's, or not
// this case's.
func (v *Vault) Unwrap(owner string, wrapped []byte) (Key, error) {
	secret, err := v.wrap.Decrypt(wrapped, []byte(owner))
	if err != nil {
		return Key{}, fmt.Errorf("unwrap data key of %s: %w", owner, ErrUnreadable)
	}
	return newKey(secret)
}

func newKey(secret []byte) (Key, error) {
	a, err := subtle.NewAESGCM(secret)
	if err != nil {
		return Key{}, fmt.Errorf("make data key: %w", err)
	}
	return Key{a}, nil
}

// Seal makes the value of a field unreadable.
func (k Key) Seal(field, text string) ([]byte, error) {
	sealed, err := k.aead.Encrypt([]byte(text), []byte(field))
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", field, err)
	}
	return sealed, nil
}

// Read gives back the value of a field. The error wraps ErrUnreadable if it was sealed with another key or for another
// field.
func (k Key) Read(field string, sealed []byte) (string, error) {
	text, err := k.aead.Decrypt(sealed, []byte(field))
	if err != nil {
		return "", fmt.Errorf("read %s: %w", field, ErrUnreadable)
	}
	return string(text), nil
}

// Index is the blind index of a text for a purpose: the same for the same text, and nothing to whoever lacks the key.
// The parts are told apart.
func (v *Vault) Index(purpose string, parts ...string) ([IndexLen]byte, error) {
	var index [IndexLen]byte
	made, err := v.derive(purpose, IndexLen, parts)
	copy(index[:], made)
	return index, err
}

// Derive makes a further key of 32 bytes for a purpose.
func (v *Vault) Derive(purpose string) ([]byte, error) { return v.derive(purpose, 32, nil) }

func (v *Vault) derive(purpose string, length uint32, parts []string) ([]byte, error) {
	in := appendPart(nil, purpose)
	for _, p := range parts {
		in = appendPart(in, p)
	}
	made, err := v.index.ComputePrimaryPRF(in, length)
	if err != nil {
		return nil, fmt.Errorf("derive for %s: %w", purpose, err)
	}
	return made, nil
}

func appendPart(in []byte, part string) []byte {
	return append(binary.BigEndian.AppendUint32(in, uint32(len(part))), part...)
}

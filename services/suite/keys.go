package suite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"gongkai/services/chassis/access"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/vault"

	"golang.org/x/mod/sumdb/note"
)

// TokenKey is the file of a data folder's key that signs tokens.
func TokenKey(data string) string { return filepath.Join(data, "keys", "token.pem") }

// OpenIssuer reads the key that signs tokens from a file, and makes it on first use.
func OpenIssuer(file string, now func() time.Time) (*access.Issuer, error) {
	pem, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if pem, err = access.GenerateKey(); err != nil {
			return nil, err
		}
		if err = writeKey(file, pem, 0o600, once); err == nil {
			pem, err = os.ReadFile(file) // another process may have been the first
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open token key: %w", err)
	}
	return access.NewIssuer(pem, now)
}

// openVault reads the key file under which personal data are sealed, and makes it on first use.
func openVault(data string) (*vault.Vault, error) {
	file := filepath.Join(data, "keys", "personal.key")
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if content, err = vault.Generate(); err == nil {
			err = writeKey(file, content, 0o600, os.Rename)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open key of personal data: %w", err)
	}
	v, err := vault.New(content)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", file, err)
	}
	return v, nil
}

// openSigner reads the key that signs a log's checkpoints, and makes it on first use.
func openSigner(data, origin, service string) (note.Signer, string, error) {
	private := filepath.Join(data, "keys", service+".key")
	public := filepath.Join(data, "keys", service+".pub")
	key, err := os.ReadFile(private)
	if errors.Is(err, fs.ErrNotExist) {
		signer, verifier, err := eventlog.GenerateKey(origin + "/" + service)
		if err != nil {
			return nil, "", fmt.Errorf("generate checkpoint key: %w", err)
		}
		// The public half first: without the private one the pair is made anew.
		if err := writeKey(public, []byte(verifier), 0o644, os.Rename); err != nil {
			return nil, "", fmt.Errorf("keep checkpoint key: %w", err)
		}
		if err := writeKey(private, []byte(signer), 0o600, os.Rename); err != nil {
			return nil, "", fmt.Errorf("keep checkpoint key: %w", err)
		}
		key = []byte(signer)
	} else if err != nil {
		return nil, "", fmt.Errorf("open checkpoint key: %w", err)
	}
	verifier, err := os.ReadFile(public)
	if err != nil {
		return nil, "", fmt.Errorf("open checkpoint key: %w", err)
	}
	signer, err := note.NewSigner(string(key))
	if err != nil {
		return nil, "", fmt.Errorf("open checkpoint key %s: %w", private, err)
	}
	return signer, string(verifier), nil
}

// writeKey writes a key file whole or not at all, also if the power fails. Place puts the written file where
// it belongs: os.Rename, or once.
func writeKey(path string, key []byte, mode fs.FileMode, place func(from, to string) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.new")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // it is gone if it was renamed
	_, err = f.Write(key)
	if err := errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	return place(f.Name(), path)
}

// once leaves a file alone that another process has put there first.
func once(from, to string) error {
	if err := os.Link(from, to); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

package backup

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"
)

// Version is the version of the archives that are written, and the newest that is read.
const Version = 1

// Manifest is the first entry of an archive: what is in it.
type Manifest struct {
	// Version is the archive's.
	Version int `json:"version"`
	// Program tells by which version of the suite it was made.
	Program string `json:"program"`
	// Time is when it was made.
	Time time.Time `json:"time"`
	// Files are the entries that follow, in order.
	Files []File `json:"files"`
}

// File is a file in an archive.
type File struct {
	// Name is {service}.db or keys/{file}.
	Name string `json:"name"`
	// Size is in bytes, SHA256 in hexadecimal.
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	// Log is the log in a store; nil for a key.
	Log *Log `json:"log,omitempty"`
}

// Log is a log as it was when its store was copied.
type Log struct {
	// Size is its number of entries, Root the hash of their tree in hexadecimal.
	Size int64  `json:"size"`
	Root string `json:"root"`
	// Checkpoint is the same as a signed note, VerifierKey the key that verifies it.
	Checkpoint  string `json:"checkpoint"`
	VerifierKey string `json:"verifierKey"`
}

var (
	// ErrDamaged is returned for an archive that is cut short, changed, or none.
	ErrDamaged = errors.New("archive is damaged")
	// ErrVersion is returned for an archive of a newer version.
	ErrVersion = errors.New("archive has a newer version than this program understands")
)

const (
	manifestName = "manifest.json"
	sumName      = "archive.sha256"
	maxManifest  = 1 << 20
	block        = 512 // of tar
)

// fileName is what a file in an archive may be called: none climbs out of the folder that it is unpacked to.
var fileName = regexp.MustCompile(`^([a-z]{1,32}\.db|keys/[a-z]{1,32}\.(pem|key|pub))$`)

// Write writes an archive. Each body must have the size and the hash that the manifest says; what a copy tells
// about itself is thus verified on the way.
func Write(w io.Writer, m *Manifest, bodies []io.Reader) error {
	if len(bodies) != len(m.Files) {
		return fmt.Errorf("write archive: %d bodies for %d files", len(bodies), len(m.Files))
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	all := sha256.New()
	out := tar.NewWriter(io.MultiWriter(w, all))
	if err := write(out, File{Name: manifestName, Size: int64(len(text))}, bytes.NewReader(text)); err != nil {
		return err
	}
	for i, f := range m.Files {
		hash := sha256.New()
		if err := write(out, f, io.TeeReader(bodies[i], hash)); err != nil {
			return err
		}
		if got := hex.EncodeToString(hash.Sum(nil)); got != f.SHA256 {
			return fmt.Errorf("write %s: its SHA-256 is %s, %s was announced", f.Name, got, f.SHA256)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	end, err := ending(all.Sum(nil))
	if err == nil {
		_, err = w.Write(end)
	}
	if err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	return nil
}

// write adds one entry.
func write(out *tar.Writer, f File, body io.Reader) error {
	header := &tar.Header{Name: f.Name, Size: f.Size, Mode: 0o600, Typeflag: tar.TypeReg}
	if err := out.WriteHeader(header); err != nil {
		return fmt.Errorf("write %s: %w", f.Name, err)
	}
	n, err := io.Copy(out, body)
	switch {
	case errors.Is(err, tar.ErrWriteTooLong) || err == nil && n != f.Size:
		return fmt.Errorf("write %s: it has not the %d bytes that were announced", f.Name, f.Size)
	case err != nil:
		return fmt.Errorf("write %s: %w", f.Name, err)
	}
	return nil
}

// ending is the last entry of an archive, with all that stands behind it.
func ending(sum []byte) ([]byte, error) {
	text := hex.EncodeToString(sum) + "\n"
	var b bytes.Buffer
	out := tar.NewWriter(&b)
	if err := write(out, File{Name: sumName, Size: int64(len(text))}, bytes.NewReader([]byte(text))); err != nil {
		return nil, err
	}
	if err := out.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Read reads an archive, and calls take for each of its files, in order, with the file's bytes, which take reads
// to their end. It returns the manifest once the archive is known to be whole, to its last byte: before that,
// whatever was taken proves nothing. Errors wrap [ErrDamaged] or [ErrVersion], or are what take returned.
func Read(r io.Reader, take func(f File, body io.Reader) error) (*Manifest, error) {
	in := &source{r: r}
	m, err := readAll(in, take)
	if in.err != nil {
		return nil, fmt.Errorf("read archive: %w", in.err)
	}
	return m, err
}

func readAll(r io.Reader, take func(f File, body io.Reader) error) (*Manifest, error) {
	all := sha256.New()
	raw := &counter{r: io.TeeReader(r, all)}
	in := tar.NewReader(raw)
	m, err := readManifest(in)
	if err != nil {
		return nil, err
	}
	for _, f := range m.Files {
		if err := readFile(in, f, take); err != nil {
			return nil, err
		}
	}
	if _, err := io.CopyN(io.Discard, raw, (block-raw.n%block)%block); err != nil {
		return nil, damaged("it is cut short")
	}
	want, err := ending(all.Sum(nil))
	if err != nil {
		return nil, err
	}
	have, err := io.ReadAll(io.LimitReader(r, int64(len(want))+1))
	switch {
	case err != nil:
		return nil, err
	case len(have) < len(want):
		return nil, damaged("it is cut short")
	case !bytes.Equal(have, want):
		return nil, damaged("its checksum is wrong")
	}
	return m, nil
}

// counter counts what is read through it.
type counter struct {
	r io.Reader
	n int64
}

// Read implements [io.Reader].
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// readManifest reads the first entry.
func readManifest(in *tar.Reader) (*Manifest, error) {
	header, err := in.Next()
	switch {
	case err != nil:
		return nil, damaged("it does not begin as one: %v", err)
	case header.Name != manifestName || header.Size > maxManifest || !plain(header):
		return nil, damaged("it does not begin with a manifest")
	}
	text, err := io.ReadAll(in)
	if err != nil {
		return nil, damaged("it is cut short")
	}
	var version struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(text, &version); err != nil {
		return nil, damaged("its manifest cannot be read: %v", err)
	}
	switch {
	case version.Version > Version:
		return nil, fmt.Errorf("version %d, understood up to %d: %w", version.Version, Version, ErrVersion)
	case version.Version < 1:
		return nil, damaged("its manifest has no version")
	}
	m := new(Manifest)
	if err := json.Unmarshal(text, m); err != nil {
		return nil, damaged("its manifest cannot be read: %v", err)
	}
	return m, m.check()
}

// check tells whether a manifest lists files that a suite has.
func (m *Manifest) check() error {
	seen := make(map[string]bool)
	for _, f := range m.Files {
		sum, err := hex.DecodeString(f.SHA256)
		switch {
		case !fileName.MatchString(f.Name):
			return damaged("%q is no file of a suite", f.Name)
		case seen[f.Name]:
			return damaged("%s is in it twice", f.Name)
		case err != nil || len(sum) != sha256.Size || f.Size < 0:
			return damaged("its manifest does not say what %s is", f.Name)
		}
		seen[f.Name] = true
	}
	return nil
}

// readFile reads the entry of a file.
func readFile(in *tar.Reader, f File, take func(File, io.Reader) error) error {
	header, err := in.Next()
	switch {
	case err != nil:
		return damaged("%s is missing or cannot be read: %v", f.Name, err)
	case header.Name != f.Name:
		return damaged("%q stands in the place of %s", header.Name, f.Name)
	case header.Size != f.Size || !plain(header):
		return damaged("%s is not what the manifest says", f.Name)
	}
	hash := sha256.New()
	body := &source{r: io.TeeReader(in, hash)}
	if err := take(f, body); err != nil && body.err == nil {
		return err
	}
	if _, err := io.Copy(io.Discard, body); err != nil {
		return damaged("%s is cut short", f.Name)
	}
	if hex.EncodeToString(hash.Sum(nil)) != f.SHA256 {
		return damaged("the SHA-256 of %s is wrong", f.Name)
	}
	return nil
}

// source remembers an error of reading: it is none of writing, and not the archive's.
type source struct {
	r   io.Reader
	err error
}

// Read implements [io.Reader].
func (s *source) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// plain tells whether an entry is a regular file without holes.
func plain(h *tar.Header) bool {
	for key := range h.PAXRecords {
		if key != "size" { // of a file beyond 8 GiB
			return false
		}
	}
	return h.Typeflag == tar.TypeReg
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}

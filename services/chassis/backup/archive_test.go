package backup_test

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"gongkai/services/chassis/backup"
)

// sample is what the tests archive: names and contents, an empty one among them.
var sample = []struct{ name, content string }{
	{"report.db", strings.Repeat("report ", 100)},
	{"directory.db", ""},
	{"keys/directory.pub", "gongkai.local/directory+0123abcd+key"},
}

// archive writes the sample.
func archive(t testing.TB) []byte {
	t.Helper()
	m := &backup.Manifest{Version: backup.Version, Program: "test", Time: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)}
	var bodies []io.Reader
	for _, s := range sample {
		sum := sha256.Sum256([]byte(s.content))
		f := backup.File{Name: s.name, Size: int64(len(s.content)), SHA256: hex.EncodeToString(sum[:])}
		if s.name == "report.db" {
			f.Log = &backup.Log{Size: 3, Root: "00", Checkpoint: "note", VerifierKey: "key"}
		}
		m.Files = append(m.Files, f)
		bodies = append(bodies, strings.NewReader(s.content))
	}
	var b bytes.Buffer
	if err := backup.Write(&b, m, bodies); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// taken reads an archive into a map.
func taken(data []byte) (map[string]string, *backup.Manifest, error) {
	got := map[string]string{}
	m, err := backup.Read(bytes.NewReader(data), func(f backup.File, body io.Reader) error {
		content, err := io.ReadAll(body)
		got[f.Name] = string(content)
		return err
	})
	return got, m, err
}

// What is written is read, by us and by any tar.
func TestArchive(t *testing.T) {
	t.Parallel()
	data := archive(t)
	got, m, err := taken(data)
	if err != nil || len(got) != len(sample) || m.Program != "test" || m.Files[0].Log.Size != 3 {
		t.Fatalf("read %v, %+v: %v", got, m, err)
	}
	in, names := tar.NewReader(bytes.NewReader(data)), []string{}
	for {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, h.Name)
	}
	want := []string{"manifest.json"}
	for _, s := range sample {
		want = append(want, s.name)
		if got[s.name] != s.content {
			t.Errorf("%s: read %q", s.name, got[s.name])
		}
	}
	if want = append(want, "archive.sha256"); fmt.Sprint(names) != fmt.Sprint(want) {
		t.Errorf("tar lists %v, want %v", names, want)
	}
}

// Every archive that is cut short, has a bit of any byte changed, or something behind its end is refused.
func TestDamaged(t *testing.T) {
	t.Parallel()
	data := archive(t)
	refused := func(what string, changed []byte) {
		if _, _, err := taken(changed); !errors.Is(err, backup.ErrDamaged) && !errors.Is(err, backup.ErrVersion) {
			t.Fatalf("%s: %v", what, err)
		}
	}
	for n := range len(data) {
		refused(fmt.Sprintf("cut to %d of %d bytes", n, len(data)), data[:n])
	}
	for i := range data { // not every bit: that takes a minute with the race detector
		for _, bit := range []int{i % 8, (i + 5) % 8} {
			data[i] ^= 1 << bit
			refused(fmt.Sprintf("bit %d of byte %d", bit, i), data)
			data[i] ^= 1 << bit
		}
	}
	refused("something behind it", append(bytes.Clone(data), 0))
	refused("two archives", append(bytes.Clone(data), data...))
}

// forge writes an archive whose checksum is right, whatever else is wrong with it.
func forge(t *testing.T, manifest string, headers ...*tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	out := tar.NewWriter(&b)
	add := func(h *tar.Header, content string) {
		h.Size = int64(len(content))
		if h.Typeflag != tar.TypeReg {
			h.Size, content = 0, ""
		}
		if err := out.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(out, content); err != nil {
			t.Fatal(err)
		}
		if err := out.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	add(&tar.Header{Name: "manifest.json", Mode: 0o600, Typeflag: tar.TypeReg}, manifest)
	for _, h := range headers {
		add(h, "x")
	}
	sum := sha256.Sum256(b.Bytes())
	add(&tar.Header{Name: "archive.sha256", Mode: 0o600, Typeflag: tar.TypeReg}, hex.EncodeToString(sum[:])+"\n")
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Archives with a right checksum that are not ours: names that climb out, links, holes, newer versions.
func TestForged(t *testing.T) {
	t.Parallel()
	x := sha256.Sum256([]byte("x"))
	sum := hex.EncodeToString(x[:])
	list := func(names ...string) string {
		var files []backup.File
		for _, n := range names {
			files = append(files, backup.File{Name: n, Size: 1, SHA256: sum})
		}
		text, err := json.Marshal(backup.Manifest{Version: 1, Files: files})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	file := func(name string) *tar.Header { return &tar.Header{Name: name, Mode: 0o600, Typeflag: tar.TypeReg} }
	for _, c := range []struct {
		name    string
		data    []byte
		want    error
		because string
	}{
		{"sound", forge(t, list("report.db"), file("report.db")), nil, ""},
		{"climbs", forge(t, list("../report.db"), file("../report.db")), backup.ErrDamaged, `"../report.db" is no file of a suite`},
		{"absolute", forge(t, list("/etc/x.db"), file("/etc/x.db")), backup.ErrDamaged, "is no file of a suite"},
		{"climbs from keys", forge(t, list("keys/../../x.pem"), file("keys/../../x.pem")), backup.ErrDamaged, "is no file of a suite"},
		{"backslash", forge(t, list(`..\x.db`), file(`..\x.db`)), backup.ErrDamaged, "is no file of a suite"},
		{"line break", forge(t, list("x.db\n"), file("x.db\n")), backup.ErrDamaged, "is no file of a suite"},
		{"not in the manifest", forge(t, list("report.db"), file("../report.db")), backup.ErrDamaged, "stands in the place of report.db"},
		{"more than the manifest", forge(t, list(), file("report.db")), backup.ErrDamaged, "checksum"},
		{"missing", forge(t, list("report.db")), backup.ErrDamaged, "stands in the place of"},
		{"twice", forge(t, list("a.db", "a.db"), file("a.db"), file("a.db")), backup.ErrDamaged, "twice"},
		{"link", forge(t, list("a.db"), &tar.Header{Name: "a.db", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}), backup.ErrDamaged, "not what the manifest says"},
		{"extended", forge(t, list("a.db"), &tar.Header{Name: "a.db", Typeflag: tar.TypeReg, Format: tar.FormatPAX, PAXRecords: map[string]string{"X.y": "z"}}), backup.ErrDamaged, "not what the manifest says"},
		{"newer", forge(t, `{"version":2,"files":{"of":"another kind"}}`), backup.ErrVersion, "version 2, understood up to 1"},
		{"no version", forge(t, `{}`), backup.ErrDamaged, "no version"},
		{"no manifest", forge(t, `nonsense`), backup.ErrDamaged, "cannot be read"},
		{"no hash", forge(t, `{"version":1,"files":[{"name":"a.db","size":1}]}`, file("a.db")), backup.ErrDamaged, "does not say what a.db is"},
		{"empty", nil, backup.ErrDamaged, "does not begin as one"},
		{"text", []byte(strings.Repeat("no archive ", 100)), backup.ErrDamaged, "does not begin as one"},
	} {
		_, _, err := taken(c.data)
		if !errors.Is(err, c.want) || err != nil && (!strings.Contains(err.Error(), c.because) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// What take returns comes back, and a file that take does not read is verified all the same.
func TestTake(t *testing.T) {
	t.Parallel()
	wanted := errors.New("wanted")
	if _, err := backup.Read(bytes.NewReader(archive(t)), func(backup.File, io.Reader) error { return wanted }); !errors.Is(err, wanted) {
		t.Errorf("take fails: %v", err)
	}
	if _, err := backup.Read(bytes.NewReader(archive(t)), func(backup.File, io.Reader) error { return nil }); err != nil {
		t.Errorf("take reads nothing: %v", err)
	}
}

// A disk that fails while it is read is no damage of the archive.
func TestReadFails(t *testing.T) {
	t.Parallel()
	data, wanted := archive(t), errors.New("wanted")
	for _, n := range []int{0, 100, 2000, len(data) - 1} {
		r := io.MultiReader(bytes.NewReader(data[:n]), iotest.ErrReader(wanted))
		if _, err := backup.Read(r, func(backup.File, io.Reader) error { return nil }); !errors.Is(err, wanted) || errors.Is(err, backup.ErrDamaged) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
}

// A body that is not what the manifest says makes no archive.
func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	x := sha256.Sum256([]byte("x"))
	m := &backup.Manifest{Version: 1, Files: []backup.File{{Name: "a.db", Size: 1, SHA256: hex.EncodeToString(x[:])}}}
	for body, because := range map[string]string{"": "has not the 1 bytes", "xx": "has not the 1 bytes", "y": "was announced"} {
		err := backup.Write(io.Discard, m, []io.Reader{strings.NewReader(body)})
		if err == nil || !strings.Contains(err.Error(), because) {
			t.Errorf("body %q: %v", body, err)
		}
	}
	if err := backup.Write(io.Discard, m, nil); err == nil {
		t.Error("no body was taken")
	}
}

// FuzzRead looks for archives that are accepted but are not what would be written, and for anything that
// makes the reader fail in another way than it says.
func FuzzRead(f *testing.F) {
	f.Add(archive(f))
	f.Add([]byte{})
	f.Add(archive(f)[:1024])
	f.Fuzz(func(t *testing.T, data []byte) {
		got, m, err := taken(data)
		if err != nil {
			if !errors.Is(err, backup.ErrDamaged) && !errors.Is(err, backup.ErrVersion) {
				t.Errorf("error of another kind: %v", err)
			}
			return
		}
		var bodies []io.Reader
		for _, file := range m.Files {
			bodies = append(bodies, strings.NewReader(got[file.Name]))
		}
		var again bytes.Buffer
		if err := backup.Write(&again, m, bodies); err != nil {
			t.Errorf("what was read cannot be written: %v", err)
		}
		if _, _, err := taken(again.Bytes()); err != nil {
			t.Errorf("what was written anew cannot be read: %v", err)
		}
	})
}

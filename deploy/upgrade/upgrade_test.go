package upgrade_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/suite"

	"go.etcd.io/bbolt"
)

var makeFolder = flag.String("make", "", "write the data folder of a release into testdata, under this name")

// TestUpgrade opens a copy of each release's folder with the present code: it is what its logs say and what it was,
// goes on to be written, continues its old checkpoints, and is what its logs say in the end.
func TestUpgrade(t *testing.T) {
	if *makeFolder != "" {
		write(t, *makeFolder)
	}
	archives, err := filepath.Glob("testdata/v*.tar.gz")
	must(t, err)
	if len(archives) == 0 {
		t.Fatal("there is no folder of any release")
	}
	for _, archive := range archives {
		name := strings.TrimSuffix(filepath.Base(archive), ".tar.gz")
		t.Run(name, func(t *testing.T) {
			data := unpacked(t, archive)
			before := fsck(t, data)
			s := open(t, data)
			golden, err := os.ReadFile(filepath.Join("testdata", name+".golden"))
			must(t, err)
			if have := s.describe(before); have != string(golden) {
				t.Errorf("it holds\n%s\nand held\n%s", have, golden)
			}
			checkpoints := s.checkpoints()
			s.year("652701202")
			s.settle()
			s.close()
			after := fsck(t, data, checkpoints...)
			for i, l := range after.Logs {
				if l.Size <= before.Logs[i].Size {
					t.Errorf("%s has not grown: %d entries before, %d after", l.Name, before.Logs[i].Size, l.Size)
				}
			}
		})
	}
}

// A store of a newer format is not opened, by whatever opens it, and is left as it is.
func TestNewerFormat(t *testing.T) {
	for _, service := range []string{"directory", "report"} {
		data := unpacked(t, "testdata/v1.tar.gz")
		file := filepath.Join(data, service+".db")
		db, err := bbolt.Open(file, 0o600, nil)
		must(t, err)
		must(t, db.Update(func(tx *bbolt.Tx) error {
			b := tx.Bucket([]byte(kv.Meta))
			if have := b.Get([]byte("format")); binary.BigEndian.Uint32(have) != 1 {
				return fmt.Errorf("the first release has format %x", have)
			}
			return b.Put([]byte("format"), binary.BigEndian.AppendUint32(nil, 2))
		}))
		must(t, db.Close())
		was, err := os.ReadFile(file)
		must(t, err)
		_, opened := suite.Open(suite.Options{Data: data})
		_, checked := suite.Fsck(t.Context(), data)
		_, rebuilt := suite.Rebuild(t.Context(), data)
		_, copied := suite.Archive{}.BackupFolder(t.Context(), io.Discard, data)
		for what, err := range map[string]error{"open": opened, "fsck": checked, "rebuild": rebuilt, "backup": copied} {
			if !errors.Is(err, kv.ErrFormat) || !strings.Contains(err.Error(), service) || !strings.Contains(err.Error(), "format 2") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s with a newer %s: %v", what, service, err)
			}
		}
		if is, err := os.ReadFile(file); err != nil || !bytes.Equal(is, was) {
			t.Errorf("the newer %s was changed: %v", service, err)
		}
	}
}

// write writes the folder of a release, which must not be there yet, and what is in it.
func write(t *testing.T, name string) {
	t.Helper()
	data := t.TempDir()
	s := open(t, data)
	s.enter()
	s.year("652701201")
	s.close()
	verdict := fsck(t, data)
	s = open(t, data)
	golden := s.describe(verdict)
	s.close()
	packed := &bytes.Buffer{}
	pack(t, data, packed)
	out, err := os.OpenFile(filepath.Join("testdata", name+".tar.gz"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	must(t, err)
	_, err = packed.WriteTo(out)
	must(t, errors.Join(err, out.Close()))
	must(t, os.WriteFile(filepath.Join("testdata", name+".golden"), []byte(golden), 0o644))
}

// describe tells what a folder holds, in words that do not change with the code: its logs to the last bit, the
// report and its figures on both bases.
func (s *running) describe(v *suite.Verdict) string {
	s.settle()
	var b strings.Builder
	for _, l := range v.Logs {
		fmt.Fprintf(&b, "%s %d %s\n", l.Name, l.Size, l.Root)
	}
	rollup, err := reportv1.NewReportServiceClient(s.suite.Conn).GetRollup(s.as, &reportv1.GetRollupRequest{Name: "organizations/652701/rollups/2018"})
	must(s.t, err)
	fmt.Fprintf(&b, "owed %d, accepted %d, missing %d\n", rollup.GetOwed(), rollup.GetAccepted(), rollup.GetMissing())
	for _, cell := range []string{"disclosed.total", "disclosed.government_document", "disclosed.other", "requests.received", "requests.concluded", "requests.granted"} {
		figure := rollup.GetTotals()[cell]
		fmt.Fprintf(&b, "%s: submitted %d, records %d\n", cell, figure.GetSubmitted(), figure.GetRecords())
	}
	report, err := reportv1.NewReportServiceClient(s.suite.Conn).GetReport(s.as, &reportv1.GetReportRequest{Name: "organizations/652701201/reports/2018"})
	must(s.t, err)
	fmt.Fprintf(&b, "%s: %s, %d cells, etag %s\n", report.GetName(), report.GetState(), len(report.GetFigures()), report.GetEtag())
	return b.String()
}

// settle waits until the report service has folded everything.
func (s *running) settle() {
	s.t.Helper()
	for behind := true; behind; {
		rollup, err := reportv1.NewReportServiceClient(s.suite.Conn).GetRollup(s.as, &reportv1.GetRollupRequest{Name: "organizations/652701/rollups/2018"})
		must(s.t, err)
		behind = false
		for _, feed := range rollup.GetBasis() {
			c, err := logv1.NewLogServiceClient(s.suite.Conn).GetCheckpoint(s.as, &logv1.GetCheckpointRequest{Name: feed.GetLog()})
			must(s.t, err)
			behind = behind || feed.GetSize() < c.GetSize()
		}
	}
}

// checkpoints are the signed checkpoints of all logs.
func (s *running) checkpoints() []string {
	s.t.Helper()
	var notes []string
	for _, t := range suite.Stored() {
		c, err := logv1.NewLogServiceClient(s.suite.Conn).GetCheckpoint(s.as, &logv1.GetCheckpointRequest{Name: "logs/" + t.Name})
		must(s.t, err)
		notes = append(notes, c.GetNote())
	}
	return notes
}

func fsck(t *testing.T, data string, checkpoints ...string) *suite.Verdict {
	t.Helper()
	v, err := suite.Fsck(context.Background(), data, checkpoints...)
	must(t, err)
	for _, d := range v.Differences {
		t.Errorf("state and log differ: %s", d)
	}
	return v
}

// pack writes the files of a folder.
func pack(t *testing.T, data string, w io.Writer) {
	t.Helper()
	zipped, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	must(t, err)
	out := tar.NewWriter(zipped)
	must(t, out.AddFS(os.DirFS(data)))
	must(t, errors.Join(out.Close(), zipped.Close()))
}

// unpacked is a copy of a release's folder.
func unpacked(t *testing.T, archive string) string {
	t.Helper()
	in, err := os.Open(archive)
	must(t, err)
	defer in.Close()
	unzipped, err := gzip.NewReader(in)
	must(t, err)
	data, files := t.TempDir(), tar.NewReader(unzipped)
	for {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			return data
		}
		must(t, err)
		path := filepath.Join(data, filepath.FromSlash(h.Name))
		if h.Typeflag == tar.TypeDir {
			must(t, os.MkdirAll(path, 0o700))
			continue
		}
		must(t, os.MkdirAll(filepath.Dir(path), 0o700))
		content, err := io.ReadAll(files)
		must(t, err)
		must(t, os.WriteFile(path, content, 0o600))
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// clock stands still at noon of 20 March 2019 in Shanghai: the year 2018 is over, its form still in use.
func clock() time.Time { return time.Date(2019, time.March, 20, 4, 0, 0, 0, time.UTC) }

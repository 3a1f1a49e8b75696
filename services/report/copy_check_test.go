package report

import (
	"crypto/sha256"
	"path/filepath"
	"strings"
	"testing"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/bolt"
	"gongkai/services/law/workday"
)

// A copy whose bytes are not those of its hash is told, and so is one that no report has.
func TestCheckCopies(t *testing.T) {
	engine, err := bolt.Open(filepath.Join(t.TempDir(), "report.db"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := kv.Open(engine, kv.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // the test is over
	p, err := workday.ParsePeriod("2018")
	if err != nil {
		t.Fatal(err)
	}
	n, content := reportName{"652701201", p}, make([]byte, copyPiece+1)
	hash := sha256.Sum256(content)
	report := &reportv1.Report{SignedCopies: []*reportv1.SignedCopy{{Version: 1, Sha256: hash[:]}}}
	check := func(what string, change func(kv.Tx) error, want string) {
		t.Helper()
		if err := db.Update(t.Context(), change); err != nil {
			t.Fatal(err)
		}
		err := db.View(t.Context(), func(r kv.Reader) error {
			seen := make(map[string]bool)
			found, err := checkCopies(r, n, report, seen)
			if err != nil {
				return err
			}
			stray, err := strayCopies(r, seen)
			if got := strings.Join(append(found, stray...), "; "); got != want {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	check("whole", func(tx kv.Tx) error { return putCopy(tx, n, 1, content) }, "")
	content[copyPiece] = 1
	check("its last byte changed", func(tx kv.Tx) error { return putCopy(tx, n, 1, content) }, "the signed copy of version 1 of organizations/652701201/reports/2018 is not what the report says")
	content[copyPiece] = 0
	check("a stray one", func(tx kv.Tx) error {
		if err := putCopy(tx, n, 1, content); err != nil {
			return err
		}
		return putCopy(tx, n, 2, []byte("x"))
	}, "a signed copy 3635323730313230310007e2000000000200000000 belongs to no report")
}

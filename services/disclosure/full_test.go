//go:build linux

package disclosure_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestImport_FullDisk imports a file for which there is no room to put it aside: that is said, nothing is written, and
// nothing is left lying about.
func TestImport_FullDisk(t *testing.T) {
	e := newEnv(t)
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("needs the right to mount a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	free := func() uint64 {
		var s syscall.Statfs_t
		ok(t, syscall.Statfs(dir, &s))
		return s.Bfree
	}
	t.Setenv("TMPDIR", dir)
	before := free()
	long := manyRows(40_000) // 2 MiB
	_, err := e.load(e.desk(town), &settings{Parent: town, Publish: true}, []byte(long))
	equal(t, refusal(err), "ResourceExhausted STORAGE_FULL")
	if n := free(); n != before || e.size() != 0 {
		t.Errorf("%d blocks are free of %d, %d entries are written", n, before, e.size())
	}
	out, err := e.load(e.desk(town), &settings{Parent: town, Publish: true}, []byte(manyRows(10)))
	ok(t, err)
	if out.GetCreatedCount() != 10 || free() != before {
		t.Errorf("with room again: %s", said(out))
	}
	_, err = e.load(e.desk(town), &settings{Parent: town, FileName: "台账.xlsx"}, longTexts(t, 10_000))
	equal(t, refusal(err), "ResourceExhausted STORAGE_FULL")
	if n := free(); n != before || e.size() != 10 {
		t.Errorf("%d blocks are free of %d, %d entries are written", n, before, e.size())
	}
}

// longTexts is a small workbook whose texts are more than a megabyte.
func longTexts(t *testing.T, rows int) []byte {
	f := excelize.NewFile()
	ok(t, f.SetSheetRow("Sheet1", "A1", &[]any{"标题", "类别"}))
	for i := range rows {
		ok(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+2), &[]any{fmt.Sprintf("第%d条%s", i, strings.Repeat("信息", 30)), "工作动态"}))
	}
	out, err := f.WriteToBuffer()
	ok(t, err)
	ok(t, f.Close())
	return out.Bytes()
}

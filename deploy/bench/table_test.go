package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestREADMEs holds that both READMEs have a place for the table.
func TestREADMEs(t *testing.T) {
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		old, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		changed, err := between(string(old), "| table |\n")
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if again, err := between(changed, "| table |\n"); err != nil || again != changed {
			t.Errorf("%s: written again, the table changes the file: %v", name, err)
		}
	}
}

func TestBetween(t *testing.T) {
	got, err := between("a\n"+markBegin+"old\n"+markEnd+"\nb\n", "new\n")
	if want := "a\n" + markBegin + "new\n" + markEnd + "\nb\n"; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	for _, bad := range []string{"", markBegin, markEnd + markBegin} {
		if _, err := between(bad, "new\n"); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

// TestRatio takes the median of the ratios of the turns, not the ratio of the medians.
func TestRatio(t *testing.T) {
	var found turns
	found.add(10, 100)
	found.add(50, 100)
	found.add(3, 4)
	if got := found.ratio(); got != 0.5 {
		t.Errorf("got %v, want 0.5", got)
	}
	if r := found.atLeast(text{"a", "b"}, "/s", 0.6); r.met || r.measured != "10/s" || r.yardstick != "100/s" {
		t.Errorf("got %+v", r)
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0.1234: "0.123", 99.9: "99.9", 100: "100", 1234.6: "1,235", 1_000_000: "1,000,000"} {
		if got := number(v); got != want {
			t.Errorf("%v: got %s, want %s", v, got, want)
		}
	}
}

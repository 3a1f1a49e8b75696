package suite

import (
	"os"
	"path/filepath"
	"testing"
)

// Each way of exchanging two folders leaves the fresh one in the place and the old one beside it; one that cannot
// be done leaves both where they are.
func TestExchange(t *testing.T) {
	for name, exchange := range map[string]func(data, fresh, before string) (string, error){"in one": exchange, "in two": exchangeInTwo} {
		at := func(folder, file string) bool {
			_, err := os.Stat(filepath.Join(folder, file))
			return err == nil
		}
		parent := t.TempDir()
		data, fresh, before := filepath.Join(parent, "data"), filepath.Join(parent, "fresh"), filepath.Join(parent, "before")
		for folder, file := range map[string]string{data: "old", fresh: "new"} {
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, file), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := exchange(data, filepath.Join(parent, "nothing"), before); err == nil || !at(data, "old") || at(before, "old") {
			t.Errorf("%s, with nothing: %v", name, err)
		}
		if _, err := exchange(filepath.Join(parent, "nothing"), fresh, before); err == nil || !at(fresh, "new") {
			t.Errorf("%s, of nothing: %v", name, err)
		}
		old, err := exchange(data, fresh, before)
		if err != nil || old != before || !at(data, "new") || !at(before, "old") || at(fresh, "new") {
			t.Errorf("%s: the old one is at %s, %v", name, old, err)
		}
	}
	// Where the old folder cannot get its name, it keeps the other one.
	parent := t.TempDir()
	data, fresh, before := filepath.Join(parent, "data"), filepath.Join(parent, "fresh"), filepath.Join(parent, "no", "before")
	for _, folder := range []string{data, fresh} {
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if old, err := exchange(data, fresh, before); err == nil && old != fresh {
		t.Errorf("the old one is at %s", old)
	}
}

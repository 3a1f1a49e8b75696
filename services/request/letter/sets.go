package letter

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"

	"gongkai/services/law"
	"gongkai/services/law/organ"
)

// Sets are the templates of all organs: one set for all, and one of their own for some. They do not change, and may be
// used by several goroutines at once.
type Sets struct {
	all *Set
	own map[organ.ID]*Set
}

// Default are the templates that are part of the program, for all organs.
func Default() (*Sets, error) {
	set, err := Embedded()
	if err != nil {
		return nil, err
	}
	return &Sets{all: set}, nil
}

// Load returns the embedded templates with those of a folder in place of their namesakes, for all organs; what stands in
// a folder below it that is named by an organ's code is that organ's own. It refuses what it cannot read: the error has
// every [Fault] that it finds. Files that do not end in .txt are left alone.
func Load(folder fs.FS) (*Sets, error) {
	sets, err := Default()
	if err != nil {
		return nil, err
	}
	faults := []error{sets.all.read(folder, "")}
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	sets.own = map[organ.ID]*Set{}
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		id, err := organ.ParseID(entry.Name())
		if err != nil {
			faults = append(faults, &Fault{File: entry.Name(), What: law.Label{
				Zh: "不是机关代码；各机关自己的模板放在以其代码命名的文件夹内", En: "it is no organisation's code; an organ's own templates stand in a folder named by its code",
			}})
			continue
		}
		own := &Set{templates: maps.Clone(sets.all.templates)}
		below, err := fs.Sub(folder, entry.Name())
		if err != nil {
			return nil, fmt.Errorf("open templates: %w", err)
		}
		faults = append(faults, own.read(below, entry.Name()))
		sets.own[id] = own
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return sets, nil
}

// Of are the templates of an organ, given by its code.
func (s *Sets) Of(organization string) *Set {
	if own, ok := s.own[organ.ID(organization)]; ok {
		return own
	}
	return s.all
}

// at puts the folder before a file's name.
func at(folder, name string) string { return path.Join(folder, name) }

package form

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// Forms are the forms of all years, the oldest first. No year has two.
type Forms []Form

//go:embed forms/*.yaml
var files embed.FS

// Embedded returns the forms that are part of the program.
func Embedded() (Forms, error) {
	forms, err := embedded()
	return slices.Clone(forms), err
}

// embedded reads the files once: they cannot change, and a form is not changed once it is loaded.
var embedded = sync.OnceValues(func() (Forms, error) {
	folder, err := fs.Sub(files, "forms")
	if err != nil {
		return nil, fmt.Errorf("open the embedded forms: %w", err)
	}
	return Load(folder)
})

// Load reads every .yaml file of a folder. It refuses a file with unknown keys and a form that is not consistent;
// the error names every fault it finds, each with file and cell.
func Load(folder fs.FS) (Forms, error) {
	forms, faults := load(folder)
	faults = append(faults, forms.arrange()...)
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return forms, nil
}

// With returns the forms and those of a folder, as [Load] reads them. A form without a last year ends where a later one of
// the folder begins. It refuses a form that the forms have already, and one for a year that another has; the forms
// themselves do not change.
func (known Forms) With(folder fs.FS) (Forms, error) {
	more, faults := load(folder)
	all := slices.Clone(known)
	for _, f := range more {
		if _, twice := all.Get(f.ID); twice {
			faults = append(faults, fmt.Errorf("form %s.yaml: there is a form %s already", f.ID, f.ID))
			continue
		}
		for i := range all {
			if all[i].LastYear == 0 && all[i].FirstYear < f.FirstYear {
				all[i].LastYear, all[i].ended = f.FirstYear-1, true
			}
		}
		all = append(all, f)
	}
	faults = append(faults, all.arrange()...)
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return all, nil
}

// load reads the forms of a folder, and finds what is wrong with each.
func load(folder fs.FS) (forms Forms, faults []error) {
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		return nil, []error{fmt.Errorf("list forms: %w", err)}
	}
	if len(names) == 0 {
		return nil, []error{errors.New("list forms: the folder has none")}
	}
	for _, name := range names {
		f, err := read(folder, name)
		if err != nil {
			faults = append(faults, fmt.Errorf("read form %s: %w", name, err))
			continue
		}
		if err := f.expand(); err != nil {
			faults = append(faults, fmt.Errorf("form %s: %w", name, err))
			continue
		}
		f.twins()
		for _, fault := range validate(&f) {
			faults = append(faults, fmt.Errorf("form %s: %s", name, fault))
		}
		if f.ID+".yaml" != name {
			faults = append(faults, fmt.Errorf("form %s: its id is %q, not the name of its file", name, f.ID))
		}
		if len(f.Categories) == 0 {
			f.Categories = Categories()
		}
		f.derivation = newDerivation(&f)
		forms = append(forms, f)
	}
	return forms, faults
}

// arrange puts the oldest form first, and finds years with two forms and cells that go on from none.
func (fs Forms) arrange() []error {
	slices.SortFunc(fs, func(a, b Form) int { return cmp.Compare(a.FirstYear, b.FirstYear) })
	var faults []error
	for i := range fs[:max(len(fs)-1, 0)] {
		if fs[i].Covers(fs[i+1].FirstYear) {
			faults = append(faults, fmt.Errorf("form %s.yaml: it covers %d, as does form %s.yaml", fs[i].ID, fs[i+1].FirstYear, fs[i+1].ID))
		}
	}
	return append(faults, validateContinuations(fs)...)
}

// Bounds of a form that is loaded.
const (
	maxFile  = 1 << 20 // bytes
	maxCells = 5000
)

func read(folder fs.FS, name string) (Form, error) {
	file, err := folder.Open(name)
	if err != nil {
		return Form{}, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return Form{}, err
	}
	if len(text) > maxFile {
		return Form{}, fmt.Errorf("more than %d bytes", maxFile)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict())
	var f Form
	if err := decoder.Decode(&f); err != nil {
		return Form{}, err
	}
	var more any
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return Form{}, errors.New("more than one document")
	}
	return f, nil
}

// NoForm is the reason of a period whose year has no form. Values: period, years.
const NoForm law.Reason = "NO_FORM_FOR_PERIOD"

// For returns the form of a period's year, or a [*law.Breach] of [NoForm] that names the years which have one.
func (fs Forms) For(p workday.Period) (*Form, error) {
	var years []string
	for i := range fs {
		if fs[i].Covers(p.Year()) {
			return &fs[i], nil
		}
		years = append(years, fs[i].years())
	}
	// R2019 art. 50(2): the national competent department publishes the uniform format of the reports.
	broken := law.Under(law.Citation{Act: law.R2019, Article: "50(2)"})
	broken.If(true, NoForm, "period", "period", p.String(), "years", strings.Join(years, ", "))
	return nil, broken.Err()
}

func (f *Form) years() string {
	if f.LastYear == 0 {
		return fmt.Sprintf("%d–", f.FirstYear)
	}
	return fmt.Sprintf("%d–%d", f.FirstYear, f.LastYear)
}

// Get returns a form by its id.
func (fs Forms) Get(id string) (*Form, bool) {
	for i := range fs {
		if fs[i].ID == id {
			return &fs[i], true
		}
	}
	return nil, false
}

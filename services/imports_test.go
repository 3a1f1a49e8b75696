// Package services_test holds what concerns all packages: who may import whom.
package services_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// room is a package, or all below a folder (folder/*), and what it may import of the project; tests may
// import more, but in law. outside are the modules beyond the standard library that it may import; nil: any.
type room struct {
	name    string
	imports []string
	outside []string
}

var (
	none    = []string{}
	yaml    = []string{"github.com/goccy/go-yaml"}
	chassis = []string{"services/chassis/access", "services/chassis/eventlog", "services/chassis/fault", "services/chassis/kv", "services/chassis/server"}
)

// rooms is the table, which ARCHITECTURE.md shows. Arrows go one way: service → law, service → chassis; a
// service reaches another through its proto client, its feed, or directory/mirror.
var rooms = []room{
	{"proto/*", []string{"proto/*"}, nil},
	{"services/law", none, none},
	{"services/law/workday", []string{"services/law"}, yaml},
	{"services/law/form", []string{"services/law", "services/law/workday"}, yaml},
	{"services/law/form/check", []string{"services/law", "services/law/form", "services/law/organ", "services/law/workday"}, none},
	{"services/law/deadline", []string{"services/law", "services/law/workday"}, none},
	{"services/law/ground", []string{"services/law", "services/law/workday"}, none},
	{"services/law/fee", []string{"services/law", "services/law/ground", "services/law/workday"}, none},
	{"services/law/appeal", []string{"services/law", "services/law/deadline", "services/law/ground", "services/law/workday"}, none},
	{"services/law/explanation", []string{"services/law", "services/law/appeal", "services/law/deadline", "services/law/fee", "services/law/ground", "services/law/workday"}, none},
	{"services/law/organ", []string{"services/law", "services/law/workday"}, none},
	{"services/law/publication", []string{"services/law", "services/law/workday"}, none},
	{"services/chassis/kv", none, none},
	{"services/chassis/ooxml", none, none},
	{"services/chassis/paper", none, []string{"codeberg.org/go-pdf/fpdf", "github.com/yuin/goldmark"}},
	{"services/chassis/vault", none, []string{"github.com/tink-crypto/tink-go"}},
	{"services/chassis/kv/bolt", []string{"services/chassis/kv"}, nil},
	{"services/chassis/kv/kvtest", []string{"services/chassis/kv"}, nil},
	{"services/chassis/access", []string{"proto/*"}, nil},
	{"services/chassis/eventlog", []string{"proto/*", "services/chassis/access", "services/chassis/kv"}, nil},
	{"services/chassis/fault", []string{"proto/*", "services/chassis/eventlog", "services/chassis/kv", "services/law"}, nil},
	{"services/chassis/telemetry", []string{"services/chassis/kv"}, nil},
	{"services/chassis/server", []string{"proto/*", "services/chassis/access", "services/chassis/fault", "services/chassis/kv", "services/chassis/telemetry", "services/law"}, nil},
	{"services/chassis/records", []string{"proto/*", "services/chassis/eventlog", "services/chassis/kv"}, nil},
	{"services/chassis/backup", []string{"proto/*", "services/chassis/eventlog", "services/chassis/fault", "services/chassis/kv"}, nil},
	{"services/directory/mirror", []string{"proto/*", "services/chassis/access", "services/chassis/eventlog", "services/chassis/fault", "services/law/*"}, nil},
	{"services/directory", service(), nil},
	{"services/request", service("services/chassis/paper", "services/chassis/records", "services/chassis/vault", "services/request/letter"), nil},
	{"services/request/letter", []string{"services/chassis/paper", "services/law/*"}, none},
	{"services/report", service("services/report/published"), nil},
	{"services/report/export", []string{"proto/*", "services/chassis/paper", "services/law/*"}, nil},
	{"services/disclosure", service("services/chassis/records", "services/disclosure/ledger"), nil},
	{"services/disclosure/ledger", []string{"proto/*", "services/chassis/ooxml", "services/law/*"}, nil},
	{"services/calculator", []string{"proto/*", "services/chassis/fault", "services/law/*"}, nil},
	{"services/report/document", []string{"services/chassis/ooxml", "services/law", "services/report/document/pdf"}, nil},
	{"services/report/document/pdf", nil, nil},
	{"services/report/published", []string{"services/law/*", "services/report/document"}, nil},
	{"services/suite", []string{"proto/*", "services/*"}, nil},
	{"gateway", []string{"proto/*", "gateway/openapi", "services/chassis/fault", "services/chassis/telemetry", "services/law", "services/law/form", "services/report/export"}, nil},
	{"gateway/internal/fixture", []string{"proto/*", "gateway", "services/chassis/fault", "services/law/*"}, nil},
	{"gateway/openapi", none, none},
	{"gateway/page", []string{"proto/*", "gateway", "services/chassis/fault", "services/law/*"}, nil},
	{"deploy/demo", []string{"proto/*"}, nil},
	{"deploy/example", []string{"proto/*"}, nil},
	{"deploy/example/cases", []string{"services/law/*"}, none},
	{"deploy/gongkai", []string{"proto/*", "deploy/demo", "deploy/example/cases", "gateway", "gateway/page", "services/chassis/access", "services/chassis/backup", "services/chassis/eventlog", "services/chassis/fault", "services/chassis/kv", "services/chassis/telemetry", "services/chassis/paper", "services/law/*", "services/report/document", "services/report/export", "services/report/published", "services/request/letter", "services/suite"}, nil},
	{"deploy/bench", []string{"proto/*", "services/chassis/access", "services/disclosure/ledger", "services/law/*", "services/report/export", "services/suite"}, nil},
	{"deploy/apart", none, none},
	{"deploy/e2e", none, none},
	{"deploy/killtest", none, none},
	{"deploy/upgrade", none, none},
}

// service is what every service may import, and more.
func service(more ...string) []string {
	return slices.Concat([]string{"proto/*"}, chassis, []string{"services/directory/mirror", "services/law/*"}, more)
}

// covers tells whether a name of the table means a package. A folder is meant with all below it.
func covers(name, pkg string) bool {
	folder, all := strings.CutSuffix(name, "/*")
	return name == pkg || all && (pkg == folder || strings.HasPrefix(pkg, folder+"/"))
}

// allows tells whether a package may import another, by its path.
func (r room) allows(imported string) bool {
	if inside, ok := strings.CutPrefix(imported, "gongkai/"); ok {
		return slices.ContainsFunc(r.imports, func(name string) bool {
			return covers(name, inside) && (inside != "services/chassis/kv/kvtest" || name == inside)
		})
	}
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".") || r.outside == nil ||
		slices.ContainsFunc(r.outside, func(module string) bool { return imported == module || strings.HasPrefix(imported, module+"/") })
}

// root is the folder that the four modules stand in.
const root = ".."

// imports are the imports of every package of the project, by package, and those of its tests.
func imports(t *testing.T) (code, tests map[string]map[string]bool) {
	t.Helper()
	code, tests = make(map[string]map[string]bool), make(map[string]map[string]bool)
	for _, module := range []string{"proto", "services", "gateway", "deploy"} {
		err := filepath.WalkDir(filepath.Join(root, module), func(file string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && d.Name() == "testdata":
				return filepath.SkipDir
			case d.IsDir() || !strings.HasSuffix(file, ".go") || file == filepath.Join(root, "services", "imports_test.go"):
				return nil
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
			if err != nil {
				return err
			}
			inside, err := filepath.Rel(root, filepath.Dir(file))
			if err != nil {
				return err
			}
			pkg, into := filepath.ToSlash(inside), code
			if code[pkg] == nil { // also of a package that has only tests
				code[pkg], tests[pkg] = make(map[string]bool), make(map[string]bool)
			}
			if strings.HasSuffix(file, "_test.go") {
				into = tests
			}
			for _, i := range parsed.Imports {
				imported, err := strconv.Unquote(i.Path.Value)
				if err != nil {
					return err
				}
				into[pkg][imported] = true
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return code, tests
}

// Every package stands in the table, and imports nothing that its row does not name.
func TestImports(t *testing.T) {
	code, tests := imports(t)
	seen := make(map[string]bool)
	for _, pkg := range slices.Sorted(maps.Keys(code)) {
		i := slices.IndexFunc(rooms, func(r room) bool { return covers(r.name, pkg) })
		if i < 0 {
			t.Errorf("%s has no row in the table: add one, here and in ARCHITECTURE.md", pkg)
			continue
		}
		seen[rooms[i].name] = true
		for _, imported := range slices.Sorted(maps.Keys(code[pkg])) {
			if !rooms[i].allows(imported) {
				t.Errorf("%s imports %s, its row does not allow that", pkg, imported)
			}
		}
		for imported := range tests[pkg] {
			if inside, ok := strings.CutPrefix(imported, "gongkai/"); ok && covers("services/law/*", pkg) && !covers("services/law/*", inside) {
				t.Errorf("the tests of %s import %s: law knows nothing but law", pkg, imported)
			}
		}
	}
	for _, r := range rooms {
		if !seen[r.name] {
			t.Errorf("there is no package %s any more: take its row out", r.name)
		}
	}
}

// ARCHITECTURE.md shows the table.
func TestImports_Shown(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	if want := table(); !strings.Contains(string(page), want) {
		t.Errorf("ARCHITECTURE.md does not show this table:\n\n%s", want)
	}
}

// table is the table in Markdown; neighbours with the same rights share a row.
func table() string {
	short := func(names []string) string {
		var all []string
		for _, name := range names {
			if name != "services/*" {
				name = strings.TrimPrefix(name, "services/")
			}
			all = append(all, "`"+name+"`")
		}
		if len(all) == 0 {
			return "–"
		}
		return strings.Join(all, " ")
	}
	var b strings.Builder
	b.WriteString("| package | may import | beyond the standard library |\n|---|---|---|\n")
	for i := 0; i < len(rooms); {
		var names []string
		r := rooms[i]
		for ; i < len(rooms) && slices.Equal(rooms[i].imports, r.imports) && slices.Equal(rooms[i].outside, r.outside); i++ {
			names = append(names, rooms[i].name)
		}
		outside := "any"
		if r.outside != nil {
			outside = short(r.outside)
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", short(names), short(r.imports), outside)
	}
	return b.String()
}

// The table refuses what it is there to refuse.
func TestRoom(t *testing.T) {
	for _, c := range []struct {
		pkg, imported string
		want          bool
	}{
		{"services/report", "gongkai/services/law/form", true},
		{"services/report", "gongkai/services/law", true},
		{"services/report", "gongkai/services/directory/mirror", true},
		{"services/report", "gongkai/services/directory", false},
		{"services/report", "gongkai/services/disclosure", false},
		{"services/report", "gongkai/services/suite", false},
		{"services/report", "gongkai/services/chassis/kv/kvtest", false},
		{"services/suite", "gongkai/services/chassis/kv/bolt", true},
		{"services/suite", "gongkai/services/chassis/kv/kvtest", false},
		{"services/suite", "gongkai/gateway", false},
		{"services/law/organ", "gongkai/services/law/form", false},
		{"services/law/organ", "gongkai/proto/gongkai/api/v1", false},
		{"services/law/organ", "google.golang.org/protobuf/proto", false},
		{"services/law/organ", "slices", true},
		{"services/law/form", "github.com/goccy/go-yaml/ast", true},
		{"services/chassis/server", "gongkai/services/law/organ", false},
		{"services/chassis/access", "gongkai/services/law", false},
		{"gateway", "gongkai/services/report", false},
		{"deploy/demo", "gongkai/services/suite", false},
	} {
		i := slices.IndexFunc(rooms, func(r room) bool { return covers(r.name, c.pkg) })
		if got := rooms[i].allows(c.imported); got != c.want {
			t.Errorf("%s imports %s: %v, want %v", c.pkg, c.imported, got, c.want)
		}
	}
}

package fault_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	apiv1 "gongkai/proto/gongkai/api/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/law"
)

// TestReasons holds three lists equal: the constants beside the rules, the public enum, and the texts.
func TestReasons(t *testing.T) {
	enum := make(map[string]bool)
	for name, number := range apiv1.ErrorReason_value {
		if number != 0 {
			enum[strings.TrimPrefix(name, "ERROR_REASON_")] = true
		}
	}
	texts := fault.Texts()
	for reason, label := range texts {
		if !enum[string(reason)] {
			t.Errorf("%s has a text, but is not in the public enum", reason)
		}
		if label.Missing() {
			t.Errorf("%s lacks a text in one of the languages", reason)
		}
	}
	for name := range enum {
		if _, ok := texts[law.Reason(name)]; !ok {
			t.Errorf("%s is in the public enum, but has no text", name)
		}
	}
	for reason, c := range constants(t) {
		if !enum[reason] {
			t.Errorf("%s (%s) is not in the public enum", reason, c.path)
		}
	}
}

// TestTexts_SameValues holds both languages to naming the same kind of values: English may name more. A label is named
// in the language of the text: {cell_zh} here, {cell_en} there, or {cell} itself where that is English.
func TestTexts_SameValues(t *testing.T) {
	value := regexp.MustCompile(`\{[a-z_]+\}`)
	for reason, label := range fault.Texts() {
		if strings.Contains(label.Zh, "_en}") || strings.Contains(label.En, "_zh}") {
			t.Errorf("%s names a label in the other language", reason)
		}
		english := value.FindAllString(label.En, -1)
		for _, v := range value.FindAllString(label.Zh, -1) {
			if !slices.Contains(english, v) && !slices.Contains(english, strings.Replace(v, "_zh}", "_en}", 1)) && !slices.Contains(english, strings.Replace(v, "_zh}", "}", 1)) {
				t.Errorf("%s: the Chinese text names %s, the English one does not", reason, v)
			}
		}
	}
}

// TestTexts_SayWhatToDo holds every Chinese text to asking for something, or to saying that nothing is to be done: a
// clerk who reads it is not left alone.
func TestTexts_SayWhatToDo(t *testing.T) {
	plain := []law.Reason{"REQUIRED", "BREAKS_RULE", "DOCUMENT_NUMBER_NORMALIZED"} // that is clear, or said by a value, or a note
	for reason, label := range fault.Texts() {
		if !strings.Contains(label.Zh, "请") && !strings.Contains(label.Zh, "无需") && !slices.Contains(plain, reason) {
			t.Errorf("%s: %s", reason, label.Zh)
		}
		if !strings.HasSuffix(label.Zh, "。") || !strings.HasSuffix(label.En, ".") {
			t.Errorf("%s is no sentence", reason)
		}
	}
}

// TestTexts_Filled holds every place that gives a reason to giving all values that its texts name.
func TestTexts_Filled(t *testing.T) {
	named := regexp.MustCompile(`\{([a-z_]+)\}`)
	texts := fault.Texts()
	places := 0
	for _, use := range uses(t) {
		text, ok := texts[law.Reason(use.reason)]
		if !ok {
			t.Errorf("%s: %s has no text", use.where, use.reason)
		}
		for _, m := range named.FindAllStringSubmatch(text.Zh+text.En, -1) {
			if !slices.Contains(use.values, m[1]) {
				t.Errorf("%s: %s is given %v, its text names %s", use.where, use.reason, use.values, m[1])
			}
		}
		places++
	}
	if places < 60 {
		t.Fatalf("found %d places only", places)
	}
}

// use is a place that gives a reason, with the names of the values beside it.
type use struct {
	where, reason string
	values        []string
}

// uses finds the calls of Broken.If and fault.Field, and the literals of Violation, that name their reason
// and values there and then.
func uses(t *testing.T) []use {
	t.Helper()
	var found []use
	known := constants(t)
	sources(t, func(path string, set *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			var reason ast.Expr
			var values []ast.Expr
			switch n := n.(type) {
			case *ast.CallExpr:
				f, ok := n.Fun.(*ast.SelectorExpr)
				switch {
				case !ok || n.Ellipsis.IsValid():
				case f.Sel.Name == "If" && len(n.Args) >= 3:
					reason, values = n.Args[1], n.Args[3:]
				case f.Sel.Name == "Field" && len(n.Args) >= 2:
					reason, values = n.Args[1], n.Args[2:]
				}
			case *ast.CompositeLit:
				if f, ok := n.Type.(*ast.SelectorExpr); ok && f.Sel.Name == "Violation" {
					reason, values = violation(n)
				}
			}
			if name := resolve(known, file, path, reason); isName.MatchString(name) {
				found = append(found, use{set.Position(reason.Pos()).String(), name, names(values)})
			}
			return true
		})
	})
	return found
}

// isName tells a reason from the first words of another function that is called If or Field.
var isName = regexp.MustCompile(`^[A-Z][A-Z0-9_]+$`)

// violation is the reason of a literal, and its names and values in turn.
func violation(lit *ast.CompositeLit) (reason ast.Expr, values []ast.Expr) {
	for _, e := range lit.Elts {
		field, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		switch field.Key.(*ast.Ident).Name {
		case "Reason":
			reason = field.Value
		case "Values":
			m, ok := field.Value.(*ast.CompositeLit)
			if !ok {
				return nil, nil // made elsewhere
			}
			for _, pair := range m.Elts {
				values = append(values, pair.(*ast.KeyValueExpr).Key, pair.(*ast.KeyValueExpr).Value)
			}
		}
	}
	return reason, values
}

// names are the literals at the even places.
func names(values []ast.Expr) []string {
	var all []string
	for i := 0; i < len(values); i += 2 {
		if lit, ok := values[i].(*ast.BasicLit); ok {
			if name, err := strconv.Unquote(lit.Value); err == nil {
				all = append(all, name)
			}
		}
	}
	return all
}

// resolve returns the reason that an expression is: a literal, a constant of its package, or of one that the
// file imports; empty if it is none of these.
func resolve(known map[string]constant, file *ast.File, path string, e ast.Expr) string {
	dir, name := filepath.Dir(path), ""
	switch e := e.(type) {
	case *ast.BasicLit:
		s, _ := strconv.Unquote(e.Value)
		return s
	case *ast.Ident:
		name = e.Name
	case *ast.SelectorExpr:
		x, ok := e.X.(*ast.Ident)
		if !ok {
			return ""
		}
		name = e.Sel.Name
		for _, i := range file.Imports {
			imported, _ := strconv.Unquote(i.Path.Value)
			if inside, ok := strings.CutPrefix(imported, "gongkai/services/"); ok && filepath.Base(inside) == x.Name {
				dir = filepath.Join(root, inside)
			}
		}
	}
	for reason, c := range known {
		if c.name == name && filepath.Dir(c.path) == dir {
			return reason
		}
	}
	return ""
}

// root is the folder of the services' module.
const root = "../.."

type constant struct{ name, path string }

// constants finds every constant of type law.Reason in the services' sources, by its value.
func constants(t *testing.T) map[string]constant {
	t.Helper()
	found := make(map[string]constant)
	sources(t, func(path string, _ *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || !isReason(spec.Type) {
				return true
			}
			for i, v := range spec.Values {
				if lit, ok := v.(*ast.BasicLit); ok {
					if reason, err := strconv.Unquote(lit.Value); err == nil {
						found[reason] = constant{spec.Names[i].Name, path}
					}
				}
			}
			return true
		})
	})
	if len(found) < 20 {
		t.Fatalf("found %d constants only", len(found))
	}
	return found
}

// sources parses every source of the services but the tests.
func sources(t *testing.T, see func(path string, set *token.FileSet, file *ast.File)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err == nil {
			see(path, set, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func isReason(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		return e.Sel.Name == "Reason"
	case *ast.Ident:
		return e.Name == "Reason"
	}
	return false
}

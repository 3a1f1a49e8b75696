package cases

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
)

// decode reads JSON strictly into a value: a field that there is not, a value of the wrong type, and a date that is none
// are errors that name the field, all of them at once; nothing may follow.
func decode[T any](text []byte) (T, error) {
	var out T
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		var syntax *json.SyntaxError
		at := int64(len(text))
		if errors.As(err, &syntax) {
			at = syntax.Offset - 1
		}
		line, column := place(text, at)
		return out, fmt.Errorf("read JSON, line %d column %d: %w (不是有效的JSON)", line, column, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		line, column := place(text, d.InputOffset())
		return out, fmt.Errorf("read JSON, line %d column %d: something follows the end (结尾之后还有内容)", line, column)
	}
	var faults []string
	check(&faults, "", tree, reflect.TypeFor[T]())
	if len(faults) > 0 {
		return out, errors.New(strings.Join(faults, "; "))
	}
	if err := json.Unmarshal(text, &out); err != nil {
		return out, fmt.Errorf("read JSON: %w", err)
	}
	return out, nil
}

// place is a byte of a text as line and column, both from 1.
func place(text []byte, offset int64) (line, column int) {
	before := text[:min(int(offset), len(text))]
	last := bytes.LastIndexByte(before, '\n')
	return bytes.Count(before, []byte("\n")) + 1, len(bytes.Runes(before[last+1:])) + 1
}

// mostFaults is how many faults one answer names.
const mostFaults = 20

// check notes what of a value does not fit a type.
func check(faults *[]string, path string, value any, t reflect.Type) {
	note := func(form string, args ...any) {
		if len(*faults) < mostFaults {
			name := path
			if name == "" {
				name = "the case (案情)"
			}
			*faults = append(*faults, name+": "+fmt.Sprintf(form, args...))
		}
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if value == nil {
		return // null is none
	}
	if read, ok := reflect.New(t).Interface().(encoding.TextUnmarshaler); ok {
		text, isText := value.(string)
		if !isText {
			note("a date is text, as \"2024-02-05\" (日期应为文本)")
		} else if err := read.UnmarshalText([]byte(text)); err != nil {
			note("%q is not a day of the form 2024-02-05 (日期应为 2024-02-05 格式且确有此日)", text)
		}
		return
	}
	switch t.Kind() {
	case reflect.Struct:
		object, ok := value.(map[string]any)
		if !ok {
			note("an object {…} is wanted (应为对象)")
			return
		}
		checkFields(faults, path, object, t)
	case reflect.Slice:
		list, ok := value.([]any)
		if !ok {
			note("a list […] is wanted (应为列表)")
		}
		for i, one := range list {
			check(faults, fmt.Sprintf("%s[%d]", path, i), one, t.Elem())
		}
	case reflect.String:
		if _, ok := value.(string); !ok {
			note("text in quotes is wanted (应为文本)")
		}
	case reflect.Bool:
		if _, ok := value.(bool); !ok {
			note("true or false is wanted (应为 true 或 false)")
		}
	default:
		n, ok := value.(json.Number)
		if _, err := n.Int64(); !ok || err != nil {
			note("a whole number is wanted (应为整数)")
		}
	}
}

// checkFields notes what of an object does not fit a struct.
func checkFields(faults *[]string, path string, object map[string]any, t reflect.Type) {
	types := map[string]reflect.Type{}
	var names []string
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		types[name] = t.Field(i).Type
		names = append(names, name)
	}
	given := make([]string, 0, len(object))
	for name := range object {
		given = append(given, name)
	}
	slices.Sort(given)
	for _, name := range given {
		full := strings.TrimPrefix(path+"."+name, ".")
		if of, ok := types[name]; ok {
			check(faults, full, object[name], of)
		} else if len(*faults) < mostFaults {
			*faults = append(*faults, fmt.Sprintf("%q: there is no such field, there are %s (没有这个字段)", full, strings.Join(names, ", ")))
		}
	}
}

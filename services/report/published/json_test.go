package published_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"gongkai/services/report/published"
)

// object is a report in JSON.
type object = map[string]any

// jsonOf is the model as REST returns it.
func jsonOf(t *testing.T, m model, year int) object {
	var figures []any
	for _, c := range m.form.Cells() {
		f, err := strconv.ParseFloat(m.values[c.ID], 64)
		ok(t, err)
		value := int64(f)
		if c.Unit.Fen() != 0 {
			value = int64(f*100+0.5) * unitOf(c) / 100
		}
		figures = append(figures, object{"cell": c.ID, "value": fmt.Sprint(value), "state": "FIGURE_STATE_TYPED"})
	}
	return object{
		"name": fmt.Sprintf("organizations/652701/reports/%d", year), "form": "reportForms/" + m.form.ID, "organization": "示例县人民政府",
		"figures": figures, "narratives": []any{object{"part": "overview", "markdown": "示例文字"}},
	}
}

// jsonLayouts are ways in which programs write the same report.
func jsonLayouts() map[string]func(object) []byte {
	plain := func(o object) []byte {
		data, _ := json.Marshal(o) // maps of texts and numbers
		return data
	}
	each := func(change func(object)) func(object) []byte {
		return func(o object) []byte {
			for _, f := range o["figures"].([]any) {
				change(f.(object))
			}
			return plain(o)
		}
	}
	with := func(key string, value any) func(object) []byte {
		return func(o object) []byte { o[key] = value; return plain(o) }
	}
	return map[string]func(object) []byte{
		"official": plain,
		"indented": func(o object) []byte {
			data, _ := json.MarshalIndent(o, "", "  ")
			return data
		},
		"a mark in front":  func(o object) []byte { return append([]byte("\xef\xbb\xbf"), plain(o)...) },
		"spaces in front":  func(o object) []byte { return append([]byte(" \r\n\t"), plain(o)...) },
		"numbers":          each(func(f object) { f["value"] = json.Number(f["value"].(string)) }),
		"states derived":   each(func(f object) { f["state"] = "FIGURE_STATE_DERIVED" }),
		"without states":   each(func(f object) { delete(f, "state") }),
		"more of a figure": each(func(f object) { f["computed"], f["note"] = "7", object{"zh": "说明"} }),
		"form by its id":   func(o object) []byte { return with("form", strings.TrimPrefix(o["form"].(string), "reportForms/"))(o) },
		"more of a report": with("seal", object{"figures": []any{1}, "form": "x"}),
		"escaped":          func(o object) []byte { return []byte(strconv.QuoteToASCII(string(plain(o)))) },
		"figures backwards": func(o object) []byte {
			figures := o["figures"].([]any)
			for i, j := 0, len(figures)-1; i < j; i, j = i+1, j-1 {
				figures[i], figures[j] = figures[j], figures[i]
			}
			return plain(o)
		},
		"parts without text": with("narratives", []any{}),
	}
}

// TestRead_JSONLayouts reads every way of writing a report in JSON, and finds each figure.
func TestRead_JSONLayouts(t *testing.T) {
	for _, id := range []string{"2019", "2021"} {
		year := 2020 + int(id[3]-'0')%2
		m := busy(t, id, year)
		for name, layout := range jsonLayouts() {
			t.Run(id+"/"+name, func(t *testing.T) {
				data := layout(jsonOf(t, m, year))
				if name == "escaped" { // a text in quotation marks: its inside is the file
					data = bytes.ReplaceAll(bytes.Trim(data, `"`), []byte(`\"`), []byte(`"`))
				}
				r, err := published.ReadFile(t.Context(), bytes.NewReader(data), int64(len(data)), "a.json", forms(t), published.Hints{})
				ok(t, err)
				if r.Form.ID != id || r.Year != year || r.Organization != "示例县人民政府" {
					t.Errorf("form %s, year %d, of %q", r.Form.ID, r.Year, r.Organization)
				}
				compare(t, m, r)
			})
		}
	}
}

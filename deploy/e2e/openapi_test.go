package e2e_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gongkai/deploy/demo"

	"github.com/goccy/go-yaml"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// openAPI is what the tests read of the description of the REST interface.
type openAPI struct {
	Paths map[string]map[string]struct {
		OperationID string `yaml:"operationId"`
		Parameters  []struct{ Name, In string }
	}
	Components struct {
		Schemas map[string]struct {
			Properties map[string]struct{ Enum []string }
		}
	}
}

func described(t *testing.T, e *env) (d openAPI) {
	t.Helper()
	code, text := e.send(request{method: http.MethodGet, path: "/openapi.yaml"}, "", "")
	if code != http.StatusOK {
		t.Fatalf("openapi.yaml: %d", code)
	}
	if err := yaml.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestOpenAPI_Routes calls every operation that is described, with every parameter of its query: the gateway knows them
// all. And every method of the contracts that has a way over REST is described.
func TestOpenAPI_Routes(t *testing.T) {
	e := start(t)
	e.enter()
	d := described(t, e)
	var files []string
	for path, operations := range d.Paths {
		for method, o := range operations {
			if strings.HasPrefix(path, "/v1/disclosures:") || strings.HasSuffix(path, "disclosures:import") || strings.HasSuffix(path, "disclosures:export") || strings.HasSuffix(path, ":download") || strings.HasSuffix(path, ":checkFile") {
				files = append(files, o.OperationID)
			}
			query := url.Values{}
			for _, p := range o.Parameters {
				if p.In == "query" {
					query.Set(p.Name, map[string]string{"fileName": "a.csv", "mode": "accepted_rows", "format": "csv"}[p.Name])
				}
			}
			if !slices.Contains(files, o.OperationID) {
				query = nil
			}
			called := strings.ReplaceAll(inBraces.ReplaceAllString(path, "1"), "organizations/1", "organizations/"+demo.TownshipID)
			in, err := http.NewRequestWithContext(t.Context(), strings.ToUpper(method), e.url+called+"?"+query.Encode(), http.NoBody)
			e.check(err)
			out, err := e.http.Do(in)
			e.check(err)
			said := struct{ Details []struct{ Reason string } }{}
			if !strings.HasSuffix(path, ":watch") {
				body, _ := io.ReadAll(out.Body)
				_ = json.Unmarshal(body, &said) // a file is none
			}
			e.check(out.Body.Close())
			for _, detail := range said.Details {
				if detail.Reason == "UNIMPLEMENTED" || detail.Reason == "UNKNOWN_FIELD" {
					t.Errorf("%s %s is described, and answered %s", method, called, detail.Reason)
				}
			}
			if out.StatusCode == http.StatusMethodNotAllowed {
				t.Errorf("%s %s is described, and not allowed", method, called)
			}
		}
	}
	slices.Sort(files)
	if want := []string{"DisclosureService_ExportDisclosures", "DisclosureService_GetImportTemplate", "DisclosureService_ImportDisclosures", "ReportService_CheckReportFile", "ReportService_DownloadReport", "ReportService_DownloadRollup"}; !slices.Equal(files, want) {
		t.Errorf("the routes of files are %v", files)
	}
}

var inBraces = regexp.MustCompile(`\{[a-zA-Z]+\}`)

// TestOpenAPI_Schemas holds the schemas that are named as messages to the messages: each field, and each value of an
// enum.
func TestOpenAPI_Schemas(t *testing.T) {
	d := described(t, start(t))
	for _, wanted := range []string{"gongkai.disclosure.v1.ImportDisclosuresResponse", "gongkai.disclosure.v1.ImportFinding", "gongkai.disclosure.v1.Disclosure", "gongkai.report.v1.CheckReportFileResponse"} {
		if _, ok := d.Components.Schemas[wanted]; !ok {
			t.Errorf("%s is not described", wanted)
		}
	}
	for name, schema := range d.Components.Schemas {
		found, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName(name))
		if err != nil || !strings.HasPrefix(name, "gongkai.") {
			continue
		}
		want := make(map[string][]string)
		fields := found.Descriptor().Fields()
		for i := range fields.Len() {
			var values []string
			if enum := fields.Get(i).Enum(); enum != nil && !fields.Get(i).IsList() && !fields.Get(i).IsMap() {
				for j := range enum.Values().Len() {
					values = append(values, string(enum.Values().Get(j).Name()))
				}
			}
			want[fields.Get(i).JSONName()] = values
		}
		got := make(map[string][]string)
		for field, property := range schema.Properties {
			got[field] = property.Enum
		}
		if !maps.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%s is described as %v, and has %v", name, got, want)
		}
	}
}

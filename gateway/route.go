package gateway

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	calculatorv1 "gongkai/proto/gongkai/calculator/v1"
	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/fault"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// route is one HTTP rule of one method, as its contract declares it.
type route struct {
	input     protoreflect.MessageDescriptor
	body      string          // the field that the body fills, "*" for the whole message, empty for none
	bound     map[string]bool // top-level fields that path or body fill
	streaming bool
	path      *regexp.Regexp
}

// routes are all rules, by HTTP method and path template: "GET /v1/{name=organizations/*}".
type routes map[string]*route

// declaredRoutes reads the rules from the contracts.
func declaredRoutes() routes {
	all := routes{}
	for _, file := range []protoreflect.FileDescriptor{
		directoryv1.File_gongkai_directory_v1_directory_proto, disclosurev1.File_gongkai_disclosure_v1_disclosure_proto,
		requestv1.File_gongkai_request_v1_request_proto, reportv1.File_gongkai_report_v1_report_proto,
		logv1.File_gongkai_log_v1_log_proto, calculatorv1.File_gongkai_calculator_v1_calculator_proto,
	} {
		for i := range file.Services().Len() {
			methods := file.Services().Get(i).Methods()
			for j := range methods.Len() {
				m := methods.Get(j)
				rule, _ := proto.GetExtension(m.Options(), annotations.E_Http).(*annotations.HttpRule)
				for _, r := range append([]*annotations.HttpRule{rule}, rule.GetAdditionalBindings()...) {
					all.add(m, r)
				}
			}
		}
	}
	return all
}

var (
	pathVariable  = regexp.MustCompile(`\{([a-z_.]+)=([^}]*)\}`)
	shortVariable = regexp.MustCompile(`\{([a-z_.]+)\}`) // one segment: {date} is {date=*}
)

func (all routes) add(m protoreflect.MethodDescriptor, rule *annotations.HttpRule) {
	method, template := verb(rule)
	if template == "" {
		return
	}
	template = shortVariable.ReplaceAllString(template, "{$1=*}")
	r := &route{input: m.Input(), body: rule.GetBody(), streaming: m.IsStreamingServer(), bound: map[string]bool{rule.GetBody(): true}}
	for _, v := range pathVariable.FindAllStringSubmatch(template, -1) {
		r.bound[v[1]] = true
	}
	expression := regexp.QuoteMeta(pathVariable.ReplaceAllString(template, "$2"))
	r.path = regexp.MustCompile("^" + strings.ReplaceAll(expression, `\*`, `[^/]+`) + "$")
	all[method+" "+template] = r
}

func verb(rule *annotations.HttpRule) (method, template string) {
	switch p := rule.GetPattern().(type) {
	case *annotations.HttpRule_Get:
		return http.MethodGet, p.Get
	case *annotations.HttpRule_Post:
		return http.MethodPost, p.Post
	case *annotations.HttpRule_Patch:
		return http.MethodPatch, p.Patch
	case *annotations.HttpRule_Put:
		return http.MethodPut, p.Put
	case *annotations.HttpRule_Delete:
		return http.MethodDelete, p.Delete
	}
	return "", ""
}

// methods are the HTTP methods that a path takes.
func (all routes) methods(path string) []string {
	found := map[string]bool{}
	for key, r := range all {
		if method, _, _ := strings.Cut(key, " "); r.path.MatchString(path) {
			found[method] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// checkQuery refuses query parameters that are no field of the request, or one that the path or the body
// fills already.
func (r *route) checkQuery(req *http.Request) error {
	query, err := url.ParseQuery(req.URL.RawQuery)
	if err != nil {
		return fault.Undecodable(fmt.Errorf("read the query: %w", err))
	}
	for _, key := range slices.Sorted(maps.Keys(query)) {
		switch {
		case !utf8.ValidString(key), slices.ContainsFunc(query[key], func(v string) bool { return !utf8.ValidString(v) }):
			return fault.Undecodable(fmt.Errorf("field %s contains invalid UTF-8", strings.ToValidUTF8(key, "�")))
		case r.body == "*" || !r.takes(key):
			return fault.Field(clip(key), unknownField, "path", clip(key))
		}
	}
	return nil
}

// takes tells whether a query parameter, as page_size, pageSize or as_of.year, names a field.
func (r *route) takes(key string) bool {
	message := r.input
	for i, name := range strings.Split(key, ".") {
		if message == nil {
			return false
		}
		field := message.Fields().ByJSONName(name)
		if field == nil {
			field = message.Fields().ByTextName(name)
		}
		if field == nil || i == 0 && r.bound[string(field.Name())] {
			return false
		}
		message = nil
		if field.Cardinality() != protoreflect.Repeated {
			message = field.Message()
		}
	}
	return true
}

// checkJSON checks that data is one JSON value in UTF-8, or empty. It names the field whose text is not UTF-8.
func checkJSON(data []byte) error {
	if len(data) == 0 {
		return nil
	}
	var value json.RawMessage
	if err := json.Unmarshal(data, &value); err != nil {
		return fault.Undecodable(fmt.Errorf("read the body as JSON: %w", err))
	}
	if !utf8.Valid(data) {
		return fault.Undecodable(fmt.Errorf("field %s contains invalid UTF-8", badText("", value)))
	}
	return nil
}

// badText returns the name of the first field within value, which is field's, whose text is not UTF-8.
func badText(field string, value json.RawMessage) string {
	var object map[string]json.RawMessage
	if json.Unmarshal(value, &object) == nil {
		for _, name := range slices.Sorted(maps.Keys(object)) {
			if !utf8.Valid(object[name]) {
				return badText(name, object[name])
			}
		}
		return field
	}
	var list []json.RawMessage
	if json.Unmarshal(value, &list) == nil {
		for _, element := range list {
			if !utf8.Valid(element) {
				return badText(field, element)
			}
		}
	}
	return field
}

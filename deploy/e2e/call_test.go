package e2e_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	_ "gongkai/proto/gongkai/directory/v1"
	_ "gongkai/proto/gongkai/disclosure/v1"
	_ "gongkai/proto/gongkai/log/v1"
	_ "gongkai/proto/gongkai/report/v1"
	_ "gongkai/proto/gongkai/request/v1"

	"google.golang.org/genproto/googleapis/api/annotations"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// methods lists every method of the suite's services, as the contracts declare them, by name.
func methods() []protoreflect.MethodDescriptor {
	var all []protoreflect.MethodDescriptor
	protoregistry.GlobalFiles.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		if !strings.HasPrefix(string(f.Package()), "gongkai.") {
			return true
		}
		for i := range f.Services().Len() {
			of := f.Services().Get(i).Methods()
			for j := range of.Len() {
				all = append(all, of.Get(j))
			}
		}
		return true
	})
	slices.SortFunc(all, func(a, b protoreflect.MethodDescriptor) int {
		return strings.Compare(string(a.FullName()), string(b.FullName()))
	})
	return all
}

// methodOf is the method whose request a message is: each has one of its own.
func methodOf(in proto.Message) protoreflect.MethodDescriptor {
	for _, m := range methods() {
		if m.Input().FullName() == in.ProtoReflect().Descriptor().FullName() {
			return m
		}
	}
	return nil
}

// path is the method as gRPC has it.
func path(m protoreflect.MethodDescriptor) string {
	return "/" + string(m.Parent().FullName()) + "/" + string(m.Name())
}

// answer makes an empty answer of a method.
func answer(m protoreflect.MethodDescriptor) (proto.Message, error) {
	t, err := protoregistry.GlobalTypes.FindMessageByName(m.Output().FullName())
	if err != nil {
		return nil, err
	}
	return t.New().Interface(), nil
}

// as is a context in which the holder of a token calls, asking for a language; both may be empty.
func as(ctx context.Context, token, language string) context.Context {
	var pairs []string
	if token != "" {
		pairs = append(pairs, "authorization", "Bearer "+token)
	}
	if language != "" {
		pairs = append(pairs, "accept-language", language)
	}
	return metadata.AppendToOutgoingContext(ctx, pairs...)
}

// do calls a method over gRPC and fails the test unless it succeeds.
func do[M proto.Message](e *env, token string, in proto.Message) M {
	e.t.Helper()
	out, err := e.rpc(e.tcp, token, "", in)
	if err != nil {
		e.t.Fatalf("%T: %v %v", in, err, status.Convert(err).Details())
	}
	return out.(M)
}

// rpc makes one call over a connection, of one message. Of a stream it returns the first message.
func (e *env) rpc(conn grpc.ClientConnInterface, token, language string, in proto.Message) (proto.Message, error) {
	e.t.Helper()
	m := methodOf(in)
	if m == nil {
		e.t.Fatalf("%T is no request", in)
	}
	out, err := answer(m)
	e.check(err)
	ctx, cancel := context.WithCancel(as(e.t.Context(), token, language))
	defer cancel()
	if !m.IsStreamingServer() && !m.IsStreamingClient() {
		return out, conn.Invoke(ctx, path(m), in, out)
	}
	stream, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: m.IsStreamingServer(), ClientStreams: m.IsStreamingClient()}, path(m))
	if err != nil {
		return out, err
	}
	if err := stream.SendMsg(in); err != nil && !errors.Is(err, io.EOF) { // with EOF, the answer says why
		return out, err
	}
	if err := stream.CloseSend(); err != nil {
		return out, err
	}
	return out, stream.RecvMsg(out)
}

// rest makes the same call over REST. It returns the HTTP code, and the status as an error.
func (e *env) rest(token, language string, in proto.Message) (proto.Message, int, error) {
	e.t.Helper()
	r, err := transcode(in)
	e.check(err)
	code, body := e.send(r, token, language)
	if code != http.StatusOK {
		return nil, code, e.refusal(code, body)
	}
	out, err := answer(methodOf(in))
	e.check(err)
	if err := protojson.Unmarshal(body, out); err != nil {
		e.t.Fatalf("%s %s answered %s: %v", r.method, r.path, body, err)
	}
	return out, code, nil
}

// refusal reads a google.rpc.Status in JSON.
func (e *env) refusal(code int, body []byte) error {
	e.t.Helper()
	var s statuspb.Status
	if err := protojson.Unmarshal(body, &s); err != nil || codes.Code(s.GetCode()) == codes.OK {
		e.t.Fatalf("HTTP %d with a body that is no status: %s (%v)", code, body, err)
	}
	return status.ErrorProto(&s)
}

// request is a call as REST has it.
type request struct {
	method, path string
	body         []byte
}

// get reads a resource over REST and fails the test unless it is there. It returns the bytes as they came.
func (e *env) get(path, token string, out proto.Message) []byte {
	e.t.Helper()
	code, body := e.send(request{method: http.MethodGet, path: path}, token, "")
	if code != http.StatusOK {
		e.t.Fatalf("GET %s: HTTP %d %s", path, code, body)
	}
	if out != nil {
		if err := protojson.Unmarshal(body, out); err != nil {
			e.t.Fatalf("GET %s answered %s: %v", path, body, err)
		}
	}
	return body
}

// send makes one exchange over HTTP, whatever is answered.
func (e *env) send(r request, token, language string) (code int, body []byte) {
	e.t.Helper()
	code, body, err := e.exchange(e.t.Context(), r, token, language)
	e.check(err)
	return code, body
}

func (e *env) exchange(ctx context.Context, r request, token, language string) (code int, body []byte, err error) {
	in, err := http.NewRequestWithContext(ctx, r.method, e.url+r.path, bytes.NewReader(r.body))
	if err != nil {
		return 0, nil, err
	}
	if token != "" {
		in.Header.Set("Authorization", "Bearer "+token)
	}
	if language != "" {
		in.Header.Set("Accept-Language", language)
	}
	out, err := e.http.Do(in)
	if err != nil {
		return 0, nil, err
	}
	defer out.Body.Close()
	body, err = io.ReadAll(out.Body)
	return out.StatusCode, body, err
}

var variable = regexp.MustCompile(`\{([a-z_.]+)=[^}]*\}`)

// transcode makes of a request what its method's HTTP rule says (AIP-127).
func transcode(in proto.Message) (request, error) {
	rule, _ := proto.GetExtension(methodOf(in).Options(), annotations.E_Http).(*annotations.HttpRule)
	var r request
	switch p := rule.GetPattern().(type) {
	case *annotations.HttpRule_Get:
		r.method, r.path = http.MethodGet, p.Get
	case *annotations.HttpRule_Post:
		r.method, r.path = http.MethodPost, p.Post
	case *annotations.HttpRule_Patch:
		r.method, r.path = http.MethodPatch, p.Patch
	default:
		return r, fmt.Errorf("no HTTP rule for %T", in)
	}
	rest := proto.Clone(in).ProtoReflect()
	r.path = variable.ReplaceAllStringFunc(r.path, func(v string) string { return take(rest, variable.FindStringSubmatch(v)[1]) })
	var err error
	switch body := rule.GetBody(); body {
	case "":
	case "*":
		r.body, err = protojson.Marshal(rest.Interface())
		return r, err
	default:
		field := rest.Descriptor().Fields().ByName(protoreflect.Name(body))
		if r.body, err = protojson.Marshal(rest.Get(field).Message().Interface()); err != nil {
			return r, err
		}
		rest.Clear(field)
	}
	query := url.Values{}
	flatten(rest, "", query)
	if len(query) > 0 {
		r.path += "?" + query.Encode()
	}
	return r, nil
}

// take returns the text at a path of fields, and clears it.
func take(m protoreflect.Message, path string) string {
	first, rest, nested := strings.Cut(path, ".")
	field := m.Descriptor().Fields().ByName(protoreflect.Name(first))
	if nested {
		return take(m.Mutable(field).Message(), rest)
	}
	text := m.Get(field).String()
	m.Clear(field)
	return text
}

// flatten writes the fields that are set as query parameters.
func flatten(m protoreflect.Message, prefix string, into url.Values) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch name := prefix + f.JSONName(); {
		case f.IsList():
			for i := range v.List().Len() {
				into.Add(name, v.List().Get(i).String())
			}
		case f.Message() != nil && f.Message().FullName() == "google.protobuf.FieldMask":
			into.Set(name, strings.Trim(string(must(protojson.Marshal(v.Message().Interface()))), `"`))
		case f.Message() != nil:
			flatten(v.Message(), name+".", into)
		case f.Kind() == protoreflect.BytesKind:
			into.Set(name, base64.URLEncoding.EncodeToString(v.Bytes()))
		default:
			into.Set(name, v.String())
		}
		return true
	})
}

func must(b []byte, err error) []byte {
	if err != nil {
		return []byte(err.Error())
	}
	return b
}

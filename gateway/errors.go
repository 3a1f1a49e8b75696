package gateway

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"

	apiv1 "gongkai/proto/gongkai/api/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/law"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/anypb"
)

// unknownField is the reason of a field violation whose field does not exist.
const unknownField law.Reason = "UNKNOWN_FIELD"

// errMethod refuses an HTTP method that a path does not take.
var errMethod = status.Error(codes.Unimplemented, "the path does not take this method")

func unknownRoute(r *http.Request) error { return fault.NotFound(clip(r.URL.Path)) }

// clip bounds what a caller sees again of its own input.
func clip(s string) string {
	const limit = 200
	s = strings.ToValidUTF8(s, "�")
	if len(s) > limit {
		s = strings.ToValidUTF8(s[:limit], "") + "…"
	}
	return s
}

// HTTPCode is the HTTP code of a status, as google.rpc.Code maps them:
//
//	INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE    400
//	UNAUTHENTICATED 401, PERMISSION_DENIED 403, NOT_FOUND 404
//	ABORTED (an old etag), ALREADY_EXISTS                  409
//	RESOURCE_EXHAUSTED                                     429; 413 for what is too large, 507 for a full disk
//	CANCELLED 499, INTERNAL 500, UNIMPLEMENTED 501, UNAVAILABLE 503, DEADLINE_EXCEEDED 504
func HTTPCode(s *status.Status) int {
	if reasonOf(s) == "STORAGE_FULL" {
		return http.StatusInsufficientStorage
	}
	if reasonOf(s) == "TOO_LARGE" {
		return http.StatusRequestEntityTooLarge
	}
	return runtime.HTTPStatusFromCode(s.Code())
}

// reasonOf is the reason among the suite's own, empty for a status that none of its services made.
func reasonOf(s *status.Status) string {
	for _, d := range s.Details() {
		if info, ok := d.(*errdetails.ErrorInfo); ok && info.GetDomain() == fault.Domain {
			return info.GetReason()
		}
	}
	return ""
}

// refuse answers with an error as google.rpc.Status. The code is that of the status, unless another is given.
func refuse(w http.ResponseWriter, r *http.Request, err error, code int) {
	s := statusOf(r.Context(), err, r.Header.Get("Accept-Language"), r.Header.Get("X-Request-Id"))
	if code == 0 {
		code = HTTPCode(s)
	}
	h := w.Header()
	h.Del("Trailer")
	h.Del("Transfer-Encoding")
	h.Set("Content-Type", "application/json")
	if code == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="gongkai"`)
	}
	w.WriteHeader(code)
	_, _ = w.Write(marshalStatus(s))
}

// statusOf makes an error that a caller may see. The cause of any other goes to the log.
func statusOf(ctx context.Context, err error, acceptLanguage, id string) *status.Status {
	if s, ok := status.FromError(err); ok && s.Code() == codes.InvalidArgument && reasonOf(s) == "" {
		err = undecoded(s.Message())
	}
	s, own := fault.Status(err, fault.Prefers(acceptLanguage), id)
	if !own {
		loggerOf(ctx).ErrorContext(ctx, "gateway fault", "id", id, "error", err)
	}
	return s
}

// inStream is the error that ends a stream, by the headers that its request had.
func inStream(ctx context.Context, err error) *status.Status {
	o := observationOf(ctx)
	return statusOf(ctx, err, o.acceptLanguage, o.id)
}

var (
	noSuchField = regexp.MustCompile(`unknown field "([^"]*)"`)
	badValue    = regexp.MustCompile(`(?:invalid value for \w+ field |duplicate field |parsing field |parsing list |values for field |duplicate map key |field )"?([A-Za-z0-9_.\[\]]+)`)
)

// undecoded makes an error of what the decoders say in words: protojson of the body, the runtime of the query.
// It is the only way to learn from them which field it is.
func undecoded(text string) error {
	if m := noSuchField.FindStringSubmatch(text); m != nil {
		return fault.Field(clip(m[1]), unknownField, "path", clip(m[1]))
	}
	if strings.Contains(text, "UTF-8") {
		return fault.Undecodable(errors.New(text))
	}
	if m := badValue.FindStringSubmatch(text); m != nil {
		return fault.Field(clip(m[1]), "BAD_FORMAT")
	}
	return fault.Undecodable(errors.New(text))
}

// marshalStatus writes a status. Details of types that are not linked in are left out.
func marshalStatus(s *status.Status) []byte {
	p := s.Proto()
	known := make([]*anypb.Any, 0, len(p.GetDetails()))
	for _, d := range p.GetDetails() {
		if _, err := d.UnmarshalNew(); err == nil {
			known = append(known, d)
		}
	}
	p.Details = known
	data, err := answers.Marshal(p)
	if err != nil {
		return []byte(`{"code":13,"message":"` + apiv1.ErrorReason_ERROR_REASON_INTERNAL.String() + `","details":[]}`)
	}
	return data
}

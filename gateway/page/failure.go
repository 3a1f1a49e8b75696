package page

import (
	"net/http"
	"strings"

	"gongkai/gateway"
	"gongkai/services/chassis/fault"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// failure is the content of the page that tells that there is no other.
type failure struct {
	words
	Code    int
	Message string
	ID      string
	Expired bool // the visitor's token no longer holds
}

func notFound(what string) error {
	const limit = 200
	if len(what) > limit {
		what = what[:limit]
	}
	return fault.NotFound(strings.ToValidUTF8(what, "�"))
}

// fail shows an error in the visitor's words. A token that no longer holds is forgotten.
func (s *site) fail(v *visit, err error) {
	st, own := fault.Status(err, v.language, v.id)
	if !own {
		s.logger.ErrorContext(v.ctx, "page fault", "id", v.id, "error", err)
	}
	f := failure{words: words{v.language}, Code: gateway.HTTPCode(st), Message: localized(st), ID: v.id}
	if st.Code() == codes.Unauthenticated {
		f.Expired = true
		v.forget()
	}
	if err := s.show(v, f.Code, "failure", words{v.language}.T("failure"), f); err != nil {
		s.logger.ErrorContext(v.ctx, "page fault", "id", v.id, "error", err)
		http.Error(v.w, f.Message, f.Code)
	}
}

func localized(s *status.Status) string {
	for _, d := range s.Details() {
		if m, ok := d.(*errdetails.LocalizedMessage); ok {
			return m.GetMessage()
		}
	}
	return s.Message()
}

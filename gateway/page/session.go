package page

import (
	"errors"
	"net/http"
	"regexp"

	"gongkai/services/chassis/fault"

	reportv1 "gongkai/proto/gongkai/report/v1"
)

const cookieName = "gongkai_token"

// bearer is what a bearer token looks like (RFC 6750 section 2.1).
var bearer = regexp.MustCompile(`^[A-Za-z0-9._~+/-]+=*$`)

// wellFormed tells whether a token can be one, and fits into a cookie.
func wellFormed(token string) bool { return len(token) <= 3500 && bearer.MatchString(token) }

// signIn keeps the token of a sign-in link, if the services take it, and goes on to the first page, so
// that the token stays in no address bar.
func (s *site) signIn(v *visit, r *http.Request) error {
	token := r.URL.Query().Get("token")
	if !wellFormed(token) {
		return fault.Unauthenticated(errors.New("the token is not well formed"))
	}
	if _, err := s.report.ListReportForms(v.with(r.Context(), token), &reportv1.ListReportFormsRequest{}); err != nil {
		return err
	}
	http.SetCookie(v.w, v.cookie(token, 0))
	return redirect(v, "/")
}

func (s *site) signOut(v *visit, _ *http.Request) error {
	v.forget()
	return redirect(v, "/")
}

// forget drops the visitor's token.
func (v *visit) forget() {
	if v.token != "" {
		http.SetCookie(v.w, v.cookie("", -1))
		v.token = ""
	}
}

func (v *visit) cookie(token string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: cookieName, Value: token, Path: "/", MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: v.secure,
	}
}

// redirect sends the visitor on to a path of this site.
func redirect(v *visit, path string) error {
	v.w.Header().Set("Location", path)
	v.w.WriteHeader(http.StatusSeeOther)
	return nil
}

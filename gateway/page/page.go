// Package page serves the pages: the roll-up of a city's reports, what each of its figures sums, the
// disclosures behind them, and the reports themselves. They are plain HTML without script, in Chinese or
// English by Accept-Language, readable on a phone and in print.
//
// All data come through the services' public calls, with the visitor's token, if there is one: what a
// visitor sees is what the services show to that token.
//
//	GET  /                                               the roll-up of Options.Home
//	GET  /rollups/{organization}/{period}                any roll-up, ?scope=own&view=year_before
//	GET  /rollups/{organization}/{period}/cells/{cell}   what one of its figures sums
//	GET  /rollups/{organization}/{period}/cells/{cell}/lineage  the reports or log entries that it sums, ?basis=records&own=1
//	GET  /rollups/{organization}/{period}/owed           who owes a report, at any level below, ?only=late
//	GET  /rollups/{organization}/{period}/discrepancies  what does not fit in the reports of an area, ?kind=jump
//	GET  /organizations/{organization}/disclosures       disclosures, ?period=2018&category=work_report
//	GET  /organizations/{organization}/disclosures/{id}  one of them
//	GET  /organizations/{organization}/reports/{period}  a report
//	GET  /organizations/{organization}/reports/{period}/signed-copy  its signed and stamped copy, ?version=1
//	GET  /calculator                                     working days, fees and grounds, ?ask=add&from=2024-02-05&days=20
//	GET  /sign-in?token=…                                keeps a token in a cookie
//	POST /sign-out                                       forgets it
package page

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"

	"gongkai/gateway"
	calculatorv1 "gongkai/proto/gongkai/calculator/v1"
	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"

	"google.golang.org/grpc/metadata"
)

//go:embed templates/*.html
var templates embed.FS

//go:embed style.css
var style []byte

// Home is what the first page shows.
type Home struct {
	Organization string // its id, as 652701
	Period       string // as 2018
}

// Options are what an operator may choose.
type Options struct {
	// Home is the roll-up on the first page.
	Home Home
	// Logger takes the faults of the pages themselves; nil means none.
	Logger *slog.Logger
}

// site is what all pages share.
type site struct {
	directory  directoryv1.DirectoryServiceClient
	disclosure disclosurev1.DisclosureServiceClient
	report     reportv1.ReportServiceClient
	calculator calculatorv1.CalculatorServiceClient
	home       Home
	logger     *slog.Logger
	stylesheet string
	pages      map[string]*template.Template
}

// New returns the handler of all pages. It errs if Options.Home is no organisation and period.
func New(c gateway.Connections, o Options) (http.Handler, error) {
	if c.Directory == nil || c.Disclosure == nil || c.Report == nil || c.Calculator == nil {
		return nil, errors.New("the pages need connections to directory, disclosure, report and calculator")
	}
	if _, err := newSubject(o.Home.Organization, o.Home.Period); err != nil {
		return nil, fmt.Errorf("home page: %w", err)
	}
	s := &site{
		directory: directoryv1.NewDirectoryServiceClient(c.Directory), disclosure: disclosurev1.NewDisclosureServiceClient(c.Disclosure),
		report: reportv1.NewReportServiceClient(c.Report), calculator: calculatorv1.NewCalculatorServiceClient(c.Calculator), home: o.Home, logger: o.Logger,
		stylesheet: fmt.Sprintf("/style-%.4x.css", sha256.Sum256(style)), pages: map[string]*template.Template{},
	}
	if s.logger == nil {
		s.logger = slog.New(slog.DiscardHandler)
	}
	for _, name := range []string{"rollup", "cell", "lineage", "owed", "discrepancies", "disclosures", "disclosure", "report", "calculator", "failure"} {
		t, err := template.ParseFS(templates, "templates/layout.html", "templates/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("parse page %s: %w", name, err)
		}
		s.pages[name] = t
	}
	return s.routes(), nil
}

func (s *site) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range map[string]func(*visit, *http.Request) error{
		"GET /{$}":                             s.showHome,
		"GET /rollups/{organization}/{period}": s.showRollup,
		"GET /rollups/{organization}/{period}/cells/{cell}":              s.showCell,
		"GET /rollups/{organization}/{period}/discrepancies":             s.showDiscrepancies,
		"GET /rollups/{organization}/{period}/cells/{cell}/lineage":      s.showLineage,
		"GET /rollups/{organization}/{period}/owed":                      s.showOwed,
		"GET /organizations/{organization}/disclosures":                  s.showDisclosures,
		"GET /organizations/{organization}/disclosures/{disclosure}":     s.showDisclosure,
		"GET /organizations/{organization}/reports/{period}":             s.showReport,
		"GET /organizations/{organization}/reports/{period}/signed-copy": s.sendSignedCopy,
		"GET /calculator": s.showCalculator,
		"GET /sign-in":    s.signIn,
		"POST /sign-out":  s.signOut,
		"/":               func(_ *visit, r *http.Request) error { return notFound(r.URL.Path) },
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			v := newVisit(w, r)
			if err := h(v, r); err != nil {
				s.fail(v, err)
			}
		})
	}
	mux.HandleFunc("GET "+s.stylesheet, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		_, _ = w.Write(style)
	})
	return mux
}

// visit is one request by one visitor.
type visit struct {
	ctx      context.Context // carries the visitor's token, language and call id to the services
	w        http.ResponseWriter
	language fault.Language
	id       string // the call's
	trace    string // the traceparent of its trace; empty: none
	token    string
	secure   bool
}

func newVisit(w http.ResponseWriter, r *http.Request) *visit {
	accept := r.Header.Get("Accept-Language")
	v := &visit{w: w, language: fault.Prefers(accept), id: r.Header.Get("X-Request-Id"), trace: r.Header.Get("Traceparent"), secure: r.TLS != nil}
	if c, err := r.Cookie(cookieName); err == nil && wellFormed(c.Value) {
		v.token = c.Value
	}
	v.ctx = v.with(r.Context(), v.token)
	return v
}

// with returns a context whose calls carry a token.
func (v *visit) with(ctx context.Context, token string) context.Context {
	pairs := []string{"accept-language", string(v.language)}
	if v.id != "" {
		pairs = append(pairs, "x-request-id", v.id)
	}
	if v.trace != "" {
		pairs = append(pairs, "traceparent", v.trace)
	}
	if token != "" {
		pairs = append(pairs, "authorization", "Bearer "+token)
	}
	return metadata.NewOutgoingContext(ctx, metadata.Pairs(pairs...))
}

// layout is what every page has around its own content.
type layout struct {
	words
	Title      string
	Stylesheet string
	SignedIn   bool
	Content    any
}

// show sends a page. Nothing is sent before the whole page is made.
func (s *site) show(v *visit, code int, page, title string, content any) error {
	var out bytes.Buffer
	l := layout{words: words{v.language}, Title: title, Stylesheet: s.stylesheet, SignedIn: v.token != "", Content: content}
	if err := s.pages[page].ExecuteTemplate(&out, "layout.html", l); err != nil {
		return fmt.Errorf("make page %s: %w", page, err)
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(code)
	_, _ = v.w.Write(out.Bytes())
	return nil
}

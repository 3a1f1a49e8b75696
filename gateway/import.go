package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/fault"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const (
	maxImport   = 64 << 20         // bytes of a file
	importPiece = 256 << 10        // bytes of a message to the service
	importTime  = 10 * time.Minute // for a file to come in and be imported, or to go out
)

// files serves what is a file on the side of HTTP and a stream on that of the service:
//
//	POST /v1/organizations/{organization}/disclosures:import?fileName=&mode=&dryRun=&publish=   the file is the body
//	GET  /v1/organizations/{organization}/disclosures:export?format=&filter=                    a download
//	GET  /v1/disclosures:template?year=                                                         a download
//
// The modes are all_or_nothing and accepted_rows, the formats xlsx, csv and jsonl. An import answers with an
// ImportDisclosuresResponse, also if rows were refused. No file is held whole.
type files struct {
	client disclosurev1.DisclosureServiceClient
}

// register adds the routes.
func (f files) register(mux *served) {
	for _, route := range []struct {
		method, path string
		query        []string
		serve        func(http.ResponseWriter, *http.Request, url.Values) error
	}{
		{http.MethodPost, "/v1/organizations/{organization}/disclosures:import", []string{"fileName", "mode", "dryRun", "publish"}, f.load},
		{http.MethodGet, "/v1/organizations/{organization}/disclosures:export", []string{"format", "filter"}, f.export},
		{http.MethodGet, "/v1/disclosures:template", []string{"year"}, f.template},
	} {
		mux.note(route.method, route.path)
		mux.HandleFunc(route.path, func(w http.ResponseWriter, r *http.Request) {
			if r.Method != route.method {
				w.Header().Set("Allow", route.method)
				refuse(w, r, errMethod, http.StatusMethodNotAllowed)
				return
			}
			r.Pattern = route.method + " " + route.path
			query, err := readQuery(r, route.query)
			if err == nil {
				ctx, cancel := calling(w, r)
				defer cancel()
				err = route.serve(w, r.WithContext(ctx), query)
			}
			if err != nil {
				refuse(w, r, err, 0)
			}
		})
	}
}

// readQuery reads the query, in which only the given names may stand, each once, in either spelling.
func readQuery(r *http.Request, known []string) (url.Values, error) {
	given, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fault.Undecodable(fmt.Errorf("read the query: %w", err))
	}
	query := url.Values{}
	for _, name := range known {
		for _, spelt := range []string{name, snake(name)} {
			if v := given[spelt]; len(v) > 0 {
				query[name] = append(query[name], v...)
				delete(given, spelt)
			}
		}
		if len(query[name]) > 1 {
			return nil, fault.Field(name, "NOT_UNIQUE")
		}
		if v := query.Get(name); strings.ToValidUTF8(v, "") != v {
			return nil, fault.Undecodable(fmt.Errorf("field %s contains invalid UTF-8", name))
		}
	}
	for name := range given {
		return nil, fault.Field(clip(name), unknownField, "path", clip(name))
	}
	return query, nil
}

// snake is a name in the spelling of the contract: file_name for fileName.
func snake(name string) string {
	var b strings.Builder
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// calling gives a request the time that a file takes, and the call the headers that travel.
func calling(w http.ResponseWriter, r *http.Request) (context.Context, context.CancelFunc) {
	rc, until := http.NewResponseController(w), time.Now().Add(importTime)
	_ = rc.SetReadDeadline(until) // a recorder in a test has no deadlines, and needs none
	_ = rc.SetWriteDeadline(until)
	ctx, cancel := context.WithDeadline(r.Context(), until)
	var pairs []string
	for _, h := range []string{"Authorization", "Accept-Language", "X-Request-Id", "Traceparent"} {
		if v := r.Header.Get(h); v != "" {
			pairs = append(pairs, strings.ToLower(h), v)
		}
	}
	return metadata.AppendToOutgoingContext(ctx, pairs...), cancel
}

// load imports the body.
func (f files) load(w http.ResponseWriter, r *http.Request, query url.Values) error {
	switch kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); {
	case strings.HasPrefix(kind, "multipart/"), kind == "application/json":
		return fault.Field("Content-Type", "NOT_IN_LIST") // the body is the file itself
	}
	in := &disclosurev1.ImportSettings{Parent: "organizations/" + r.PathValue("organization"), FileName: query.Get("fileName")}
	var err error
	if in.DryRun, err = yesNo(query, "dryRun"); err != nil {
		return err
	}
	if in.Publish, err = yesNo(query, "publish"); err != nil {
		return err
	}
	mode, ok := disclosurev1.ImportMode_value["IMPORT_MODE_"+strings.ToUpper(strings.TrimPrefix(query.Get("mode"), "IMPORT_MODE_"))]
	if !ok && query.Get("mode") != "" {
		return fault.Field("mode", "NOT_IN_LIST")
	}
	in.Mode = disclosurev1.ImportMode(mode)
	out, err := f.send(r.Context(), in, http.MaxBytesReader(w, r.Body, maxImport))
	if err != nil {
		return err
	}
	data, err := answers.Marshal(out)
	if err != nil {
		return fmt.Errorf("encode the answer of an import: %w", err)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(data)
	return nil
}

// send sends the settings and the file, piece by piece.
func (f files) send(ctx context.Context, in *disclosurev1.ImportSettings, body io.Reader) (*disclosurev1.ImportDisclosuresResponse, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := f.client.ImportDisclosures(ctx)
	if err != nil {
		return nil, err
	}
	err = stream.Send(&disclosurev1.ImportDisclosuresRequest{Part: &disclosurev1.ImportDisclosuresRequest_Settings{Settings: in}})
	for piece := make([]byte, importPiece); err == nil; {
		n, readErr := io.ReadFull(body, piece)
		if n > 0 {
			err = stream.Send(&disclosurev1.ImportDisclosuresRequest{Part: &disclosurev1.ImportDisclosuresRequest_Chunk{Chunk: piece[:n]}})
		}
		var tooLarge *http.MaxBytesError
		switch {
		case errors.Is(readErr, io.EOF), errors.Is(readErr, io.ErrUnexpectedEOF):
			return stream.CloseAndRecv()
		case errors.As(readErr, &tooLarge):
			return nil, status.Error(codes.ResourceExhausted, "the file is larger than the gateway takes")
		case readErr != nil:
			return nil, fault.Undecodable(fmt.Errorf("read the body: %w", readErr))
		}
	}
	if errors.Is(err, io.EOF) { // the answer is there already
		return stream.CloseAndRecv()
	}
	return nil, err
}

func yesNo(query url.Values, name string) (bool, error) {
	s := query.Get(name)
	if s == "" {
		return false, nil
	}
	yes, err := strconv.ParseBool(s)
	if err != nil {
		return false, fault.Field(name, "BAD_FORMAT")
	}
	return yes, nil
}

// export downloads a list. A refusal has its own code, since the first piece comes before the header goes out; what
// breaks off later breaks the connection, so that nobody takes a part for the whole.
func (f files) export(w http.ResponseWriter, r *http.Request, query url.Values) error {
	in := &disclosurev1.ExportDisclosuresRequest{Parent: "organizations/" + r.PathValue("organization"), Filter: query.Get("filter")}
	format, ok := disclosurev1.ExportFormat_value["EXPORT_FORMAT_"+strings.ToUpper(strings.TrimPrefix(query.Get("format"), "EXPORT_FORMAT_"))]
	if !ok && query.Get("format") != "" {
		return fault.Field("format", "NOT_IN_LIST")
	}
	in.Format = disclosurev1.ExportFormat(format)
	stream, err := f.client.ExportDisclosures(r.Context(), in)
	if err != nil {
		return err
	}
	piece, err := stream.Recv()
	if err != nil {
		return err
	}
	attach(w.Header(), piece.GetFileName(), piece.GetContentType())
	for err == nil {
		if _, err = w.Write(piece.GetChunk()); err == nil {
			piece, err = stream.Recv()
		}
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	loggerOf(r.Context()).WarnContext(r.Context(), "an export broke off", "id", r.Header.Get("X-Request-Id"), "error", err)
	panic(http.ErrAbortHandler)
}

func (f files) template(w http.ResponseWriter, r *http.Request, query url.Values) error {
	in := &disclosurev1.GetImportTemplateRequest{}
	if s := query.Get("year"); s != "" {
		year, err := strconv.ParseInt(s, 10, 32)
		if err != nil {
			return fault.Field("year", "BAD_FORMAT")
		}
		in.Year = int32(year)
	}
	out, err := f.client.GetImportTemplate(r.Context(), in)
	if err != nil {
		return err
	}
	attach(w.Header(), out.GetFileName(), out.GetContentType())
	_, _ = w.Write(out.GetContent())
	return nil
}

// attach says that the answer is a file of that name: for old clients in ASCII, for all others in UTF-8 (RFC 6266).
func attach(h http.Header, name, contentType string) {
	extension := path.Ext(name)
	plain := strings.Trim(strings.Map(func(r rune) rune {
		if r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.TrimSuffix(name, extension)), "-")
	if plain == "" {
		plain = "disclosures"
	}
	h.Set("Content-Type", contentType)
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, plain+extension, strings.ReplaceAll(url.PathEscape(name), "'", "%27")))
}

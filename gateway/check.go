package gateway

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	maxCheck   = 15 << 20 // bytes of all files of a check
	mostFields = 300      // of a form
	maxSetting = 256      // bytes of a field that is no file
)

// checks serves the check of published reports as files:
//
//	POST /v1/reports:checkFile?fileName=&form=&year=   the file is the body
//	POST /v1/reports:checkFile                         a form: file, previous and below are files, form, year, complete are not
//
// It answers with a CheckReportFileResponse.
type checks struct {
	client reportv1.ReportServiceClient
}

// register adds the route.
func (c checks) register(mux *served) {
	const path = "/v1/reports:checkFile"
	mux.note(http.MethodPost, path)
	mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			refuse(w, r, errMethod, http.StatusMethodNotAllowed)
			return
		}
		r.Pattern = http.MethodPost + " " + path
		if err := c.serve(w, r); err != nil {
			refuse(w, r, err, 0)
		}
	})
}

func (c checks) serve(w http.ResponseWriter, r *http.Request) error {
	query, err := readQuery(r, []string{"fileName", "form", "year"})
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxCheck)
	in := &reportv1.CheckReportFileRequest{}
	switch kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); {
	case kind == "multipart/form-data" && len(query) == 0:
		err = readForm(r, in)
	case strings.HasPrefix(kind, "multipart/"), kind == "application/json":
		return fault.Field("Content-Type", "NOT_IN_LIST")
	default:
		err = readWhole(r, query, in)
	}
	if err != nil {
		return readingBody(err)
	}
	ctx, cancel := calling(w, r)
	defer cancel()
	out, err := c.client.CheckReportFile(ctx, in)
	if err != nil {
		return err
	}
	data, err := answers.Marshal(out)
	if err != nil {
		return fmt.Errorf("encode the answer of a check: %w", err)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(data)
	return nil
}

// readingBody is the error of a body that cannot be read.
func readingBody(err error) error {
	var tooLarge *http.MaxBytesError
	var known *fault.Error
	switch {
	case errors.As(err, &tooLarge):
		return status.Error(codes.ResourceExhausted, "the files are larger than the gateway takes")
	case errors.As(err, &known):
		return err
	}
	return fault.Undecodable(fmt.Errorf("read the body: %w", err))
}

// readWhole reads a file that is the body.
func readWhole(r *http.Request, query url.Values, in *reportv1.CheckReportFileRequest) error {
	content, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	in.File = &reportv1.ReportFile{Name: query.Get("fileName"), Content: content, Form: query.Get("form")}
	in.File.Year, err = readYear(query.Get("year"))
	return err
}

func readYear(s string) (int32, error) {
	if s == "" {
		return 0, nil
	}
	year, err := strconv.ParseInt(s, 10, 32)
	if err != nil {
		return 0, fault.Field("year", "BAD_FORMAT")
	}
	return int32(year), nil
}

// readForm reads the files and settings of a form.
func readForm(r *http.Request, in *reportv1.CheckReportFileRequest) error {
	parts, err := r.MultipartReader()
	if err != nil {
		return err
	}
	settings := url.Values{}
	for range mostFields {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return settle(settings, in)
		}
		if err != nil {
			return err
		}
		if err := take(part, in, settings); err != nil {
			return err
		}
	}
	return fault.Field("file", "TOO_MANY", "limit", strconv.Itoa(mostFields))
}

// take takes one field of a form.
func take(part *multipart.Part, in *reportv1.CheckReportFileRequest, settings url.Values) error {
	name := part.FormName()
	switch name {
	case "file", "previous", "below":
		content, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		file := &reportv1.ReportFile{Name: strings.ToValidUTF8(part.FileName(), "_"), Content: content}
		switch {
		case name == "previous":
			in.Previous = append(in.Previous, file)
		case name == "below":
			in.Below = append(in.Below, file)
		case in.File != nil:
			return fault.Field(name, "NOT_UNIQUE")
		default:
			in.File = file
		}
		return nil
	case "form", "year", "complete":
		text, err := io.ReadAll(io.LimitReader(part, maxSetting))
		if err != nil {
			return err
		}
		if settings.Has(name) {
			return fault.Field(name, "NOT_UNIQUE")
		}
		settings.Set(name, strings.ToValidUTF8(string(text), ""))
		return nil
	}
	return fault.Field(clip(strings.ToValidUTF8(name, "_")), unknownField, "path", clip(strings.ToValidUTF8(name, "_")))
}

// settle puts the settings of a form where they belong.
func settle(settings url.Values, in *reportv1.CheckReportFileRequest) error {
	if in.File == nil {
		return fault.Field("file", "REQUIRED")
	}
	in.File.Form = settings.Get("form")
	var err error
	if in.File.Year, err = readYear(settings.Get("year")); err != nil {
		return err
	}
	in.Complete, err = yesNo(settings, "complete")
	return err
}

package fault

import (
	"context"
	"errors"
	"maps"
	"syscall"

	apiv1 "gongkai/proto/gongkai/api/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/law"

	"golang.org/x/text/language"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
)

// Language is one of the two languages that users are answered in.
type Language string

const (
	// Chinese is the language of whoever asks for no other.
	Chinese Language = "zh-CN"
	// English is given to those who prefer it in Accept-Language.
	English Language = "en"
)

// Prefers reads an Accept-Language header (RFC 9110 section 12.5.4): the first of the two languages in it,
// in whichever variety.
func Prefers(acceptLanguage string) Language {
	if acceptLanguage == "" || len(acceptLanguage) > 1000 {
		return Chinese
	}
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return Chinese
	}
	for _, tag := range wanted {
		switch base, _ := tag.Base(); base.String() {
		case "zh":
			return Chinese
		case "en":
			return English
		}
	}
	return Chinese
}

// LanguageOf returns the language that the caller of a method prefers.
func LanguageOf(ctx context.Context) Language {
	if v := metadata.ValueFromIncomingContext(ctx, "accept-language"); len(v) > 0 {
		return Prefers(v[0])
	}
	return Chinese
}

// Status makes the status of an error, in a language. The id is the call's: it is all that the caller
// learns of an error that is none of ours, for which own is false.
func Status(err error, l Language, id string) (s *status.Status, own bool) {
	var e *Error
	var breach *law.Breach
	var made interface{ GRPCStatus() *status.Status } // without what was wrapped around it
	switch {
	case errors.As(err, &e):
		return ofError(e, l), true
	case errors.As(err, &breach) && len(breach.Violations) > 0:
		return ofBreach(breach, l), true
	case errors.As(err, &made) && hasReason(made.GRPCStatus()):
		return made.GRPCStatus(), true
	}
	if e := translated(err); e != nil {
		return ofError(e, l), true
	}
	e = &Error{code: codes.Internal, reason: of(apiv1.ErrorReason_ERROR_REASON_INTERNAL), values: map[string]string{"id": id}}
	return ofError(e, l), false
}

// Full tells whether the cause of an error is that a disk of the server is full, or what its user may have of it: the
// operator has to make room.
func Full(err error) bool {
	return errors.Is(err, kv.ErrFull) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// translated knows the errors of the libraries below us that have a meaning for the caller.
func translated(err error) *Error {
	switch {
	case errors.Is(err, kv.ErrClosed), errors.Is(err, kv.ErrUnknownOutcome):
		return Busy(err)
	case errors.Is(err, eventlog.ErrNoLog):
		return NotFound("logs")
	case errors.Is(err, eventlog.ErrBeyondLog):
		return BeyondLog("start", err)
	case errors.Is(err, eventlog.ErrDiverged):
		return LogDiverged(err)
	case errors.Is(err, eventlog.ErrTooLarge):
		return &Error{code: codes.InvalidArgument, reason: of(apiv1.ErrorReason_ERROR_REASON_TOO_LARGE), cause: err}
	case Full(err):
		return &Error{code: codes.ResourceExhausted, reason: of(apiv1.ErrorReason_ERROR_REASON_STORAGE_FULL), cause: err}
	case errors.Is(err, eventlog.ErrCorrupt):
		return &Error{code: codes.DataLoss, reason: of(apiv1.ErrorReason_ERROR_REASON_LOG_DAMAGED), cause: err}
	case errors.Is(err, context.Canceled):
		return &Error{code: codes.Canceled, reason: of(apiv1.ErrorReason_ERROR_REASON_DEADLINE_EXCEEDED), cause: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &Error{code: codes.DeadlineExceeded, reason: of(apiv1.ErrorReason_ERROR_REASON_DEADLINE_EXCEEDED), cause: err}
	}
	switch status.Code(err) {
	case codes.Unavailable:
		return Busy(err)
	case codes.DeadlineExceeded, codes.Canceled:
		return &Error{code: status.Code(err), reason: of(apiv1.ErrorReason_ERROR_REASON_DEADLINE_EXCEEDED), cause: err}
	case codes.ResourceExhausted:
		return &Error{code: codes.ResourceExhausted, reason: of(apiv1.ErrorReason_ERROR_REASON_TOO_LARGE), cause: err}
	case codes.Unimplemented:
		return &Error{code: codes.Unimplemented, reason: of(apiv1.ErrorReason_ERROR_REASON_UNIMPLEMENTED), cause: err}
	}
	return nil
}

func hasReason(s *status.Status) bool {
	for _, d := range s.Details() {
		if info, ok := d.(*errdetails.ErrorInfo); ok && info.GetDomain() == Domain {
			return true
		}
	}
	return false
}

func ofError(e *Error, l Language) *status.Status {
	details := []protoadapt.MessageV1{
		&errdetails.ErrorInfo{Reason: string(e.reason), Domain: Domain, Metadata: e.values},
	}
	if len(e.fields) > 0 {
		details = append(details, badRequest(e.fields, l))
	}
	message, localized := text(e.reason, e.values, English), text(e.reason, e.values, l)
	if len(e.fields) == 1 && e.reason == of(apiv1.ErrorReason_ERROR_REASON_INVALID_FIELD) {
		f := e.fields[0]
		message = f.Field + ": " + text(f.Reason, f.Values, English)
		localized = fieldName(f.Field, l) + colon(l) + text(f.Reason, f.Values, l)
	}
	return with(e.code, message, append(details, &errdetails.LocalizedMessage{Locale: string(l), Message: localized}))
}

// ofBreach makes FAILED_PRECONDITION of broken rules, of which there is at least one: each is a precondition with its article, and also a
// field violation where it is about a field.
func ofBreach(b *law.Breach, l Language) *status.Status {
	first := b.Violations[0]
	values := maps.Clone(first.Values)
	if values == nil {
		values = map[string]string{}
	}
	var preconditions errdetails.PreconditionFailure
	var fields []law.Violation
	message, localized := "", ""
	for i, v := range b.Violations {
		en, own := sentence(v, English), sentence(v, l)
		preconditions.Violations = append(preconditions.Violations, &errdetails.PreconditionFailure_Violation{
			Type: string(v.Reason), Subject: v.Citation.String(), Description: own,
		})
		if v.Field != "" {
			fields = append(fields, v)
		}
		if i > 0 {
			message, localized = message+" ", localized+" "
		}
		message, localized = message+en, localized+own
	}
	if !first.Citation.IsZero() {
		values["article"] = first.Citation.String()
	}
	details := []protoadapt.MessageV1{
		&errdetails.ErrorInfo{Reason: string(first.Reason), Domain: Domain, Metadata: values}, &preconditions,
	}
	if len(fields) > 0 {
		details = append(details, badRequest(fields, l))
	}
	return with(codes.FailedPrecondition, message, append(details, &errdetails.LocalizedMessage{Locale: string(l), Message: localized}))
}

// Text is what users read of a broken rule, with the place in the law that it rests on.
func Text(v law.Violation, l Language) string { return sentence(v, l) }

// sentence is a violation's text with the place in the law that it rests on.
func sentence(v law.Violation, l Language) string {
	s := text(v.Reason, v.Values, l)
	switch {
	case v.Citation.IsZero():
		return s
	case l == Chinese:
		return s + "（" + v.Citation.Label().Zh + "）"
	}
	return s + " (" + v.Citation.Label().En + ")"
}

func badRequest(violations []law.Violation, l Language) *errdetails.BadRequest {
	var b errdetails.BadRequest
	for _, v := range violations {
		b.FieldViolations = append(b.FieldViolations, &errdetails.BadRequest_FieldViolation{
			Field: v.Field, Reason: string(v.Reason), Description: text(v.Reason, v.Values, English),
			LocalizedMessage: &errdetails.LocalizedMessage{Locale: string(l), Message: text(v.Reason, v.Values, l)},
		})
	}
	return &b
}

func colon(l Language) string {
	if l == Chinese {
		return "："
	}
	return ": "
}

func with(code codes.Code, message string, details []protoadapt.MessageV1) *status.Status {
	s := status.New(code, message)
	if detailed, err := s.WithDetails(details...); err == nil {
		return detailed
	}
	return s
}

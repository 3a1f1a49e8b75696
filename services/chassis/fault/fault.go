package fault

import (
	"fmt"
	"strings"

	apiv1 "gongkai/proto/gongkai/api/v1"
	"gongkai/services/law"

	"google.golang.org/grpc/codes"
)

// Domain is the domain of every ErrorInfo of the suite.
const Domain = "gongkai"

// Error is an error of the suite's own, on its way to a status.
type Error struct {
	code   codes.Code
	reason law.Reason
	values map[string]string
	fields []law.Violation
	cause  error
}

// Error tells the reason with its values, in English, for logs.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(text(e.reason, e.values, English))
	for _, f := range e.fields {
		fmt.Fprintf(&b, " %s: %s.", f.Field, text(f.Reason, f.Values, English))
	}
	if e.cause != nil {
		fmt.Fprintf(&b, " (%v)", e.cause)
	}
	return b.String()
}

// Unwrap returns what caused it, if anything did.
func (e *Error) Unwrap() error { return e.cause }

// Reason is the reason of the public enum, without its prefix.
func (e *Error) Reason() law.Reason { return e.reason }

// Code is the gRPC code that the error becomes.
func (e *Error) Code() codes.Code { return e.code }

// Is matches another Error of the same code and reason, so that tests compare with a template.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.code == e.code && t.reason == e.reason
}

func of(r apiv1.ErrorReason) law.Reason {
	return law.Reason(strings.TrimPrefix(r.String(), "ERROR_REASON_"))
}

// Field says that one field of the request breaks a rule: INVALID_ARGUMENT. The path is that of the
// request's message, as disclosure.title; kv are the name, value pairs that the reason's text names.
func Field(path string, reason law.Reason, kv ...string) *Error {
	return Fields(law.Violation{Field: path, Reason: reason, Values: pairs(kv)})
}

// Fields says that several fields of the request break rules: INVALID_ARGUMENT.
func Fields(violations ...law.Violation) *Error {
	return &Error{
		code: codes.InvalidArgument, reason: of(apiv1.ErrorReason_ERROR_REASON_INVALID_FIELD),
		values: map[string]string{"count": fmt.Sprint(len(violations))}, fields: violations,
	}
}

// Invalid says that a field's value cannot be read, by a cause that the caller may see in the
// violation's description: INVALID_ARGUMENT with a reason of its own, as for a filter or a page token.
func Invalid(path string, reason apiv1.ErrorReason, cause error) *Error {
	e := &Error{
		code: codes.InvalidArgument, reason: of(reason), values: map[string]string{"field": path},
		fields: []law.Violation{{Field: path, Reason: of(reason), Values: map[string]string{"field": path}}},
	}
	if cause != nil {
		e.values["cause"] = cause.Error()
		e.fields[0].Values["cause"] = cause.Error()
	}
	return e
}

// NotFound says that there is no such resource: NOT_FOUND.
func NotFound(resource string) *Error {
	return resourceError(codes.NotFound, apiv1.ErrorReason_ERROR_REASON_NOT_FOUND, resource)
}

// Exists says that there is already such a resource: ALREADY_EXISTS.
func Exists(resource string) *Error {
	return resourceError(codes.AlreadyExists, apiv1.ErrorReason_ERROR_REASON_ALREADY_EXISTS, resource)
}

// RequestIDReused says that a request_id was used before with another request: ALREADY_EXISTS.
func RequestIDReused(id string) *Error {
	return &Error{
		code: codes.AlreadyExists, reason: of(apiv1.ErrorReason_ERROR_REASON_REQUEST_ID_REUSED),
		values: map[string]string{"request_id": id},
		fields: []law.Violation{{Field: "request_id", Reason: of(apiv1.ErrorReason_ERROR_REASON_REQUEST_ID_REUSED), Values: map[string]string{"request_id": id}}},
	}
}

// Stale says that the resource was changed since the caller read it: ABORTED.
func Stale(resource, have, want string) *Error {
	e := resourceError(codes.Aborted, apiv1.ErrorReason_ERROR_REASON_STALE_ETAG, resource)
	e.values["etag"], e.values["current"] = have, want
	e.fields = []law.Violation{{Field: "etag", Reason: e.reason, Values: e.values}}
	return e
}

// Unauthenticated says that the call carries no token, or none that holds: UNAUTHENTICATED. The cause is
// logged only.
func Unauthenticated(cause error) *Error {
	return &Error{code: codes.Unauthenticated, reason: of(apiv1.ErrorReason_ERROR_REASON_UNAUTHENTICATED), cause: cause}
}

// Denied says that the caller lacks a permission in an organisation, or at the top of the tree if that is
// empty: PERMISSION_DENIED.
func Denied(permission apiv1.Permission, organization string) *Error {
	name := strings.ToLower(strings.TrimPrefix(permission.String(), "PERMISSION_"))
	if organization == "" { // the top of the tree
		organization = "*"
	}
	return &Error{
		code: codes.PermissionDenied, reason: of(apiv1.ErrorReason_ERROR_REASON_PERMISSION_DENIED),
		values: map[string]string{"permission": name, "permission_zh": permissionZh(permission), "organization": "organizations/" + organization},
	}
}

// permissionZh is what a clerk calls a permission.
func permissionZh(p apiv1.Permission) string {
	switch p {
	case apiv1.Permission_PERMISSION_READ:
		return "查看未公开的内容"
	case apiv1.Permission_PERMISSION_RECORD:
		return "登记信息"
	case apiv1.Permission_PERMISSION_PUBLISH:
		return "公开和撤回信息"
	case apiv1.Permission_PERMISSION_HANDLE:
		return "办理依申请公开"
	case apiv1.Permission_PERMISSION_REPORT:
		return "编制和报送报告"
	case apiv1.Permission_PERMISSION_SUPERVISE:
		return "指导和考核"
	case apiv1.Permission_PERMISSION_AUDIT:
		return "审计"
	case apiv1.Permission_PERMISSION_ADMINISTER:
		return "管理机关名录"
	case apiv1.Permission_PERMISSION_APPROVE:
		return "以公开办负责人身份批准"
	case apiv1.Permission_PERMISSION_PERSONAL:
		return "查阅申请人个人信息"
	}
	return "查看公开的内容"
}

// Busy says that the call can be tried again: UNAVAILABLE. The cause is logged only.
func Busy(cause error) *Error {
	return &Error{code: codes.Unavailable, reason: of(apiv1.ErrorReason_ERROR_REASON_UNAVAILABLE), cause: cause}
}

// Undecodable says that a message cannot be decoded: INVALID_ARGUMENT. It names the field where the
// decoder does, as for text that is not UTF-8.
func Undecodable(cause error) *Error {
	e := &Error{code: codes.InvalidArgument, reason: of(apiv1.ErrorReason_ERROR_REASON_UNDECODABLE), cause: cause}
	if _, rest, ok := strings.Cut(cause.Error(), "field "); ok {
		if path, _, ok := strings.Cut(rest, " contains invalid UTF-8"); ok {
			field := path[strings.LastIndexByte(path, '.')+1:]
			e.fields = []law.Violation{{Field: field, Reason: "NOT_UTF8"}}
		}
	}
	return e
}

// BeyondLog says that a position or size lies beyond the end of a log: OUT_OF_RANGE.
func BeyondLog(path string, cause error) *Error {
	return &Error{
		code: codes.OutOfRange, reason: of(apiv1.ErrorReason_ERROR_REASON_OUT_OF_RANGE),
		fields: []law.Violation{{Field: path, Reason: of(apiv1.ErrorReason_ERROR_REASON_OUT_OF_RANGE)}}, cause: cause,
	}
}

// LogDiverged says that a log is not the one that the caller followed: FAILED_PRECONDITION.
func LogDiverged(cause error) *Error {
	return &Error{code: codes.FailedPrecondition, reason: of(apiv1.ErrorReason_ERROR_REASON_LOG_DIVERGED), cause: cause}
}

func resourceError(code codes.Code, r apiv1.ErrorReason, resource string) *Error {
	return &Error{code: code, reason: of(r), values: map[string]string{"resource": resource}}
}

func pairs(kv []string) map[string]string {
	m := make(map[string]string, len(kv)/2)
	for i := 0; i+1 < len(kv); i += 2 {
		m[kv[i]] = kv[i+1]
	}
	return m
}

// text fills the values into the text of a reason.
func text(r law.Reason, values map[string]string, l Language) string {
	t, ok := texts[r]
	if !ok {
		return string(r)
	}
	s := t.En
	if l == Chinese {
		s = t.Zh
	}
	fill := make([]string, 0, 2*len(values))
	for name, value := range values {
		fill = append(fill, "{"+name+"}", value)
	}
	return strings.NewReplacer(fill...).Replace(s) // a value that holds braces is left as it is
}

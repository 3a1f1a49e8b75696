package e2e_test

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
	"time"

	apiv1 "gongkai/proto/gongkai/api/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	"gongkai/services/chassis/access"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// rights are what each role may do and whether it reaches those below.
var rights = map[access.Role]struct {
	permissions string
	subtree     bool
}{
	"":              {},
	"clerk":         {"READ RECORD HANDLE REPORT PERSONAL", false},
	"reviewer":      {"READ PUBLISH", false},
	"approver":      {"READ HANDLE REPORT APPROVE PERSONAL", false},
	"supervisor":    {"READ SUPERVISE", true},
	"auditor":       {"AUDIT", true},
	"administrator": {"ADMINISTER", true},
	"system":        {"READ RECORD PUBLISH", true},
	"service":       {"READ AUDIT", true},
}

// relations are where a caller stands to the organisation that a call is about.
var relations = []struct {
	name           string
	caller, target string
	below          bool // the target is below the caller
}{
	{"own", townA, townA, false},
	{"child", villageA, townA, false},
	{"parent", cityA, townA, true},
	{"grandparent", "6527", townA, true},
	{"sibling", townC, townA, false},
	{"other city", cityB, townA, false},
	{"everywhere", access.Everywhere, townA, true},
	{"unknown target", cityA, unknown, false},
	{"unknown target, everywhere", access.Everywhere, unknown, true},
	{"caller of nowhere", unknown, townA, false},
}

// outcome is what access makes of a call.
type outcome string

const (
	unauthenticated outcome = "no valid token"
	denied          outcome = "denied"
	noTarget        outcome = "unknown organisation"
	letIn           outcome = "let in" // whatever the method then makes of it
)

// TestAccess makes every call as everyone: each method, each role, each relation. The requests come from the
// contracts, so that a new method is in the matrix as soon as it is declared.
func TestAccess(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.enter()
	e.publish(townA, "other", day(2018, 6, 1))
	if len(access.Roles()) != len(rights)-1 {
		t.Fatalf("the suite has the roles %v, the table others", access.Roles())
	}
	validator, err := protovalidate.New()
	e.check(err)
	before, calls := e.sizes(), 0
	for _, m := range methods() {
		t.Run(string(m.Name()), func(t *testing.T) {
			for _, relation := range relations {
				in := fill(t, m, relation.target)
				if err := validator.Validate(in); err != nil {
					t.Fatalf("the request is not valid, so access is not reached: %v", err)
				}
				for role := range rights {
					token := ""
					if role != "" {
						token = e.token(role, relation.caller)
					}
					calls++
					_, err := e.rpc(e.tcp, token, "", in)
					got, want := outcomeOf(err, relation.target), expected(m, role, relation.caller, relation.target, relation.below)
					// That there is no such organisation is no secret: a method that looks for itself may say so first.
					itself := got == noTarget && relation.target == unknown && (want == letIn || want == denied && !named(m))
					if got != want && !itself {
						t.Errorf("%s as %q of %s: %s (%v), want %s", relation.name, role, relation.caller, got, err, want)
					}
				}
			}
		})
	}
	if want := len(methods()) * len(rights) * len(relations); calls != want || calls < 2000 {
		t.Errorf("%d calls, want %d", calls, want)
	}
	after := e.sizes()
	for _, log := range []string{"logs/directory", "logs/report"} {
		if after[log] != before[log] {
			t.Errorf("the calls were not to change %s, but it has grown from %d to %d", log, before[log], after[log])
		}
	}
}

// named tells whether a method's option names the organisation on which its permission is checked.
func named(m protoreflect.MethodDescriptor) bool {
	rule, _ := proto.GetExtension(m.Options(), apiv1.E_Access).(*apiv1.Access)
	return rule.GetOrganization() != ""
}

// ofTheTop tells whether a method is about something above all organisations, as a store: it needs a grant
// everywhere.
func ofTheTop(m protoreflect.MethodDescriptor) bool {
	return m.Parent().Name() == "BackupService"
}

// expected follows from the method's option and the table above.
func expected(m protoreflect.MethodDescriptor, role access.Role, caller, target string, below bool) outcome {
	rule, _ := proto.GetExtension(m.Options(), apiv1.E_Access).(*apiv1.Access)
	permission := strings.TrimPrefix(rule.GetPermission().String(), "PERMISSION_")
	right := rights[role]
	switch {
	case permission == "PUBLIC":
		return letIn
	case role == "":
		return unauthenticated
	case !slices.Contains(strings.Fields(right.permissions), permission):
		return denied
	case ofTheTop(m) && caller != access.Everywhere:
		return denied
	case caller == access.Everywhere, caller == target:
		return letIn
	case !right.subtree:
		return denied
	case target == unknown:
		return noTarget
	case below:
		return letIn
	}
	return denied
}

// outcomeOf reads an answer. That the organisation is unknown may be said as a missing resource or, where it
// is the parent of a newcomer, as a broken rule.
func outcomeOf(err error, target string) outcome {
	s := status.Convert(err)
	info := details(s).info
	switch {
	case s.Code() == codes.Unauthenticated:
		return unauthenticated
	case s.Code() == codes.PermissionDenied:
		return denied
	case s.Code() == codes.NotFound && info.GetMetadata()["resource"] == nameOf(target), info.GetReason() == "PARENT_UNKNOWN":
		return noTarget
	}
	return letIn
}

// fill makes a valid request about an organisation: what is required is filled in, and each etag is an old one,
// so that nothing changes. An organisation that is not the one whose right is checked is the target's parent.
func fill(t *testing.T, m protoreflect.MethodDescriptor, target string) proto.Message {
	t.Helper()
	kind, err := protoregistry.GlobalTypes.FindMessageByName(m.Input().FullName())
	if err != nil {
		t.Fatal(err)
	}
	rule, _ := proto.GetExtension(m.Options(), apiv1.E_Access).(*apiv1.Access)
	f := filler{t: t, target: target, checked: rule.GetOrganization()}
	in := kind.New()
	f.message(in, "")
	return in.Interface()
}

type filler struct {
	t       *testing.T
	target  string
	checked string // path of the field whose organisation is checked; empty if the method checks them all
}

func (f filler) message(m protoreflect.Message, prefix string) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		path := strings.TrimPrefix(prefix+"."+string(field.Name()), ".")
		rules, _ := proto.GetExtension(field.Options(), validate.E_Field).(*validate.FieldRules)
		switch {
		case field.IsMap():
		case field.IsList():
			for i := range rules.GetRepeated().GetMinItems() {
				list := m.Mutable(field).List()
				if field.Kind() == protoreflect.StringKind {
					list.Append(protoreflect.ValueOfString(fmt.Sprint("示例", i)))
					continue
				}
				element := list.NewElement()
				f.message(element.Message(), path)
				list.Append(element)
			}
		case field.Kind() == protoreflect.StringKind:
			if text := f.text(field, rules.GetString(), path); text != "" {
				m.Set(field, protoreflect.ValueOfString(text))
			}
		case field.Kind() == protoreflect.BytesKind && rules.GetBytes().GetMinLen() > 0:
			m.Set(field, protoreflect.ValueOfBytes([]byte("示例")))
		case field.Kind() == protoreflect.EnumKind:
			if slices.Contains(rules.GetEnum().GetNotIn(), 0) {
				m.Set(field, protoreflect.ValueOfEnum(field.Enum().Values().Get(1).Number()))
			}
		case field.Kind() == protoreflect.Int32Kind && rules.GetInt32().GetGte() > 0:
			m.Set(field, protoreflect.ValueOfInt32(rules.GetInt32().GetGte()))
		case field.Message() != nil && (rules.GetRequired() || path == "information_request.received_on"): // which a rule on the message wants
			if field.Message().FullName() == (&date.Date{}).ProtoReflect().Descriptor().FullName() {
				m.Set(field, protoreflect.ValueOfMessage(day(2018, 6, 1).ProtoReflect()))
				continue
			}
			f.message(m.Mutable(field).Message(), path)
		}
	}
	for i := range m.Descriptor().Oneofs().Len() {
		oneof := m.Descriptor().Oneofs().Get(i)
		rules, _ := proto.GetExtension(oneof.Options(), validate.E_Oneof).(*validate.OneofRules)
		switch first := oneof.Fields().Get(0); {
		case !rules.GetRequired():
		case first.Message() != nil:
			f.message(m.Mutable(first).Message(), strings.TrimPrefix(prefix+"."+string(first.Name()), "."))
		case first.Kind() == protoreflect.Int32Kind:
			m.Set(first, protoreflect.ValueOfInt32(1))
		}
	}
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

const organizationPattern = `organizations/[0-9]{2,12}(-[a-z][a-z0-9-]{0,30})?`

func (f filler) text(field protoreflect.FieldDescriptor, rules *validate.StringRules, path string) string {
	pattern := rules.GetPattern()
	switch {
	case field.Name() == "etag":
		return "of-long-ago"
	case field.Name() == "title": // which a rule on the message wants
		return "示例"
	case path == f.checked && pattern == "": // a resource's own name
		resource, _ := proto.GetExtension(field.ContainingMessage().Options(), annotations.E_Resource).(*annotations.ResourceDescriptor)
		name := strings.Replace(resource.GetPattern()[0], "{organization}", f.target, 1)
		return placeholder.ReplaceAllString(name, strings.Repeat("0", 26))
	case strings.Contains(pattern, organizationPattern):
		organization := nameOf(f.target)
		if f.checked != "" && f.checked != path {
			organization = nameOf(cityA)
		}
		pattern = strings.Replace(strings.Replace(pattern, organizationPattern, organization, 1), ")?$", ")$", 1)
		return f.match(pattern)
	case pattern != "":
		return f.match(pattern)
	}
	least := int(rules.GetMinLen())
	if behavior, _ := proto.GetExtension(field.Options(), annotations.E_FieldBehavior).([]annotations.FieldBehavior); slices.Contains(behavior, annotations.FieldBehavior_REQUIRED) {
		least = max(least, 1)
	}
	return strings.Repeat("2018", (least+3)/4)[:least]
}

// match writes the shortest text that an expression matches.
func (f filler) match(pattern string) string {
	f.t.Helper()
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		f.t.Fatal(err)
	}
	var b strings.Builder
	var write func(re *syntax.Regexp)
	write = func(re *syntax.Regexp) {
		switch re.Op {
		case syntax.OpLiteral:
			b.WriteString(string(re.Rune))
		case syntax.OpCharClass:
			b.WriteRune(re.Rune[0])
		case syntax.OpConcat, syntax.OpCapture:
			for _, sub := range re.Sub {
				write(sub)
			}
		case syntax.OpAlternate, syntax.OpPlus:
			write(re.Sub[0])
		case syntax.OpRepeat:
			for range re.Min {
				write(re.Sub[0])
			}
		case syntax.OpBeginText, syntax.OpEndText, syntax.OpQuest, syntax.OpStar:
		default:
			f.t.Fatalf("cannot write what matches %s: %v", pattern, re.Op)
		}
	}
	write(re)
	return b.String()
}

// TestSeveralGrants checks that a caller has what any of its grants gives, and that each fact names the right
// by which it was written down.
func TestSeveralGrants(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.enter()
	token, err := e.suite.Issuer.Mint(access.Identity{Account: "two-offices", Grants: []access.Grant{
		{Role: access.Auditor, Organization: "6527"}, {Role: access.Clerk, Organization: townC}, {Role: access.Clerk, Organization: townA},
	}}, time.Hour)
	e.check(err)
	for _, id := range []string{townA, townC} {
		do[*disclosurev1.Disclosure](e, token, draftOf(id))
		size := e.sizes()["logs/disclosure"]
		list := do[*logv1.ListEntriesResponse](e, token, &logv1.ListEntriesRequest{Parent: "logs/disclosure", Start: size - 1, Decode: true})
		entry := list.GetEntries()[0].GetEntry()
		if entry.GetActor() != "two-offices" || entry.GetAuthority() != "clerk@"+nameOf(id) {
			t.Errorf("the entry says %s by %s", entry.GetActor(), entry.GetAuthority())
		}
	}
	if _, err := e.rpc(e.tcp, token, "", draftOf(townB)); status.Code(err) != codes.PermissionDenied {
		t.Errorf("in another organisation: %v", err)
	}
	expired, err := e.suite.Issuer.Mint(access.Identity{Account: "late", Grants: []access.Grant{{Role: access.Clerk, Organization: townA}}}, -time.Second)
	e.check(err)
	if _, err := e.rpc(e.tcp, expired, "", draftOf(townA)); status.Code(err) != codes.Unauthenticated {
		t.Errorf("with an expired token: %v", err)
	}
}

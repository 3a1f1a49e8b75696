package access

import (
	"fmt"
	"strings"

	apiv1 "gongkai/proto/gongkai/api/v1"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// Rule is what a method declares in its proto, with the path of the organisation resolved.
type Rule struct {
	Permission apiv1.Permission
	// Filtered tells that the method asks Allows itself about what it shows.
	Filtered bool
	// Input is the type of the method's request.
	Input protoreflect.MessageDescriptor
	path  []protoreflect.FieldDescriptor
}

// RuleOf reads the rule of a method, given as /package.Service/Method. It returns an error if the method
// declares none, or one that cannot be checked: such a server must not start.
func RuleOf(fullMethod string) (Rule, error) {
	name := protoreflect.FullName(strings.ReplaceAll(strings.TrimPrefix(fullMethod, "/"), "/", "."))
	d, err := protoregistry.GlobalFiles.FindDescriptorByName(name)
	if err != nil {
		return Rule{}, fmt.Errorf("access rule of %s: %w", fullMethod, err)
	}
	method, ok := d.(protoreflect.MethodDescriptor)
	if !ok {
		return Rule{}, fmt.Errorf("access rule of %s: it is no method", fullMethod)
	}
	return ruleOf(method)
}

func ruleOf(method protoreflect.MethodDescriptor) (Rule, error) {
	declared, _ := proto.GetExtension(method.Options(), apiv1.E_Access).(*apiv1.Access)
	rule := Rule{Permission: declared.GetPermission(), Filtered: declared.GetFiltered(), Input: method.Input()}
	switch {
	case rule.Permission == apiv1.Permission_PERMISSION_UNSPECIFIED:
		return Rule{}, fmt.Errorf("access rule of %s: it declares no permission", method.FullName())
	case rule.Permission == apiv1.Permission_PERMISSION_PUBLIC:
		return rule, nil
	case declared.GetOrganization() == "" && !rule.Filtered:
		return Rule{}, fmt.Errorf("access rule of %s: it names no organisation and does not filter", method.FullName())
	case declared.GetOrganization() == "":
		return rule, nil
	}
	message := method.Input()
	for _, part := range strings.Split(declared.GetOrganization(), ".") {
		if message == nil {
			return Rule{}, fmt.Errorf("access rule of %s: no field %s", method.FullName(), declared.GetOrganization())
		}
		field := message.Fields().ByName(protoreflect.Name(part))
		if field == nil || field.IsList() || field.IsMap() {
			return Rule{}, fmt.Errorf("access rule of %s: no field %s", method.FullName(), declared.GetOrganization())
		}
		rule.path, message = append(rule.path, field), field.Message()
	}
	if rule.path[len(rule.path)-1].Kind() != protoreflect.StringKind {
		return Rule{}, fmt.Errorf("access rule of %s: %s is no name", method.FullName(), declared.GetOrganization())
	}
	return rule, nil
}

// Organization returns the id of the organisation that a request is about: what stands in the resource
// name after organizations/. ok is false if the rule names none.
func (r Rule) Organization(request proto.Message) (id string, ok bool) {
	if len(r.path) == 0 {
		return "", false
	}
	m := request.ProtoReflect()
	for _, field := range r.path[:len(r.path)-1] {
		m = m.Get(field).Message()
	}
	return OrganizationOf(m.Get(r.path[len(r.path)-1]).String()), true
}

// OrganizationOf returns the id of the organisation that a resource name begins with; empty if it begins
// with none.
func OrganizationOf(name string) string {
	rest, ok := strings.CutPrefix(name, "organizations/")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return id
}

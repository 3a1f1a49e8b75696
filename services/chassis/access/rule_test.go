package access_test

import (
	"strings"
	"testing"

	apiv1 "gongkai/proto/gongkai/api/v1"
	"gongkai/services/chassis/access"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

// methods are those of the test's own service, each with what it declares; nil: nothing.
var methods = map[string]*apiv1.Access{
	"Undeclared":  nil,
	"Unspecified": {Organization: "name"},
	"Nowhere":     {Permission: apiv1.Permission_PERMISSION_READ},
	"Missing":     {Permission: apiv1.Permission_PERMISSION_READ, Organization: "nam"},
	"Gap":         {Permission: apiv1.Permission_PERMISSION_READ, Organization: "inner..name"},
	"Below":       {Permission: apiv1.Permission_PERMISSION_READ, Organization: "name.name"},
	"Number":      {Permission: apiv1.Permission_PERMISSION_READ, Organization: "number"},
	"Message":     {Permission: apiv1.Permission_PERMISSION_READ, Organization: "inner"},
	"List":        {Permission: apiv1.Permission_PERMISSION_READ, Organization: "names"},
	"Name":        {Permission: apiv1.Permission_PERMISSION_READ, Organization: "name"},
	"Inner":       {Permission: apiv1.Permission_PERMISSION_RECORD, Organization: "inner.inner.name"},
	"Filtered":    {Permission: apiv1.Permission_PERMISSION_AUDIT, Filtered: true},
	"Public":      {Permission: apiv1.Permission_PERMISSION_PUBLIC},
}

const rules = "gongkai.test.access"

// input registers the test's file, and returns the type of its requests.
func input(t *testing.T) protoreflect.MessageDescriptor {
	t.Helper()
	if d, err := protoregistry.GlobalFiles.FindDescriptorByName(rules + ".In"); err == nil {
		return d.(protoreflect.MessageDescriptor)
	}
	field := func(number int32, name string, kind descriptorpb.FieldDescriptorProto_Type, repeated bool) *descriptorpb.FieldDescriptorProto {
		f := &descriptorpb.FieldDescriptorProto{
			Name: proto.String(name), Number: proto.Int32(number), Type: kind.Enum(), Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
		}
		if repeated {
			f.Label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
		}
		if kind == descriptorpb.FieldDescriptorProto_TYPE_MESSAGE {
			f.TypeName = proto.String("." + rules + ".In")
		}
		return f
	}
	service := &descriptorpb.ServiceDescriptorProto{Name: proto.String("Service")}
	for name, declared := range methods {
		m := &descriptorpb.MethodDescriptorProto{Name: proto.String(name), InputType: proto.String("." + rules + ".In"), OutputType: proto.String("." + rules + ".In")}
		if declared != nil {
			m.Options = &descriptorpb.MethodOptions{}
			proto.SetExtension(m.Options, apiv1.E_Access, declared)
		}
		service.Method = append(service.Method, m)
	}
	file, err := protodesc.NewFile(&descriptorpb.FileDescriptorProto{
		Name: proto.String("gongkai/test/access.proto"), Package: proto.String(rules), Syntax: proto.String("proto3"),
		MessageType: []*descriptorpb.DescriptorProto{{Name: proto.String("In"), Field: []*descriptorpb.FieldDescriptorProto{
			field(1, "name", descriptorpb.FieldDescriptorProto_TYPE_STRING, false),
			field(2, "number", descriptorpb.FieldDescriptorProto_TYPE_INT32, false),
			field(3, "inner", descriptorpb.FieldDescriptorProto_TYPE_MESSAGE, false),
			field(4, "names", descriptorpb.FieldDescriptorProto_TYPE_STRING, true),
		}}},
		Service: []*descriptorpb.ServiceDescriptorProto{service},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := protoregistry.GlobalFiles.RegisterFile(file); err != nil {
		t.Fatal(err)
	}
	return file.Messages().ByName("In")
}

// A method that declares nothing, or something that cannot be checked, has no rule.
func TestRuleOf(t *testing.T) {
	input(t)
	for name, complaint := range map[string]string{
		"Undeclared":  "declares no permission",
		"Unspecified": "declares no permission",
		"Nowhere":     "names no organisation and does not filter",
		"Missing":     "no field nam",
		"Gap":         "no field inner..name",
		"Below":       "no field name.name",
		"Number":      "number is no name",
		"Message":     "inner is no name",
		"List":        "no field names",
		"Absent":      "not found",
		"Name":        "",
		"Inner":       "",
		"Filtered":    "",
		"Public":      "",
	} {
		rule, err := access.RuleOf("/" + rules + ".Service/" + name)
		switch {
		case complaint == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case complaint == "" && (rule.Permission != methods[name].GetPermission() || rule.Filtered != methods[name].GetFiltered() || rule.Input.FullName() != rules+".In"):
			t.Errorf("%s: %+v", name, rule)
		case complaint != "" && (err == nil || !strings.Contains(err.Error(), complaint)):
			t.Errorf("%s: %v, want %q", name, err, complaint)
		}
	}
	for _, name := range []string{"", "/", rules + ".In", "/" + rules + ".Service", "//"} {
		if _, err := access.RuleOf(name); err == nil {
			t.Errorf("%q has a rule", name)
		}
	}
}

func TestRule_Organization(t *testing.T) {
	in := input(t)
	request := func(name string, depth int) proto.Message {
		m := dynamicpb.NewMessage(in)
		at := protoreflect.Message(m)
		for range depth {
			at = at.Mutable(in.Fields().ByName("inner")).Message()
		}
		at.Set(in.Fields().ByName("name"), protoreflect.ValueOfString(name))
		return m
	}
	for _, c := range []struct {
		method  string
		request proto.Message
		id      string
		ok      bool
	}{
		{"Name", request("organizations/652701/disclosures/1", 0), "652701", true},
		{"Name", request("organizations/652701", 0), "652701", true},
		{"Name", request("organizations/", 0), "", true},
		{"Name", request("reportForms/2007", 0), "", true},
		{"Name", dynamicpb.NewMessage(in), "", true},
		{"Inner", request("organizations/652701/x", 2), "652701", true},
		{"Inner", request("organizations/652701/x", 1), "", true},
		{"Inner", dynamicpb.NewMessage(in), "", true},
		{"Filtered", request("organizations/652701", 0), "", false},
		{"Public", request("organizations/652701", 0), "", false},
	} {
		rule, err := access.RuleOf("/" + rules + ".Service/" + c.method)
		if err != nil {
			t.Fatal(err)
		}
		if id, ok := rule.Organization(c.request); id != c.id || ok != c.ok {
			t.Errorf("%s of %v: %q, %v", c.method, c.request, id, ok)
		}
	}
}

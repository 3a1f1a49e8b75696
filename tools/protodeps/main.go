// Command protodeps writes the third-party .proto files that our contracts import into a folder,
// printed from the descriptors that are linked into their published Go packages. So they need not
// be committed, and no schema registry is asked.
//
// Usage: protodeps FOLDER
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"github.com/jhump/protoreflect/v2/protoprint"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/protobuf/reflect/protoreflect"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: protodeps FOLDER")
		os.Exit(2)
	}
	roots := []protoreflect.FileDescriptor{
		annotations.File_google_api_annotations_proto,
		annotations.File_google_api_client_proto,
		annotations.File_google_api_field_behavior_proto,
		annotations.File_google_api_field_info_proto,
		annotations.File_google_api_resource_proto,
		errdetails.File_google_rpc_error_details_proto,
		date.File_google_type_date_proto,
		validate.File_buf_validate_validate_proto,
	}
	for _, root := range roots {
		if err := write(root, os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, "protodeps:", err)
			os.Exit(1)
		}
	}
}

// write prints a file and whatever it imports, except what every protobuf compiler brings along.
func write(file protoreflect.FileDescriptor, folder string) error {
	if file.Package() == "google.protobuf" {
		return nil
	}
	for i := range file.Imports().Len() {
		if err := write(file.Imports().Get(i).FileDescriptor, folder); err != nil {
			return err
		}
	}
	text, err := (&protoprint.Printer{}).PrintProtoToString(file)
	if err != nil {
		return fmt.Errorf("print %s: %w", file.Path(), err)
	}
	path := filepath.Join(folder, file.Path())
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

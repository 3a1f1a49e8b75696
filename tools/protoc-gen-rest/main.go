// Command protoc-gen-rest is protoc-gen-openapi, and adds to what that makes of the contracts what has no annotation in
// them: the routes of files, which are streams on the side of gRPC. They stand in an OpenAPI document of their own,
// which the parameter merge=FILE names. It refuses a path or a schema that is there already.
//
// It is run by buf generate, beside protoc-gen-openapi.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/pluginpb"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "protoc-gen-rest:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	data, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	var request pluginpb.CodeGeneratorRequest
	if err := proto.Unmarshal(data, &request); err != nil {
		return fmt.Errorf("read the request: %w", err)
	}
	file, rest := parameters(request.GetParameter())
	request.Parameter = proto.String(rest)
	response, err := generate(&request)
	if err != nil || response.Error != nil || file == "" {
		return answer(out, response, err)
	}
	more, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for _, f := range response.GetFile() {
		whole, err := merge([]byte(f.GetContent()), more)
		if err != nil {
			return fmt.Errorf("merge %s into %s: %w", file, f.GetName(), err)
		}
		f.Content = proto.String(string(whole))
	}
	return answer(out, response, nil)
}

func answer(out io.Writer, response *pluginpb.CodeGeneratorResponse, err error) error {
	if err != nil {
		return err
	}
	data, err := proto.Marshal(response)
	if err != nil {
		return fmt.Errorf("write the response: %w", err)
	}
	_, err = out.Write(data)
	return err
}

// parameters takes the file to merge out of the parameters.
func parameters(all string) (file, rest string) {
	given := strings.Split(all, ",")
	given = slices.DeleteFunc(given, func(p string) bool {
		name, ok := strings.CutPrefix(p, "merge=")
		if ok {
			file = name
		}
		return ok
	})
	return file, strings.Join(given, ",")
}

// generate asks the generator, which lies beside this program.
func generate(request *pluginpb.CodeGeneratorRequest) (*pluginpb.CodeGeneratorResponse, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	data, err := proto.Marshal(request)
	if err != nil {
		return nil, err
	}
	command := exec.Command(filepath.Join(filepath.Dir(self), "protoc-gen-openapi"))
	command.Stdin, command.Stderr = bytes.NewReader(data), os.Stderr
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("run protoc-gen-openapi: %w", err)
	}
	var response pluginpb.CodeGeneratorResponse
	if err := proto.Unmarshal(out, &response); err != nil {
		return nil, fmt.Errorf("read what protoc-gen-openapi made: %w", err)
	}
	return &response, nil
}

// merge adds the paths and schemas of an OpenAPI document to another one, in order.
func merge(into, from []byte) ([]byte, error) {
	var whole, more yaml.Node
	if err := yaml.Unmarshal(into, &whole); err != nil {
		return nil, err
	}
	if err := yaml.Unmarshal(from, &more); err != nil {
		return nil, err
	}
	for _, section := range [][]string{{"paths"}, {"components", "schemas"}} {
		to, source := find(&whole, section), find(&more, section)
		if to == nil || source == nil {
			return nil, fmt.Errorf("there is no %s", strings.Join(section, "."))
		}
		for i := 0; i+1 < len(source.Content); i += 2 {
			if err := insert(to, source.Content[i], source.Content[i+1]); err != nil {
				return nil, err
			}
		}
	}
	return yaml.Marshal(&whole)
}

// find is the mapping under keys; nil if there is none.
func find(document *yaml.Node, keys []string) *yaml.Node {
	if len(document.Content) == 0 {
		return nil
	}
	at := document.Content[0]
	for _, key := range keys {
		i := slices.IndexFunc(at.Content, func(n *yaml.Node) bool { return n.Value == key })
		if i < 0 || i+1 == len(at.Content) {
			return nil
		}
		at = at.Content[i+1]
	}
	return at
}

// insert puts a key into a sorted mapping.
func insert(to, key, value *yaml.Node) error {
	at := len(to.Content)
	for i := 0; i+1 < len(to.Content); i += 2 {
		switch have := to.Content[i].Value; {
		case have == key.Value:
			return fmt.Errorf("%s is there already", key.Value)
		case have > key.Value && at == len(to.Content):
			at = i
		}
	}
	to.Content = slices.Insert(to.Content, at, key, value)
	return nil
}

// Stubs makes package samplemindv1 out of the .proto files of a folder.
//
// It needs no protoc: the files are compiled here and handed to the two plugins
// that go.mod pins, the way protoc would.
package main

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/protoutil"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/pluginpb"
)

const (
	sources = "samplemind/v1/*.proto" // below the folder of the .proto files
	module  = "samplemind"
	target  = "samplemindv1" // a folder of the module, and the package in it
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: stubs PROTO_FOLDER")
	}
	if err := generate(context.Background(), os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

// generate writes the stubs anew, once all of them are made.
func generate(ctx context.Context, root string) error {
	request, err := compile(ctx, root)
	if err != nil {
		return err
	}
	var made []*pluginpb.CodeGeneratorResponse_File
	for _, plugin := range []string{"protoc-gen-go", "protoc-gen-go-grpc"} {
		files, err := run(ctx, plugin, request)
		if err != nil {
			return fmt.Errorf("%s: %w", plugin, err)
		}
		made = append(made, files...)
	}
	return write(made)
}

// compile reads the .proto files into what a plugin is asked.
func compile(ctx context.Context, root string) (*pluginpb.CodeGeneratorRequest, error) {
	names, err := find(root)
	if err != nil {
		return nil, err
	}
	compiler := protocompile.Compiler{
		Resolver:       protocompile.WithStandardImports(&protocompile.SourceResolver{ImportPaths: []string{root}}),
		SourceInfoMode: protocompile.SourceInfoStandard, // comments
	}
	files, err := compiler.Compile(ctx, names...)
	if err != nil {
		return nil, err
	}
	request := &pluginpb.CodeGeneratorRequest{FileToGenerate: names, Parameter: proto.String(parameter(names))}
	seen := map[string]bool{}
	for _, file := range files {
		add(request, file, seen)
	}
	return request, nil
}

// find names the .proto files relative to their root.
func find(root string) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(root, sources))
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("there is no %s in %s", sources, root)
	}
	for i, path := range found {
		name, err := filepath.Rel(root, path)
		if err != nil {
			return nil, err
		}
		found[i] = filepath.ToSlash(name)
	}
	return found, nil
}

// parameter says in which package each file belongs: the files say nothing of Go.
func parameter(names []string) string {
	parts := []string{"module=" + module}
	for _, name := range names {
		parts = append(parts, fmt.Sprintf("M%s=%s/%s", name, module, target))
	}
	return strings.Join(parts, ",")
}

// add puts a file into the request, after all that it imports.
func add(request *pluginpb.CodeGeneratorRequest, file protoreflect.FileDescriptor, seen map[string]bool) {
	if seen[file.Path()] {
		return
	}
	seen[file.Path()] = true
	for i := range file.Imports().Len() {
		add(request, file.Imports().Get(i).FileDescriptor, seen)
	}
	request.ProtoFile = append(request.ProtoFile, protoutil.ProtoFromFileDescriptor(file))
}

// run asks a plugin of go.mod.
func run(ctx context.Context, plugin string, request *pluginpb.CodeGeneratorRequest) ([]*pluginpb.CodeGeneratorResponse_File, error) {
	asked, err := proto.Marshal(request)
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, "go", "tool", plugin)
	command.Stdin, command.Stderr = bytes.NewReader(asked), os.Stderr
	answered, err := command.Output()
	if err != nil {
		return nil, err
	}
	response := &pluginpb.CodeGeneratorResponse{}
	if err := proto.Unmarshal(answered, response); err != nil {
		return nil, err
	}
	if response.Error != nil {
		return nil, fmt.Errorf("%s", response.GetError())
	}
	return response.GetFile(), nil
}

// write replaces the target folder, so that nothing stays of a file that is no more.
func write(files []*pluginpb.CodeGeneratorResponse_File) error {
	if err := os.RemoveAll(target); err != nil {
		return err
	}
	if err := os.Mkdir(target, 0o755); err != nil {
		return err
	}
	for _, file := range files {
		if err := os.WriteFile(filepath.FromSlash(file.GetName()), []byte(file.GetContent()), 0o644); err != nil {
			return err
		}
	}
	return nil
}

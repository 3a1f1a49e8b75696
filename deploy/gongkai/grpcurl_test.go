package main

import (
	"context"
	"fmt"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"
)

// describe does what `grpcurl -plaintext [-d BODY] ADDRESS WHAT` does: it lists the services, or calls a method.
func describe(address, what, body string) error {
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	if what == "list" {
		return list(ctx, conn)
	}
	service, method, _ := strings.Cut(what, "/")
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(service + "." + method))
	if err != nil {
		return fmt.Errorf("find %s: %w", what, err)
	}
	described := found.(protoreflect.MethodDescriptor)
	in, out := dynamicpb.NewMessage(described.Input()), dynamicpb.NewMessage(described.Output())
	if err := protojson.Unmarshal([]byte(body), in); err != nil {
		return fmt.Errorf("read the body for %s: %w", what, err)
	}
	if err := conn.Invoke(ctx, "/"+what, in, out); err != nil {
		return fmt.Errorf("call %s: %w", what, err)
	}
	if proto.Size(out) == 0 {
		return fmt.Errorf("%s answered nothing", what)
	}
	return nil
}

// list asks for the services by reflection.
func list(ctx context.Context, conn *grpc.ClientConn) error {
	stream, err := reflectionv1.NewServerReflectionClient(conn).ServerReflectionInfo(ctx)
	if err != nil {
		return err
	}
	if err := stream.Send(&reflectionv1.ServerReflectionRequest{
		MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{ListServices: "*"},
	}); err != nil {
		return err
	}
	answer, err := stream.Recv()
	if err != nil {
		return err
	}
	for _, s := range answer.GetListServicesResponse().GetService() {
		if s.GetName() == "gongkai.report.v1.ReportService" {
			return nil
		}
	}
	return fmt.Errorf("the services do not have that of reports: %v", answer)
}

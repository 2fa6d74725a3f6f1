package samplemind

import (
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// timeout is a call option that this package reads and gRPC passes over.
type timeout struct {
	grpc.EmptyCallOption
	limit time.Duration
}

// Timeout allows each try of a call another time than 30 s.
func Timeout(limit time.Duration) grpc.CallOption { return timeout{limit: limit} }

func timeoutOf(options []grpc.CallOption) time.Duration {
	limit := callTimeout
	for _, option := range options {
		if said, ok := option.(timeout); ok {
			limit = said.limit
		}
	}
	return limit
}

// identified gives a request that has no request_id yet a new one, in a copy:
// with it the daemon does what is sent twice once.
func identified(request any) any {
	message, ok := request.(proto.Message)
	if !ok {
		return request
	}
	field := message.ProtoReflect().Descriptor().Fields().ByName("request_id")
	if field == nil || message.ProtoReflect().Has(field) {
		return request
	}
	named := proto.Clone(message)
	named.ProtoReflect().Set(field, protoreflect.ValueOfString(uuid.NewString()))
	return named
}

package samplemind

import (
	"fmt"
	"time"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Error is a no of the daemon, or says that the daemon cannot be asked.
//
// Find it with errors.As or errors.AsType, and decide by Reason.
type Error struct {
	Code       string            // the gRPC code by name: "NOT_FOUND"
	Reason     string            // stable, for programs: "AUDIO_NOT_FOUND"; Code where none was given
	Message    string            // a sentence for people
	Fields     map[string]string // what is wrong with the request, by field; empty where nothing was said
	RetryAfter time.Duration     // when to try again; 0 where nothing was said
	Facts      map[string]string // for programs, such as the limit that was reached

	shown header // the credential that was refused
}

// CannotReach is the Reason of an [Error] where the daemon does not answer: it
// is not running, or the way to it is broken.
const CannotReach = "CANNOT_REACH"

// Error says what went wrong.
func (e *Error) Error() string {
	return fmt.Sprintf("samplemind: %s: %s", e.Reason, e.Message)
}

// GRPCStatus lets status.Code and status.FromError of grpc-go understand an Error.
func (e *Error) GRPCStatus() *status.Status {
	return status.New(codes.Code(code.Code_value[e.Code]), e.Message)
}

// readError makes an Error of what gRPC says of a call that showed a credential.
func readError(err error, shown header) *Error {
	said := status.Convert(err)
	name := code.Code(said.Code()).String()
	refusal := &Error{Code: name, Reason: name, Message: said.Message(), shown: shown}
	if refusal.Message == "" {
		refusal.Message = fmt.Sprintf("The daemon answered %s.", name)
	}
	for _, detail := range said.Details() {
		refusal.heed(detail)
	}
	return refusal
}

// heed takes in one of the google.rpc details; others, of a proxy, are passed over.
func (e *Error) heed(detail any) {
	switch detail := detail.(type) {
	case *errdetails.ErrorInfo:
		e.Reason, e.Facts = detail.GetReason(), detail.GetMetadata()
	case *errdetails.BadRequest:
		e.Fields = make(map[string]string, len(detail.GetFieldViolations()))
		for _, one := range detail.GetFieldViolations() {
			e.Fields[one.GetField()] = one.GetDescription()
		}
	case *errdetails.RetryInfo:
		e.RetryAfter = detail.GetRetryDelay().AsDuration()
	}
}

package samplemind

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	pb "samplemind/samplemindv1"
)

const (
	callTimeout = 30 * time.Second // of one try
	shortWait   = 5 * time.Second  // that a limited call is held back; a longer wait is the caller's to decide
)

// unsigned are the calls that show no credential.
var unsigned = map[string]bool{
	pb.AuthService_Register_FullMethodName:  true,
	pb.AuthService_Login_FullMethodName:     true,
	pb.AuthService_Refresh_FullMethodName:   true,
	pb.StatusService_GetInfo_FullMethodName: true,
}

// line is the way to a daemon. Its interceptors sign calls and streams, make
// Errors of refusals, and try calls again; for streams only whoever reads them
// knows where to go on.
type line struct {
	server string
	delays []time.Duration

	mu         sync.Mutex // guards the rest
	credential credential
}

func (l *line) show(shown credential) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.credential = shown
}

func (l *line) shown() credential {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.credential
}

func (l *line) tries() *tries { return &tries{delays: l.delays} }

// call is the interceptor of calls: after a break the same request is sent again.
func (l *line) call(
	ctx context.Context, method string, request, answer any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker,
	options ...grpc.CallOption,
) error {
	request = identified(request)
	limit := timeoutOf(options)
	for tries := l.tries(); ; {
		err := l.try(ctx, method, limit, func(ctx context.Context) error {
			return invoke(ctx, method, request, answer, conn, options...)
		})
		if err == nil {
			return nil
		}
		if err := l.recover(ctx, err, tries); err != nil {
			return err
		}
	}
}

// try asks once, signed and with a deadline.
func (l *line) try(ctx context.Context, method string, limit time.Duration, ask func(context.Context) error) error {
	signed, shown, err := l.sign(ctx, method)
	if err != nil {
		return err
	}
	signed, cancel := context.WithTimeout(signed, limit)
	defer cancel()
	return failure(ctx, ask(signed), shown)
}

// open is the interceptor of streams. It tries once.
func (l *line) open(
	ctx context.Context, form *grpc.StreamDesc, conn *grpc.ClientConn, method string, start grpc.Streamer,
	options ...grpc.CallOption,
) (grpc.ClientStream, error) {
	signed, shown, err := l.sign(ctx, method)
	if err != nil {
		return nil, err
	}
	opened, err := start(signed, form, conn, method, options...)
	if err != nil {
		return nil, failure(ctx, err, shown)
	}
	return &stream{opened, ctx, shown}, nil
}

// sign adds the credential to what is sent along, and says what it was.
func (l *line) sign(ctx context.Context, method string) (context.Context, header, error) {
	if unsigned[method] {
		return ctx, header{}, nil
	}
	shown, err := l.shown().header(ctx)
	if err != nil || shown == (header{}) {
		return ctx, shown, err
	}
	return metadata.AppendToOutgoingContext(ctx, shown.key, shown.value), shown, nil
}

// recover returns nil when it can be tried again, and what went wrong where that will not help.
func (l *line) recover(ctx context.Context, err error, tries *tries) error {
	refusal, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	if refusal.Code == "UNAUTHENTICATED" && !tries.renewed && refusal.shown != (header{}) {
		tries.renewed = true
		if renewed, err := l.shown().renew(ctx, refusal.shown); renewed || err != nil {
			return err
		}
	}
	switch {
	case isBreak(refusal) && tries.left():
		return wait(ctx, tries.next())
	case isBreak(refusal):
		return l.unreached(refusal, tries)
	case isLimited(refusal) && tries.left():
		tries.next()
		return wait(ctx, refusal.RetryAfter)
	}
	return refusal
}

func (l *line) unreached(refusal *Error, tries *tries) *Error {
	const sentence = "The daemon at %s cannot be reached (tries: %d): is it running? %s"
	return &Error{
		Code:    "UNAVAILABLE",
		Reason:  CannotReach,
		Message: fmt.Sprintf(sentence, l.server, tries.used+1, refusal.Message),
	}
}

// isBreak tells whether the daemon could not be reached: whoever cancels himself has left before he is told.
func isBreak(refusal *Error) bool {
	return refusal.Code == "UNAVAILABLE" || refusal.Code == "CANCELLED"
}

func isLimited(refusal *Error) bool {
	return refusal.Code == "RESOURCE_EXHAUSTED" && 0 < refusal.RetryAfter && refusal.RetryAfter <= shortWait
}

// failure is nil, the error of a context that is done, or what the daemon or gRPC says.
func failure(ctx context.Context, err error, shown header) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return readError(err, shown)
}

package samplemind

import (
	"context"
	"errors"
	"io"
	"iter"

	"google.golang.org/grpc"
)

// errLeft says that whoever ranges over a stream has left it.
var errLeft = errors.New("left")

// errEnded says that a stream ended which should go on.
var errEnded = &Error{Code: "UNAVAILABLE", Reason: "UNAVAILABLE", Message: "The stream ended."}

// stream is a gRPC stream whose errors are those of this package, or io.EOF.
type stream struct {
	grpc.ClientStream
	caller context.Context // gRPC ends its own with the stream
	shown  header
}

func (s *stream) SendMsg(message any) error {
	return s.failure(s.ClientStream.SendMsg(identified(message)))
}

func (s *stream) RecvMsg(message any) error {
	return s.failure(s.ClientStream.RecvMsg(message))
}

func (s *stream) failure(err error) error {
	if errors.Is(err, io.EOF) {
		return err
	}
	return failure(s.caller, err, s.shown)
}

// follow yields the messages of an endless stream, which is opened again after each break.
//
// Whoever ranges over it restores the tries where he sees progress.
func follow[A any](
	ctx context.Context, line *line, tries *tries, open func(context.Context) (grpc.ServerStreamingClient[A], error),
) iter.Seq2[*A, error] {
	return func(yield func(*A, error) bool) {
		for {
			err := receive(ctx, open, yield)
			if errors.Is(err, errLeft) {
				return
			}
			if err = line.recover(ctx, err, tries); err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// receive yields the messages of one stream, and says why there are no more.
func receive[A any](
	ctx context.Context, open func(context.Context) (grpc.ServerStreamingClient[A], error),
	yield func(*A, error) bool,
) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	opened, err := open(ctx)
	if err != nil {
		return err
	}
	for {
		message, err := opened.Recv()
		if errors.Is(err, io.EOF) {
			return errEnded
		}
		if err != nil {
			return err
		}
		if !yield(message, nil) {
			return errLeft
		}
	}
}

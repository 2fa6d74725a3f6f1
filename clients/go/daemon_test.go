package samplemind

import (
	"net"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
)

// errBroken is what a client sees of a daemon that goes away.
var errBroken = status.Error(codes.Unavailable, "broken")

// serve starts a daemon of the services that a test registers, and makes a
// client of it that waits no time before it tries again.
func serve(t *testing.T, register func(*grpc.Server), options ...Option) *Client {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	register(server)
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	return connected(t, listener.Addr().String(), options...)
}

func connected(t *testing.T, address string, options ...Option) *Client {
	t.Helper()
	client, err := New(address, options...)
	if err != nil {
		t.Fatal(err)
	}
	client.line.delays = make([]time.Duration, len(standardDelays))
	t.Cleanup(func() { client.Close() })
	return client
}

// refuse is a no with details, as the daemon says it.
func refuse(t *testing.T, code codes.Code, message string, details ...protoadapt.MessageV1) error {
	t.Helper()
	said, err := status.New(code, message).WithDetails(details...)
	if err != nil {
		t.Fatal(err)
	}
	return said.Err()
}

package samplemind

import (
	"context"
	"errors"
	"maps"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	pb "samplemind/samplemindv1"
)

// shelf is an AudioService that answers Delete with what it is told to, in turn.
type shelf struct {
	pb.UnimplementedAudioServiceServer
	failures []error
	ids      []string // of the requests
	keys     []string // that were shown
}

func (s *shelf) Delete(
	ctx context.Context, request *pb.AudioServiceDeleteRequest,
) (*pb.AudioServiceDeleteResponse, error) {
	at := len(s.ids)
	s.ids = append(s.ids, request.GetRequestId())
	s.keys = append(s.keys, metadata.ValueFromIncomingContext(ctx, "x-api-key")...)
	if at < len(s.failures) {
		return nil, s.failures[at]
	}
	return &pb.AudioServiceDeleteResponse{}, nil
}

func (s *shelf) deleteFrom(t *testing.T) error {
	t.Helper()
	client := serve(t, func(server *grpc.Server) { pb.RegisterAudioServiceServer(server, s) }, WithAPIKey("sm_key"))
	_, err := client.Audio.Delete(t.Context(), &pb.AudioServiceDeleteRequest{AudioId: "one"})
	return err
}

func TestARequestThatIsSentAgainKeepsItsID(t *testing.T) {
	audio := &shelf{failures: []error{errBroken, status.Error(codes.Canceled, "the daemon ends"), errBroken}}
	if err := audio.deleteFrom(t); err != nil {
		t.Fatal(err)
	}
	if len(audio.ids) != 4 || len(slices.Compact(audio.ids)) != 1 || uuid.Validate(audio.ids[0]) != nil {
		t.Errorf("the requests were called %v", audio.ids)
	}
	if !slices.Equal(audio.keys, []string{"sm_key", "sm_key", "sm_key", "sm_key"}) {
		t.Errorf("the keys shown were %v", audio.keys)
	}
}

func TestARefusalIsReadWithAllThatTheDaemonSays(t *testing.T) {
	audio := &shelf{failures: []error{refuse(t, codes.ResourceExhausted, "Too often.",
		&errdetails.ErrorInfo{Reason: "RATE_LIMITED", Metadata: map[string]string{"limit": "60"}},
		&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{
			{Field: "audio_id", Description: "it is no UUID"},
		}},
		&errdetails.RetryInfo{RetryDelay: durationpb.New(42 * time.Second)},
	)}}
	refusal, ok := errors.AsType[*Error](audio.deleteFrom(t))
	if !ok {
		t.Fatal("it was not refused")
	}
	if refusal.Code != "RESOURCE_EXHAUSTED" || refusal.Reason != "RATE_LIMITED" || refusal.Message != "Too often." ||
		refusal.RetryAfter != 42*time.Second || status.Code(refusal) != codes.ResourceExhausted ||
		!maps.Equal(refusal.Fields, map[string]string{"audio_id": "it is no UUID"}) ||
		!maps.Equal(refusal.Facts, map[string]string{"limit": "60"}) {
		t.Errorf("it reads %+v", refusal)
	}
	if len(audio.ids) != 1 {
		t.Errorf("it was asked %d times, though it was told to wait long", len(audio.ids))
	}
}

func TestALimitThatEndsSoonIsWaitedFor(t *testing.T) {
	soon := &errdetails.RetryInfo{RetryDelay: durationpb.New(time.Millisecond)}
	audio := &shelf{failures: []error{refuse(t, codes.ResourceExhausted, "Too often.", soon)}}
	if err := audio.deleteFrom(t); err != nil {
		t.Error(err)
	}
}

func TestADaemonThatDoesNotComeBackCannotBeReached(t *testing.T) {
	audio := &shelf{failures: slices.Repeat([]error{errBroken}, 10)}
	refusal, ok := errors.AsType[*Error](audio.deleteFrom(t))
	if !ok || refusal.Reason != CannotReach || !strings.Contains(refusal.Message, "127.0.0.1") {
		t.Errorf("the caller was told %v", refusal)
	}
	if len(audio.ids) != 1+len(standardDelays) {
		t.Errorf("it was asked %d times", len(audio.ids))
	}
}

func TestADaemonThatIsNotThereCannotBeReached(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	client := connected(t, listener.Addr().String())
	_, err = client.Status.GetInfo(t.Context(), &pb.GetInfoRequest{})
	if refusal, ok := errors.AsType[*Error](err); !ok || refusal.Reason != CannotReach {
		t.Errorf("the caller was told %v", err)
	}
}

func TestACallerThatLeavesIsToldOfHisOwnContext(t *testing.T) {
	client := serve(t, func(*grpc.Server) {})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := client.Status.GetInfo(ctx, &pb.GetInfoRequest{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the caller was told %v", err)
	}
}

func TestCertificatesThatAreNoneAreRefused(t *testing.T) {
	if _, err := New("https://localhost:1", WithRootCertificates([]byte("none"))); err == nil {
		t.Error("they were taken")
	}
}

package samplemind

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	pb "samplemind/samplemindv1"
)

// gate is an AuthService that accepts the newest access token alone, and each
// refresh token once.
type gate struct {
	pb.UnimplementedAuthServiceServer
	held   chan struct{} // where there is one, a renewal waits until it is closed
	closed bool          // accepts no token at all

	mu   sync.Mutex
	turn int // how often tokens were made
}

func (g *gate) tokens() *pb.Tokens {
	g.turn++
	return &pb.Tokens{
		AccessToken:     fmt.Sprintf("access-%d", g.turn),
		RefreshToken:    fmt.Sprintf("refresh-%d", g.turn),
		AccessExpiresAt: timestamppb.New(time.Now().Add(time.Hour)),
	}
}

func (g *gate) Login(context.Context, *pb.LoginRequest) (*pb.LoginResponse, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return &pb.LoginResponse{Tokens: g.tokens()}, nil
}

func (g *gate) Refresh(_ context.Context, request *pb.RefreshRequest) (*pb.RefreshResponse, error) {
	if g.held != nil {
		<-g.held
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if request.GetRefreshToken() != fmt.Sprintf("refresh-%d", g.turn) {
		return nil, status.Error(codes.Unauthenticated, "spent twice: the session has ended")
	}
	return &pb.RefreshResponse{Tokens: g.tokens()}, nil
}

func (g *gate) GetMe(ctx context.Context, _ *pb.GetMeRequest) (*pb.GetMeResponse, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	shown := metadata.ValueFromIncomingContext(ctx, "authorization")
	if g.closed || len(shown) != 1 || shown[0] != fmt.Sprintf("Bearer access-%d", g.turn) {
		return nil, status.Error(codes.Unauthenticated, "nobody knows who is calling")
	}
	return &pb.GetMeResponse{}, nil
}

// revoke makes the access token that is out there useless.
func (g *gate) revoke(client *Client) {
	signedIn := client.line.shown().(*session)
	signedIn.mu.Lock()
	defer signedIn.mu.Unlock()
	signedIn.tokens.AccessToken = "revoked"
}

func signIn(t *testing.T, auth *gate) *Client {
	t.Helper()
	client := serve(t, func(server *grpc.Server) { pb.RegisterAuthServiceServer(server, auth) })
	if _, err := client.Login(t.Context(), "ada@example.org", "secret"); err != nil {
		t.Fatal(err)
	}
	return client
}

func getMe(ctx context.Context, client *Client) error {
	_, err := client.Auth.GetMe(ctx, &pb.GetMeRequest{})
	return err
}

func TestManyCallersShareOneRenewal(t *testing.T) {
	auth := &gate{held: make(chan struct{})}
	client := signIn(t, auth)
	auth.revoke(client)
	const callers = 50
	failures := make(chan error, callers)
	for range callers {
		go func() { failures <- getMe(t.Context(), client) }()
	}
	close(auth.held)
	for range callers {
		if err := <-failures; err != nil {
			t.Error(err)
		}
	}
	if session, _ := client.Session(); session.Renewals != 1 || session.AccessToken != "access-2" {
		t.Errorf("the session is %+v", session)
	}
}

func TestTokensAreRenewedBeforeTheyEnd(t *testing.T) {
	client := signIn(t, &gate{})
	signedIn := client.line.shown().(*session)
	signedIn.obtained = time.Now().Add(-9 * time.Hour) // of the ten that they live then
	if err := getMe(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	if session, _ := client.Session(); session.Renewals != 1 {
		t.Errorf("the session is %+v", session)
	}
}

func TestTokensAreDueAtFourFifthsOfTheirLife(t *testing.T) {
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for _, one := range []struct {
		life, age time.Duration
		due       bool
	}{
		{10 * time.Minute, 7 * time.Minute, false},
		{10 * time.Minute, 8 * time.Minute, true},
		{-time.Hour, 8 * time.Minute, false}, // one of the clocks is wrong
	} {
		tokens := &pb.Tokens{AccessExpiresAt: timestamppb.New(noon.Add(one.life))}
		signedIn := &session{tokens: tokens, obtained: noon}
		if due := signedIn.due(noon.Add(one.age)); due != one.due {
			t.Errorf("%v of %v: due is %v", one.age, one.life, due)
		}
	}
}

func TestACallerThatLeavesDoesNotEndTheRenewal(t *testing.T) {
	auth := &gate{held: make(chan struct{})}
	client := signIn(t, auth)
	auth.revoke(client)
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() { left <- getMe(ctx, client) }()
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("the caller was told %v", err)
	}
	close(auth.held)
	if err := getMe(t.Context(), client); err != nil {
		t.Error(err)
	}
}

func TestACredentialIsRenewedOnceForARequest(t *testing.T) {
	auth := &gate{}
	client := signIn(t, auth)
	auth.closed = true
	err := getMe(t.Context(), client)
	if refusal, ok := errors.AsType[*Error](err); !ok || refusal.Code != "UNAUTHENTICATED" {
		t.Errorf("the caller was told %v", err)
	}
	if session, _ := client.Session(); session.Renewals != 1 {
		t.Errorf("the session is %+v", session)
	}
}

package samplemind

import (
	"context"
	"time"

	pb "samplemind/samplemindv1"
)

// Login signs the client in by password. From then on its tokens are renewed
// before they end, and when the daemon refuses them.
func (c *Client) Login(ctx context.Context, email, password string) (*pb.User, error) {
	credential := &pb.PasswordCredential{Email: email, Password: password}
	return c.login(ctx, &pb.LoginRequest{Credential: &pb.LoginRequest_Password{Password: credential}})
}

// LoginWithCode signs the client in by a one-time code, such as the one that
// the daemon's first start prints.
func (c *Client) LoginWithCode(ctx context.Context, code string) (*pb.User, error) {
	return c.login(ctx, &pb.LoginRequest{Credential: &pb.LoginRequest_OneTimeCode{OneTimeCode: code}})
}

func (c *Client) login(ctx context.Context, request *pb.LoginRequest) (*pb.User, error) {
	answer, err := c.Auth.Login(ctx, request)
	if err != nil {
		return nil, err
	}
	c.line.show(&session{
		alive: c.alive, refresh: c.refresh,
		tokens: answer.GetTokens(), obtained: time.Now(),
	})
	return answer.GetUser(), nil
}

func (c *Client) refresh(ctx context.Context, token string) (*pb.Tokens, error) {
	answer, err := c.Auth.Refresh(ctx, &pb.RefreshRequest{RefreshToken: token})
	return answer.GetTokens(), err
}

// Logout ends the session. It is forgotten here even where the daemon cannot be told.
func (c *Client) Logout(ctx context.Context) error {
	defer c.line.show(fixed{})
	_, err := c.Auth.Logout(ctx, &pb.LogoutRequest{})
	return err
}

// Session says how the session stands; false where the client is not signed in
// by [Client.Login] or [Client.LoginWithCode].
func (c *Client) Session() (Session, bool) {
	signedIn, ok := c.line.shown().(*session)
	if !ok {
		return Session{}, false
	}
	return signedIn.state(), true
}

package samplemind

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	pb "samplemind/samplemindv1"
)

const lateShare = 0.8 // of an access token's life, after which it is renewed

// Session says how the session of a client stands.
type Session struct {
	AccessToken string
	AccessEnds  time.Time // when the daemon accepts the access token no more, by its clock
	Renewals    int       // how often the tokens were renewed
}

// session is a credential: tokens that are renewed in time, by one request at once.
type session struct {
	alive   context.Context // of the client: a renewal outlives the request that began it
	refresh func(ctx context.Context, token string) (*pb.Tokens, error)
	flights singleflight.Group

	mu       sync.Mutex // guards the rest
	tokens   *pb.Tokens
	obtained time.Time
	renewals int
}

func (s *session) header(ctx context.Context) (header, error) {
	if s.due(time.Now()) {
		if err := s.renewOnce(ctx, s.shown()); err != nil {
			return header{}, err
		}
	}
	return s.shown(), nil
}

func (s *session) renew(ctx context.Context, spent header) (bool, error) {
	return true, s.renewOnce(ctx, spent)
}

// renewOnce joins the renewal under way, or begins one unless these tokens were
// replaced already: a refresh token that is used twice ends its whole session.
func (s *session) renewOnce(ctx context.Context, spent header) error {
	landed := s.flights.DoChan("", func() (any, error) {
		if s.shown() != spent {
			return nil, nil
		}
		fresh, err := s.refresh(s.alive, s.current().GetRefreshToken())
		if err == nil {
			s.take(fresh)
		}
		return nil, err
	})
	select {
	case result := <-landed:
		return result.Err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// due tells whether the access token should be renewed before it is used.
//
// Never where it seems to have ended before it was obtained: then one of the
// clocks is wrong, and only the daemon's refusal tells.
func (s *session) due(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	life := s.tokens.GetAccessExpiresAt().AsTime().Sub(s.obtained)
	return life > 0 && now.Sub(s.obtained) >= time.Duration(lateShare*float64(life))
}

func (s *session) take(fresh *pb.Tokens) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens, s.obtained = fresh, time.Now()
	s.renewals++
}

func (s *session) current() *pb.Tokens {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens
}

func (s *session) shown() header { return header(bearer(s.current().GetAccessToken())) }

func (s *session) state() Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Session{s.tokens.GetAccessToken(), s.tokens.GetAccessExpiresAt().AsTime(), s.renewals}
}

package main

import (
	"context"
	"time"

	"samplemind"
	pb "samplemind/samplemindv1"
)

// refused shows what a wrong password is answered.
func (t *tour) refused(ctx context.Context) error {
	_, err := t.client.Login(ctx, t.email, t.password+"x")
	return sayRefusal("refused", err)
}

// login signs in, and asks who is calling.
func (t *tour) login(ctx context.Context) error {
	if _, err := t.client.Login(ctx, t.email, t.password); err != nil {
		return err
	}
	me, err := t.client.Auth.GetMe(ctx, &pb.GetMeRequest{})
	if err != nil {
		return err
	}
	return say(struct {
		Step  string `json:"step"`
		Email string `json:"email"`
		Scope string `json:"scope"`
	}{"login", me.GetUser().GetEmail(), me.GetScope().String()})
}

// wait sleeps until the access token has ended.
func (t *tour) wait(ctx context.Context) error {
	session, _ := t.client.Session()
	left := max(0, time.Until(session.AccessEnds))
	err := say(struct {
		Step    string  `json:"step"`
		Seconds float64 `json:"seconds"`
	}{"wait", left.Seconds()})
	if err != nil {
		return err
	}
	select {
	case <-time.After(left):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// renewed asks who is calling as if nothing had been.
func (t *tour) renewed(ctx context.Context) error {
	me, err := t.client.Auth.GetMe(ctx, &pb.GetMeRequest{})
	if err != nil {
		return err
	}
	session, _ := t.client.Session()
	t.token = session.AccessToken
	return say(struct {
		Step     string `json:"step"`
		Email    string `json:"email"`
		Renewals int    `json:"renewals"`
	}{"renewed", me.GetUser().GetEmail(), session.Renewals})
}

// logout ends the session.
func (t *tour) logout(ctx context.Context) error {
	if err := t.client.Logout(ctx); err != nil {
		return err
	}
	return say(struct {
		Step string `json:"step"`
	}{"logout"})
}

// ended shows that the last access token is good for nothing now.
func (t *tour) ended(ctx context.Context) error {
	late, err := samplemind.New(t.server, samplemind.WithAccessToken(t.token))
	if err != nil {
		return err
	}
	defer late.Close()
	_, err = late.Auth.GetMe(ctx, &pb.GetMeRequest{})
	return sayRefusal("ended", err)
}

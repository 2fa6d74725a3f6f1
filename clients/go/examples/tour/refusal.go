package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"samplemind"
	pb "samplemind/samplemindv1"
)

// missing asks for a sound that is not there.
func (t *tour) missing(ctx context.Context) error {
	request := &pb.AudioServiceGetRequest{AudioId: "00000000-0000-4000-8000-000000000000"}
	_, err := t.client.Audio.Get(ctx, request)
	return sayRefusal("missing", err)
}

// wrong asks for what cannot be asked for, and names the fields at fault.
func (t *tour) wrong(ctx context.Context) error {
	_, err := t.client.Audio.List(ctx, &pb.AudioServiceListRequest{PageSize: -1})
	refusal, err := asRefusal("wrong", err)
	if err != nil {
		return err
	}
	return say(struct {
		Step   string   `json:"step"`
		Code   string   `json:"code"`
		Reason string   `json:"reason"`
		Fields []string `json:"fields"`
	}{"wrong", refusal.Code, refusal.Reason, slices.Sorted(maps.Keys(refusal.Fields))})
}

func sayRefusal(step string, err error) error {
	refusal, err := asRefusal(step, err)
	if err != nil {
		return err
	}
	return say(struct {
		Step   string `json:"step"`
		Code   string `json:"code"`
		Reason string `json:"reason"`
	}{step, refusal.Code, refusal.Reason})
}

// asRefusal is the daemon's no, which a step expects; any other outcome is an error.
func asRefusal(step string, err error) (*samplemind.Error, error) {
	if err == nil {
		return nil, fmt.Errorf("%s: the daemon did not refuse", step)
	}
	refusal, ok := errors.AsType[*samplemind.Error](err)
	if !ok || refusal.Reason == samplemind.CannotReach {
		return nil, err
	}
	return refusal, nil
}

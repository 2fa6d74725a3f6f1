package main

import (
	"bytes"
	"context"

	pb "samplemind/samplemindv1"
)

// live plays the file's samples as fast as they are taken.
func (t *tour) live(ctx context.Context) error {
	wav, err := readWAV(t.path)
	if err != nil {
		return err
	}
	config := &pb.LiveConfig{
		Format:        pb.SampleFormat_SAMPLE_FORMAT_S16LE,
		SampleRateHz:  wav.rate,
		Channels:      wav.channels,
		UpdateSeconds: 0.1, // as often as can be: a file is heard much faster than it is played
	}
	estimates, gaps, finals := 0, 0, map[string]any{}
	for update, err := range t.client.Play(ctx, bytes.NewReader(wav.samples), config) {
		if err != nil {
			return err
		}
		switch heard := update.GetUpdate().(type) {
		case *pb.AnalyzeLiveResponse_Estimate:
			estimates++
		case *pb.AnalyzeLiveResponse_Gap:
			gaps++
		case *pb.AnalyzeLiveResponse_Final:
			if value := plain(heard.Final.GetValue()); value != nil {
				finals[heard.Final.GetName()] = value
			}
		}
	}
	return say(struct {
		Step      string         `json:"step"`
		Frames    int            `json:"frames"`
		Estimates int            `json:"estimates"`
		Gaps      int            `json:"gaps"`
		Finals    map[string]any `json:"finals"` // written by name
	}{"live", wav.frames(), estimates, gaps, finals})
}

package main

import (
	"context"
	"strings"
	"unicode"

	"samplemind"
	pb "samplemind/samplemindv1"
)

// search looks for the sound by a word of its name and its tempo.
func (t *tour) search(ctx context.Context) error {
	low, high := t.bpm-1, t.bpm+1
	request := &pb.QueryRequest{Query: &pb.Query{
		Text: firstWord(t.audio.GetName()),
		Bpm:  &pb.Range{Low: &low, High: &high},
	}}
	ids, total := []string{}, int64(0)
	for page, err := range samplemind.Pages(ctx, t.client.Library.Query, request) {
		if err != nil {
			return err
		}
		total = page.GetTotal()
		for _, found := range page.GetFound() {
			ids = append(ids, found.GetAudio().GetId())
		}
	}
	return say(struct {
		Step  string   `json:"step"`
		IDs   []string `json:"ids"`
		Total int64    `json:"total"`
	}{"search", ids, total})
}

// firstWord is the first run of letters and digits.
func firstWord(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

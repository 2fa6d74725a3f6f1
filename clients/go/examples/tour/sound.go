package main

import (
	"context"
	"slices"

	"samplemind"
	pb "samplemind/samplemindv1"
)

// upload sends the file.
func (t *tour) upload(ctx context.Context) error {
	sent, err := t.client.UploadFile(ctx, t.path)
	if err != nil {
		return err
	}
	t.audio = sent.Audio
	return say(struct {
		Step      string `json:"step"`
		ID        string `json:"id"`
		Name      string `json:"name"`
		SizeBytes int64  `json:"size_bytes"`
		SHA256    string `json:"sha256"`
		SentBytes int64  `json:"sent_bytes"`
	}{"upload", sent.Audio.GetId(), sent.Audio.GetName(), sent.Audio.GetSizeBytes(), sent.Audio.GetSha256(), sent.Bytes})
}

// again sends it once more: the daemon has the bytes.
func (t *tour) again(ctx context.Context) error {
	sent, err := t.client.UploadFile(ctx, t.path)
	if err != nil {
		return err
	}
	return say(struct {
		Step      string `json:"step"`
		ID        string `json:"id"`
		SentBytes int64  `json:"sent_bytes"`
	}{"again", sent.Audio.GetId(), sent.Bytes})
}

// analyze follows the analysis to its result.
func (t *tour) analyze(ctx context.Context) error {
	var kinds []string // in the order in which each first came
	var result *pb.Analysis
	for update, err := range t.client.Analyze(ctx, t.audio.GetId()) {
		if err != nil {
			return err
		}
		if kind := kindOf(update); kind != "" && !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
		result = update.GetResult()
	}
	tempo, key := find(result, "tempo.bpm"), find(result, "key.key")
	t.bpm = tempo.GetValue().GetNumber()
	return say(struct {
		Step       string   `json:"step"`
		Updates    []string `json:"updates"`
		State      string   `json:"state"`
		BPM        any      `json:"bpm"`
		Unit       string   `json:"unit"`
		Confidence *float64 `json:"confidence"`
		Key        any      `json:"key"`
	}{"analyze", kinds, result.GetAudio().GetState().String(),
		plain(tempo.GetValue()), tempo.GetUnit(), tempo.Confidence, plain(key.GetValue())})
}

func kindOf(update *pb.AnalyzeResponse) string {
	switch update.GetUpdate().(type) {
	case *pb.AnalyzeResponse_Queued:
		return "queued"
	case *pb.AnalyzeResponse_Decoding:
		return "decoding"
	case *pb.AnalyzeResponse_Finding:
		return "finding"
	case *pb.AnalyzeResponse_Result:
		return "result"
	}
	return "" // of a daemon that says more than this program knows
}

// find is the finding of this name; an empty one where there is none.
func find(analysis *pb.Analysis, name string) *pb.Descriptor {
	for _, one := range analysis.GetDescriptors() {
		if one.GetName() == name {
			return one
		}
	}
	return &pb.Descriptor{}
}

// plain is a number or a text; nil for lists, and where nothing is known.
func plain(value *pb.Value) any {
	switch kind := value.GetKind().(type) {
	case *pb.Value_Number:
		return kind.Number
	case *pb.Value_Integer:
		return kind.Integer
	case *pb.Value_Text:
		return kind.Text
	}
	return nil
}

// events follows what happened from the beginning on, until the sound is analysed.
func (t *tour) events(ctx context.Context) error {
	var kinds []string
	var cursor string
	for event, err := range t.client.Follow(ctx, "0") {
		if err != nil {
			return err
		}
		if event.GetAudioId() != t.audio.GetId() {
			continue
		}
		kinds, cursor = append(kinds, event.GetKind()), event.GetCursor()
		if event.GetKind() == "audio.completed" {
			break
		}
	}
	return say(struct {
		Step   string   `json:"step"`
		Kinds  []string `json:"kinds"`
		Cursor string   `json:"cursor"`
	}{"events", kinds, cursor})
}

// list goes through all sounds, a page of one each.
func (t *tour) list(ctx context.Context) error {
	ids, pages := []string{}, 0
	request := &pb.AudioServiceListRequest{PageSize: 1}
	for page, err := range samplemind.Pages(ctx, t.client.Audio.List, request) {
		if err != nil {
			return err
		}
		pages++
		for _, audio := range page.GetAudios() {
			ids = append(ids, audio.GetId())
		}
	}
	return say(struct {
		Step  string   `json:"step"`
		IDs   []string `json:"ids"`
		Pages int      `json:"pages"`
	}{"list", ids, pages})
}

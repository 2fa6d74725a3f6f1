package samplemind

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
	"testing/iotest"

	"google.golang.org/grpc"

	pb "samplemind/samplemindv1"
)

const monoBytes = 2 // of a frame of these tests

// stage is an AnalysisService that hears a live stream, and forgets the last
// piece that came before a break.
type stage struct {
	pb.UnimplementedAnalysisServiceServer
	breaks []int    // after so many pieces of sound a stream breaks, in turn
	tokens []string // that streams began with
	heard  []byte
}

type stageStream = grpc.BidiStreamingServer[pb.AnalyzeLiveRequest, pb.AnalyzeLiveResponse]

func (s *stage) AnalyzeLive(stream stageStream) error {
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	limit := -1
	if len(s.tokens) < len(s.breaks) {
		limit = s.breaks[len(s.tokens)]
	}
	s.tokens = append(s.tokens, first.GetConfig().GetResumeToken())
	started := &pb.LiveStarted{ResumeToken: "token", NextFrame: int64(len(s.heard) / monoBytes)}
	if err := s.say(stream, &pb.AnalyzeLiveResponse_Started{Started: started}); err != nil {
		return err
	}
	return s.hear(stream, limit)
}

func (s *stage) hear(stream stageStream, limit int) error {
	for count := 0; ; count++ {
		message, err := stream.Recv()
		if err != nil {
			return err
		}
		if count == limit {
			return errBroken
		}
		if message.GetFinish() != nil {
			return s.say(stream, &pb.AnalyzeLiveResponse_End{End: &pb.LiveEnd{}})
		}
		if message.GetAudio().GetFrame() != int64(len(s.heard)/monoBytes) {
			return errors.New("not the frame that is expected")
		}
		s.heard = append(s.heard, message.GetAudio().GetData()...)
		progress := &pb.LiveProgress{ReceivedFrames: int64(len(s.heard) / monoBytes)}
		if err := s.say(stream, &pb.AnalyzeLiveResponse_Progress{Progress: progress}); err != nil {
			return err
		}
	}
}

func (s *stage) say(stream stageStream, update any) error {
	message := &pb.AnalyzeLiveResponse{}
	switch update := update.(type) {
	case *pb.AnalyzeLiveResponse_Started:
		message.Update = update
	case *pb.AnalyzeLiveResponse_Progress:
		message.Update = update
	case *pb.AnalyzeLiveResponse_End:
		message.Update = update
	}
	return stream.Send(message)
}

func (s *stage) client(t *testing.T) *Client {
	t.Helper()
	return serve(t, func(server *grpc.Server) { pb.RegisterAnalysisServiceServer(server, s) })
}

func mono() *pb.LiveConfig {
	return &pb.LiveConfig{Format: pb.SampleFormat_SAMPLE_FORMAT_S16LE, SampleRateHz: 8000, Channels: 1}
}

func TestALiveStreamGoesOnFromTheFrameThatIsExpected(t *testing.T) {
	sound := noise(9*pieceFrames*monoBytes + 100)
	analysis := &stage{breaks: []int{3, 0, 2}}
	var last *pb.AnalyzeLiveResponse
	for update, err := range analysis.client(t).Play(t.Context(), bytes.NewReader(sound), mono()) {
		if err != nil {
			t.Fatal(err)
		}
		last = update
	}
	if last.GetEnd() == nil || !bytes.Equal(analysis.heard, sound) {
		t.Errorf("%d of %d bytes were heard, and last %v", len(analysis.heard), len(sound), last)
	}
	if !slices.Equal(analysis.tokens, []string{"", "token", "token", "token"}) {
		t.Errorf("the streams went on with %v", analysis.tokens)
	}
}

func TestFramesAreWholeHoweverTheyAreRead(t *testing.T) {
	sound := noise(101)
	analysis := &stage{}
	for _, err := range analysis.client(t).Play(t.Context(), iotest.OneByteReader(bytes.NewReader(sound)), mono()) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(analysis.heard, sound[:100]) {
		t.Errorf("%d bytes were heard", len(analysis.heard))
	}
}

func TestWhoeverPlaysIsToldWhatReadingSays(t *testing.T) {
	torn := errors.New("the microphone is gone")
	sound := io.MultiReader(bytes.NewReader(noise(100)), iotest.ErrReader(torn))
	var last error
	for _, err := range (&stage{}).client(t).Play(t.Context(), sound, mono()) {
		last = err
	}
	if !errors.Is(last, torn) {
		t.Errorf("the caller was told %v", last)
	}
}

func TestALiveStreamMayBeLeft(t *testing.T) {
	sound := noise(100 * pieceFrames * monoBytes)
	for range (&stage{}).client(t).Play(t.Context(), bytes.NewReader(sound), mono()) {
		break
	}
}

func TestSoundOfNoKnownFormatIsNotPlayed(t *testing.T) {
	for _, err := range (&stage{}).client(t).Play(t.Context(), bytes.NewReader(nil), &pb.LiveConfig{}) {
		if refusal, ok := errors.AsType[*Error](err); !ok || refusal.Reason != "INVALID_STREAM" {
			t.Errorf("the caller was told %v", err)
		}
	}
}

package samplemind

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	pb "samplemind/samplemindv1"
)

// sampleBytes is how wide a sample is.
var sampleBytes = map[pb.SampleFormat]int64{
	pb.SampleFormat_SAMPLE_FORMAT_F32LE: 4,
	pb.SampleFormat_SAMPLE_FORMAT_S16LE: 2,
	pb.SampleFormat_SAMPLE_FORMAT_S24LE: 3,
}

type liveStream = grpc.BidiStreamingClient[pb.AnalyzeLiveRequest, pb.AnalyzeLiveResponse]

// Play has sound heard while it is read, and yields what is heard: progress,
// estimates, beats, loudness and gaps as they come, then what is final, and
// last the end. The sound is interleaved samples as the config says.
//
// Up to 35 s of sound that the daemon has not are held, and after a break it
// goes on from the frame that the daemon names. An error is the last thing that
// is yielded. Leaving the loop ends the stream; a Read under way is not waited for.
func (c *Client) Play(
	ctx context.Context, sound io.Reader, config *pb.LiveConfig,
) iter.Seq2[*pb.AnalyzeLiveResponse, error] {
	return func(yield func(*pb.AnalyzeLiveResponse, error) bool) {
		width := sampleBytes[config.GetFormat()] * int64(config.GetChannels())
		if width <= 0 || config.GetSampleRateHz() <= 0 {
			yield(nil, unheard(config))
			return
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		p := &playing{client: c, config: proto.CloneOf(config), tries: c.line.tries()}
		p.tape = newTape(width, int64(config.GetSampleRateHz()))
		go p.tape.fill(ctx, sound)
		p.play(ctx, yield)
	}
}

func unheard(config *pb.LiveConfig) *Error {
	const sentence = "A stream of %d channels of %s at %d Hz cannot be cut into frames."
	return &Error{
		Code: "INVALID_ARGUMENT", Reason: "INVALID_STREAM",
		Message: fmt.Sprintf(sentence, config.GetChannels(), config.GetFormat(), config.GetSampleRateHz()),
	}
}

// playing is a live stream over all its breaks.
type playing struct {
	client *Client
	config *pb.LiveConfig // with the token to go on with
	tape   *tape
	tries  *tries
}

// play tries until the end.
func (p *playing) play(ctx context.Context, yield func(*pb.AnalyzeLiveResponse, error) bool) {
	for {
		err := p.attempt(ctx, yield)
		if err == nil || errors.Is(err, errLeft) {
			return
		}
		if err = p.client.line.recover(ctx, err, p.tries); err != nil {
			yield(nil, err)
			return
		}
	}
}

// attempt plays over one stream: nil where it came to its end.
func (p *playing) attempt(ctx context.Context, yield func(*pb.AnalyzeLiveResponse, error) bool) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(ctx, p.tape.wake)()
	stream, err := p.client.Analysis.AnalyzeLive(ctx)
	if err != nil {
		return err
	}
	starts, sent := make(chan int64, 1), make(chan struct{})
	go func() {
		defer close(sent)
		if err := p.send(ctx, stream, proto.CloneOf(p.config), starts); err != nil {
			cancel(err)
		}
	}()
	defer func() { <-sent }()
	defer cancel(nil)
	err = p.receive(stream, starts, yield)
	if cause := context.Cause(ctx); cause != nil && err != nil && !errors.Is(err, errLeft) {
		return cause // such as what reading the sound says
	}
	return err
}

// send sends the config, then what is played from the frame on that is expected.
// Where the stream breaks it returns nil: whoever receives learns why.
func (p *playing) send(ctx context.Context, stream liveStream, config *pb.LiveConfig, starts <-chan int64) error {
	opening := &pb.AnalyzeLiveRequest{Message: &pb.AnalyzeLiveRequest_Config{Config: config}}
	if stream.Send(opening) != nil {
		return nil
	}
	var frame int64
	select {
	case frame = <-starts:
	case <-ctx.Done():
		return nil
	}
	for {
		next, err := p.tape.next(ctx, frame)
		if errors.Is(err, io.EOF) {
			return finish(stream)
		}
		if err != nil {
			return err
		}
		audio := &pb.LiveAudio{Frame: next.first, Data: next.data}
		if stream.Send(&pb.AnalyzeLiveRequest{Message: &pb.AnalyzeLiveRequest_Audio{Audio: audio}}) != nil {
			return nil
		}
		frame = p.tape.after(next)
	}
}

func finish(stream liveStream) error {
	last := &pb.AnalyzeLiveRequest{Message: &pb.AnalyzeLiveRequest_Finish{Finish: &pb.LiveFinish{}}}
	if stream.Send(last) == nil {
		return stream.CloseSend()
	}
	return nil
}

// receive yields what is heard: nil after the end.
func (p *playing) receive(
	stream liveStream, starts chan<- int64, yield func(*pb.AnalyzeLiveResponse, error) bool,
) error {
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return errEnded
		}
		if err != nil {
			return err
		}
		if started := message.GetStarted(); started != nil {
			p.begin(started, starts)
			continue
		}
		if now := message.GetProgress(); now != nil {
			p.tape.forget(now.GetReceivedFrames())
		}
		p.tries.restore()
		if !yield(message, nil) {
			return errLeft
		}
		if message.GetEnd() != nil {
			return nil
		}
	}
}

// begin learns where to begin, and by what name to go on.
func (p *playing) begin(started *pb.LiveStarted, starts chan<- int64) {
	p.config.ResumeToken = started.GetResumeToken()
	p.tape.forget(started.GetNextFrame())
	select {
	case starts <- started.GetNextFrame():
	default: // it was said before
	}
}

package samplemind

import (
	"context"
	"iter"

	"github.com/google/uuid"
	"google.golang.org/grpc"

	pb "samplemind/samplemindv1"
)

// Analyze has a sound analysed now and yields what happens to it until it is
// done: Queued, Decoding and each Descriptor as they come, and last the Result.
//
// After a break it is asked again, and what was yielded already is passed over.
// An error is the last thing that is yielded. Leaving the loop does not end the job.
func (c *Client) Analyze(ctx context.Context, audioID string) iter.Seq2[*pb.AnalyzeResponse, error] {
	return func(yield func(*pb.AnalyzeResponse, error) bool) {
		request := &pb.AnalyzeRequest{AudioId: audioID, RequestId: uuid.NewString()}
		open := func(ctx context.Context) (grpc.ServerStreamingClient[pb.AnalyzeResponse], error) {
			return c.Analysis.Analyze(ctx, request)
		}
		heard := &heard{tries: c.line.tries(), found: map[finding]bool{}}
		for update, err := range follow(ctx, c.line, heard.tries, open) {
			if err == nil && !heard.heed(update) {
				continue
			}
			if !yield(update, err) || update.GetResult() != nil {
				return
			}
		}
	}
}

// finding names what was found, and by which recipe.
type finding struct{ name, fingerprint string }

// heard is what was said of a sound so far.
type heard struct {
	tries    *tries
	found    map[finding]bool
	furthest float64 // share that was decoded
}

// heed takes in an update, and tells whether it is to be said.
func (h *heard) heed(update *pb.AnalyzeResponse) bool {
	if one := update.GetFinding(); one != nil {
		name := finding{one.GetName(), one.GetFingerprint()}
		if h.found[name] {
			return false
		}
		h.found[name] = true
		h.tries.restore()
	}
	if now := update.GetDecoding().GetFraction(); now > h.furthest {
		h.furthest = now
		h.tries.restore()
	}
	return true
}

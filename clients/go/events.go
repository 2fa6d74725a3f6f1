package samplemind

import (
	"context"
	"iter"

	"google.golang.org/grpc"

	pb "samplemind/samplemindv1"
)

// Follow yields the events after a cursor, then those that happen, each once,
// however often the stream breaks. It ends with ctx, or with an error.
//
// The cursor "" means from now on, "0" all that is kept. Kinds are such as
// "audio.completed" or "audio."; all, if there are none.
func (c *Client) Follow(ctx context.Context, cursor string, kinds ...string) iter.Seq2[*pb.Event, error] {
	return func(yield func(*pb.Event, error) bool) {
		tries, reached := c.line.tries(), cursor
		open := func(ctx context.Context) (grpc.ServerStreamingClient[pb.SubscribeResponse], error) {
			return c.Events.Subscribe(ctx, &pb.SubscribeRequest{Cursor: reached, Kinds: kinds})
		}
		for message, err := range follow(ctx, c.line, tries, open) {
			if err != nil {
				yield(nil, err)
				return
			}
			tries.restore()
			reached = message.GetCursor()
			if event := message.GetEvent(); event != nil && !yield(event, nil) {
				return
			}
		}
	}
}

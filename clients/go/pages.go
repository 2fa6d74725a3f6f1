package samplemind

import (
	"context"
	"iter"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// A Page is the answer to a list or a search.
type Page interface {
	// GetNextPageToken names the next page; "" after the last.
	GetNextPageToken() string
}

// Pages yields the answers of a call that lists, page by page, from the page
// that the request names; each is fetched when it is asked for.
//
//	for page, err := range samplemind.Pages(ctx, client.Audio.List, &samplemindv1.AudioServiceListRequest{}) {
//
// An error is the last thing that is yielded.
func Pages[Q proto.Message, P Page](
	ctx context.Context, list func(context.Context, Q, ...grpc.CallOption) (P, error), request Q,
) iter.Seq2[P, error] {
	return func(yield func(P, error) bool) {
		asked := proto.CloneOf(request).ProtoReflect()
		token := asked.Descriptor().Fields().ByName("page_token")
		for {
			page, err := list(ctx, asked.Interface().(Q))
			if !yield(page, err) || err != nil || page.GetNextPageToken() == "" {
				return
			}
			asked.Set(token, protoreflect.ValueOfString(page.GetNextPageToken()))
		}
	}
}

package samplemind

import (
	"context"
	"slices"
	"testing"

	"google.golang.org/grpc"

	pb "samplemind/samplemindv1"
)

// news is an EventService whose streams break after each event.
type news struct {
	pb.UnimplementedEventServiceServer
	cursors []string // that were asked for
}

func (n *news) Subscribe(
	request *pb.SubscribeRequest, stream grpc.ServerStreamingServer[pb.SubscribeResponse],
) error {
	n.cursors = append(n.cursors, request.GetCursor())
	at := string(rune('a' + len(n.cursors)))
	if err := stream.Send(&pb.SubscribeResponse{Cursor: at, Event: &pb.Event{Cursor: at}}); err != nil {
		return err
	}
	if err := stream.Send(&pb.SubscribeResponse{Cursor: at + " heartbeat"}); err != nil {
		return err
	}
	if len(n.cursors)%2 == 0 {
		return nil // a stream that should go on has broken, too, where it ends
	}
	return errBroken
}

func TestEventsGoOnAfterTheLastCursor(t *testing.T) {
	events := &news{}
	client := serve(t, func(server *grpc.Server) { pb.RegisterEventServiceServer(server, events) })
	var seen []string
	for event, err := range client.Follow(t.Context(), "0") {
		if err != nil {
			t.Fatal(err)
		}
		if seen = append(seen, event.GetCursor()); len(seen) == 8 {
			break
		}
	}
	if !slices.Equal(seen, []string{"b", "c", "d", "e", "f", "g", "h", "i"}) {
		t.Errorf("the events were %v", seen)
	}
	if !slices.Equal(events.cursors[:3], []string{"0", "b heartbeat", "c heartbeat"}) {
		t.Errorf("the cursors were %v", events.cursors)
	}
}

// ear is an AnalysisService that says the same findings on each stream, one more each time.
type ear struct {
	pb.UnimplementedAnalysisServiceServer
	ids []string
}

func (e *ear) Analyze(request *pb.AnalyzeRequest, stream grpc.ServerStreamingServer[pb.AnalyzeResponse]) error {
	e.ids = append(e.ids, request.GetRequestId())
	for i := range e.ids {
		found := &pb.Descriptor{Name: string(rune('a' + i))}
		if err := stream.Send(&pb.AnalyzeResponse{Update: &pb.AnalyzeResponse_Finding{Finding: found}}); err != nil {
			return err
		}
	}
	if len(e.ids) < 4 {
		return errBroken
	}
	return stream.Send(&pb.AnalyzeResponse{Update: &pb.AnalyzeResponse_Result{Result: &pb.Analysis{}}})
}

func TestAnAnalysisSaysEachFindingOnce(t *testing.T) {
	analysis := &ear{}
	client := serve(t, func(server *grpc.Server) { pb.RegisterAnalysisServiceServer(server, analysis) })
	var names []string
	isDone := false
	for update, err := range client.Analyze(t.Context(), "one") {
		if err != nil {
			t.Fatal(err)
		}
		if one := update.GetFinding(); one != nil {
			names = append(names, one.GetName())
		}
		isDone = update.GetResult() != nil
	}
	if !isDone || !slices.Equal(names, []string{"a", "b", "c", "d"}) || len(slices.Compact(analysis.ids)) != 1 {
		t.Errorf("it said %v of the requests %v", names, analysis.ids)
	}
}

func TestAPageIsFetchedWhenItIsAskedFor(t *testing.T) {
	var tokens []string
	list := func(
		_ context.Context, request *pb.AudioServiceListRequest, _ ...grpc.CallOption,
	) (*pb.AudioServiceListResponse, error) {
		tokens = append(tokens, request.GetPageToken())
		return &pb.AudioServiceListResponse{NextPageToken: request.GetPageToken() + "x"}, nil
	}
	request := &pb.AudioServiceListRequest{PageSize: 1}
	for page, err := range Pages(t.Context(), list, request) {
		if err != nil || page.GetNextPageToken() == "xxx" {
			break
		}
	}
	if !slices.Equal(tokens, []string{"", "x", "xx"}) || request.GetPageToken() != "" {
		t.Errorf("the tokens were %q, and the request says %q", tokens, request.GetPageToken())
	}
}

package samplemind.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import samplemind.v1.Event;
import samplemind.v1.EventServiceGrpc;
import samplemind.v1.SubscribeRequest;
import samplemind.v1.SubscribeResponse;

class FollowingTest {
    @Test
    void eventsGoOnAfterTheLastCursorHoweverTheStreamEnds() throws Exception {
        var asked = new ArrayList<String>();
        var service = new EventServiceGrpc.EventServiceImplBase() {
            @Override
            public void subscribe(SubscribeRequest request, StreamObserver<SubscribeResponse> answer) {
                asked.add(request.getCursor());
                answer.onNext(event(request.getCursor() + "+"));
                answer.onNext(SubscribeResponse.newBuilder().setCursor(request.getCursor() + "++").build());
                if (asked.size() % 2 == 0) {
                    answer.onCompleted();
                } else {
                    answer.onError(Status.UNAVAILABLE.asRuntimeException());
                }
            }
        };
        var seen = new ArrayList<String>();
        try (var daemon = new FakeDaemon(service);
                var events = new Messages<>(new Following(daemon.line(), "0", List.of()))) {
            for (var event : events) {
                seen.add(event.getCursor());
                if (seen.size() == 3) {
                    break;
                }
            }
        }
        assertEquals(List.of("0+", "0+++", "0+++++"), seen);
        assertEquals(List.of("0", "0++", "0++++"), asked.subList(0, 3));
    }

    private static SubscribeResponse event(String cursor) {
        var event = Event.newBuilder().setCursor(cursor).setKind("audio.added");
        return SubscribeResponse.newBuilder().setCursor(cursor).setEvent(event).build();
    }
}

package samplemind.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import samplemind.v1.Event;
import samplemind.v1.EventServiceGrpc;
import samplemind.v1.SubscribeRequest;
import samplemind.v1.SubscribeResponse;

class FollowingTest {
    private final List<String> asked = new ArrayList<>(); // cursors

    @Test
    void eventsGoOnAfterTheLastCursorHoweverTheStreamEnds() throws Exception {
        assertEquals(List.of("0+", "0+++", "0+++++"), follow(Credential.NOBODY, Status.UNAVAILABLE, Status.OK));
        assertEquals(List.of("0", "0++", "0++++"), asked.subList(0, 3));
    }

    @Test
    void aStreamOutlivesSeveralTokens() throws Exception {
        var renewals = new AtomicInteger();
        var session = new Session(new Tokens("a", "r", Instant.EPOCH, Instant.EPOCH), spent -> {
            int number = renewals.incrementAndGet();
            return new Tokens("a" + number, "r", Instant.EPOCH, Instant.EPOCH);
        });
        assertEquals(3, follow(session, Status.UNAUTHENTICATED, Status.UNAUTHENTICATED).size());
        assertTrue(renewals.get() >= 2);
    }

    /** The cursors of the first three events, where each stream ends in one of these ways after an event. */
    private List<String> follow(Credential credential, Status... ends) throws IOException {
        var service = new EventServiceGrpc.EventServiceImplBase() {
            @Override
            public void subscribe(SubscribeRequest request, StreamObserver<SubscribeResponse> answer) {
                answer.onNext(event(request.getCursor() + "+"));
                answer.onNext(SubscribeResponse.newBuilder().setCursor(request.getCursor() + "++").build());
                Status end = ends[asked.size() % ends.length];
                asked.add(request.getCursor());
                if (end.isOk()) {
                    answer.onCompleted();
                } else {
                    answer.onError(end.asRuntimeException());
                }
            }
        };
        try (var daemon = new FakeDaemon(service)) {
            daemon.line().show(credential);
            try (var events = new Messages<>(new Following(daemon.line(), "0", List.of()))) {
                return events.stream().limit(3).map(Event::getCursor).toList();
            }
        }
    }

    private static SubscribeResponse event(String cursor) {
        var event = Event.newBuilder().setCursor(cursor).setKind("audio.added");
        return SubscribeResponse.newBuilder().setCursor(cursor).setEvent(event).build();
    }
}

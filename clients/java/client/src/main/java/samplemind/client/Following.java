package samplemind.client;

import java.util.List;
import samplemind.v1.Event;
import samplemind.v1.EventServiceGrpc;
import samplemind.v1.SubscribeRequest;
import samplemind.v1.SubscribeResponse;

/** What happens at the daemon after a cursor, each event once, however often the stream breaks. */
final class Following implements Source<Event> {
    private final Answers<SubscribeRequest, SubscribeResponse> answers;
    private String cursor;

    Following(Line line, String from, List<String> kinds) {
        cursor = from;
        answers = new Answers<>(
                line,
                EventServiceGrpc.getSubscribeMethod(),
                () -> SubscribeRequest.newBuilder().setCursor(cursor).addAllKinds(kinds).build(),
                true);
    }

    @Override
    public Event next() {
        SubscribeResponse message;
        while ((message = answers.next()) != null) {
            answers.refill();
            cursor = message.getCursor(); // heartbeats move it too
            if (message.hasEvent()) {
                return message.getEvent();
            }
        }
        return null;
    }

    @Override
    public void close() {
        answers.close();
    }
}

package samplemind.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static samplemind.client.FakeDaemon.refusal;

import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Test;
import samplemind.v1.AudioServiceDeleteRequest;
import samplemind.v1.AudioServiceDeleteResponse;
import samplemind.v1.AudioServiceGrpc;

class LineTest {
    private final List<String> asked = new ArrayList<>(); // request ids
    private final Queue<RuntimeException> troubles = new ArrayDeque<>();

    @Test
    void aCallThatBreaksIsSentAgainWithTheSameRequestId() throws Exception {
        troubles.add(Status.UNAVAILABLE.asRuntimeException());
        troubles.add(Status.CANCELLED.asRuntimeException());
        delete();
        assertEquals(3, asked.size());
        assertEquals(1, Set.copyOf(asked).size());
    }

    @Test
    void aDaemonThatCannotBeReachedIsTriedSixTimes() {
        for (int n = 0; n < 9; n++) {
            troubles.add(Status.UNAVAILABLE.asRuntimeException());
        }
        var error = assertThrows(CannotReachException.class, this::delete);
        assertEquals("CANNOT_REACH", error.reason());
        assertTrue(error.getMessage().contains("tried 6 times"), error.getMessage());
        assertEquals(6, asked.size());
    }

    @Test
    void aRefusalSaysAllThatTheDaemonSaid() {
        var field = BadRequest.FieldViolation.newBuilder().setField("page_size").setDescription("too small");
        troubles.add(refusal(
                Code.INVALID_ARGUMENT,
                "INVALID_PAGE_SIZE",
                BadRequest.newBuilder().addFieldViolations(field).build(),
                retryIn(90)));
        var error = assertThrows(SampleMindException.class, this::delete);
        assertEquals("INVALID_ARGUMENT", error.code());
        assertEquals("INVALID_PAGE_SIZE", error.reason());
        assertEquals("No: INVALID_PAGE_SIZE", error.getMessage());
        assertEquals(Map.of("page_size", "too small"), error.fields());
        assertEquals(90, error.retrySeconds());
        assertEquals(Map.of("limit", "60"), error.facts());
        assertEquals(1, asked.size());
    }

    @Test
    void aShortLimitIsWaitedForAndALongOneIsTold() throws Exception {
        troubles.add(refusal(Code.RESOURCE_EXHAUSTED, "RATE_LIMITED", retryIn(0.01)));
        delete();
        assertEquals(2, asked.size());
        troubles.add(refusal(Code.RESOURCE_EXHAUSTED, "RATE_LIMITED", retryIn(60)));
        assertEquals("RATE_LIMITED", assertThrows(SampleMindException.class, this::delete).reason());
    }

    @Test
    void aRefusedCredentialIsRenewedOnce() {
        var renewals = new ArrayList<Proof>();
        troubles.add(refusal(Code.UNAUTHENTICATED, "TOKEN_EXPIRED"));
        troubles.add(refusal(Code.UNAUTHENTICATED, "SESSION_ENDED"));
        var error = assertThrows(SampleMindException.class, () -> delete(new Credential() {
            @Override
            public Proof proof() {
                return Proof.ofToken("token");
            }

            @Override
            public boolean renew(Proof spent) {
                return renewals.add(spent);
            }
        }));
        assertEquals("SESSION_ENDED", error.reason());
        assertEquals(List.of(Proof.ofToken("token")), renewals);
    }

    @Test
    void anInterruptedThreadDoesNotTryAgain() {
        troubles.add(Status.UNAVAILABLE.asRuntimeException());
        Thread.currentThread().interrupt();
        var error = assertThrows(SampleMindException.class, this::delete);
        assertTrue(Thread.interrupted());
        assertEquals("INTERRUPTED", error.reason());
    }

    private void delete() throws Exception {
        delete(Credential.NOBODY);
    }

    private void delete(Credential credential) throws Exception {
        try (var daemon = new FakeDaemon(new Deleting())) {
            daemon.line().show(credential);
            new Sounds(daemon.line()).delete("a");
        }
    }

    private static RetryInfo retryIn(double seconds) {
        var delay = Duration.newBuilder().setSeconds((long) seconds).setNanos((int) (seconds % 1 * 1e9));
        return RetryInfo.newBuilder().setRetryDelay(delay).build();
    }

    private final class Deleting extends AudioServiceGrpc.AudioServiceImplBase {
        @Override
        public void delete(AudioServiceDeleteRequest request, StreamObserver<AudioServiceDeleteResponse> answer) {
            asked.add(request.getRequestId());
            RuntimeException trouble = troubles.poll();
            if (trouble != null) {
                answer.onError(trouble);
                return;
            }
            answer.onNext(AudioServiceDeleteResponse.getDefaultInstance());
            answer.onCompleted();
        }
    }
}

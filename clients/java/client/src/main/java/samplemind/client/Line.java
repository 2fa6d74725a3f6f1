package samplemind.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One connection to a daemon: calls are signed, tried again after breaks, and refused with SampleMindException. */
final class Line implements AutoCloseable {
    /** That a call may take. */
    static final Duration DEADLINE = Duration.ofSeconds(30);

    private static final double SHORT_WAIT = 5; // seconds that a limited call is held back; more is the caller's
    private static final Set<String> BROKEN = Set.of("UNAVAILABLE", "CANCELLED");

    private final ManagedChannel channel;
    private final String server;
    private final List<Duration> delays;
    private volatile Credential credential = Credential.NOBODY;

    /** {@code server} is what people call it, {@code delays} those before each new try. */
    Line(ManagedChannel channel, String server, List<Duration> delays) {
        this.channel = channel;
        this.server = server;
        this.delays = delays;
    }

    Credential credential() {
        return credential;
    }

    void show(Credential shown) {
        credential = shown;
    }

    /** The answer to a request, which is sent again unchanged after a break. */
    <Q, A> A call(MethodDescriptor<Q, A> method, Q request) {
        return call(method, request, DEADLINE);
    }

    /** The same, of a call that may take so long. */
    <Q, A> A call(MethodDescriptor<Q, A> method, Q request, Duration deadline) {
        return call(method, request, deadline, true);
    }

    /** The same, of a call that shows no credential. */
    <Q, A> A callUnsigned(MethodDescriptor<Q, A> method, Q request) {
        return call(method, request, DEADLINE, false);
    }

    private <Q, A> A call(MethodDescriptor<Q, A> method, Q request, Duration deadline, boolean signed) {
        Tries tries = tries();
        while (true) {
            tries.proof = signed ? credential.proof() : Proof.NONE;
            try {
                var options = CallOptions.DEFAULT.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
                return ClientCalls.blockingUnaryCall(tries.proof.on(channel), method, options, request);
            } catch (StatusRuntimeException error) {
                recover(Refusal.read(error), tries);
            }
        }
    }

    /** A call whose messages its caller sends and reads. Tried once: only its caller knows where to go on. */
    <Q, A> ClientCall<Q, A> open(MethodDescriptor<Q, A> method, CallOptions options, Tries tries) {
        tries.proof = credential.proof();
        return tries.proof.on(channel).newCall(method, options);
    }

    /** Returns when it can be tried again; throws the refusal where that will not help. */
    void recover(SampleMindException refusal, Tries tries) {
        if (Thread.currentThread().isInterrupted()) {
            throw SampleMindException.interrupted(refusal);
        }
        if (endedHere()) {
            throw refusal;
        }
        if (refusal.code().equals("UNAUTHENTICATED") && renewed(tries)) {
            return;
        }
        if (BROKEN.contains(refusal.code())) {
            if (!tries.pause()) {
                throw givingUp(refusal, tries);
            }
            reconnect();
            return;
        }
        double wait = refusal.retrySeconds();
        boolean limited = refusal.code().equals("RESOURCE_EXHAUSTED") && wait > 0 && wait <= SHORT_WAIT;
        if (!limited || !tries.pause(wait)) {
            throw refusal;
        }
    }

    /** Fresh tries for one request. */
    Tries tries() {
        return new Tries(delays);
    }

    /** Hangs up: what is still on its way ends. */
    @Override
    public void close() {
        channel.shutdownNow();
    }

    private boolean renewed(Tries tries) {
        if (tries.renewed || tries.proof.equals(Proof.NONE)) {
            return false;
        }
        tries.renewed = true;
        return credential.renew(tries.proof);
    }

    /** Whether the caller wants no more, rather than that the way broke. */
    private boolean endedHere() {
        return channel.isShutdown() || Context.current().isCancelled();
    }

    /** Makes the next try a real one: gRPC's own waiting would answer some from memory. */
    private void reconnect() {
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.enterIdle();
        }
    }

    private CannotReachException givingUp(SampleMindException refusal, Tries tries) {
        String times = tries.used() > 0 ? "tried " + (tries.used() + 1) + " times" : "tried once";
        String question = "The daemon at " + server + " cannot be reached (" + times + "): is it running? ";
        return new CannotReachException(question + refusal.getMessage(), refusal);
    }
}

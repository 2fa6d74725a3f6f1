package samplemind.client;

import io.grpc.ClientCall;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;

/**
 * A stream, tried once, for threads that wait: one that reads, and one that writes. No more than one answer is held,
 * and no more is written than gRPC takes.
 */
final class Talk<Q, A> implements AutoCloseable {
    private ClientCallStreamObserver<Q> call;
    private A answer; // that came and was not read; null where there is none
    private boolean over; // whether no more will come
    private boolean closed;
    private StatusRuntimeException wrong; // why it is over; null where all was said

    private Talk() {}

    /** Asks what is answered by a stream. */
    static <Q, A> Talk<Q, A> ask(ClientCall<Q, A> call, Q request) {
        var talk = new Talk<Q, A>();
        ClientCalls.asyncServerStreamingCall(call, request, talk.new Ear());
        return talk;
    }

    /** Begins to send a stream that is answered by one message. */
    static <Q, A> Talk<Q, A> send(ClientCall<Q, A> call) {
        var talk = new Talk<Q, A>();
        ClientCalls.asyncClientStreamingCall(call, talk.new Ear());
        return talk;
    }

    /** Begins to send a stream that is answered by one. */
    static <Q, A> Talk<Q, A> converse(ClientCall<Q, A> call) {
        var talk = new Talk<Q, A>();
        ClientCalls.asyncBidiStreamingCall(call, talk.new Ear());
        return talk;
    }

    /** The next answer, or null after the last; StatusRuntimeException where it went wrong. */
    A read() throws InterruptedException {
        A next;
        synchronized (this) {
            while (answer == null && !over) {
                wait();
            }
            if (answer == null && wrong != null) {
                throw wrong;
            }
            next = answer;
            answer = null;
        }
        if (next != null) {
            call.request(1);
        }
        return next;
    }

    /** Sends a message once there is room for it; false where the other side listens no more: read() tells why. */
    synchronized boolean write(Q request) throws InterruptedException {
        while (!over && !closed && !call.isReady()) {
            wait();
        }
        if (over || closed) {
            return false;
        }
        call.onNext(request);
        return true;
    }

    /** Says that there is no more to send. */
    synchronized void finish() {
        if (!over && !closed) {
            call.onCompleted();
        }
    }

    /** Ends it, whatever is still on its way. */
    @Override
    public synchronized void close() {
        if (!over && !closed) {
            closed = true;
            call.cancel("not wanted any more", null);
            notifyAll();
        }
    }

    private final class Ear implements ClientResponseObserver<Q, A> {
        @Override
        public void beforeStart(ClientCallStreamObserver<Q> started) {
            synchronized (Talk.this) {
                call = started;
            }
            started.disableAutoRequestWithInitial(1);
            started.setOnReadyHandler(this::wake);
        }

        @Override
        public void onNext(A next) {
            synchronized (Talk.this) {
                answer = next;
                Talk.this.notifyAll();
            }
        }

        @Override
        public void onError(Throwable error) {
            synchronized (Talk.this) {
                wrong = (StatusRuntimeException) error; // as ClientCalls promises
            }
            onCompleted();
        }

        @Override
        public void onCompleted() {
            synchronized (Talk.this) {
                over = true;
                Talk.this.notifyAll();
            }
        }

        private void wake() {
            synchronized (Talk.this) {
                Talk.this.notifyAll();
            }
        }
    }
}

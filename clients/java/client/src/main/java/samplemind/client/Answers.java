package samplemind.client;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.util.function.Supplier;

/**
 * The messages that answer a request; after a break they go on with what {@code request} makes then. Whoever reads
 * them refills the tries where it sees progress. An endless stream that ends has broken, too.
 */
final class Answers<Q, A> implements Source<A> {
    private final Line line;
    private final MethodDescriptor<Q, A> method;
    private final Supplier<Q> request;
    private final boolean endless;
    private final Tries tries;
    private volatile Talk<Q, A> talk; // null where it is to be asked
    private volatile boolean closed;

    Answers(Line line, MethodDescriptor<Q, A> method, Supplier<Q> request, boolean endless) {
        this.line = line;
        this.method = method;
        this.request = request;
        this.endless = endless;
        this.tries = line.tries();
    }

    /** There was progress. */
    void refill() {
        tries.refill();
    }

    @Override
    public A next() {
        while (!closed) {
            try {
                A answer = talk().read();
                if (answer != null || !endless) {
                    return answer;
                }
                talk = null;
                line.recover(new SampleMindException("UNAVAILABLE", "UNAVAILABLE", "The stream ended.", null), tries);
            } catch (StatusRuntimeException error) {
                talk = null;
                recover(error);
            } catch (InterruptedException error) {
                close();
                throw SampleMindException.interrupted(error);
            }
        }
        return null;
    }

    @Override
    public void close() {
        closed = true;
        Talk<Q, A> open = talk;
        if (open != null) {
            open.close();
        }
    }

    private Talk<Q, A> talk() {
        Talk<Q, A> open = talk;
        if (open == null) {
            open = Talk.ask(line.open(method, CallOptions.DEFAULT, tries), request.get());
            talk = open;
            if (closed) { // while it was opened
                open.close();
            }
        }
        return open;
    }

    private void recover(StatusRuntimeException error) {
        if (!closed) {
            line.recover(Refusal.read(error), tries);
        }
    }
}

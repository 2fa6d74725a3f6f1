package samplemind.client;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Messages of a stream, to be read once and by one thread, each when it is asked for. Reading them throws
 * SampleMindException where the stream ends for good before its last one. Close it where not all are read.
 */
public final class Messages<A> implements Iterable<A>, AutoCloseable {
    private final Source<A> source;
    private final Iterator<A> each = new Each();
    private boolean begun;
    private volatile boolean closed;

    Messages(Source<A> source) {
        this.source = source;
    }

    /** The messages; IllegalStateException when called again. */
    @Override
    public Iterator<A> iterator() {
        if (begun) {
            throw new IllegalStateException("these messages are being read already");
        }
        begun = true;
        return each;
    }

    /** The messages as a sequential stream; IllegalStateException when called again. */
    public Stream<A> stream() {
        return StreamSupport.stream(spliterator(), false).onClose(this::close);
    }

    /** Ends the stream; a thread that waits for a message sees the end. */
    @Override
    public void close() {
        closed = true;
        source.close();
    }

    private final class Each implements Iterator<A> {
        private A next;
        private boolean over;

        @Override
        public boolean hasNext() {
            if (next == null && !over) {
                over = true; // also where reading fails
                next = read();
                over = next == null;
            }
            return next != null;
        }

        @Override
        public A next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            A given = next;
            next = null;
            return given;
        }

        private A read() {
            try {
                return closed ? null : source.next();
            } catch (RuntimeException error) {
                if (closed) {
                    return null;
                }
                close();
                throw error;
            }
        }
    }
}

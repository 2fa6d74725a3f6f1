package samplemind.client;

/** Where messages come from, one after the other. */
interface Source<A> extends AutoCloseable {
    /** The next message, waited for; null after the last. */
    A next();

    /** Ends it, also while another thread waits for the next. */
    @Override
    void close();
}

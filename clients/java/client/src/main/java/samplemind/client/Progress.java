package samplemind.client;

/** Hears how far a file is. */
@FunctionalInterface
public interface Progress {
    /** So many bytes were sent, of so many in all; on the thread that uploads. */
    void sent(long done, long total);
}

package samplemind.client;

/** The daemon does not answer, after all tries: it is not running, or the way to it is broken. */
public final class CannotReachException extends SampleMindException {
    private static final long serialVersionUID = 1L;

    CannotReachException(String message, Throwable cause) {
        super("UNAVAILABLE", "CANNOT_REACH", message, cause);
    }
}

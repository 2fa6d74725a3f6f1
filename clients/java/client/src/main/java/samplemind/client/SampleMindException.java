package samplemind.client;

import java.util.Map;

/** The daemon refused, or could not be asked. The message is a sentence for people. */
public class SampleMindException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String reason;
    @SuppressWarnings("serial") // what Map.copyOf makes can be
    private final Map<String, String> fields;

    @SuppressWarnings("serial")
    private final Map<String, String> facts;

    private final double retrySeconds;

    SampleMindException(String code, String reason, String message, Throwable cause) {
        this(code, reason, message, Map.of(), 0, Map.of(), cause);
    }

    SampleMindException(
            String code,
            String reason,
            String message,
            Map<String, String> fields,
            double retrySeconds,
            Map<String, String> facts,
            Throwable cause) {
        super(message, cause);
        this.code = code;
        this.reason = reason;
        this.fields = Map.copyOf(fields);
        this.facts = Map.copyOf(facts);
        this.retrySeconds = retrySeconds;
    }

    /** What became of the caller's thread: it was interrupted, and still is. */
    static SampleMindException interrupted(Exception cause) {
        Thread.currentThread().interrupt();
        return new SampleMindException("CANCELLED", "INTERRUPTED", "The thread was interrupted.", cause);
    }

    /** The gRPC status by name, such as "NOT_FOUND". */
    public String code() {
        return code;
    }

    /** Stable, for programs, such as "AUDIO_NOT_FOUND". */
    public String reason() {
        return reason;
    }

    /** What is wrong with the request, by the name of the field; empty where it is none of them. */
    public Map<String, String> fields() {
        return fields;
    }

    /** Seconds after which to try again; 0 where nothing was said. */
    public double retrySeconds() {
        return retrySeconds;
    }

    /** For programs, by name, such as the limit that was reached. */
    public Map<String, String> facts() {
        return facts;
    }
}

package samplemind.client;

import java.util.UUID;

/** What makes a request safe to send twice. */
final class RequestId {
    private RequestId() {}

    /** A new id for a request that changes something; its tries keep it. */
    static String fresh() {
        return UUID.randomUUID().toString();
    }
}

package samplemind.client;

import java.time.Duration;
import java.time.Instant;

/**
 * An access token, and the refresh token that is good for one new pair.
 *
 * @param obtainedAt by this machine's clock
 * @param expiresAt when the access token ends, by the daemon's clock
 */
public record Tokens(String access, String refresh, Instant obtainedAt, Instant expiresAt) {
    private static final double EARLY = 0.8; // of an access token's life after which it is renewed

    /** The tokens in a message, obtained now. */
    static Tokens read(samplemind.v1.Tokens message) {
        var end = message.getAccessExpiresAt();
        return new Tokens(
                message.getAccessToken(),
                message.getRefreshToken(),
                Instant.now(),
                Instant.ofEpochSecond(end.getSeconds(), end.getNanos()));
    }

    /**
     * Whether the access token should be renewed before it is used. Never where it seems to have ended before it was
     * obtained: then one of the clocks is wrong, and only the daemon's refusal tells.
     */
    boolean due(Instant now) {
        Duration life = Duration.between(obtainedAt, expiresAt);
        Duration used = Duration.between(obtainedAt, now);
        return life.toMillis() > 0 && used.toMillis() >= EARLY * life.toMillis();
    }

    /** Without the secrets: for logs. */
    @Override
    public String toString() {
        return "Tokens[expiresAt=" + expiresAt + "]";
    }
}

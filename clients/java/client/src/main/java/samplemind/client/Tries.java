package samplemind.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The tries that one request still has. */
final class Tries {
    /** Before each new try. */
    static final List<Duration> DELAYS =
            List.of(500, 1_000, 2_000, 4_000, 8_000).stream().map(Duration::ofMillis).toList();

    private static final double JITTER = 0.2; // of a delay, more at most: so that many clients do not come back at once

    private final List<Duration> delays;
    private int used;

    Proof proof = Proof.NONE; // what the last one showed
    boolean renewed; // whether the credential was renewed for this request

    Tries(List<Duration> delays) {
        this.delays = delays;
    }

    /** Uses up a try and waits before it, for its own delay; false if none is left. */
    boolean pause() {
        return used < delays.size() && pause(delays.get(used).toNanos() / 1e9);
    }

    /** Uses up a try and waits so long before it; false if none is left. */
    boolean pause(double seconds) {
        if (used >= delays.size()) {
            return false;
        }
        used++;
        double longer = 1 + JITTER * ThreadLocalRandom.current().nextDouble();
        try {
            Thread.sleep(Math.round(seconds * longer * 1_000));
        } catch (InterruptedException error) {
            throw SampleMindException.interrupted(error);
        }
        return true;
    }

    /** Gives all tries back: there was progress. */
    void refill() {
        used = 0;
        renewed = false;
    }

    /** How many new tries there have been since the last progress. */
    int used() {
        return used;
    }
}

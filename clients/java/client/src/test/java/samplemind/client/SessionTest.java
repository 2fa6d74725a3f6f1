package samplemind.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SessionTest {
    private static final int CALLERS = 16;

    private final AtomicInteger trades = new AtomicInteger();

    @Test
    void callersThatNeedATokenAtTheSameTimeShareOneRenewal() throws Exception {
        var waiting = new CountDownLatch(CALLERS);
        var session = new Session(old(), spent -> {
            await(waiting);
            return fresh(trades.incrementAndGet());
        });
        for (Proof proof : atOnce(() -> {
            waiting.countDown();
            return session.proof();
        })) {
            assertEquals(Proof.ofToken("access 1"), proof);
        }
        assertEquals(1, trades.get());
        assertEquals(1, session.renewals());
    }

    @Test
    void callersThatWereRefusedWithTheSameTokenShareOneRenewal() throws Exception {
        var session = new Session(fresh(0), spent -> fresh(trades.incrementAndGet()));
        Proof spent = session.proof();
        for (boolean renewed : atOnce(() -> session.renew(spent))) {
            assertTrue(renewed);
        }
        assertEquals(1, trades.get());
    }

    @Test
    void aRenewalThatFailsIsToldAndTriedAgainByTheNextCaller() {
        var session = new Session(old(), spent -> {
            if (trades.incrementAndGet() == 1) {
                throw new SampleMindException("UNAUTHENTICATED", "SESSION_ENDED", "It is over.", null);
            }
            return fresh(2);
        });
        assertEquals("SESSION_ENDED", assertThrows(SampleMindException.class, session::proof).reason());
        assertEquals(Proof.ofToken("access 2"), session.proof());
    }

    @Test
    void tokensAreDueAtFourFifthsOfTheirLifeAndNeverWhereAClockIsWrong() {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        var tokens = new Tokens("a", "r", start, start.plusSeconds(100));
        assertFalse(tokens.due(start.plusSeconds(79)));
        assertTrue(tokens.due(start.plusSeconds(80)));
        assertFalse(new Tokens("a", "r", start, start.minusSeconds(1)).due(start.plusSeconds(500)));
    }

    @Test
    void secretsAreNotPrinted() {
        assertFalse(fresh(1).toString().contains("access 1"));
        assertFalse(Proof.ofKey("sm_secret").toString().contains("sm_secret"));
    }

    private static Tokens old() {
        Instant now = Instant.now();
        return new Tokens("access 0", "refresh 0", now.minusSeconds(90), now.plusSeconds(10));
    }

    private static Tokens fresh(int number) {
        Instant now = Instant.now();
        return new Tokens("access " + number, "refresh " + number, now, now.plusSeconds(1_800));
    }

    private static <T> List<T> atOnce(Callable<T> deed)
            throws InterruptedException, ExecutionException {
        var threads = Executors.newFixedThreadPool(CALLERS);
        try {
            var results = new ArrayList<T>();
            for (Future<T> one : threads.invokeAll(Collections.nCopies(CALLERS, deed))) {
                results.add(one.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException error) {
            throw SampleMindException.interrupted(error);
        }
    }
}

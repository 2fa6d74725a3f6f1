package samplemind.client;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;

/** Tokens that are renewed in time, by one request however many callers need it at once. */
final class Session implements Credential {
    private final UnaryOperator<Tokens> refresh;
    private Tokens tokens;
    private CompletableFuture<Void> flight; // the renewal under way; null where there is none
    private int renewals;

    /** {@code refresh} trades tokens for new ones, and spends them. */
    Session(Tokens tokens, UnaryOperator<Tokens> refresh) {
        this.tokens = tokens;
        this.refresh = refresh;
    }

    @Override
    public Proof proof() {
        Tokens now = tokens();
        if (now.due(Instant.now())) {
            replace(now);
        }
        return Proof.ofToken(tokens().access());
    }

    @Override
    public boolean renew(Proof spent) {
        Tokens now = tokens();
        if (spent.equals(Proof.ofToken(now.access()))) { // else somebody else's request has renewed them already
            replace(now);
        }
        return true;
    }

    synchronized Tokens tokens() {
        return tokens;
    }

    /** How often they were renewed. */
    synchronized int renewals() {
        return renewals;
    }

    /** Joins the renewal of these tokens, or begins it; a caller that goes away does not stop it. */
    private void replace(Tokens spent) {
        CompletableFuture<Void> joined;
        synchronized (this) {
            if (tokens != spent) {
                return;
            }
            if (flight == null) {
                flight = CompletableFuture.runAsync(() -> trade(spent), Session::begin);
            }
            joined = flight;
        }
        await(joined);
    }

    private void trade(Tokens spent) {
        try {
            Tokens fresh = refresh.apply(spent);
            synchronized (this) {
                tokens = fresh;
                renewals++;
            }
        } finally {
            synchronized (this) {
                flight = null;
            }
        }
    }

    private static void begin(Runnable renewal) {
        var thread = new Thread(renewal, "samplemind-renewal");
        thread.setDaemon(true);
        thread.start();
    }

    private static void await(CompletableFuture<Void> flight) {
        try {
            flight.get();
        } catch (InterruptedException error) {
            throw SampleMindException.interrupted(error);
        } catch (ExecutionException error) {
            if (error.getCause() instanceof SampleMindException refusal) {
                throw refusal;
            }
            throw new IllegalStateException(error.getCause());
        }
    }
}

package samplemind.client;

import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import samplemind.v1.Analysis;
import samplemind.v1.AnalysisServiceGrpc;
import samplemind.v1.AnalyzeLiveResponse;
import samplemind.v1.AnalyzeResponse;
import samplemind.v1.Event;
import samplemind.v1.Found;
import samplemind.v1.GetAnalysisRequest;
import samplemind.v1.LibraryServiceGrpc;
import samplemind.v1.LiveConfig;
import samplemind.v1.QueryRequest;

/**
 * A daemon, asked by code that waits. Threads may share one; close it at the end.
 *
 * <p>Whatever the daemon refuses is a {@link SampleMindException}. Where it cannot be reached a call is made again
 * after 0.5, 1, 2, 4 and 8 s, and then a {@link CannotReachException} is thrown; a call that changes something keeps
 * its request id, so that nothing is done twice. A call ends after 30 s at the latest.
 */
public final class SampleMind implements AutoCloseable {
    private final Line line;
    private final Auth auth;
    private final Sounds sounds;

    SampleMind(Line line) {
        this.line = line;
        auth = new Auth(line);
        sounds = new Sounds(line);
    }

    /**
     * A client of the daemon at "host:port" in plain text, or at "https://host:port" by TLS, which the system's
     * certificates know. The connection is made by the first call. IllegalArgumentException where it is neither.
     */
    public static SampleMind connect(String server) {
        try {
            return connect(server, null);
        } catch (IOException error) {
            throw new IllegalStateException(error); // there is no file to read
        }
    }

    /** The same, which the certificates in a PEM file know. IOException where they cannot be read. */
    public static SampleMind connect(String server, Path certificates) throws IOException {
        return new SampleMind(new Line(Channels.open(server, certificates), server, Tries.DELAYS));
    }

    /** Who calls: sign in here first. */
    public Auth auth() {
        return auth;
    }

    /** The caller's sounds: bringing them in, looking them up, taking them out. */
    public Sounds sounds() {
        return sounds;
    }

    /** Has a sound analysed now: what happens until it is done, each finding once, and last the result. */
    public Messages<AnalyzeResponse> analyze(String audioId) {
        return new Messages<>(new Hearing(line, audioId));
    }

    /** All that is known of a sound. */
    public Analysis analysis(String audioId) {
        var request = GetAnalysisRequest.newBuilder().setAudioId(audioId).build();
        return line.call(AnalysisServiceGrpc.getGetAnalysisMethod(), request).getAnalysis();
    }

    /** The sounds that match, with what was heard in them. */
    public Pages<Found> query(QueryRequest request) {
        return new Pages<>(request.getPageToken(), token -> {
            var next = request.toBuilder().setPageToken(token).build();
            var page = line.call(LibraryServiceGrpc.getQueryMethod(), next);
            return new Page<>(page.getFoundList(), page.getNextPageToken(), page.getTotal());
        });
    }

    /**
     * What happens after a cursor, for ever and without a gap: "" is from now on, "0" all that is kept.
     *
     * @param kinds to tell of, such as "audio.completed" or "audio."; all if there are none
     */
    public Messages<Event> events(String cursor, String... kinds) {
        return new Messages<>(new Following(line, cursor, List.of(kinds)));
    }

    /**
     * Has sound heard as it is played: what is heard, as it is heard, and last the end. It goes on after a break.
     * {@code sound} is read on a thread of its own, at most 35 s ahead of what is heard, and is the caller's to close;
     * where reading it fails, so does reading the messages, with an UncheckedIOException.
     */
    public Messages<AnalyzeLiveResponse> play(LiveConfig config, InputStream sound) {
        return new Messages<>(new Playing(line, config, sound));
    }

    /**
     * Any other call of the API, such as {@code call(WatchServiceGrpc.getListMethod(), request)}: signed and tried
     * again like all the others. Give a request that changes something a request id. IllegalArgumentException where
     * the method is one of streams.
     */
    public <Q, A> A call(MethodDescriptor<Q, A> method, Q request) {
        if (method.getType() != MethodDescriptor.MethodType.UNARY) {
            throw new IllegalArgumentException(method.getFullMethodName() + " is a method of streams");
        }
        return line.call(method, request);
    }

    /** Hangs up; calls and streams that are on their way end. */
    @Override
    public void close() {
        line.close();
    }
}

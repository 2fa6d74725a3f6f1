package samplemind.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import samplemind.v1.AnalysisServiceGrpc;
import samplemind.v1.AnalyzeLiveRequest;
import samplemind.v1.AnalyzeLiveResponse;
import samplemind.v1.LiveConfig;
import samplemind.v1.LiveEnd;
import samplemind.v1.LiveStarted;
import samplemind.v1.SampleFormat;

class PlayingTest {
    private static final LiveConfig MONO = LiveConfig.newBuilder()
            .setFormat(SampleFormat.SAMPLE_FORMAT_S16LE)
            .setSampleRateHz(8_000)
            .setChannels(1)
            .build();

    private final Ear ear = new Ear();

    @Test
    void aStreamThatBreaksGoesOnWithItsTokenFromTheFrameThatIsExpected() throws Exception {
        byte[] sound = noise(20_000);
        assertTrue(play(new ByteArrayInputStream(sound)).get(0).hasEnd());
        assertEquals(List.of("", "token"), ear.tokens);
        assertArrayEquals(sound, ear.heard.toByteArray());
    }

    @Test
    void soundThatCannotBeReadIsSaidByTheMessages() {
        var broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the microphone was pulled out");
            }
        };
        var sound = new SequenceInputStream(new ByteArrayInputStream(noise(100)), broken);
        var error = assertThrows(UncheckedIOException.class, () -> play(sound));
        assertEquals("the microphone was pulled out", error.getCause().getMessage());
    }

    @Test
    void aFormatThatIsNotSaidIsRefusedBeforeAnythingIsSent() {
        var sound = new ByteArrayInputStream(noise(100));
        assertThrows(IllegalArgumentException.class, () -> play(LiveConfig.getDefaultInstance(), sound));
        assertEquals(List.of(), ear.tokens);
    }

    private List<AnalyzeLiveResponse> play(InputStream sound) throws IOException {
        return play(MONO, sound);
    }

    private List<AnalyzeLiveResponse> play(LiveConfig config, InputStream sound) throws IOException {
        try (var daemon = new FakeDaemon(ear);
                var updates = new Messages<>(new Playing(daemon.line(), config, sound))) {
            return updates.stream().toList();
        }
    }

    private static byte[] noise(int frames) {
        byte[] sound = new byte[2 * frames];
        new Random(1).nextBytes(sound);
        return sound;
    }

    /** Breaks the first stream off after three pieces, of which it keeps two and a half. */
    private static final class Ear extends AnalysisServiceGrpc.AnalysisServiceImplBase {
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        private final List<String> tokens = new ArrayList<>();

        @Override
        public StreamObserver<AnalyzeLiveRequest> analyzeLive(StreamObserver<AnalyzeLiveResponse> answer) {
            return new StreamObserver<>() {
                private int pieces;
                private boolean broken;

                @Override
                public void onNext(AnalyzeLiveRequest request) {
                    if (request.hasConfig()) {
                        tokens.add(request.getConfig().getResumeToken());
                        answer.onNext(started());
                    } else if (request.hasFinish()) {
                        var end = LiveEnd.getDefaultInstance();
                        answer.onNext(AnalyzeLiveResponse.newBuilder().setEnd(end).build());
                        answer.onCompleted();
                    } else if (!broken) {
                        hear(request);
                    }
                }

                private void hear(AnalyzeLiveRequest request) {
                    broken = tokens.size() == 1 && ++pieces == 3;
                    byte[] data = request.getAudio().getData().toByteArray();
                    int known = heard.size() - 2 * (int) request.getAudio().getFrame(); // bytes of it that were heard
                    assertTrue(known >= 0);
                    heard.write(data, known, (broken ? data.length / 2 : data.length) - known);
                    if (broken) {
                        answer.onError(Status.UNAVAILABLE.asRuntimeException());
                    }
                }

                @Override
                public void onError(Throwable error) {}

                @Override
                public void onCompleted() {}
            };
        }

        private AnalyzeLiveResponse started() {
            var started = LiveStarted.newBuilder().setResumeToken("token").setNextFrame(heard.size() / 2);
            return AnalyzeLiveResponse.newBuilder().setStarted(started).build();
        }
    }
}

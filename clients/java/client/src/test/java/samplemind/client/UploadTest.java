package samplemind.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import samplemind.v1.Audio;
import samplemind.v1.AudioServiceGrpc;
import samplemind.v1.CreateUploadRequest;
import samplemind.v1.CreateUploadResponse;
import samplemind.v1.FinishUploadRequest;
import samplemind.v1.FinishUploadResponse;
import samplemind.v1.GetUploadRequest;
import samplemind.v1.GetUploadResponse;
import samplemind.v1.UploadChunksRequest;
import samplemind.v1.UploadChunksResponse;

class UploadTest {
    @TempDir
    Path folder;

    @Test
    void anUploadGoesOnFromWhatIsCommittedAfterEachBreak() throws Exception {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        var store = new Store(Status.UNAVAILABLE, Status.INTERNAL);
        try (var daemon = new FakeDaemon(store)) {
            Uploaded uploaded = new Sounds(daemon.line()).upload(Files.write(folder.resolve("a.wav"), bytes));
            assertEquals("a", uploaded.audio().getId());
        }
        assertArrayEquals(bytes, store.kept.toByteArray());
        assertEquals(List.of(0L, 65_536L, 131_072L), store.starts);
    }

    @Test
    void bytesThatTheDaemonHasAreNotSent() throws Exception {
        var store = new Store();
        store.known = true;
        try (var daemon = new FakeDaemon(store)) {
            Uploaded uploaded = new Sounds(daemon.line()).upload(Files.write(folder.resolve("a.wav"), new byte[9]));
            assertEquals(0, uploaded.sentBytes());
        }
        assertEquals(List.of(), store.starts);
    }

    @Test
    void whatIsNoFileIsSaidBeforeAnythingIsAsked() throws Exception {
        try (var daemon = new FakeDaemon()) {
            assertThrows(IOException.class, () -> new Sounds(daemon.line()).upload(folder));
        }
    }

    /** Keeps a piece of each stream and breaks it off, as long as there are breaks left. */
    private static final class Store extends AudioServiceGrpc.AudioServiceImplBase {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final List<Long> starts = new ArrayList<>();
        private final List<Status> breaks;
        private boolean known;

        Store(Status... breaks) {
            this.breaks = new ArrayList<>(List.of(breaks));
        }

        @Override
        public void createUpload(CreateUploadRequest request, StreamObserver<CreateUploadResponse> answer) {
            var outcome = CreateUploadResponse.newBuilder();
            answer(answer, (known ? outcome.setAudio(audio()) : outcome.setUpload(upload())).build());
        }

        @Override
        public void getUpload(GetUploadRequest request, StreamObserver<GetUploadResponse> answer) {
            answer(answer, GetUploadResponse.newBuilder().setUpload(upload()).build());
        }

        @Override
        public void finishUpload(FinishUploadRequest request, StreamObserver<FinishUploadResponse> answer) {
            answer(answer, FinishUploadResponse.newBuilder().setAudio(audio()).build());
        }

        @Override
        public StreamObserver<UploadChunksRequest> uploadChunks(StreamObserver<UploadChunksResponse> answer) {
            return new StreamObserver<>() {
                private boolean begun;
                private boolean broken;

                @Override
                public void onNext(UploadChunksRequest piece) {
                    if (broken) {
                        return;
                    }
                    if (!begun) {
                        begun = true;
                        starts.add(piece.getOffset());
                    }
                    assertEquals(kept.size(), piece.getOffset());
                    kept.writeBytes(piece.getData().toByteArray());
                    if (!breaks.isEmpty()) {
                        broken = true;
                        answer.onError(breaks.remove(0).asRuntimeException());
                    }
                }

                @Override
                public void onError(Throwable error) {}

                @Override
                public void onCompleted() {
                    if (!broken) {
                        answer(answer, UploadChunksResponse.newBuilder().setUpload(upload()).build());
                    }
                }
            };
        }

        private samplemind.v1.Upload.Builder upload() {
            return samplemind.v1.Upload.newBuilder().setId("u").setCommittedBytes(kept.size());
        }

        private static Audio.Builder audio() {
            return Audio.newBuilder().setId("a");
        }

        private static <A> void answer(StreamObserver<A> to, A answer) {
            to.onNext(answer);
            to.onCompleted();
        }
    }
}

package samplemind.client;

import java.io.IOException;
import java.nio.file.Path;
import samplemind.v1.Audio;
import samplemind.v1.AudioServiceDeleteRequest;
import samplemind.v1.AudioServiceGetRequest;
import samplemind.v1.AudioServiceGrpc;
import samplemind.v1.AudioServiceListRequest;

/** The caller's sounds. */
public final class Sounds {
    private final Line line;

    Sounds(Line line) {
        this.line = line;
    }

    /** Brings a file to the daemon, which queues its analysis. Bytes that it has already are not sent again. */
    public Uploaded upload(Path path) throws IOException {
        return upload(path, (done, total) -> {});
    }

    /** The same, and {@code progress} hears how far it is. IOException where the file cannot be read. */
    public Uploaded upload(Path path, Progress progress) throws IOException {
        try (var file = new SoundFile(path)) {
            file.measure();
            return new Upload(line, file, progress).run();
        }
    }

    /** The sound of this id. */
    public Audio get(String audioId) {
        var request = AudioServiceGetRequest.newBuilder().setAudioId(audioId).build();
        return line.call(AudioServiceGrpc.getGetMethod(), request).getAudio();
    }

    /** The sounds that a request asks for, from its page on. */
    public Pages<Audio> list(AudioServiceListRequest request) {
        return new Pages<>(request.getPageToken(), token -> {
            var next = request.toBuilder().setPageToken(token).build();
            var page = line.call(AudioServiceGrpc.getListMethod(), next);
            return new Page<>(page.getAudiosList(), page.getNextPageToken(), page.getTotal());
        });
    }

    /** Deletes a sound and its analyses; a file in a watch folder is left where it is. */
    public void delete(String audioId) {
        var request = AudioServiceDeleteRequest.newBuilder()
                .setRequestId(RequestId.fresh())
                .setAudioId(audioId)
                .build();
        line.call(AudioServiceGrpc.getDeleteMethod(), request);
    }
}

package samplemind.client;

import io.grpc.CallOptions;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import samplemind.v1.AudioServiceGrpc;
import samplemind.v1.CreateUploadRequest;
import samplemind.v1.CreateUploadResponse;
import samplemind.v1.FinishUploadRequest;
import samplemind.v1.GetUploadRequest;
import samplemind.v1.UploadChunksRequest;
import samplemind.v1.UploadChunksResponse;

/** A file on its way to the daemon, in pieces that need be sent once only. */
final class Upload {
    private static final int PIECE = 64 * 1024; // bytes in a message
    private static final long STRETCH = 16 * 1024 * 1024; // bytes in a stream: after each the daemon says how far it is
    private static final long STRETCH_SECONDS = 300;
    private static final Duration FINISHING = Duration.ofSeconds(120); // the daemon hashes and syncs the whole file

    /** Why a stream ended: ask where the upload stands, and go on from there. */
    private static final Set<String> UNCLEAR = Set.of(
            "WRONG_OFFSET", // our last stream was not over yet, there
            "STILL_SENDING",
            "DEADLINE_EXCEEDED", // a slow way
            "INTERNAL"); // what gRPC says if the stream was ended, for whatever reason, while we wrote to it

    private final Line line;
    private final SoundFile file;
    private final Progress progress;
    private final Tries tries;
    private long sent; // bytes, those that were sent again too

    Upload(Line line, SoundFile file, Progress progress) {
        this.line = line;
        this.file = file;
        this.progress = progress;
        this.tries = line.tries();
    }

    /** Sends what the daemon does not have; the file was measured. IOException where it cannot be read. */
    Uploaded run() throws IOException {
        var create = CreateUploadRequest.newBuilder()
                .setRequestId(RequestId.fresh())
                .setName(file.name())
                .setSizeBytes(file.size())
                .setSha256(file.sha256())
                .build();
        CreateUploadResponse known = line.call(AudioServiceGrpc.getCreateUploadMethod(), create);
        if (known.hasAudio()) {
            progress.sent(file.size(), file.size());
            return new Uploaded(known.getAudio(), 0);
        }
        String id = known.getUpload().getId();
        send(id, known.getUpload().getCommittedBytes());
        var finish = FinishUploadRequest.newBuilder().setRequestId(RequestId.fresh()).setUploadId(id).build();
        var done = line.call(AudioServiceGrpc.getFinishUploadMethod(), finish, FINISHING);
        return new Uploaded(done.getAudio(), sent);
    }

    /** From what is committed to the end; after a break, from what is committed then. */
    private void send(String id, long committed) throws IOException {
        progress.sent(committed, file.size());
        while (committed < file.size()) {
            long reached = stretch(id, committed);
            if (reached > committed) {
                tries.refill();
            }
            committed = reached;
        }
    }

    /** One stream, or what came of it; answers how many bytes are safe. */
    private long stretch(String id, long start) throws IOException {
        try {
            return stream(id, start).getUpload().getCommittedBytes();
        } catch (StatusRuntimeException error) {
            recover(Refusal.read(error));
        }
        var ask = GetUploadRequest.newBuilder().setUploadId(id).build();
        return line.call(AudioServiceGrpc.getGetUploadMethod(), ask).getUpload().getCommittedBytes();
    }

    private UploadChunksResponse stream(String id, long start) throws IOException {
        var options = CallOptions.DEFAULT.withDeadlineAfter(STRETCH_SECONDS, TimeUnit.SECONDS);
        try (var talk = Talk.send(line.open(AudioServiceGrpc.getUploadChunksMethod(), options, tries))) {
            long end = Math.min(start + STRETCH, file.size());
            for (long offset = start; offset < end; offset += PIECE) {
                if (!talk.write(piece(id, offset, (int) Math.min(PIECE, end - offset)))) {
                    break;
                }
            }
            talk.finish();
            UploadChunksResponse answer = talk.read();
            talk.read(); // how it ended
            return answer;
        } catch (InterruptedException error) {
            throw SampleMindException.interrupted(error);
        }
    }

    private UploadChunksRequest piece(String id, long offset, int length) throws IOException {
        var data = file.read(offset, length);
        sent += length;
        progress.sent(offset + length, file.size());
        return UploadChunksRequest.newBuilder().setUploadId(id).setOffset(offset).setData(data).build();
    }

    private void recover(SampleMindException refusal) {
        if (!UNCLEAR.contains(refusal.reason())) {
            line.recover(refusal, tries);
        } else if (!tries.pause()) {
            throw refusal;
        }
    }
}

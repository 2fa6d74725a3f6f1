package samplemind.client;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import samplemind.v1.LiveConfig;

/** Reads sound as it comes, and puts it on a tape. */
final class Player implements Runnable {
    private static final int PIECE_FRAMES = 1024; // 23 ms at 44.1 kHz; at most 32 KiB

    private final InputStream sound;
    private final Tape tape;
    private final int pieceBytes;

    Player(InputStream sound, Tape tape, int frameBytes) {
        this.sound = sound;
        this.tape = tape;
        this.pieceBytes = PIECE_FRAMES * frameBytes;
    }

    /** Bytes of a frame; IllegalArgumentException where the format or the channels are not said. */
    static int frameBytes(LiveConfig config) {
        int sample =
                switch (config.getFormat()) {
                    case SAMPLE_FORMAT_F32LE -> 4;
                    case SAMPLE_FORMAT_S24LE -> 3;
                    case SAMPLE_FORMAT_S16LE -> 2;
                    default -> 0;
                };
        if (sample * config.getChannels() <= 0) {
            throw new IllegalArgumentException("format and channels must be said of live sound");
        }
        return sample * config.getChannels();
    }

    @Override
    public void run() {
        try {
            byte[] piece = sound.readNBytes(pieceBytes);
            while (piece.length > 0 && tape.add(wholeFrames(piece))) {
                piece = sound.readNBytes(pieceBytes);
            }
            tape.finish(null);
        } catch (IOException error) {
            tape.finish(error);
        } catch (InterruptedException error) {
            tape.finish(null); // nobody listens any more
        }
    }

    private ByteString wholeFrames(byte[] piece) {
        int frame = pieceBytes / PIECE_FRAMES;
        return ByteString.copyFrom(piece, 0, piece.length / frame * frame);
    }
}

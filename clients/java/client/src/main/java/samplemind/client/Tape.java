package samplemind.client;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.TreeMap;

/** The last seconds of what is played: whoever plays is held up only where nobody reads for so long. */
final class Tape {
    private static final long KEPT_SECONDS = 35; // to be sent again after a break: the daemon waits 30 for us

    private final int frameBytes;
    private final long most; // frames
    private final TreeMap<Long, ByteString> pieces = new TreeMap<>(); // whole frames, by the number of the first
    private long end; // frames that were played
    private long read; // frames that were read
    private boolean over;
    private IOException wrong; // why nothing more is played; null where all was

    Tape(int frameBytes, int framesPerSecond) {
        this.frameBytes = frameBytes;
        this.most = KEPT_SECONDS * framesPerSecond;
    }

    /** A piece, and the number of its first frame. */
    record Piece(long frame, ByteString data) {}

    /** Takes in whole frames, once there is room for them; false where nobody wants any more. */
    synchronized boolean add(ByteString data) throws InterruptedException {
        while (end - read >= most && !over) {
            wait();
        }
        if (over) {
            return false;
        }
        pieces.put(end, data);
        end += frames(data);
        while (pieces.firstKey() < end - 2 * most) {
            pieces.pollFirstEntry();
        }
        notifyAll();
        return true;
    }

    /** Nothing more is played: all was, or something went wrong. */
    synchronized void finish(IOException why) {
        over = true;
        wrong = why;
        notifyAll();
    }

    /**
     * The piece with this frame or, where that is not kept any more, the next; waited for, and null where all has been
     * played. UncheckedIOException where it could not be played.
     */
    synchronized Piece next(long frame) throws InterruptedException {
        while (end <= frame && !over) {
            wait();
        }
        if (end <= frame) {
            if (wrong != null) {
                throw new UncheckedIOException(wrong);
            }
            return null;
        }
        Long first = pieces.floorKey(frame);
        Piece piece = piece(first != null ? first : pieces.firstKey());
        read = after(piece);
        notifyAll();
        return piece;
    }

    /** The frame after a piece. */
    long after(Piece piece) {
        return piece.frame() + frames(piece.data());
    }

    private Piece piece(long first) {
        return new Piece(first, pieces.get(first));
    }

    private int frames(ByteString data) {
        return data.size() / frameBytes;
    }
}

package samplemind.client;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The bytes of an open file. */
final class SoundFile implements AutoCloseable {
    private static final int BLOCK = 1 << 18; // bytes read at a time for the digest

    private final FileChannel channel;
    private final String name;
    private long size; // of what was digested
    private String sha256;

    /** IOException where it is no regular file, or cannot be read. */
    SoundFile(Path path) throws IOException {
        if (!Files.isRegularFile(path)) { // a pipe would be waited for without end
            throw new IOException(path + " is not a regular file");
        }
        channel = FileChannel.open(path);
        name = path.getFileName().toString();
    }

    String name() {
        return name;
    }

    long size() {
        return size;
    }

    /** In lower-case hexadecimal. */
    String sha256() {
        return sha256;
    }

    /** Learns size and digest. */
    void measure() throws IOException {
        MessageDigest digest = digest();
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        size = 0;
        while (channel.read(block.clear(), size) > 0) {
            size += block.flip().remaining();
            digest.update(block);
        }
        sha256 = HexFormat.of().formatHex(digest.digest());
    }

    /** So many bytes from there on; IOException where there are not as many any more. */
    ByteString read(long offset, int length) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(length);
        while (piece.hasRemaining()) {
            if (channel.read(piece, offset + piece.position()) < 0) {
                throw new IOException(name + " became shorter while it was sent");
            }
        }
        return ByteString.copyFrom(piece.flip());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException error) {
            throw new IllegalStateException(error); // every Java has it
        }
    }
}

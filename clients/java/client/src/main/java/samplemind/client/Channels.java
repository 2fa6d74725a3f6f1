package samplemind.client;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The channel below a line. */
final class Channels {
    private static final String TLS = "https://";
    private static final int LARGEST_MESSAGE = 4 * 1024 * 1024; // bytes

    private Channels() {}

    /**
     * A channel to "host:port" in plain text, or to "https://host:port" by TLS, where the certificates of a PEM file
     * stand in for the system's if it is not null. IOException where that cannot be read.
     */
    static ManagedChannel open(String server, Path certificates) throws IOException {
        boolean tls = server.startsWith(TLS);
        String address = tls ? server.substring(TLS.length()) : server;
        return Grpc.newChannelBuilderForAddress(
                        host(address), port(address), tls ? trust(certificates) : InsecureChannelCredentials.create())
                .keepAliveTime(30, TimeUnit.SECONDS) // finds a peer that vanished without a word
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .build();
    }

    private static ChannelCredentials trust(Path certificates) throws IOException {
        return certificates == null
                ? TlsChannelCredentials.create()
                : TlsChannelCredentials.newBuilder().trustManager(certificates.toFile()).build();
    }

    private static String host(String address) {
        int colon = address.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("\"" + address + "\" is not host:port");
        }
        return address.substring(0, colon);
    }

    private static int port(String address) {
        try {
            return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        } catch (NumberFormatException error) {
            throw new IllegalArgumentException("\"" + address + "\" is not host:port", error);
        }
    }
}

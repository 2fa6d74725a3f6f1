package samplemind.client;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;

/** What a call shows: one header, or none. */
record Proof(String header, String value) {
    static final Proof NONE = new Proof("", "");

    static Proof ofToken(String accessToken) {
        return new Proof("authorization", "Bearer " + accessToken);
    }

    static Proof ofKey(String secret) {
        return new Proof("x-api-key", secret);
    }

    /** The channel whose calls show this. */
    Channel on(Channel channel) {
        if (equals(NONE)) {
            return channel;
        }
        var headers = new Metadata();
        headers.put(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER), value);
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /** Without the secret: for logs. */
    @Override
    public String toString() {
        return "Proof[" + header + "]";
    }
}

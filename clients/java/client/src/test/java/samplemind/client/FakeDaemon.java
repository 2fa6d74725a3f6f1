package samplemind.client;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;

/** A few handlers in this process, and a line to them that does not wait long. */
final class FakeDaemon implements AutoCloseable {
    private final Server server;
    private final Line line;

    FakeDaemon(BindableService... services) throws IOException {
        String name = InProcessServerBuilder.generateName();
        var builder = InProcessServerBuilder.forName(name);
        for (BindableService service : services) {
            builder.addService(service);
        }
        server = builder.build().start();
        var delays = Collections.nCopies(5, Duration.ofMillis(1));
        line = new Line(InProcessChannelBuilder.forName(name).build(), "fake", delays);
    }

    Line line() {
        return line;
    }

    /** A refusal as the daemon words it, with further details. */
    static StatusRuntimeException refusal(Code code, String reason, Message... details) {
        var info = ErrorInfo.newBuilder().setReason(reason).setDomain("samplemind").putMetadata("limit", "60");
        var status = com.google.rpc.Status.newBuilder()
                .setCode(code.getNumber())
                .setMessage("No: " + reason)
                .addDetails(Any.pack(info.build()));
        for (Message detail : details) {
            status.addDetails(Any.pack(detail));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }

    @Override
    public void close() {
        line.close();
        server.shutdownNow();
    }
}

package samplemind.client;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a failed call becomes a SampleMindException. */
final class Refusal {
    private Refusal() {}

    /** The daemon's no, with its reason, fields, delay and facts where it gave them. */
    static SampleMindException read(StatusRuntimeException error) {
        String code = error.getStatus().getCode().name();
        var info = ErrorInfo.newBuilder();
        var wrong = BadRequest.newBuilder();
        var retry = RetryInfo.newBuilder();
        for (Any packed : details(error)) {
            unpack(packed, info, wrong, retry);
        }
        return new SampleMindException(
                code,
                info.getReason().isEmpty() ? code : info.getReason(),
                message(error.getStatus()),
                fields(wrong),
                seconds(retry.getRetryDelay()),
                info.getMetadataMap(),
                error);
    }

    private static String message(Status status) {
        String said = status.getDescription();
        if (said == null || said.isEmpty()) {
            said = "The daemon answered " + status.getCode() + ".";
        }
        return status.getCause() == null ? said : said + " (" + status.getCause().getMessage() + ")";
    }

    private static List<Any> details(StatusRuntimeException error) {
        try {
            return StatusProto.fromThrowable(error).getDetailsList();
        } catch (IllegalArgumentException notOurs) {
            return List.of(); // a proxy's own idea of details: the code still stands
        }
    }

    private static void unpack(
            Any packed, ErrorInfo.Builder info, BadRequest.Builder wrong, RetryInfo.Builder retry) {
        try {
            if (packed.is(ErrorInfo.class)) {
                info.mergeFrom(packed.unpack(ErrorInfo.class));
            } else if (packed.is(BadRequest.class)) {
                wrong.mergeFrom(packed.unpack(BadRequest.class));
            } else if (packed.is(RetryInfo.class)) {
                retry.mergeFrom(packed.unpack(RetryInfo.class));
            }
        } catch (InvalidProtocolBufferException notOurs) {
            // likewise
        }
    }

    private static Map<String, String> fields(BadRequest.Builder wrong) {
        var fields = new LinkedHashMap<String, String>();
        wrong.getFieldViolationsList().forEach(one -> fields.put(one.getField(), one.getDescription()));
        return fields;
    }

    private static double seconds(Duration delay) {
        return delay.getSeconds() + delay.getNanos() / 1e9;
    }
}

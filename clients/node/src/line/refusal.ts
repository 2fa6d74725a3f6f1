import { durationMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { SampleMindError, type StatusName } from "../errors.js";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "../generated/google/rpc/error_details_pb.js";

const NAMES: Readonly<Record<Code, StatusName>> = {
  [Code.Canceled]: "CANCELLED",
  [Code.Unknown]: "UNKNOWN",
  [Code.InvalidArgument]: "INVALID_ARGUMENT",
  [Code.DeadlineExceeded]: "DEADLINE_EXCEEDED",
  [Code.NotFound]: "NOT_FOUND",
  [Code.AlreadyExists]: "ALREADY_EXISTS",
  [Code.PermissionDenied]: "PERMISSION_DENIED",
  [Code.ResourceExhausted]: "RESOURCE_EXHAUSTED",
  [Code.FailedPrecondition]: "FAILED_PRECONDITION",
  [Code.Aborted]: "ABORTED",
  [Code.OutOfRange]: "OUT_OF_RANGE",
  [Code.Unimplemented]: "UNIMPLEMENTED",
  [Code.Internal]: "INTERNAL",
  [Code.Unavailable]: "UNAVAILABLE",
  [Code.DataLoss]: "DATA_LOSS",
  [Code.Unauthenticated]: "UNAUTHENTICATED",
};
/** What the transport says of a connection that broke off: no status came from the other side. */
const BROKE_OFF: ReadonlySet<Code> = new Set([Code.Aborted, Code.Internal, Code.Unknown]);

/** The daemon's no, with its reason, fields, delay and facts where it gave them. */
export function readRefusal(thrown: unknown): SampleMindError {
  const error = ConnectError.from(thrown);
  const said = error.metadata.has("grpc-status");
  const code = !said && BROKE_OFF.has(error.code) ? "UNAVAILABLE" : NAMES[error.code];
  const [info] = error.findDetails(ErrorInfoSchema);
  const wrong = error.findDetails(BadRequestSchema).flatMap((one) => one.fieldViolations);
  const delay = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
  return new SampleMindError(
    code,
    info?.reason || code,
    error.rawMessage || `The daemon answered ${code}.`,
    {
      fields: Object.fromEntries(wrong.map((one) => [one.field, one.description])),
      retrySeconds: delay ? durationMs(delay) / 1000 : 0,
      facts: info?.metadata ?? {},
    },
    said ? {} : { cause: error }, // of what the daemon said, all is here
  );
}

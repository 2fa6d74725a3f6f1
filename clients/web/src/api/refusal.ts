import { Code, ConnectError } from "@connectrpc/connect";

import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "../generated/google/rpc/error_details_pb";

/** What the daemon, or the way to it, refused: the same for every call. */
export class SampleMindError extends Error {
  override name = "SampleMindError";

  constructor(
    /** Such as NotFound. */
    readonly code: Code,
    /** Stable, for programs, such as "AUDIO_NOT_FOUND"; "UNREACHABLE" where no daemon answered; else empty. */
    readonly reason: string,
    message: string,
    /** What is wrong with the request, by field. */
    readonly fields: Readonly<Record<string, string>> = {},
    /** After how many seconds it is worth to try again, where the daemon says so. */
    readonly retrySeconds?: number,
    /** Facts about it, by name. */
    readonly facts: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Whatever a call threw, as an error with a reason and a sentence. */
export function refusalOf(thrown: unknown): SampleMindError {
  if (thrown instanceof SampleMindError) return thrown;
  const error = ConnectError.from(thrown);
  if (error.cause instanceof SampleMindError) return error.cause; // as connect hands on what an interceptor threw
  const info = error.findDetails(ErrorInfoSchema)[0];
  const delay = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
  const faults = error.findDetails(BadRequestSchema).flatMap((detail) => detail.fieldViolations);
  const unreachable = !info && isUnreachable(error.code, thrown);
  return new SampleMindError(
    unreachable ? Code.Unavailable : error.code,
    info?.reason ?? (unreachable ? "UNREACHABLE" : ""),
    unreachable ? "The daemon cannot be reached." : error.rawMessage,
    Object.fromEntries(faults.map((fault) => [fault.field, fault.description])),
    delay && Number(delay.seconds) + delay.nanos / 1e9,
    info?.metadata,
  );
}

/** fetch throws a TypeError where nobody answers; a proxy whose daemon is away answers without gRPC's trailers. */
function isUnreachable(code: Code, thrown: unknown): boolean {
  const cause = thrown instanceof ConnectError ? thrown.cause : thrown;
  return code === Code.Unavailable || cause instanceof TypeError;
}

/** A gRPC status by its name. */
export type StatusName =
  | "CANCELLED"
  | "UNKNOWN"
  | "INVALID_ARGUMENT"
  | "DEADLINE_EXCEEDED"
  | "NOT_FOUND"
  | "ALREADY_EXISTS"
  | "PERMISSION_DENIED"
  | "RESOURCE_EXHAUSTED"
  | "FAILED_PRECONDITION"
  | "ABORTED"
  | "OUT_OF_RANGE"
  | "UNIMPLEMENTED"
  | "INTERNAL"
  | "UNAVAILABLE"
  | "DATA_LOSS"
  | "UNAUTHENTICATED";

/** What a refusal can say beside its code, reason and sentence. */
export interface RefusalDetails {
  readonly fields?: Readonly<Record<string, string>>;
  readonly retrySeconds?: number;
  readonly facts?: Readonly<Record<string, string>>;
}

/** The daemon refused, or could not be asked. `message` is a sentence for people. */
export class SampleMindError extends Error {
  override readonly name: string = "SampleMindError";
  /** What is wrong with the request, by the name of the field. */
  readonly fields: Readonly<Record<string, string>>;
  /** Seconds after which to try again; 0 where nothing was said. */
  readonly retrySeconds: number;
  /** More for programs, such as the earliest cursor. */
  readonly facts: Readonly<Record<string, string>>;

  constructor(
    /** The gRPC status: "NOT_FOUND". */
    readonly code: StatusName,
    /** Stable, for programs: "AUDIO_NOT_FOUND"; the code where the daemon gave none. */
    readonly reason: string,
    message: string,
    details: RefusalDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.fields = details.fields ?? {};
    this.retrySeconds = details.retrySeconds ?? 0;
    this.facts = details.facts ?? {};
  }
}

/** The daemon does not answer: it is not running, or the way to it is broken. */
export class CannotReach extends SampleMindError {
  override readonly name = "CannotReach";

  constructor(message: string, options?: ErrorOptions) {
    super("UNAVAILABLE", "CANNOT_REACH", message, {}, options);
  }
}

import type {
  DescMessage,
  DescMethodServerStreaming,
  DescMethodStreaming,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import { CannotReach, SampleMindError, type StatusName } from "../errors.js";
import { AuthService } from "../generated/samplemind/v1/auth_pb.js";
import { Attempts } from "./attempts.js";
import type { Channel } from "./channel.js";
import { Fixed, type Credential, type Shown } from "./credential.js";
import { readRefusal } from "./refusal.js";
import { makeRequest } from "./request.js";
import { readTokens, type Tokens } from "./tokens.js";
import { DELAYS_SECONDS, Tries } from "./tries.js";

const DEADLINE_SECONDS = 30;
/** A limited call is held back for so long at most; a longer wait is the caller's to decide. */
const SHORT_WAIT_SECONDS = 5;
const BROKEN: ReadonlySet<StatusName> = new Set(["UNAVAILABLE", "CANCELLED"]); // not ours: those are the signal's

/** How a call can be ended from outside. */
export interface Stoppable {
  /** Once it is aborted, the call ends and throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** How one call is made. */
export interface CallOptions extends Stoppable {
  /** How long each try may take; 30 s if absent. */
  readonly deadlineSeconds?: number;
  /** Whether the credential is shown; it is if absent. */
  readonly signed?: boolean;
}

/** How a stream is gone on with. */
export interface StreamOptions extends Stoppable {
  /** The stream has no end of its own: one that ends has broken off, too. */
  readonly endless?: boolean;
}

/** Calls and streams that are signed, tried again after breaks, and refused with a SampleMindError. */
export class Line {
  credential: Credential = new Fixed({});
  readonly #attempts = new Attempts();

  constructor(
    readonly server: string,
    private readonly channel: Channel,
    private readonly delaysSeconds: readonly number[] = DELAYS_SECONDS,
  ) {}

  /** The answer to a request, which is sent again unchanged after a break. */
  async call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    input: MessageInitShape<I>,
    { signal, deadlineSeconds = DEADLINE_SECONDS, signed = true }: CallOptions = {},
  ): Promise<MessageShape<O>> {
    const request = makeRequest(method.input, input);
    const tries = this.tries();
    for (;;) {
      tries.shown = signed ? await this.#show(signal) : undefined;
      const attempt = this.#attempts.begin(signal);
      try {
        const deadline = deadlineSeconds * 1000;
        const { transport } = this.channel;
        return (await transport.unary(method, attempt.signal, deadline, tries.shown, request)).message;
      } catch (error) {
        attempt.signal.throwIfAborted();
        await this.recover(readRefusal(error), tries, signal);
      } finally {
        attempt.abort();
      }
    }
  }

  /**
   * The messages that answer a request; after a break they go on with what `request` makes then.
   *
   * Whoever calls renews `tries` as it sees progress.
   */
  async *stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: () => MessageInitShape<I>,
    tries: Tries,
    { signal, endless = false }: StreamOptions = {},
  ): AsyncGenerator<MessageShape<O>, void, undefined> {
    for (;;) {
      try {
        yield* this.converse(method, only(request()), tries, { signal });
        if (!endless) {
          return;
        }
        throw new SampleMindError("UNAVAILABLE", "UNAVAILABLE", "the stream ended");
      } catch (error) {
        await this.recover(error, tries, signal);
      }
    }
  }

  /**
   * The messages that answer a stream of requests. Tried once: only its sender knows where to go on.
   *
   * What goes wrong while the requests are made is thrown as it is.
   */
  async *converse<I extends DescMessage, O extends DescMessage>(
    method: DescMethodStreaming<I, O>,
    requests: AsyncIterable<MessageInitShape<I>>,
    tries: Tries,
    { signal, deadlineSeconds }: Omit<CallOptions, "signed"> = {},
  ): AsyncGenerator<MessageShape<O>, void, undefined> {
    tries.shown = await this.#show(signal);
    const attempt = this.#attempts.begin(signal);
    const wrong: unknown[] = [];
    try {
      const deadline = deadlineSeconds === undefined ? undefined : deadlineSeconds * 1000;
      const watched = watch(requests, wrong);
      const { transport } = this.channel;
      const answer = await transport.stream(method, attempt.signal, deadline, tries.shown, watched);
      yield* answer.message;
    } catch (error) {
      attempt.signal.throwIfAborted();
      throw wrong.length > 0 ? wrong[0] : readRefusal(error);
    } finally {
      attempt.abort(); // whoever leaves early ends the stream at the daemon, too
    }
  }

  /** Returns when it can be tried again; throws the error where that will not help. */
  async recover(error: unknown, tries: Tries, signal?: AbortSignal): Promise<void> {
    if (!(error instanceof SampleMindError) || error instanceof CannotReach) {
      throw error;
    }
    if (error.code === "UNAUTHENTICATED" && !tries.renewed && tries.shown) {
      tries.renewed = true;
      const { shown } = tries;
      if (await this.#unlessEnded(signal, () => this.credential.renew(shown, this.#refresh))) {
        return;
      }
    }
    if (BROKEN.has(error.code)) {
      if (!(await this.wait(tries, signal))) {
        throw this.#cannotReach(error, tries);
      }
    } else if (!isShortLimit(error) || !(await this.wait(tries, signal, error.retrySeconds))) {
      throw error;
    }
  }

  /** Uses up a try and waits before it, as Tries.wait; hanging up ends that, too. */
  async wait(tries: Tries, signal?: AbortSignal, seconds?: number): Promise<boolean> {
    const attempt = this.#attempts.begin(signal);
    try {
      return await tries.wait(attempt.signal, seconds);
    } finally {
      attempt.abort();
    }
  }

  /** Fresh tries for one request. */
  tries(): Tries {
    return new Tries(this.delaysSeconds);
  }

  /** Hangs up: whatever is under way ends, and no call can be made any more. */
  close(): void {
    this.#attempts.endAll(new SampleMindError("CANCELLED", "CLIENT_CLOSED", "This client is closed."));
    this.channel.close();
  }

  readonly #refresh = async (refreshToken: string): Promise<Tokens> => {
    const answer = await this.call(AuthService.method.refresh, { refreshToken }, { signed: false });
    return readTokens(answer.tokens);
  };

  #show(signal?: AbortSignal): Promise<Shown> {
    return this.#unlessEnded(signal, () => this.credential.show(this.#refresh));
  }

  /** What others may wait for, too: a caller that goes away waits no longer, and does not stop it. */
  async #unlessEnded<T>(signal: AbortSignal | undefined, begin: () => Promise<T>): Promise<T> {
    const attempt = this.#attempts.begin(signal);
    try {
      attempt.signal.throwIfAborted();
      return await unlessAborted(begin(), attempt.signal);
    } finally {
      attempt.abort();
    }
  }

  #cannotReach(error: SampleMindError, tries: Tries): CannotReach {
    const times = tries.used > 0 ? `tried ${tries.used + 1} times` : "tried once";
    const sentence = `The daemon at ${this.server} cannot be reached (${times}): is it running? ${error.message}`;
    return new CannotReach(sentence, { cause: error });
  }
}

function isShortLimit({ code, retrySeconds }: SampleMindError): boolean {
  return code === "RESOURCE_EXHAUSTED" && retrySeconds > 0 && retrySeconds <= SHORT_WAIT_SECONDS;
}

/** The requests; what goes wrong while they are made is kept: the transport throws errors of its own into them, too. */
async function* watch<T>(requests: AsyncIterable<T>, wrong: unknown[]): AsyncGenerator<T, void, undefined> {
  const each = requests[Symbol.asyncIterator]();
  const next = () =>
    each.next().catch((error: unknown) => {
      wrong.push(error);
      throw error;
    });
  try {
    for (let one = await next(); !one.done; one = await next()) {
      yield one.value;
    }
  } finally {
    await each.return?.();
  }
}

async function* only<T>(request: T): AsyncGenerator<T, void, undefined> {
  yield request;
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    promise.then(resolve, reject);
  });
}

import type {
  DescMessage,
  DescMethodServerStreaming,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import { follow, type EventOptions } from "./events.js";
import { AnalysisService, type Analysis, type AnalyzeResponse } from "./generated/samplemind/v1/analysis_pb.js";
import {
  AudioService,
  type Audio,
  type AudioServiceListRequestSchema,
  type AudioServiceListResponse,
} from "./generated/samplemind/v1/audio_pb.js";
import {
  AuthService,
  type GetMeResponse,
  type LoginRequestSchema,
  type User,
} from "./generated/samplemind/v1/auth_pb.js";
import type { Event } from "./generated/samplemind/v1/event_pb.js";
import {
  LibraryService,
  type Found,
  type QueryRequestSchema,
  type QueryResponse,
  type QuerySchema,
} from "./generated/samplemind/v1/library_pb.js";
import { openChannel } from "./line/channel.js";
import { accessToken, apiKey, Fixed, Session } from "./line/credential.js";
import { Line, type CallOptions, type Stoppable } from "./line/line.js";
import { makeRequest } from "./line/request.js";
import { readTokens } from "./line/tokens.js";
import { Pages } from "./pages.js";
import { play, type LiveOptions, type LiveUpdate, type Sound } from "./playing.js";
import { FileSource, type Source } from "./source.js";
import { upload, type Uploaded, type UploadOptions } from "./uploads.js";

/** How a client shows who it is, and how it knows the daemon. */
export interface ClientOptions {
  /** The secret of an API key. */
  readonly apiKey?: string;
  /** An access token from elsewhere, which is not renewed. */
  readonly accessToken?: string;
  /** PEM certificates to trust in place of the system's. */
  readonly certificates?: string;
  /** Before each new try; 0.5, 1, 2, 4 and 8 s if absent. */
  readonly delaysSeconds?: readonly number[];
}

/** What shows at login who somebody is. */
export type Credentials = { readonly email: string; readonly password: string } | { readonly oneTimeCode: string };

/** What happens to a sound that is analysed; the `result` last. */
export type AnalyzeUpdate = Exclude<AnalyzeResponse["update"], { case: undefined }>;

/** What a list is asked for, beside its page. */
export type ListOptions = Stoppable &
  Omit<MessageInitShape<typeof AudioServiceListRequestSchema>, "pageToken" | "$typeName">;

/** How a search is answered. */
export type SearchOptions = Stoppable &
  Omit<MessageInitShape<typeof QueryRequestSchema>, "query" | "pageToken" | "$typeName">;

/**
 * Asks one daemon; it outlives breaks, restarts and the end of tokens.
 *
 * Whatever the daemon refuses is thrown as a SampleMindError, and as CannotReach where it does not answer. An aborted
 * signal ends what it was given to, which then throws the signal's reason.
 */
export class Client {
  readonly #line: Line;

  /**
   * Connects at the first call.
   *
   * @param server "host:port", or "https://host:port" for TLS
   * @throws TypeError where that is no address
   */
  constructor(server: string, options: ClientOptions = {}) {
    this.#line = new Line(server, openChannel(server, options.certificates), options.delaysSeconds);
    if (options.apiKey !== undefined) {
      this.#line.credential = apiKey(options.apiKey);
    } else if (options.accessToken !== undefined) {
      this.#line.credential = accessToken(options.accessToken);
    }
  }

  /** The session that login began; undefined where there is none. */
  get session(): Session | undefined {
    const { credential } = this.#line;
    return credential instanceof Session ? credential : undefined;
  }

  /** Signs in; from then on the session's tokens are shown, and renewed in time. */
  async login(credentials: Credentials, options: Stoppable = {}): Promise<User | undefined> {
    const input: MessageInitShape<typeof LoginRequestSchema> = {
      credential:
        "oneTimeCode" in credentials
          ? { case: "oneTimeCode", value: credentials.oneTimeCode }
          : { case: "password", value: credentials },
    };
    const answer = await this.#line.call(AuthService.method.login, input, { ...options, signed: false });
    this.#line.credential = new Session(readTokens(answer.tokens));
    return answer.user;
  }

  /** Ends this session, or all of the user's. */
  async logout(options: Stoppable & { readonly everywhere?: boolean } = {}): Promise<void> {
    const { everywhere = false, signal } = options;
    await this.#line.call(AuthService.method.logout, { everywhere }, { signal });
    this.#line.credential = new Fixed({});
  }

  /** Who is calling, and what the credential may do. */
  me(options: Stoppable = {}): Promise<GetMeResponse> {
    return this.#line.call(AuthService.method.getMe, {}, options);
  }

  /** Sends a file, or another source of bytes; what the daemon has already is not sent again. */
  async upload(file: string | Source, options: UploadOptions = {}): Promise<Uploaded> {
    if (typeof file !== "string") {
      return upload(this.#line, file, options);
    }
    const source = await FileSource.open(file, options.signal);
    try {
      return await upload(this.#line, source, options);
    } finally {
      await source.close();
    }
  }

  /** What happens to a sound from now until it is analysed. Leaving early does not end its analysis. */
  async *analyze(audioId: string, options: Stoppable = {}): AsyncGenerator<AnalyzeUpdate, void, undefined> {
    for await (const { update } of this.stream(AnalysisService.method.analyze, { audioId }, options)) {
      if (update.case !== undefined) {
        yield update;
      }
    }
  }

  /** All that is known of a sound. */
  async analysis(audioId: string, options: Stoppable = {}): Promise<Analysis> {
    const { analysis } = await this.#line.call(AnalysisService.method.getAnalysis, { audioId }, options);
    return known(analysis);
  }

  /** One sound. */
  async sound(audioId: string, options: Stoppable = {}): Promise<Audio> {
    return known((await this.#line.call(AudioService.method.get, { audioId }, options)).audio);
  }

  /** The caller's sounds, newest first. */
  sounds({ signal, ...wanted }: ListOptions = {}): Pages<Audio, AudioServiceListResponse> {
    const list = (pageToken: string) =>
      this.#line.call(AudioService.method.list, { ...wanted, pageToken }, { signal });
    return new Pages(list, (page) => page.audios);
  }

  /** The caller's sounds for which all clauses of a query hold. */
  search(
    query: MessageInitShape<typeof QuerySchema>,
    { signal, ...wanted }: SearchOptions = {},
  ): Pages<Found, QueryResponse> {
    const ask = (pageToken: string) =>
      this.#line.call(LibraryService.method.query, { ...wanted, query, pageToken }, { signal });
    return new Pages(ask, (page) => page.found);
  }

  /**
   * What happened after a cursor, and then what happens, without end and without a gap.
   *
   * @param cursor that of the last event seen; "" for from now on, "0" for all that is kept
   */
  events(cursor = "", options: EventOptions = {}): AsyncGenerator<Event, void, undefined> {
    return follow(this.#line, cursor, options);
  }

  /**
   * Has sound heard as it is played: what is heard meanwhile, the final findings, and the end.
   *
   * 35 s of it are kept to go on after a break; whoever plays is held up only where the daemon is as far behind. Once it
   * is over, the sound is asked for one more piece at most.
   */
  live(sound: Sound, options: LiveOptions): AsyncGenerator<LiveUpdate, void, undefined> {
    return play(this.#line, sound, options);
  }

  /** Any other call: `client.call(AudioService.method.delete, { audioId })`. A request id is given by itself. */
  call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    input: MessageInitShape<I>,
    options: CallOptions = {},
  ): Promise<MessageShape<O>> {
    return this.#line.call(method, input, options);
  }

  /** Any other stream of answers; after a break the request is sent again as it was, so answers may come twice. */
  async *stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    input: MessageInitShape<I>,
    { signal }: Stoppable = {},
  ): AsyncGenerator<MessageShape<O>, void, undefined> {
    const request = makeRequest(method.input, input);
    const tries = this.#line.tries();
    for await (const message of this.#line.stream(method, () => request, tries, { signal })) {
      tries.renew();
      yield message;
    }
  }

  /** Hangs up: whatever is under way ends, and no call can be made any more. */
  close(): void {
    this.#line.close();
  }
}

function known<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new TypeError("the daemon answered without what was asked for");
  }
  return value;
}

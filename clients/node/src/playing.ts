import type { MessageInitShape } from "@bufbuild/protobuf";
import { SampleMindError } from "./errors.js";
import {
  AnalysisService,
  LiveConfigSchema,
  SampleFormat,
  type AnalyzeLiveRequestSchema,
  type AnalyzeLiveResponse,
  type LiveConfig,
  type LiveStarted,
} from "./generated/samplemind/v1/analysis_pb.js";
import type { Line, Stoppable } from "./line/line.js";
import { makeRequest } from "./line/request.js";
import type { Tries } from "./line/tries.js";
import { Tape } from "./tape.js";

/** Sound in pieces of any size, such as a stream of standard input. */
export type Sound = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** What comes, and what is wanted: format, rate and channels must be said. */
export type LiveOptions = Stoppable & Omit<MessageInitShape<typeof LiveConfigSchema>, "resumeToken" | "$typeName">;

/** What is heard meanwhile, the final findings, and last the `end`. */
export type LiveUpdate = Exclude<AnalyzeLiveResponse["update"], { case: "started" | undefined }>;

type Request = MessageInitShape<typeof AnalyzeLiveRequestSchema>;

const SAMPLE_BYTES: Readonly<Record<SampleFormat, number>> = {
  [SampleFormat.UNSPECIFIED]: 1, // the daemon refuses it
  [SampleFormat.F32LE]: 4,
  [SampleFormat.S16LE]: 2,
  [SampleFormat.S24LE]: 3,
};

/** What is heard of the sound; after a break it goes on with the frame that the daemon names. */
export async function* play(
  line: Line,
  sound: Sound,
  { signal, ...wanted }: LiveOptions,
): AsyncGenerator<LiveUpdate, void, undefined> {
  const config = makeRequest(LiveConfigSchema, wanted);
  const tape = new Tape(SAMPLE_BYTES[config.format] * Math.max(config.channels, 1), config.sampleRateHz);
  const tries = line.tries();
  void tape.fill(sound);
  try {
    for (;;) {
      try {
        for await (const update of attempt(line, config, tape, tries, signal)) {
          yield update;
          if (update.case === "end") {
            return;
          }
        }
        throw new SampleMindError("UNAVAILABLE", "UNAVAILABLE", "the stream ended");
      } catch (error) {
        await line.recover(error, tries, signal);
      }
    }
  } finally {
    tape.cut();
  }
}

/** One stream, until it ends or breaks off. */
async function* attempt(
  line: Line,
  config: LiveConfig,
  tape: Tape,
  tries: Tries,
  signal: AbortSignal | undefined,
): AsyncGenerator<LiveUpdate, void, undefined> {
  const start = new Start();
  const { analyzeLive } = AnalysisService.method;
  try {
    for await (const { update } of line.converse(analyzeLive, requests(config, tape, start), tries, { signal })) {
      if (update.case === "started") {
        config.resumeToken = update.value.resumeToken;
        start.tell(update.value);
      } else if (update.case !== undefined) {
        tries.renew();
        yield update;
      }
    }
  } finally {
    start.tell(undefined);
  }
}

/** The messages of one attempt: the config, and what is played from the frame on that is expected. */
async function* requests(config: LiveConfig, tape: Tape, start: Start): AsyncGenerator<Request, void, undefined> {
  yield { message: { case: "config", value: config } };
  const started = await start.told;
  if (started) {
    for await (const { frame, data } of tape.read(Number(started.nextFrame))) {
      yield { message: { case: "audio", value: { frame: BigInt(frame), data } } };
    }
    yield { message: { case: "finish", value: {} } };
  }
}

/** What the daemon says first; undefined where the stream ended before. */
class Start {
  tell!: (started: LiveStarted | undefined) => void;
  readonly told = new Promise<LiveStarted | undefined>((resolve) => {
    this.tell = resolve;
  });
}

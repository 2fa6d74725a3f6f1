import { SampleMindError } from "./errors.js";
import { AudioService, type Audio, type Upload } from "./generated/samplemind/v1/audio_pb.js";
import type { Line, Stoppable } from "./line/line.js";
import type { Tries } from "./line/tries.js";
import type { Source } from "./source.js";

const PIECE_BYTES = 64 * 1024; // in a message
const STRETCH_BYTES = 16 * 2 ** 20; // in one stream: after each the daemon says how far it is
const STRETCH_SECONDS = 300;
const FINISH_SECONDS = 120; // the daemon hashes and syncs the whole file
/** Why a stream ended where it is not known how far it got: the daemon is asked, and it goes on from there. */
const UNCLEAR: ReadonlySet<string> = new Set([
  "WRONG_OFFSET", // our last stream was not over yet, there
  "STILL_SENDING",
  "DEADLINE_EXCEEDED", // a slow line
  "INTERNAL", // the stream was ended, for whatever reason, while we wrote to it
]);

/** How a file is sent. */
export interface UploadOptions extends Stoppable {
  /** Called with the bytes that are done, and all of them. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/** The sound that the bytes are now, or were already. */
export interface Uploaded {
  readonly audio: Audio;
  /** Bytes that went over the line; 0 where the daemon had them all. */
  readonly sentBytes: number;
}

/** Sends what the daemon does not have yet, after a break from the committed offset on. */
export async function upload(line: Line, source: Source, options: UploadOptions): Promise<Uploaded> {
  const { signal } = options;
  const { name, sha256 } = source;
  const create = { name, sha256, sizeBytes: BigInt(source.sizeBytes) };
  const { outcome } = await line.call(AudioService.method.createUpload, create, { signal });
  if (outcome.case === "audio") {
    options.onProgress?.(source.sizeBytes, source.sizeBytes);
    return { audio: outcome.value, sentBytes: 0 };
  }
  if (outcome.case !== "upload") {
    throw new TypeError("the daemon answered with neither an upload nor a sound");
  }
  const sending = new Sending(line, source, outcome.value.id, options);
  await sending.send(outcome.value);
  const finish = { uploadId: outcome.value.id };
  const done = { signal, deadlineSeconds: FINISH_SECONDS };
  const { audio } = await line.call(AudioService.method.finishUpload, finish, done);
  if (!audio) {
    throw new TypeError("the daemon answered without the sound");
  }
  return { audio, sentBytes: sending.sentBytes };
}

/** An upload under way. */
class Sending {
  sentBytes = 0;

  constructor(
    private readonly line: Line,
    private readonly source: Source,
    private readonly uploadId: string,
    private readonly options: UploadOptions,
  ) {}

  /** Sends from what is committed to the end; after a break, from what is committed then. */
  async send(upload: Upload): Promise<void> {
    const tries = this.line.tries();
    let committed = Number(upload.committedBytes);
    while (committed < this.source.sizeBytes) {
      let reached: number;
      try {
        reached = await this.#sendStretch(committed, tries);
      } catch (error) {
        await this.#recover(error, tries);
        reached = await this.#askCommitted();
      }
      if (reached > committed) {
        tries.renew();
      }
      committed = reached;
    }
  }

  async #sendStretch(start: number, tries: Tries): Promise<number> {
    const { uploadChunks } = AudioService.method;
    const options = { signal: this.options.signal, deadlineSeconds: STRETCH_SECONDS };
    let reached: Upload | undefined;
    for await (const answer of this.line.converse(uploadChunks, this.#stretch(start), tries, options)) {
      reached = answer.upload; // read to its end: else the deadline's timer would go on
    }
    if (!reached) {
      throw new SampleMindError("UNAVAILABLE", "UNAVAILABLE", "the stream ended without an answer");
    }
    return Number(reached.committedBytes);
  }

  async #recover(error: unknown, tries: Tries): Promise<void> {
    const { signal } = this.options;
    if (!(error instanceof SampleMindError) || !UNCLEAR.has(error.reason)) {
      await this.line.recover(error, tries, signal);
    } else if (!(await this.line.wait(tries, signal))) {
      throw error;
    }
  }

  async #askCommitted(): Promise<number> {
    const { uploadId, options } = this;
    const answer = await this.line.call(AudioService.method.getUpload, { uploadId }, { signal: options.signal });
    return Number(answer.upload?.committedBytes);
  }

  async *#stretch(start: number) {
    const { uploadId, source } = this;
    const end = Math.min(start + STRETCH_BYTES, source.sizeBytes);
    for (let offset = start; offset < end; ) {
      const data = await source.read(offset, Math.min(PIECE_BYTES, end - offset));
      if (data.length === 0) {
        const sentence = `'${source.name}' became shorter while it was sent.`;
        throw new SampleMindError("FAILED_PRECONDITION", "FILE_CHANGED", sentence);
      }
      yield { uploadId, offset: BigInt(offset), data };
      offset += data.length;
      this.sentBytes += data.length;
      this.options.onProgress?.(offset, source.sizeBytes);
    }
  }
}

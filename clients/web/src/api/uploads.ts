import { Code } from "@connectrpc/connect";

import type { Audio, Upload } from "../generated/samplemind/v1/audio_pb";
import { formatNumber } from "../text/number";
import { audio, requestId } from "./client";
import { refusalOf, SampleMindError } from "./refusal";
import { DELAYS, jittered, pause } from "./retry";
import { PART, sendPart, sha256Of } from "./sending";

/** Where a file is on its way. */
export type SendingState = "waiting" | "reading" | "sending" | "paused" | "kept" | "known" | "refused";

/** A file on its way to the daemon. */
export interface Sending {
  readonly id: string;
  readonly file: File;
  state: SendingState;
  /** Bytes that are safely stored, and of them those that were there when it went on after a break. */
  sent: number;
  resumedAt: number;
  /** Bytes a second, lately. */
  speed: number;
  /** The sound that it became, or that was there already. */
  audio?: Audio;
  refusal?: SampleMindError;
  /** Why it has to wait for a moment. */
  note: string;
}

const AT_A_TIME = 2;
const MOST = 5000;
const OPEN: readonly SendingState[] = ["waiting", "reading", "sending", "paused"];

/** The files of this session on their way; two at a time, the others wait in line. */
export class Uploads {
  private list: readonly Sending[] = [];
  private readonly leaving = new Map<string, AbortController>();
  private readonly hearers = new Set<() => void>();

  readonly current = (): readonly Sending[] => this.list;

  readonly listen = (hear: () => void): (() => void) => {
    this.hearers.add(hear);
    return () => this.hearers.delete(hear);
  };

  /** Puts files in line; answers how many found no room. What has more than `most` bytes is refused unread. */
  add(files: readonly File[], most = Infinity): number {
    const room = Math.max(0, MOST - this.list.length);
    const fresh = files.slice(0, room).map<Sending>((file) => ({ id: requestId(), file, state: "waiting", sent: 0, resumedAt: 0, speed: 0, note: "", ...(file.size > most && tooLarge(most)) }));
    this.list = [...this.list, ...fresh];
    this.work();
    return files.length - fresh.length;
  }

  /** Stops for now; what was sent is kept by the daemon. */
  hold(id: string): void {
    this.leaving.get(id)?.abort();
    this.change(id, { state: "paused", note: "", speed: 0 });
    this.work();
  }

  /** Goes on, or tries again. */
  go(id: string): void {
    this.change(id, { state: "waiting", note: "" });
    this.work();
  }

  /** Takes a file out of the list. */
  drop(id: string): void {
    this.leaving.get(id)?.abort();
    this.list = this.list.filter((one) => one.id !== id);
    this.work();
  }

  /** Takes out what is over. */
  clear(): void {
    this.list = this.list.filter((one) => OPEN.includes(one.state));
    this.tell();
  }

  /** Takes out everything, as nobody's or somebody else's now; what is on its way stops. */
  empty(): void {
    this.leaving.forEach((leave) => leave.abort());
    this.list = [];
    this.tell();
  }

  private work(): void {
    const next = this.list.find((one) => one.state === "waiting" && !this.leaving.has(one.id));
    if (next && this.leaving.size < AT_A_TIME) {
      const leave = new AbortController();
      this.leaving.set(next.id, leave);
      this.change(next.id, { state: "reading" });
      void this.send(next, leave.signal).finally(() => (this.leaving.delete(next.id), this.work()));
      this.work();
    }
    this.tell();
  }

  private async send({ id, file }: Sending, signal: AbortSignal): Promise<void> {
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const opened = await opening(file, await sha256Of(bytes), id, signal);
      if (signal.aborted) return;
      if (opened.case === "audio") return this.change(id, { state: "known", audio: opened.value, sent: file.size });
      const { audio: kept } = await this.fill(id, opened.value, bytes, signal);
      if (kept) this.change(id, { state: "kept", audio: kept, sent: file.size, speed: 0, note: "" });
    } catch (thrown) {
      if (!signal.aborted) this.change(id, { state: "refused", refusal: refusalOf(thrown), speed: 0 });
    }
  }

  /** Sends what the daemon has not yet, and after a break asks how far it is. */
  private async fill(id: string, upload: Upload, bytes: Uint8Array, signal: AbortSignal): Promise<{ audio?: Audio | undefined }> {
    let at = Number(upload.committedBytes);
    this.change(id, { state: "sending", sent: at, resumedAt: at });
    for (let attempt = 0; at < bytes.length; ) {
      try {
        const from = performance.now();
        const next = await sendPart(upload.id, at, bytes.subarray(at, at + PART), signal);
        this.change(id, { sent: next, speed: ((next - at) / Math.max(1, performance.now() - from)) * 1000, note: "" });
        [at, attempt] = [next, 0];
      } catch (thrown) {
        const delay = DELAYS[attempt++];
        if (signal.aborted || delay === undefined || !isBreak(refusalOf(thrown))) throw thrown;
        this.change(id, { speed: 0, note: "The connection dropped; what was sent is kept, and it goes on by itself." });
        await pause(jittered(delay), signal);
        at = Number((await audio.getUpload({ uploadId: upload.id }, { signal })).upload?.committedBytes ?? 0n);
        this.change(id, { sent: at, resumedAt: at, note: "" });
      }
    }
    return audio.finishUpload({ requestId: requestId(), uploadId: upload.id }, { signal });
  }

  private change(id: string, by: Partial<Sending>): void {
    this.list = this.list.map((one) => (one.id === id ? { ...one, ...by } : one));
    this.tell();
  }

  private tell(): void {
    this.hearers.forEach((hear) => hear());
  }
}

function tooLarge(most: number): Pick<Sending, "state" | "refusal"> {
  const message = `An upload has at most ${formatNumber(most / 1e6)} MB.`;
  return { state: "refused", refusal: new SampleMindError(Code.InvalidArgument, "TOO_LARGE", message) };
}

/** Whether the way broke: the next part goes on from what is stored. */
function isBreak({ code }: SampleMindError): boolean {
  return code === Code.Unavailable || code === Code.Aborted || code === Code.Canceled || code === Code.FailedPrecondition;
}

const STORED = "samplemind.uploads"; // ids of uploads by digest: no secret, and of no use to anybody else

/** Opens an upload, or goes on with the one that was begun before the page was left. */
async function opening(file: File, sha256: string, id: string, signal: AbortSignal) {
  const begun = JSON.parse(localStorage.getItem(STORED) ?? "{}") as Record<string, string>;
  const uploadId = begun[sha256];
  const known = uploadId && (await audio.getUpload({ uploadId }, { signal }).catch(() => undefined));
  if (known && known.upload) return { case: "upload", value: known.upload } as const;
  const { outcome } = await audio.createUpload({ requestId: id, name: file.name, sizeBytes: BigInt(file.size), sha256 }, { signal });
  if (outcome.case === undefined) throw new Error("the daemon answered neither an upload nor a sound");
  if (outcome.case === "upload") {
    const latest = Object.entries({ ...begun, [sha256]: outcome.value.id }).slice(-64); // as many as can be open
    localStorage.setItem(STORED, JSON.stringify(Object.fromEntries(latest)));
  }
  return outcome;
}

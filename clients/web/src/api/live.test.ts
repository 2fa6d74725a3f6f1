import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { AnalyzeLiveRequestSchema, AnalyzeLiveResponseSchema, SampleFormat, type AnalyzeLiveRequest } from "../generated/samplemind/v1/analysis_pb";
import { LiveStream, type LiveUpdate } from "./live";
import type { SampleMindError } from "./refusal";

const RATE = 8000;
const MOMENT = 1000; // frames in a piece

/** The daemon's end of a socket, played by the test. */
class Line {
  static readonly OPEN = 1;
  static all: Line[] = [];
  readyState = 0;
  bufferedAmount = 0;
  sent: Uint8Array[] = [];
  onopen?: () => void;
  onmessage?: (event: { data: ArrayBuffer }) => void;
  onclose?: () => void;

  constructor(readonly address: URL) {
    Line.all.push(this);
  }

  send(bytes: Uint8Array) {
    this.sent.push(bytes.slice());
  }

  close() {
    this.readyState = 3;
    this.onclose?.();
  }

  open() {
    this.readyState = 1;
    this.onopen?.();
  }

  say(update: MessageInitShape<typeof AnalyzeLiveResponseSchema>["update"]) {
    const message = create(AnalyzeLiveResponseSchema, { ...(update && { update }) });
    this.onmessage?.({ data: encodeEnvelope(0, toBinary(AnalyzeLiveResponseSchema, message)).slice().buffer });
  }

  started(nextFrame: number, resumeToken = "again") {
    this.say({ case: "started", value: { resumeToken, nextFrame: BigInt(nextFrame) } });
  }

  progress(frames: number) {
    this.say({ case: "progress", value: { receivedFrames: BigInt(frames) } });
  }

  trailers(text: string) {
    this.onmessage?.({ data: encodeEnvelope(0x80, new TextEncoder().encode(text)).slice().buffer });
  }

  /** What was sent in order: its case, and for sound the number of its first frame. */
  get told(): (string | number | undefined)[] {
    return this.sent.map((bytes) => {
      if (bytes[0] === 0x80) return "no more";
      const { message } = messageIn(bytes);
      return message.case === "audio" ? Number(message.value.frame) : message.case;
    });
  }
}

function messageIn(bytes: Uint8Array): AnalyzeLiveRequest {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  expect(length).toBe(bytes.length - 5);
  return fromBinary(AnalyzeLiveRequestSchema, bytes.subarray(5));
}

beforeEach(() => {
  Line.all = [];
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Line);
  vi.stubGlobal("location", { href: "https://music.example/live" });
});
afterEach(() => (vi.useRealTimers(), vi.unstubAllGlobals()));

/** A stream, what it told, and how to play to it. */
function streamed(keepAs?: string) {
  const told: { updates: LiveUpdate[]; breaks: number; ends: (SampleMindError | undefined)[] } = { updates: [], breaks: 0, ends: [] };
  const stream = new LiveStream({
    rate: RATE,
    channels: 2,
    keepAs,
    onUpdate: (update) => told.updates.push(update),
    onBreak: () => told.breaks++,
    onEnd: (refusal) => told.ends.push(refusal),
    delays: [0, 0],
  });
  const play = (pieces: number) => {
    for (let piece = 0; piece < pieces; piece++) stream.push(new Float32Array(2 * MOMENT).fill(0.25));
  };
  return { stream, told, play, line: Line.all[0]! };
}

test("says what comes, then sends frames of sound with their numbers, then that there is no more", () => {
  const { stream, play, line } = streamed("take.wav");
  expect(line.address.href).toBe("wss://music.example/samplemind.v1.AnalysisService/AnalyzeLive");
  line.open();
  play(2); // before the daemon is ready: it waits
  expect(line.told).toEqual(["config"]);
  const { message } = messageIn(line.sent[0]!);
  expect(message.value).toMatchObject({ format: SampleFormat.F32LE, sampleRateHz: RATE, channels: 2, keep: true, name: "take.wav", resumeToken: "" });
  line.started(0);
  play(1);
  stream.finish();
  play(1); // what comes after the end is not sound any more
  expect(line.told).toEqual(["config", 0, 1000, 2000, "finish", "no more"]);
  const sound = messageIn(line.sent[1]!).message;
  expect(sound.case === "audio" && sound.value.data).toEqual(new Uint8Array(new Float32Array(2000).fill(0.25).buffer));
});

test("sends two seconds ahead of what the daemon has, and no more", () => {
  const { stream, play, line } = streamed();
  line.open();
  line.started(0);
  play(40);
  expect(line.told.at(-1)).toBe(15_000);
  expect([stream.seconds, stream.waitingSeconds]).toEqual([5, 5]);
  line.progress(9000);
  expect(line.told.at(-1)).toBe(24_000);
  expect(stream.waitingSeconds).toBe(31_000 / RATE);
});

test("sends nothing into a connection that is full, and goes on when it is not", () => {
  const { stream, play, line } = streamed();
  line.open();
  line.started(0);
  line.bufferedAmount = 1e6;
  play(3);
  stream.finish();
  expect(line.told).toEqual(["config"]);
  line.bufferedAmount = 0;
  vi.advanceTimersByTime(100);
  expect(line.told).toEqual(["config", 0, 1000, 2000, "finish", "no more"]);
});

test("goes on after a break with the frame that the daemon expects, and says that it broke off", () => {
  const { told, play, line } = streamed();
  line.open();
  line.started(0, "token");
  play(4);
  line.close();
  play(2);
  expect(told.breaks).toBe(1);
  vi.advanceTimersByTime(10);
  const second = Line.all[1]!;
  second.close(); // before the daemon said anything: the token still holds
  vi.advanceTimersByTime(10);
  const third = Line.all[2]!;
  third.open();
  expect(messageIn(third.sent[0]!).message.value).toMatchObject({ resumeToken: "token" });
  third.started(2500);
  expect(third.told).toEqual(["config", 2000, 3000, 4000, 5000]);
});

test("keeps half a minute, and goes on with the oldest that it still has", () => {
  const { play, line } = streamed();
  line.open();
  play(300);
  line.started(0);
  line.progress(60_000);
  expect(line.told.slice(0, 3)).toEqual(["config", 60_000, 61_000]);
});

test("gives up after as many attempts as it has delays", () => {
  const { told } = streamed();
  for (let at = 0; at < 3; at++) {
    Line.all[at]!.close();
    vi.advanceTimersByTime(10);
  }
  expect(Line.all).toHaveLength(3);
  expect(told.ends.map((end) => end?.message)).toEqual(["The connection broke off, and could not be made again."]);
});

test("tells what is heard, and ends in order", () => {
  const { told, line } = streamed();
  line.open();
  line.started(0);
  line.say({ case: "beat", value: { seconds: 1, nextSeconds: 1.5 } });
  line.trailers("grpc-status: 0\r\n");
  expect(told.updates.map((update) => update.case)).toEqual(["started", "beat"]);
  expect(told.ends).toEqual([undefined]);
  expect(Line.all).toHaveLength(1);
});

test("a refusal is told with its sentence", () => {
  const { told, line } = streamed();
  line.open();
  line.trailers("grpc-status: 8\r\ngrpc-message: 8%20streams%20are%20heard\r\n");
  expect(told.ends.map((end) => end?.message)).toEqual(["8 streams are heard"]);
});

test("a piece over 64 KiB is refused at once", () => {
  const { stream } = streamed();
  expect(() => stream.push(new Float32Array(20_000))).toThrow("80000 bytes");
});

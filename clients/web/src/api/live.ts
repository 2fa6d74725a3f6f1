import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { findTrailerError } from "@connectrpc/connect/protocol-grpc";
import { trailerFlag, trailerParse } from "@connectrpc/connect/protocol-grpc-web";

import { AnalysisService, AnalyzeLiveRequestSchema, AnalyzeLiveResponseSchema, SampleFormat, type AnalyzeLiveResponse } from "../generated/samplemind/v1/analysis_pb";
import { refusalOf, type SampleMindError } from "./refusal";
import { DELAYS, jittered } from "./retry";
import { Tape } from "./tape";

export type LiveUpdate = AnalyzeLiveResponse["update"];

export interface LiveHearing {
  rate: number;
  channels: number;
  /** The name of the sound that it becomes; it is not kept if left out. */
  keepAs: string | undefined;
  onUpdate: (update: LiveUpdate) => void;
  /** The connection broke off; it is made anew. */
  onBreak: () => void;
  /** It is over: in order, or with why it broke off. */
  onEnd: (refusal: SampleMindError | undefined) => void;
  delays?: readonly number[];
}

/** So long the daemon waits for a stream that broke off, and so much is kept for it. */
export const KEPT_SECONDS = 30;
const AHEAD_SECONDS = 2; // sent before the daemon has said that it came
const WAITING_BYTES = 256 * 1024; // in the browser, on their way to the daemon
const LOOK_AGAIN_MS = 50; // after what waits in the browser
const PIECE_BYTES = 64 * 1024;

/**
 * Plays sound to the daemon as it comes, over a WebSocket whose messages are gRPC-Web frames.
 *
 * It sends no faster than the daemon takes it in. After a break it goes on with what the daemon has not heard, as long
 * as that is kept here: half a minute.
 */
export class LiveStream {
  private readonly tape: Tape;
  private socket: WebSocket | undefined;
  private token = "";
  private told = false; // by the daemon, on this connection, which frame it expects; and the end is not sent yet
  private received = 0; // frames, as the daemon says
  private attempt = 0;
  private over = false;
  private finishing = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly hearing: LiveHearing) {
    this.tape = new Tape(KEPT_SECONDS * hearing.rate);
    this.open();
  }

  /** Seconds of sound that came. */
  get seconds(): number {
    return this.tape.frames / this.hearing.rate;
  }

  /** Seconds of it that the daemon has not said that it has. */
  get waitingSeconds(): number {
    return (this.tape.frames - this.received) / this.hearing.rate;
  }

  /** Sends interleaved 32-bit samples, up to 64 KiB at a time. */
  push(samples: Float32Array<ArrayBuffer>): void {
    if (samples.byteLength > PIECE_BYTES) throw new RangeError(`a piece of ${samples.byteLength} bytes is too large`);
    if (this.finishing) return;
    this.tape.push(samples, this.hearing.channels);
    this.pump();
  }

  /** There is no more: what was found is said as of a file. */
  finish(): void {
    this.finishing = true;
    this.pump();
  }

  /** Breaks off. */
  leave(): void {
    this.end(undefined);
  }

  private open(): void {
    const address = new URL(`/${AnalysisService.typeName}/AnalyzeLive`, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.greet();
    socket.onmessage = ({ data }) => this.hear(new Uint8Array(data as ArrayBuffer));
    socket.onclose = () => socket === this.socket && this.broke();
    this.socket = socket;
  }

  private greet(): void {
    const { rate, channels, keepAs } = this.hearing;
    const config = { format: SampleFormat.F32LE, sampleRateHz: rate, channels, keep: keepAs !== undefined, name: keepAs ?? "", resumeToken: this.token };
    this.send({ case: "config", value: config });
  }

  private hear(bytes: Uint8Array): void {
    const body = bytes.subarray(5); // a flag, and the length that the message has anyway
    if (bytes[0]! & trailerFlag) {
      const error = findTrailerError(trailerParse(body));
      return this.end(error && refusalOf(error));
    }
    const { update } = fromBinary(AnalyzeLiveResponseSchema, body);
    if (update.case === "started") this.start(update.value.resumeToken, Number(update.value.nextFrame));
    if (update.case === "progress") {
      this.attempt = 0;
      this.received = Number(update.value.receivedFrames);
      this.pump();
    }
    this.hearing.onUpdate(update);
  }

  private start(token: string, next: number): void {
    this.token = token;
    this.told = true;
    this.received = next;
    this.tape.rewind(next);
    this.pump();
  }

  /** Sends what waits, as far as the daemon and the way to it keep up. */
  private pump(): void {
    clearTimeout(this.timer);
    if (!this.told || this.over || !this.socket) return;
    const before = this.received + AHEAD_SECONDS * this.hearing.rate;
    while (this.socket.bufferedAmount < WAITING_BYTES) {
      const piece = this.tape.next(before);
      if (!piece) break;
      this.send({ case: "audio", value: { frame: BigInt(piece.frame), data: piece.data } });
    }
    if (this.tape.waits) this.timer = setTimeout(() => this.pump(), LOOK_AGAIN_MS);
    else if (this.finishing) this.sendEnd();
  }

  private sendEnd(): void {
    this.told = false;
    this.send({ case: "finish", value: {} });
    this.socket?.send(encodeEnvelope(trailerFlag, new Uint8Array()));
  }

  private send(message: MessageInitShape<typeof AnalyzeLiveRequestSchema>["message"]): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    const bytes = toBinary(AnalyzeLiveRequestSchema, create(AnalyzeLiveRequestSchema, { ...(message && { message }) }));
    this.socket.send(encodeEnvelope(0, bytes));
  }

  private broke(): void {
    if (this.over) return;
    this.told = false;
    const delay = (this.hearing.delays ?? DELAYS)[this.attempt++];
    if (delay === undefined) return this.end(refusalOf(new ConnectError("The connection broke off, and could not be made again.")));
    this.hearing.onBreak();
    setTimeout(() => !this.over && this.open(), jittered(delay) * 1000);
  }

  private end(refusal: SampleMindError | undefined): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    this.socket?.close();
    this.hearing.onEnd(refusal);
  }
}

import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { findTrailerError } from "@connectrpc/connect/protocol-grpc";
import { trailerFlag, trailerParse } from "@connectrpc/connect/protocol-grpc-web";

import { AnalysisService, AnalyzeLiveRequestSchema, AnalyzeLiveResponseSchema, SampleFormat, type AnalyzeLiveResponse } from "../generated/samplemind/v1/analysis_pb";
import { refusalOf, SampleMindError } from "./refusal";
import { DELAYS } from "./retry";

export interface LiveHearing {
  rate: number;
  channels: number;
  /** The name of the sound that it becomes; it is not kept if left out. */
  keepAs: string | undefined;
  onUpdate: (update: AnalyzeLiveResponse["update"]) => void;
  /** It is over: in order, or with why it broke off. */
  onEnd: (refusal: SampleMindError | undefined) => void;
}

interface Piece {
  frame: number;
  frames: number;
  data: Uint8Array<ArrayBuffer>;
}

const KEPT_SECONDS = 30; // so long the daemon waits for a stream that broke off
const PIECE_BYTES = 64 * 1024;

/**
 * Plays sound to the daemon as it comes, over a WebSocket whose messages are gRPC-Web frames.
 *
 * After a break it goes on with what the daemon has not heard, as long as that is kept here: half a minute.
 */
export class LiveStream {
  private socket: WebSocket | undefined;
  private token = "";
  private frame = 0;
  private pieces: Piece[] = [];
  private attempt = 0;
  private over = false;
  private finishing = false;

  constructor(private readonly hearing: LiveHearing) {
    this.open();
  }

  /** Sends interleaved 32-bit samples, up to 64 KiB at a time. */
  push(samples: Float32Array<ArrayBuffer>): void {
    const data = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    const piece = { frame: this.frame, frames: samples.length / this.hearing.channels, data };
    if (data.length > PIECE_BYTES) throw new RangeError(`a piece of ${data.length} bytes is too large`);
    this.frame += piece.frames;
    this.pieces.push(piece);
    const oldest = this.frame - KEPT_SECONDS * this.hearing.rate;
    while (this.pieces[0] && this.pieces[0].frame < oldest) this.pieces.shift();
    if (this.token) this.sendPiece(piece);
  }

  /** There is no more: what was found is said as of a file. */
  finish(): void {
    this.finishing = true;
    if (this.token) this.sendEnd();
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
    this.token = ""; // nothing is sent before the daemon says where to go on
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
    if (update.case === "progress") this.attempt = 0;
    this.hearing.onUpdate(update);
  }

  private start(token: string, next: number): void {
    this.token = token;
    this.pieces.filter((piece) => piece.frame + piece.frames > next).forEach((piece) => this.sendPiece(piece));
    if (this.finishing) this.sendEnd();
  }

  private sendPiece({ frame, data }: Piece): void {
    this.send({ case: "audio", value: { frame: BigInt(frame), data } });
  }

  private sendEnd(): void {
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
    const delay = DELAYS[this.attempt++];
    if (delay === undefined) return this.end(refusalOf(new ConnectError("The connection broke off.")));
    setTimeout(() => !this.over && this.open(), delay * 1000);
  }

  private end(refusal: SampleMindError | undefined): void {
    if (this.over) return;
    this.over = true;
    this.socket?.close();
    this.hearing.onEnd(refusal);
  }
}

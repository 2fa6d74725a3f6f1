import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { createEnvelopeReadableStream, encodeEnvelopes } from "@connectrpc/connect/protocol";
import { findTrailerError } from "@connectrpc/connect/protocol-grpc";
import { trailerFlag, trailerParse } from "@connectrpc/connect/protocol-grpc-web";

import { AudioService, UploadChunksRequestSchema, UploadChunksResponseSchema } from "../generated/samplemind/v1/audio_pb";
import { session } from "./client";
import { refusalOf, SampleMindError } from "./refusal";

/** Bytes in a call, and in each of its messages. */
export const PART = 1024 * 1024;
const CHUNK = 64 * 1024;
const PATH = `/${AudioService.typeName}/${AudioService.method.uploadChunks.name}`;

/**
 * Sends a part of an upload and answers how many bytes are safely stored.
 *
 * connect-web sends no streams; gRPC-Web can carry one that is over when the request is: messages behind each other.
 */
export async function sendPart(uploadId: string, offset: number, part: Uint8Array, signal: AbortSignal): Promise<number> {
  const body = encodeEnvelopes(...chunksOf(uploadId, offset, part));
  return session.call(async () => {
    try {
      const headers = { "content-type": "application/grpc-web+proto", "x-grpc-web": "1" };
      const response = await fetch(PATH, { method: "POST", headers, body, signal, credentials: "same-origin" });
      return await committedIn(response);
    } catch (thrown) {
      throw refusalOf(thrown);
    }
  });
}

function* chunksOf(uploadId: string, offset: number, part: Uint8Array) {
  for (let at = 0; at < part.length; at += CHUNK) {
    const data = part.slice(at, at + CHUNK);
    const message = create(UploadChunksRequestSchema, { uploadId: at ? "" : uploadId, offset: BigInt(offset + at), data });
    yield { flags: 0, data: toBinary(UploadChunksRequestSchema, message) };
  }
}

async function committedIn(response: Response): Promise<number> {
  const refused = findTrailerError(response.headers);
  if (refused) throw refused;
  if (!response.ok || !response.body) throw new TypeError(`the daemon's door answered ${response.status}`);
  let committed: number | undefined;
  const messages = createEnvelopeReadableStream(response.body).getReader();
  for (let next = await messages.read(); !next.done; next = await messages.read()) {
    if (next.value.flags & trailerFlag) {
      const error = findTrailerError(trailerParse(next.value.data));
      if (error) throw error;
    } else {
      committed = Number(fromBinary(UploadChunksResponseSchema, next.value.data).upload?.committedBytes ?? 0n);
    }
  }
  if (committed === undefined) throw new SampleMindError(14, "UNREACHABLE", "The answer broke off.");
  return committed;
}

/** The SHA-256 of bytes in lower-case hexadecimal. */
export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

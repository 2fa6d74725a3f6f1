import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { trailerFlag, trailerSerialize } from "@connectrpc/connect/protocol-grpc-web";
import { expect, test, vi } from "vitest";

import { ErrorInfoSchema } from "../generated/google/rpc/error_details_pb";
import { UploadChunksRequestSchema, UploadChunksResponseSchema } from "../generated/samplemind/v1/audio_pb";
import { sendPart, sha256Of } from "./sending";

const KIB = 1024;
const UPLOAD = "5f0c9f0e-0000-4000-8000-000000000001";

/** A door that takes in a part and answers as the daemon does; `taken` are the messages that came. */
function door(refusal?: ConnectError) {
  const taken: ReturnType<typeof messagesIn> = [];
  vi.stubGlobal("fetch", async (_: string, { body }: { body: Uint8Array }) => {
    taken.push(...messagesIn(body));
    const stored = taken.reduce((sum, message) => sum + message.data.length, Number(taken[0]!.offset));
    const answer = create(UploadChunksResponseSchema, { upload: { committedBytes: BigInt(stored) } });
    const trailers = encodeEnvelope(trailerFlag, trailerSerialize(setTrailerStatus(new Headers(), refusal)));
    const message = encodeEnvelope(0, toBinary(UploadChunksResponseSchema, answer));
    return new Response(new Blob(refusal ? [trailers] : [message, trailers]));
  });
  return taken;
}

function messagesIn(body: Uint8Array) {
  const messages = [];
  for (let at = 0; at < body.length; ) {
    const length = new DataView(body.buffer, body.byteOffset + at + 1).getUint32(0);
    messages.push(fromBinary(UploadChunksRequestSchema, body.subarray(at + 5, at + 5 + length)));
    at += 5 + length;
  }
  return messages;
}

test("a part goes in pieces of 64 KiB, each with its place in the file, and the answer says what is stored", async () => {
  const taken = door();
  const part = crypto.getRandomValues(new Uint8Array(60 * KIB));
  const bytes = new Uint8Array(150 * KIB).map((_, index) => part[index % part.length]!);
  expect(await sendPart(UPLOAD, 4096, bytes, AbortSignal.timeout(30_000))).toBe(4096 + bytes.length);
  expect(taken.map((message) => Number(message.offset) - 4096)).toEqual([0, 64 * KIB, 128 * KIB]);
  expect(taken.map((message) => message.uploadId)).toEqual([UPLOAD, "", ""]);
  expect(await sha256Of(new Uint8Array(await new Blob(taken.map((message) => new Uint8Array(message.data))).arrayBuffer()))).toBe(await sha256Of(bytes));
});

test("a refusal of the daemon comes with its reason", async () => {
  const details = [{ desc: ErrorInfoSchema, value: create(ErrorInfoSchema, { reason: "WRONG_OFFSET", domain: "samplemind" }) }];
  door(new ConnectError("The next piece begins at 0, not 9.", Code.FailedPrecondition, undefined, details));
  const sent = sendPart(UPLOAD, 9, new Uint8Array(3), AbortSignal.timeout(30_000));
  await expect(sent).rejects.toMatchObject({ reason: "WRONG_OFFSET", code: Code.FailedPrecondition, message: "The next piece begins at 0, not 9." });
});

test("where nobody answers it says that the daemon cannot be reached", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("fetch failed")));
  await expect(sendPart(UPLOAD, 0, new Uint8Array(3), AbortSignal.timeout(30_000))).rejects.toMatchObject({ reason: "UNREACHABLE" });
});

test("the digest is the one that everybody knows", async () => {
  expect(await sha256Of(new TextEncoder().encode("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

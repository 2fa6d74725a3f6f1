// How a page sends a part of a file: gRPC-Web carries a stream of messages in one body, which connect-web does not do.

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { validateTrailer } from "@connectrpc/connect/protocol-grpc";
import { trailerParse } from "@connectrpc/connect/protocol-grpc-web";

const PIECE = 256 * 1024; // bytes in a message
const TRAILERS = 0x80;

/**
 * Sends bytes of a file, of which the first stands at `offset`; answers the upload as it is then.
 * `method` is AudioService.method.uploadChunks. Throws ConnectError as every call does.
 */
export async function sendPart(method, uploadId, offset, bytes, { fetch = globalThis.fetch, baseUrl = "" } = {}) {
  const frames = [];
  for (let at = 0; at < bytes.length; at += PIECE) {
    const piece = { uploadId, offset: BigInt(offset + at), data: bytes.subarray(at, at + PIECE) };
    frames.push(encodeEnvelope(0, toBinary(method.input, create(method.input, piece))));
  }
  const response = await fetch(`${baseUrl}/${method.parent.typeName}/${method.name}`, {
    method: "POST",
    headers: { "content-type": "application/grpc-web+proto", "x-grpc-web": "1" },
    body: new Blob(frames),
  });
  return fromBinary(method.output, onlyMessage(new Uint8Array(await response.arrayBuffer()), response.headers)).upload;
}

/** The one message of an answer; throws what its trailers say where there is none. */
function onlyMessage(body, headers) {
  const view = new DataView(body.buffer);
  let message;
  for (let at = 0; at < body.length; ) {
    const end = at + 5 + view.getUint32(at + 1);
    const data = body.subarray(at + 5, end);
    if (body[at] === TRAILERS) validateTrailer(trailerParse(data), headers);
    else message = data;
    at = end;
  }
  return message;
}

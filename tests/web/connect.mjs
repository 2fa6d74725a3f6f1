// A page, in node: it calls the daemon by connect-web, as the web app does, and prints what came of each step.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { sendPart } from "./upload.mjs";

const [baseUrl, descriptors, email, password, path] = process.argv.slice(2);
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptors)));
const service = (name) => registry.getService(`samplemind.v1.${name}`);
const [Info, Bad] = ["ErrorInfo", "BadRequest"].map((name) => registry.getMessage(`google.rpc.${name}`));

// What a browser does by itself: it keeps cookies, and says where its page is from.
const jar = new Map();
async function browse(url, { headers, ...how }) {
  const sent = new Headers(headers);
  sent.set("origin", baseUrl);
  if (jar.size) sent.set("cookie", [...jar].map((pair) => pair.join("=")).join("; "));
  const response = await fetch(url, { ...how, headers: sent });
  for (const cookie of response.headers.getSetCookie()) {
    const [name, value] = cookie.split(";")[0].split(/=(.*)/s);
    if (/max-age=0;/i.test(cookie)) jar.delete(name);
    else jar.set(name, value);
  }
  return response;
}

const transport = createGrpcWebTransport({ baseUrl, useBinaryFormat: true, fetch: browse });
const [auth, audio, analysis, events] = ["Auth", "Audio", "Analysis", "Event"].map((name) =>
  createClient(service(`${name}Service`), transport),
);
const tell = (step, what) =>
  console.log(JSON.stringify({ step, ...what }, (_, value) => (typeof value === "bigint" ? Number(value) : value)));

/** What an error says, as the app reads it. */
async function refused(deed) {
  try {
    await deed();
    return { code: "none" };
  } catch (error) {
    const known = ConnectError.from(error);
    const fields = known.findDetails(Bad).flatMap((one) => one.fieldViolations.map((wrong) => wrong.field));
    return { code: Code[known.code], reason: known.findDetails(Info)[0]?.reason, message: known.rawMessage, fields };
  }
}
const drain = async (stream) => {
  for await (const _ of stream);
};

tell("stranger", await refused(() => auth.getMe({})));
const signIn = (word) => auth.login({ credential: { case: "password", value: { email, password: word } } });
tell("guess", await refused(() => signIn("a wrong one")));
const login = await signIn(password);
tell("login", { email: login.user.email, tokens: login.tokens.accessToken + login.tokens.refreshToken, cookies: jar.size });
tell("me", { email: (await auth.getMe({})).user.email });
let trailer;
await audio.list({}, { onTrailer: (headers) => (trailer = headers) });
tell("limits", { remaining: Number(trailer.get("ratelimit-remaining")) });
tell("fields", await refused(() => audio.createUpload({ name: "", sha256: "é" })));

const heard = new AbortController();
const times = [];
tell("abort", await refused(async () => {
  for await (const _ of events.subscribe({}, { signal: heard.signal })) if (times.push(performance.now()) > 2) heard.abort();
}));
tell("heartbeats", { gaps: times.slice(1).map((time, index) => Math.round(time - times[index])) });
tell("deadline", await refused(() => drain(events.subscribe({}, { timeoutMs: 300 }))));

const bytes = new Uint8Array(readFileSync(path));
const sha256 = createHash("sha256").update(bytes).digest("hex");
const opened = await audio.createUpload({ name: "loop.wav", sizeBytes: BigInt(bytes.length), sha256 });
const upload = opened.outcome.value;
const { uploadChunks } = service("AudioService").method;
const half = Math.floor(bytes.length / 2);
const send = (offset, part) => sendPart(uploadChunks, upload.id, offset, part, { fetch: browse, baseUrl });
tell("half", { committed: (await send(0, bytes.subarray(0, half))).committedBytes, half });
tell("gap", await refused(() => send(half + 1, bytes.subarray(half + 1))));
const { committedBytes } = (await audio.getUpload({ uploadId: upload.id })).upload;
await send(Number(committedBytes), bytes.subarray(Number(committedBytes)));
const sound = (await audio.finishUpload({ uploadId: upload.id })).audio;
tell("upload", { sha256: sound.sha256, same: sound.sha256 === sha256 });

let result;
for await (const { update } of analysis.analyze({ audioId: sound.id })) if (update.case === "result") result = update.value;
tell("analysis", { descriptors: result.descriptors.map((one) => one.name) });
const pieces = [];
for await (const piece of audio.download({ audioId: sound.id })) pieces.push(piece.data);
tell("download", { same: Buffer.concat(pieces).equals(Buffer.from(bytes)) });

const before = [...jar.values()].join();
await auth.refresh({});
tell("refresh", { renewed: before !== [...jar.values()].join(), cookies: jar.size });
await auth.logout({});
tell("logout", { cookies: jar.size, ...(await refused(() => auth.getMe({}))) });

import { timestampDate } from "@bufbuild/protobuf/wkt";
import { createClient, type Interceptor } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";

import { AnalysisService } from "../generated/samplemind/v1/analysis_pb";
import { AudioService } from "../generated/samplemind/v1/audio_pb";
import { AuthService } from "../generated/samplemind/v1/auth_pb";
import { EventService } from "../generated/samplemind/v1/event_pb";
import { FlagService } from "../generated/samplemind/v1/flag_pb";
import { LibraryService } from "../generated/samplemind/v1/library_pb";
import { PluginService } from "../generated/samplemind/v1/plugin_pb";
import { StatusService } from "../generated/samplemind/v1/status_pb";
import { WatchService } from "../generated/samplemind/v1/watch_pb";
import { refusalOf } from "./refusal";
import { retried } from "./retry";
import { Session, UNTIL } from "./session";

const signedOut = new Set<() => void>();

/** Hears when the session has ended and cannot be renewed; answers how to hear no more. */
export function onSignedOut(hear: () => void): () => void {
  signedOut.add(hear);
  return () => signedOut.delete(hear);
}

export const session = new Session(
  async () => {
    const { tokens } = await door.refresh({});
    return tokens?.accessExpiresAt && timestampDate(tokens.accessExpiresAt);
  },
  () => signedOut.forEach((hear) => hear()),
);

// Who signs out in one tab does so in all of them.
globalThis.addEventListener?.("storage", ({ key, newValue }) => key === UNTIL && newValue === null && signedOut.forEach((hear) => hear()));

/** Every refusal is a SampleMindError, also one that comes in the middle of a stream. */
const refusing: Interceptor = (next) => async (request) => {
  try {
    const response = await next(request);
    return response.stream ? { ...response, message: refused(response.message) } : response;
  } catch (thrown) {
    throw refusalOf(thrown);
  }
};

async function* refused<T>(messages: AsyncIterable<T>): AsyncIterable<T> {
  try {
    yield* messages;
  } catch (thrown) {
    throw refusalOf(thrown);
  }
}

const renewing: Interceptor = (next) => (request) => session.call(() => next(request));

/** Single answers are asked for again where nobody answers: their request_id makes that safe. Streams are their caller's. */
const retrying: Interceptor = (next) => (request) =>
  request.stream ? next(request) : retried(() => next(request), request.signal);

const address = { baseUrl: globalThis.location?.origin ?? "http://localhost", useBinaryFormat: true };
const transport = createGrpcWebTransport({ ...address, interceptors: [renewing, retrying, refusing] });
const unsigned = createGrpcWebTransport({ ...address, interceptors: [retrying, refusing] });

/** The calls that make a session, and are not renewed themselves. */
export const door = createClient(AuthService, unsigned);

export const analysis = createClient(AnalysisService, transport);
export const audio = createClient(AudioService, transport);
export const auth = createClient(AuthService, transport);
export const events = createClient(EventService, transport);
export const flags = createClient(FlagService, transport);
export const library = createClient(LibraryService, transport);
export const plugins = createClient(PluginService, transport);
export const status = createClient(StatusService, transport);
export const watches = createClient(WatchService, transport);

/** A new id for a request that changes something: the same one again does nothing twice. */
export const requestId = (): string => crypto.randomUUID();

/** Where a sound's bytes are: for players and downloads. */
export const audioAddress = (id: string): string => `/audio/${id}`;

/** The client of SampleMind for Node. */
export {
  Client,
  type AnalyzeUpdate,
  type ClientOptions,
  type Credentials,
  type ListOptions,
  type SearchOptions,
} from "./client.js";
export { CannotReach, SampleMindError, type StatusName } from "./errors.js";
export type { EventOptions } from "./events.js";
export { findingOf, plainValue, type PlainValue } from "./findings.js";
export type { Session } from "./line/credential.js";
export type { CallOptions, Stoppable } from "./line/line.js";
export type { Tokens } from "./line/tokens.js";
export type { Pages } from "./pages.js";
export type { LiveOptions, LiveUpdate, Sound } from "./playing.js";
export type { Source } from "./source.js";
export type { Uploaded, UploadOptions } from "./uploads.js";

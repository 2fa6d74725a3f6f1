import type { Playable } from "../../api/usePlayer";
import { findingsOf, isYours, missingIn, numberIn, textIn, type Findings } from "../../api/value";
import type { Tone } from "../../blocks/Badge";
import { DescriptorStatus } from "../../generated/samplemind/v1/analysis_pb";
import { AudioState, type Audio, type Media } from "../../generated/samplemind/v1/audio_pb";
import type { Found } from "../../generated/samplemind/v1/library_pb";
import { formatNumber } from "../../text/number";

const READ = new WeakMap<Found, Findings>();

/** What was found in a sound of a table. */
export function read(found: Found): Findings {
  const known = READ.get(found) ?? findingsOf(found);
  READ.set(found, known);
  return known;
}

/** A sound's id; empty where there is none. */
export const keyOf = (row: Found): string => row.audio?.id ?? "";

/** A sound's name. */
export const nameOf = (row: Found): string => row.audio?.name ?? "";

/** A sound in a few words: "128.0 BPM, 8A, loop". */
export function inBrief(findings: Findings): string {
  const [bpm, key, kind] = [numberIn(findings.get("tempo.bpm")?.value), textIn(findings.get("key.camelot")?.value), textIn(findings.get("kind.label")?.value)];
  const note = textIn(findings.get("key.root_note")?.value);
  return [bpm !== undefined && `${formatNumber(bpm, 1)} BPM`, key ?? (note && `root ${note}`), kind].filter(Boolean).join(", ");
}

/** A sound for the player. */
export function playable(found: Found): Playable {
  const { id = "", name = "" } = found.audio ?? {};
  return { id, name, note: inBrief(read(found)), camelot: textIn(read(found).get("key.camelot")?.value) };
}

const STATES: Partial<Record<AudioState, [Tone, string, hollow?: boolean]>> = {
  [AudioState.UPLOADED]: ["dim", "uploaded", true],
  [AudioState.QUEUED]: ["dim", "queued", true],
  [AudioState.PROCESSING]: ["live", "processing"],
  [AudioState.FAILED]: ["bad", "failed"],
  [AudioState.CANCELLED]: ["dim", "cancelled"],
  [AudioState.QUARANTINED]: ["bad", "quarantined"],
};
const DOUBTED = ["tempo.bpm", "key.key", "kind.label"];

/** How a sound is, as a colour and a word. */
export function stateOf({ audio, descriptors }: Pick<Found, "audio" | "descriptors">): [Tone, string, hollow?: boolean] {
  const state = STATES[audio?.state ?? AudioState.UNSPECIFIED];
  if (state) return state;
  if (audio?.missingAt) return ["warn", "missing", true];
  if (descriptors.some(isYours)) return ["yours", "yours"];
  const unsure = descriptors.some((one) => DOUBTED.includes(one.name) && one.status === DescriptorStatus.LOW_CONFIDENCE);
  return unsure ? ["warn", "unsure", true] : ["dim", "ok"];
}

/** Whether there is anything to show of a sound, and in a sentence why not. */
export function trouble(audio: Audio | undefined): string | undefined {
  return audio?.problem && `${audio.state === AudioState.QUARANTINED ? "quarantined" : "failed"}: ${audio.problem.message}`;
}

/** A file's format in brief: "WAV 24/44.1". */
export function formatOf(media: Media | undefined): string {
  if (!media) return "";
  const rate = formatNumber(media.sampleRateHz / 1000, media.sampleRateHz % 1000 ? 1 : 0);
  return `${media.container.toUpperCase()} ${media.bitDepth ? `${media.bitDepth}/` : ""}${rate}`;
}

/** Why a value is missing, without the reason behind it. */
export const missing = (findings: Findings, name: string): string | undefined => missingIn(findings.get(name));

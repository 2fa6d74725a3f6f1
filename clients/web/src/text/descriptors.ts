import { labelsIn, numberIn, numbersIn, textIn, wordsIn } from "../api/value";
import type { Descriptor, Value } from "../generated/samplemind/v1/analysis_pb";
import { sharp } from "../sound/keys";
import { count, formatNumber } from "./number";

/** Descriptors that belong together on a page, with their names for people. */
export interface Group {
  title: string;
  rows: readonly [name: string, label: string][];
}

export const GROUPS: readonly Group[] = [
  { title: "Tempo and beats", rows: [["tempo.bpm", "Tempo"], ["tempo.loop_beats", "Loop length"], ["tempo.beats", "Beats"], ["tempo.downbeats", "Downbeats"], ["meter.signature", "Meter"]] },
  { title: "Key", rows: [["key.key", "Key"], ["key.camelot", "Camelot"], ["key.open_key", "Open Key"], ["key.tonic", "Tonic"], ["key.mode", "Mode"], ["key.tuning", "Tuning"], ["key.root_note", "Root note"]] },
  { title: "Loudness", rows: [["loudness.integrated", "Integrated"], ["loudness.range", "Range"], ["loudness.momentary_max", "Momentary max"], ["loudness.short_term_max", "Short-term max"], ["loudness.true_peak", "True peak"], ["loudness.sample_peak", "Sample peak"], ["loudness.replaygain", "ReplayGain"]] },
  { title: "Energy and feel", rows: [["energy.level", "Energy"], ["danceability.level", "Danceability"], ["valence.level", "Valence"], ["arousal.level", "Arousal"]] },
  { title: "Kind", rows: [["kind.label", "Kind"], ["oneshot.label", "One-shot class"]] },
  { title: "Genre", rows: [["genre.labels", "Genre"]] },
  { title: "Mood", rows: [["mood.labels", "Mood"]] },
  { title: "Instruments", rows: [["instruments.labels", "Instruments"]] },
  { title: "Onsets and dynamics", rows: [["onsets.times", "Onsets"], ["onsets.rate", "Onset rate"], ["dynamics.duration", "Length"], ["dynamics.effective_duration", "Effective length"], ["dynamics.start_silence", "Start silence"], ["dynamics.end_silence", "End silence"], ["dynamics.attack_time", "Attack"], ["dynamics.rms", "RMS"], ["dynamics.crest_factor", "Crest factor"], ["dynamics.plr", "Peak to loudness"], ["dynamics.dc_offset", "DC offset"], ["dynamics.channels", "Channels"], ["dynamics.stereo_width", "Stereo width"], ["dynamics.correlation", "Correlation"]] },
  { title: "Timbre", rows: [["timbre.centroid", "Centroid"], ["timbre.rolloff", "Roll-off"], ["timbre.brightness", "Brightness"], ["timbre.warmth", "Warmth"], ["timbre.flatness", "Flatness"]] },
];
/** Shown in their own way elsewhere on the page. */
export const APART: readonly string[] = ["tags.words", "description.text"];
/** Made for programs: drawings and fingerprints. */
const FOR_PROGRAMS = /^(waveform|spectrum|similarity|identity)\./;

/** Every descriptor in its group; what no group names (other people's plugins) comes under its analyzer's name. */
export function grouped(descriptors: readonly Descriptor[]): (Group & { found: Descriptor[] })[] {
  const known = new Map(descriptors.map((one) => [one.name, one]));
  const named = new Set([...GROUPS.flatMap((group) => group.rows.map(([name]) => name)), ...APART]);
  const others = descriptors.filter((one) => !named.has(one.name));
  const rest = new Map<string, [string, string][]>();
  for (const { name } of others) {
    const [analyzer = "", ...own] = name.split(".");
    const title = FOR_PROGRAMS.test(name) ? "For programs" : analyzer === "file" ? "What the file says" : analyzer;
    const label = FOR_PROGRAMS.test(name) ? name : own.join(".").replaceAll("_", " ");
    rest.set(title, [...(rest.get(title) ?? []), [name, label]]);
  }
  return [...GROUPS, ...Array.from(rest, ([title, rows]) => ({ title, rows }))]
    .map((group) => ({ ...group, found: group.rows.flatMap(([name]) => known.get(name) ?? []) }))
    .filter((group) => group.found.length);
}

const DECIMALS: Record<string, number> = { BPM: 1, LUFS: 1, LU: 1, dB: 1, dBTP: 1, dBFS: 1, Hz: 0, cents: 0, s: 3, "per s": 2, "%": 1 };

/** A number and its unit, as they are shown: "128.0" and "BPM", "12" and "ms". */
export function quantity(value: number, unit: string): [number: string, unit: string] {
  if (unit === "s" && Math.abs(value) < 1) return [formatNumber(value * 1000), "ms"];
  const decimals = DECIMALS[unit] ?? (Number.isInteger(value) ? 0 : Math.abs(value) < 0.01 ? 4 : 2);
  return [(unit === "cents" && value > 0 ? "+" : "") + formatNumber(value, decimals), unit];
}

const COUNTED: Record<string, [one: string, many?: string]> = {
  "tempo.beats": ["mark"],
  "tempo.downbeats": ["mark"],
  "onsets.times": ["onset"],
  "waveform.peaks": ["number"],
  "similarity.vector": ["number"],
};

/** A descriptor's value in words, without its unit; labels and long texts are shown in their own way. */
export function shown({ name, unit }: Pick<Descriptor, "name" | "unit">, value: Value | undefined): [text: string, unit: string] {
  const number = numberIn(value);
  if (name === "tempo.loop_beats" && number !== undefined) return [formatNumber(number), number === 1 ? "beat" : "beats"];
  if (number !== undefined) return quantity(number, unit);
  const text = textIn(value);
  if (text !== undefined) return [name.startsWith("key.") ? sharp(text) : text, unit];
  const numbers = numbersIn(value);
  if (numbers.length) return [count(numbers.length, ...(COUNTED[name] ?? ["value"])), ""];
  const labels = labelsIn(value);
  if (labels.length) return [labels.map((label) => label.name.replaceAll("_", " ")).join(", "), ""];
  const words = wordsIn(value);
  return [name.startsWith("identity.") ? count(words.length, "word") : words.join(", "), ""];
}

import type { MessageInitShape } from "@bufbuild/protobuf";

import { KeyRule, type QuerySchema } from "../generated/samplemind/v1/library_pb";
import { AudioState } from "../generated/samplemind/v1/audio_pb";

/** Something that must hold, as it is written: "bpm:120-128", "key~8A", "kind:loop", "tag:warm". */
export interface Clause {
  field: Field;
  /** "~": also what goes with it. */
  near: boolean;
  value: string;
}

export const FIELDS = ["kind", "bpm", "key", "tag", "genre", "mood", "instrument", "lufs", "length", "folder", "state"] as const;
export type Field = (typeof FIELDS)[number];

export interface Search {
  /** Words of names and tags. */
  words: string;
  clauses: readonly Clause[];
}

const CLAUSE = /(?<field>[a-z]+)(?<near>[:~])(?:"(?<quoted>[^"]*)"|(?<plain>\S+))/g;

/** Takes a search apart; what is no clause is a word. */
export function parseSearch(text: string): Search {
  const clauses: Clause[] = [];
  const words = text.replace(CLAUSE, (all, ...rest) => {
    const { field, near, quoted, plain } = rest.at(-1) as Record<string, string | undefined>;
    if (!FIELDS.includes(field as Field)) return all;
    clauses.push({ field: field as Field, near: near === "~", value: quoted ?? plain ?? "" });
    return " ";
  });
  return { words: words.trim().replace(/\s+/g, " "), clauses };
}

/** Writes a search as text. */
export function writeSearch({ words, clauses }: Search): string {
  const written = clauses.map(({ field, near, value }) => `${field}${near ? "~" : ":"}${/\s/.test(value) ? `"${value}"` : value}`);
  return [...written, words].filter(Boolean).join(" ");
}

/** The search with a clause in place of those of its field, or without them. */
export function withClause(search: Search, field: Field, clause?: Omit<Clause, "field">): Search {
  const others = search.clauses.filter((one) => one.field !== field);
  return { ...search, clauses: clause ? [...others, { field, ...clause }] : others };
}

type QueryInit = MessageInitShape<typeof QuerySchema>;

/** The query that a search stands for. */
export function queryOf({ words, clauses }: Search): QueryInit {
  const all = (field: Field) => clauses.filter((one) => one.field === field).map((one) => one.value);
  const one = (field: Field) => clauses.find((clause) => clause.field === field);
  const key = one("key");
  return {
    text: words,
    kinds: all("kind"),
    tags: all("tag"),
    genres: all("genre"),
    moods: all("mood"),
    instruments: all("instrument"),
    folderIds: all("folder"),
    states: all("state").map((state) => AudioState[state.toUpperCase() as keyof typeof AudioState]).filter(Boolean),
    halfDouble: one("bpm")?.near ?? false,
    ...(key && { key: key.value, keyRule: key.near ? KeyRule.CAMELOT : KeyRule.SAME }),
    ...rangesOf(one("bpm"), one("lufs"), one("length")),
  };
}

const TEMPO_SPREAD = 0.5; // "bpm:124" means what is shown as 124

function rangesOf(bpm?: Clause, loudness?: Clause, duration?: Clause): Pick<QueryInit, "bpm" | "loudness" | "duration"> {
  const ranges: Pick<QueryInit, "bpm" | "loudness" | "duration"> = {};
  const [tempo, loud, long] = [bpm && rangeOf(bpm.value, TEMPO_SPREAD), loudness && rangeOf(loudness.value), duration && rangeOf(duration.value)];
  if (tempo) ranges.bpm = tempo;
  if (loud) ranges.loudness = loud;
  if (long) ranges.duration = long;
  return ranges;
}

const RANGE = /^(?<low>-?\d+(?:\.\d+)?)?(?<to>\.\.|-)?(?<high>-?\d+(?:\.\d+)?)?$/;

/** "120-128", "120..", "..-9", "124"; nothing where it is no range. */
export function rangeOf(text: string, spread = 0): { low?: number; high?: number } | undefined {
  const { low, to, high } = RANGE.exec(text)?.groups ?? {};
  if (low === undefined && high === undefined) return undefined;
  if (!to) return { low: Number(low) - spread, high: Number(low) + spread };
  return { ...(low !== undefined && { low: Number(low) }), ...(high !== undefined && { high: Number(high) }) };
}

const NAMES: Record<Field, string> = {
  kind: "Kind", bpm: "Tempo", key: "Key", tag: "Tag", genre: "Genre", mood: "Mood", instrument: "Instrument",
  lufs: "Loudness", length: "Length", folder: "Folder", state: "State",
};
const UNITS: Partial<Record<Field, string>> = { bpm: " BPM", lufs: " LUFS", length: " s" };

/** A clause in plain words: what of, and what. */
export function wordsOf({ field, near, value }: Clause, folderName: (id: string) => string = (id) => id): [name: string, value: string] {
  if (field === "folder") return [NAMES.folder, folderName(value)];
  const unit = UNITS[field];
  const range = unit ? rangeOf(value) : undefined;
  if (!range || !unit) return [NAMES[field], near ? `fits ${value}` : value];
  const { low, high } = range;
  const said = low === high ? `${low}` : low === undefined ? `up to ${high}` : high === undefined ? `from ${low}` : `${low} to ${high}`;
  return [NAMES[field], `${said.replace(/-/g, "\u2212")}${unit}${near ? ", half or double" : ""}`];
}

import type { Folder, FolderWrite } from "../../generated/samplemind/v1/watch_pb";

/** A watch folder as it is written in a form. */
export interface FolderForm {
  path: string;
  /** Whether folders below are watched too. */
  below: boolean;
  /** Name patterns, with commas between them. */
  include: string;
  ignore: string;
  /** What is written into its files once they were analysed. */
  tags: readonly string[];
  sidecar: boolean;
  template: string;
}

export const TAGS = ["bpm", "key", "genre", "comment"] as const;
export const FIELDS = ["name", "kind", "bpm", "key", "camelot", "open_key", "note", "genre", "mood", "instrument", "drum"] as const;

export const NEW_FOLDER: FolderForm = { path: "", below: true, include: "", ignore: "", tags: [], sidecar: false, template: "" };

/** The form of a folder that is watched. */
export function formOf({ path, recursive, include, ignore, write }: Folder): FolderForm {
  const { tags = [], sidecar = false, template = "" } = write ?? {};
  return { path, below: recursive, include: writePatterns(include), ignore: writePatterns(ignore), tags, sidecar, template };
}

/** What the daemon is told of a form. */
export function requestOf(form: FolderForm) {
  const { below, include, ignore, tags, sidecar } = form;
  const template = form.template.trim();
  const writes = tags.length > 0 || sidecar || template !== "";
  return { flat: !below, include: parsePatterns(include), ignore: parsePatterns(ignore), ...(writes && { write: { tags: [...tags], sidecar, template } }) };
}

/** Patterns have commas between them; one that has a comma itself stands in quotes. */
export function parsePatterns(text: string): string[] {
  const found = [...text.matchAll(/\s*"([^"]*)"\s*|([^,\n]+)/g)].map(([, quoted, plain]) => quoted ?? plain?.trim() ?? "");
  return [...new Set(found.filter(Boolean))];
}

/** Patterns as they are read by parsePatterns. */
export function writePatterns(patterns: readonly string[]): string {
  return patterns.map((pattern) => (/,|^\s|\s$/.test(pattern) ? `"${pattern}"` : pattern)).join(", ");
}

/** What is wrong with a form, by field; the daemon has the last word. */
export function faultsOf(form: FolderForm): Partial<Record<"path" | "include" | "ignore" | "template", string>> {
  const unknown = [...form.template.matchAll(/\{([^{}]*)\}/g)].map(([, field]) => field!).find((field) => !FIELDS.includes(field as (typeof FIELDS)[number]));
  return {
    ...(!form.path.trim().startsWith("/") && { path: "A full path begins with /" }),
    ...fault("include", form.include),
    ...fault("ignore", form.ignore),
    ...(unknown !== undefined && { template: `There is no field {${unknown}}` }),
  };
}

const MANY_IN_ONE = /^\*\.\S*\s+\*\./; // "*.wav *.mp3" would be one pattern that nothing is called like

function fault(field: "include" | "ignore", text: string) {
  const joined = parsePatterns(text).find((pattern) => MANY_IN_ONE.test(pattern));
  return joined ? { [field]: `Commas between patterns, please: ${joined.replace(/\s+(?=\*\.)/g, ", ")}` } : {};
}

const NAMES: Readonly<Record<string, string>> = { bpm: "BPM" };
export const tagWord = (tag: string): string => NAMES[tag] ?? tag;

/** What is done with a folder's files once they were analysed, in words. */
export function afterOf(write: FolderWrite | undefined): string {
  if (!write) return "leave";
  const { tags, sidecar, template } = write;
  return [tags.length && `write ${tags.map(tagWord).join(", ")}`, sidecar && "sidecar JSON", template && `move to ${template}`].filter(Boolean).join("; ");
}

import { DescriptorStatus, type Analysis, type Descriptor, type Value } from "../generated/samplemind/v1/analysis_pb";
import type { Found } from "../generated/samplemind/v1/library_pb";

/** What was found in a sound, by name. */
export type Findings = ReadonlyMap<string, Descriptor>;

/** The descriptors of a sound by their names. */
export function findingsOf(of: Pick<Found | Analysis, "descriptors">): Findings {
  return new Map(of.descriptors.map((descriptor) => [descriptor.name, descriptor]));
}

/** A number, if it is one. */
export function numberIn(value: Value | undefined): number | undefined {
  const kind = value?.kind;
  if (kind?.case === "number") return kind.value;
  return kind?.case === "integer" ? Number(kind.value) : undefined;
}

/** A word, if it is one. */
export function textIn(value: Value | undefined): string | undefined {
  return value?.kind.case === "text" ? value.kind.value : undefined;
}

/** Numbers, if it is a list of them; else none. */
export function numbersIn(value: Value | undefined): readonly number[] {
  const kind = value?.kind;
  if (kind?.case === "numbers") return kind.value.values;
  return kind?.case === "integers" ? kind.value.values.map(Number) : [];
}

/** Words, if it is a list of them; else none. */
export function wordsIn(value: Value | undefined): readonly string[] {
  return value?.kind.case === "texts" ? value.kind.value.values : [];
}

/** Names with their probabilities, if it is a list of them; else none. */
export function labelsIn(value: Value | undefined): readonly { name: string; probability: number }[] {
  return value?.kind.case === "labels" ? value.kind.value.values : [];
}

/** Whether the user said so. */
export const isYours = (descriptor: Descriptor | undefined): boolean => descriptor?.madeBy === "user";

const WORDS: Partial<Record<DescriptorStatus, string>> = {
  [DescriptorStatus.NOT_APPLICABLE]: "not applicable",
  [DescriptorStatus.UNMEASURABLE]: "unmeasurable",
  [DescriptorStatus.FAILED]: "failed",
};

/** Why there is no value, in a word or two; nothing where there is one. */
export function missingIn(descriptor: Descriptor | undefined): string | undefined {
  if (!descriptor) return "not known";
  return WORDS[descriptor.status] ?? (descriptor.value ? undefined : descriptor.reason || "not known");
}

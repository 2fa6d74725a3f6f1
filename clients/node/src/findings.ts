import type { Analysis, Descriptor, Label, Value } from "./generated/samplemind/v1/analysis_pb.js";

/** A value of any of the kinds that analyzers report; whole numbers past 2^53 are rounded. */
export type PlainValue = number | string | readonly number[] | readonly string[] | readonly Label[];

/** The finding of this name, such as "tempo.bpm"; undefined if there is none. */
export function findingOf(analysis: Analysis, name: string): Descriptor | undefined {
  return analysis.descriptors.find((one) => one.name === name);
}

/** The value of a finding; undefined where it is not known, and its `reason` says why. */
export function plainValue(finding: { readonly value?: Value | undefined } | undefined): PlainValue | undefined {
  const kind = finding?.value?.kind;
  switch (kind?.case) {
    case "number":
    case "text":
      return kind.value;
    case "integer":
      return Number(kind.value);
    case "integers":
      return kind.value.values.map(Number);
    case "numbers":
    case "texts":
    case "labels":
      return kind.value.values;
    default:
      return undefined;
  }
}

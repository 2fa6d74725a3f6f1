import { create, type MessageInitShape } from "@bufbuild/protobuf";

import { DescriptorSchema, DescriptorStatus, ValueSchema, type Value } from "../generated/samplemind/v1/analysis_pb";
import type { Findings } from "../api/value";
import doubts from "./doubts.json";
import told from "./loop.json";
import { pictureOf, type Picture } from "./picture";

interface Told {
  value: unknown;
  unit: string | null;
  confidence: number | null;
  status: string;
  reason: string | null;
  made_by: string;
  version: number;
  candidates: unknown[];
}

/** A sound that was recorded with what was found in it. */
export interface Recording {
  name: string;
  seconds: number;
  findings: Findings;
}

const recording = ({ file, seconds, descriptors }: { file: string; seconds: number; descriptors: object }): Recording => ({
  name: file,
  seconds,
  findings: new Map(Object.entries(descriptors).map(([name, one]) => [name, descriptorOf(name, one as Told)])),
});

/** A loop that was computed (loop.py), and what was found in it: shown where no sound of the user's can be. */
export const LOOP: Recording & { picture: Picture; recorded: { on: string; version: string } } = (() => {
  const loop = recording(told);
  return { ...loop, picture: pictureOf(loop.findings), recorded: told.recorded };
})();

/** Computed sounds that have no tempo, no key, or neither; of each there is tempo.bpm, key.key and key.root_note. */
export const DOUBTS: readonly Recording[] = doubts.map(recording);

function descriptorOf(name: string, { value, unit, confidence, status, reason, made_by, version, candidates }: Told) {
  return create(DescriptorSchema, {
    name,
    ...(value !== null && { value: valueOf(name, value) }),
    unit: unit ?? "",
    ...(confidence !== null && { confidence }),
    status: DescriptorStatus[status.toUpperCase() as keyof typeof DescriptorStatus],
    reason: reason ?? "",
    madeBy: made_by,
    version,
    candidates: (candidates as { value: unknown; confidence: number }[]).map((one) => ({ value: valueOf(name, one.value), confidence: one.confidence })),
  });
}

function valueOf(name: string, value: unknown): Value {
  const make = (kind: MessageInitShape<typeof ValueSchema>["kind"]) => create(ValueSchema, { ...(kind && { kind }) });
  if (typeof value === "number") return make({ case: "number", value });
  if (name === "waveform.peaks") return make(numbers(Array.from(new Int8Array(bytesOf(String(value))))));
  if (name === "spectrum.mel") return make(numbers(Array.from(new Uint8Array(bytesOf(String(value))))));
  if (!Array.isArray(value)) return make({ case: "text", value: String(value) });
  if (typeof value[0] === "string") return make({ case: "texts", value: { values: value as string[] } });
  if (!Array.isArray(value[0])) return make(numbers(value as number[]));
  return make({ case: "labels", value: { values: (value as [string, number][]).map(([name, probability]) => ({ name, probability })) } });
}

function numbers(values: number[]) {
  return { case: "numbers", value: { values } } as const;
}

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
}

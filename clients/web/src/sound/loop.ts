import { create } from "@bufbuild/protobuf";

import { DescriptorSchema, DescriptorStatus, ValueSchema, type Value } from "../generated/samplemind/v1/analysis_pb";
import type { Findings } from "../api/value";
import told from "./loop.json";
import { pictureOf, type Picture } from "./picture";

type Told = { value: unknown; unit: string | null; confidence: number | null; status: string; candidates: unknown[] };

/** A loop that was computed (loop.py), and what was found in it: shown where no sound of the user's can be. */
export const LOOP: { name: string; findings: Findings; picture: Picture; seconds: number } = (() => {
  const findings = new Map(Object.entries(told.descriptors).map(([name, one]) => [name, descriptorOf(name, one as Told)]));
  return { name: told.file, seconds: told.seconds, findings, picture: pictureOf(findings) };
})();

function descriptorOf(name: string, { value, unit, confidence, status, candidates }: Told) {
  return create(DescriptorSchema, {
    name,
    ...(value !== null && { value: valueOf(name, value) }),
    unit: unit ?? "",
    ...(confidence !== null && { confidence }),
    status: DescriptorStatus[status.toUpperCase() as keyof typeof DescriptorStatus],
    candidates: (candidates as { value: unknown; confidence: number }[]).map((one) => ({ value: valueOf(name, one.value), confidence: one.confidence })),
  });
}

function valueOf(name: string, value: unknown): Value {
  const make = (kind: Value["kind"]) => create(ValueSchema, { kind });
  if (typeof value === "number") return make({ case: "number", value });
  if (name === "waveform.peaks") return make(numbers(Array.from(new Int8Array(bytesOf(String(value))))));
  if (name === "spectrum.mel") return make(numbers(Array.from(new Uint8Array(bytesOf(String(value))))));
  if (Array.isArray(value) && typeof value[0] === "number") return make(numbers(value as number[]));
  return make({ case: "text", value: typeof value === "string" ? value : JSON.stringify(value) });
}

function numbers(values: number[]): Value["kind"] {
  return { case: "numbers", value: { $typeName: "samplemind.v1.Numbers", values } };
}

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
}

import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";

import { AnalyzeLiveResponseSchema, type AnalyzeLiveResponse } from "../../generated/samplemind/v1/analysis_pb";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { joined, NOTHING, phaseOf } from "./heard";

type Said = NonNullable<MessageInitShape<typeof AnalyzeLiveResponseSchema>["update"]>;
const RATE = 48_000;
const said = (update: Said): AnalyzeLiveResponse["update"] => create(AnalyzeLiveResponseSchema, { update }).update;
const heard = (...updates: Said[]) => updates.reduce((last, update) => joined(last, said(update), RATE), NOTHING);
const key = (value: string, stability: number): Said => ({
  case: "estimate",
  value: { finding: { name: "key.key", value: { kind: { case: "text", value } } }, stability },
});

test("a later estimate takes the place of an earlier one", () => {
  const { estimates } = heard(key("A minor", 0.3), key("C major", 0.7));
  expect(estimates.size).toBe(1);
  expect(estimates.get("key.key")).toMatchObject({ stability: 0.7, finding: { value: { kind: { value: "C major" } } } });
});

test("frames are told as seconds, and gaps add up", () => {
  const gap = (frames: number): Said => ({ case: "gap", value: { frame: 0n, frames: BigInt(frames) } });
  const { seconds, gaps, gapSeconds, lag, overloaded } = heard(
    { case: "progress", value: { receivedFrames: 96_000n, lagSeconds: 2.5, overloaded: true } },
    gap(24_000),
    gap(48_000),
  );
  expect([seconds, gaps, gapSeconds, lag, overloaded]).toEqual([2, 2, 1.5, 2.5, true]);
});

test("loudness that is absent is silence, not the last that was", () => {
  expect(heard({ case: "loudness", value: { momentary: -14, shortTerm: -15 } })).toMatchObject({ momentary: -14, shortTerm: -15 });
  const { momentary, shortTerm } = heard({ case: "loudness", value: { momentary: -14, shortTerm: -15 } }, { case: "loudness", value: {} });
  expect([momentary, shortTerm]).toEqual([undefined, undefined]);
});

test("a connection that is there again is not broken any more", () => {
  expect(joined({ ...NOTHING, broken: true }, said({ case: "started", value: {} }), RATE).broken).toBe(false);
});

test("finals are kept in order, and the end with the sound that it became", () => {
  const { finals, end } = heard(
    { case: "final", value: { name: "tempo.bpm" } },
    { case: "final", value: { name: "key.key" } },
    { case: "end", value: { audio: { id: "7", name: "take.wav" } } },
  );
  expect(finals.map((one) => one.name)).toEqual(["tempo.bpm", "key.key"]);
  expect(end?.audio?.name).toBe("take.wav");
});

test("beats are expected on after the last that was told of, for a while", () => {
  const beat = { seconds: 10, next: 10.5 };
  expect(phaseOf(beat, 10.25)).toBeCloseTo(0.5);
  expect(phaseOf(beat, 11.125)).toBeCloseTo(0.25);
  expect(phaseOf(beat, 9.9)).toBeUndefined();
  expect(phaseOf(beat, 15)).toBeUndefined();
  expect(phaseOf({ seconds: 10, next: 10 }, 10.1)).toBeUndefined();
});

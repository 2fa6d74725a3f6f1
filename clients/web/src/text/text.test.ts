import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";

import { KeyRule } from "../generated/samplemind/v1/library_pb";
import { quantity } from "./descriptors";
import { count, formatBytes, formatNumber } from "./number";
import { parseSearch, queryOf, rangeOf, withClause, wordsOf, writeSearch } from "./search";
import { tapped } from "./tapping";
import { formatAgo, formatClock } from "./time";

test("numbers have a true minus sign, grouped thousands, and no minus before nought", () => {
  expect(formatNumber(-9.44, 1)).toBe("\u22129.4");
  expect(formatNumber(12_480)).toBe("12,480");
  expect(formatNumber(-0.0003, 1)).toBe("0.0");
});

test("bytes are told in thousands with one decimal", () => {
  expect([formatBytes(812), formatBytes(96_000_000n), formatBytes(61_240_000_000)]).toEqual(["812 B", "96.0 MB", "61.2 GB"]);
});

test("one is one and not ones", () => {
  expect([count(1, "sound"), count(2, "sound"), count(0n, "sound")]).toEqual(["1 sound", "2 sounds", "0 sounds"]);
});

test("lengths are told as a clock shows them", () => {
  expect([formatClock(7.5), formatClock(214.2), formatClock(3723), formatClock(59.999)]).toEqual(["0:07.50", "3:34.20", "1:02:03", "1:00.00"]);
});

test("what was is told by how long ago", () => {
  const now = Date.now();
  expect([0, 4, 125, 7300].map((seconds) => formatAgo(timestampFromMs(now - seconds * 1000), now))).toEqual(["just now", "4 s ago", "2 min ago", "2 h ago"]);
  expect(formatAgo(undefined)).toBe("never");
});

test("every quantity has its unit and as many decimals as it is good for", () => {
  expect(quantity(127.96, "BPM")).toEqual(["128.0", "BPM"]);
  expect(quantity(0.012, "s")).toEqual(["12", "ms"]);
  expect(quantity(6.2, "cents")).toEqual(["+6", "cents"]);
  expect(quantity(-0.000_208, "")).toEqual(["\u22120.0002", ""]);
});

test("a search is taken apart and written again as it was", () => {
  const text = 'bpm:120-128 key~8A kind:loop genre:"deep house" dusty rhodes';
  const search = parseSearch(text);
  expect(search.words).toBe("dusty rhodes");
  expect(writeSearch(search)).toBe(text);
});

test("a search becomes the daemon's query", () => {
  expect(queryOf(parseSearch("bpm~60-65 key~8A lufs:..-9 tag:warm tag:dark"))).toMatchObject({
    bpm: { low: 60, high: 65 },
    halfDouble: true,
    key: "8A",
    keyRule: KeyRule.CAMELOT,
    loudness: { high: -9 },
    tags: ["warm", "dark"],
  });
  expect(queryOf(parseSearch("bpm:124"))).toMatchObject({ bpm: { low: 123.5, high: 124.5 }, halfDouble: false });
});

test("what is no clause is a word", () => {
  expect(parseSearch("re:mix 12:30")).toEqual({ words: "re:mix 12:30", clauses: [] });
});

test("ranges have one end or two, also below nought", () => {
  expect([rangeOf("-14..-8"), rangeOf("..-9"), rangeOf("30.."), rangeOf("fast")]).toEqual([{ low: -14, high: -8 }, { high: -9 }, { low: 30 }, undefined]);
});

test("a clause in place of another leaves the others", () => {
  const search = withClause(parseSearch("kind:loop bpm:124"), "kind", { value: "song", near: false });
  expect(writeSearch(search)).toBe("bpm:124 kind:song");
});

test("clauses are told in plain words", () => {
  const [range, near, open] = parseSearch("bpm:120-128 key~8A lufs:..-9").clauses.map((clause) => wordsOf(clause));
  expect([range, near, open]).toEqual([["Tempo", "120 to 128 BPM"], ["Key", "fits 8A"], ["Loudness", "up to \u22129 LUFS"]]);
});

test("taps make a tempo once there are four, and a pause begins anew", () => {
  expect(tapped([0, 0.5, 1])).toBeUndefined();
  expect(tapped([0, 0.5, 1, 1.51])).toBe(120);
  expect(tapped([0, 0.5, 1, 1.5, 9, 9.4])).toBeUndefined();
});

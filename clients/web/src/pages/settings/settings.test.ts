import { create } from "@bufbuild/protobuf";
import { timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { expect, test } from "vitest";

import { SampleMindError } from "../../api/refusal";
import { ApiKeySchema, Scope } from "../../generated/samplemind/v1/auth_pb";
import { Audience, FlagChangeSchema, FlagOverrideSchema } from "../../generated/samplemind/v1/flag_pb";
import { FolderSchema } from "../../generated/samplemind/v1/watch_pb";
import { whyAt, whyElse, whyOf } from "../../text/why";
import { agentInWords } from "./agent";
import { dayFault, expiryOf, scopesUpTo, standingOf } from "./apiKey";
import { afterOf, faultsOf, formOf, NEW_FOLDER, parsePatterns, requestOf, writePatterns } from "./folder";
import { audienceName, changeInWords, whoIs } from "./flag";
import { faultOf, jsonOf, stepOf, textOf } from "./parameter";
import { passwordFaults } from "./password";

const NOW = new Date("2026-11-25T12:00:00");
const inDays = (days: number) => timestampFromDate(new Date(NOW.getTime() + days * 86_400_000));

test("a key ends after so many days, at the end of a day, or never", () => {
  expect(timestampDate(expiryOf("30", "", NOW)!).getTime() - NOW.getTime()).toBe(30 * 86_400_000);
  expect(timestampDate(expiryOf("day", "2026-12-01", NOW)!)).toEqual(new Date("2026-12-01T23:59:59"));
  expect(expiryOf("never", "2026-12-01", NOW)).toBeUndefined();
});

test("a key can end today and not yesterday", () => {
  expect([dayFault("2026-11-25", NOW), dayFault("2026-11-24", NOW), dayFault("", NOW), dayFault("2026-13-01", NOW)]).toEqual([undefined, "This day is past", "Choose a day", "Choose a day"]);
});

test("a key that ends soon, has ended or was revoked says so", () => {
  const key = (more: object) => standingOf(create(ApiKeySchema, more), NOW);
  expect(key({})).toEqual(["good", "never used, never ends"]);
  expect(key({ expiresAt: inDays(30), lastUsedAt: inDays(-1) })).toEqual(["good", "used 1 d ago, ends on 25 December"]);
  expect(key({ expiresAt: inDays(3) })[0]).toBe("ending");
  expect(key({ expiresAt: inDays(-1) })).toEqual(["ended", "ended on 24 November, never used"]);
  expect(key({ expiresAt: inDays(3), revokedAt: inDays(-2) })).toEqual(["revoked", "revoked on 23 November"]);
});

test("nobody can give a key more than they may do themselves", () => {
  expect(scopesUpTo(Scope.ANALYZE).map((scope) => scope.value)).toEqual(["READ", "ANALYZE"]);
});

test("patterns come back as they were written, also with commas and blanks in them", () => {
  const patterns = ["*.wav", "take one *.aif", "a, b*.wav"];
  expect(parsePatterns(writePatterns(patterns))).toEqual(patterns);
  expect(parsePatterns(" *.wav ,, *.wav,\n*.flac ")).toEqual(["*.wav", "*.flac"]);
});

test("a folder's form says again what it was made of", () => {
  const write = { tags: ["bpm", "key"], sidecar: true, template: "{kind}/{bpm} {name}" };
  const folder = create(FolderSchema, { path: "/sounds", recursive: false, include: ["*.wav"], write });
  expect(requestOf(formOf(folder))).toEqual({ flat: true, include: ["*.wav"], ignore: [], write });
  expect(requestOf({ ...NEW_FOLDER, template: "  " })).toEqual({ flat: false, include: [], ignore: [] });
});

test("what cannot be watched is said beside its field", () => {
  expect(faultsOf({ ...NEW_FOLDER, path: "sounds" })).toEqual({ path: "A full path begins with /" });
  expect(faultsOf({ ...NEW_FOLDER, path: "/s", include: "*.wav *.mp3" })).toEqual({ include: "Commas between patterns, please: *.wav, *.mp3" });
  expect(faultsOf({ ...NEW_FOLDER, path: "/s", template: "{kind}/{tempo} {name}" })).toEqual({ template: "There is no field {tempo}" });
  expect(faultsOf({ ...NEW_FOLDER, path: "/s", include: "my take *.wav", template: "{kind}/{bpm} {name}" })).toEqual({});
});

test("what is done after analysis is told in words", () => {
  expect(afterOf(undefined)).toBe("leave");
  expect(afterOf(create(FolderSchema, { write: { tags: ["bpm", "key"], sidecar: true } }).write)).toBe("write BPM, key; sidecar JSON");
});

const tempo = { type: "float", low: 40, high: 280, unit: "BPM" };

test("a parameter out of its bounds says which they are, with their unit", () => {
  expect(faultOf(tempo, "30")).toBe("From 40 BPM to 280 BPM");
  expect(faultOf({ type: "float", low: 0.5, unit: "" }, "0.25")).toBe("At least 0.50");
  expect(faultOf({ type: "int", high: 8, unit: "" }, "9")).toBe("At most 8");
  expect([faultOf(tempo, "120"), faultOf(tempo, ""), faultOf(tempo, "fast"), faultOf({ ...tempo, type: "int" }, "120.5")]).toEqual([undefined, "A number is needed", "A number is needed", "A whole number is needed"]);
});

test("a file is named by its full path, or not at all", () => {
  const file = { type: "File", unit: "" };
  expect([faultOf(file, ""), faultOf(file, "/models/genre.onnx"), faultOf(file, "genre.onnx")]).toEqual([undefined, undefined, "A full path begins with /"]);
});

test("what is written in a field becomes the JSON of its type, and the other way round", () => {
  for (const [type, text, json] of [["float", "0.5", "0.5"], ["bool", "true", "true"], ["str", 'say "ah"', '"say \\"ah\\""']] as const) {
    expect(jsonOf({ type }, text)).toBe(json);
    expect(textOf({ type, valueJson: json })).toBe(text);
  }
  expect(jsonOf({ type: "float" }, " .5")).toBe("0.5");
});

test("a slider has about a hundred steps, and whole ones for whole numbers", () => {
  expect([stepOf(tempo), stepOf({ ...tempo, type: "int" }), stepOf({ type: "float", low: 0.5, high: 1 })]).toEqual([1, 1, 0.001]);
});

test("a wrong password is said at the old one, a bad new one at the new one, all else below", () => {
  expect(passwordFaults(new SampleMindError(Code.Unauthenticated, "UNAUTHENTICATED", "No."))).toEqual({ current: "This is not the password so far." });
  expect(passwordFaults(new SampleMindError(Code.InvalidArgument, "INVALID_PASSWORD", "No.", { new_password: "it is guessed first" }))).toEqual({ next: "It is guessed first." });
  expect(passwordFaults(new SampleMindError(Code.ResourceExhausted, "TOO_MANY_SIGN_INS", "Too many."))).toEqual({ other: "Too many." });
  expect(passwordFaults(undefined)).toEqual({});
});

test("a refusal says what can be done about it, by its reason", () => {
  expect(whyOf({ reason: "OWNERS_ONLY", message: "This call is for the owner of the daemon.", fields: {} })).toBe("This call is for the owner of the daemon. Ask the owner of this daemon for it.");
  expect(whyOf({ reason: "NEW_ONE", message: "Said so.", fields: {} })).toBe("Said so.");
  expect(whyOf({ reason: "", message: "", fields: { path: "too long" } })).toBe("Too long.");
});

test("what is said at a field is not said again below the form", () => {
  const refusal = { reason: "NO_SUCH_FOLDER", message: "No.", fields: { path: "there is no folder '/x'" } };
  expect(whyAt(refusal, "path")).toMatch(/^There is no folder '\/x'\. Is the drive mounted/);
  expect([whyAt(refusal, "template"), whyAt(undefined, "path"), whyElse(refusal, "path", "template"), whyElse(undefined)]).toEqual([undefined, undefined, undefined, undefined]);
  expect(whyElse({ ...refusal, fields: { plan: "it writes nothing" } }, "path")).toMatch(/^No\./);
});

test("a flag's change says for whom, what it was and what it is", () => {
  const known = [create(FlagOverrideSchema, { userId: "u2", email: "bo@example.org" })];
  const nameOf = (id: string) => whoIs(id, { id: "u1" }, known);
  expect([nameOf("u1"), nameOf("u2"), nameOf("0123456789")]).toEqual(["you", "bo@example.org", "user 01234567"]);
  expect(changeInWords(create(FlagChangeSchema, { before: "all", after: "20 %" }), nameOf)).toBe("for all: all, then 20 %");
  expect(changeInWords(create(FlagChangeSchema, { userId: "u2", after: "off" }), nameOf)).toBe("for bo@example.org: as it came, then off");
});

test("every audience has its name on the page", () => {
  const known = [Audience.ALL, Audience.BETA, Audience.PREMIUM, Audience.SHARE, Audience.NOBODY];
  expect(known.map(audienceName)).toEqual(["ALL", "BETA", "PREMIUM", "SHARE", "NOBODY"]);
});

test("a client is called by the browser and the system that it says it is", () => {
  const gecko = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
  const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
  const edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0";
  expect([gecko, phone, edge].map(agentInWords)).toEqual(["Firefox on Linux", "Safari on iPhone", "Edge on Windows"]);
  expect(agentInWords("grpc-python/1.76.0 grpc-c/51.0.0 (linux; chttp2)")).toBe("grpc-python/1.76.0");
  expect([agentInWords(undefined), agentInWords("  ")]).toEqual(["A client without a name", "A client without a name"]);
});

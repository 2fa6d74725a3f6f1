import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { expect, test } from "vitest";

import { SubscribeResponseSchema, type SubscribeResponse } from "../generated/samplemind/v1/event_pb";
import { follow, type EventState } from "./follow";
import { SampleMindError } from "./refusal";

const event = (number: number) => create(SubscribeResponseSchema, { cursor: `${number}.ab`, event: { cursor: `${number}.ab`, kind: "audio.added" } });
const heartbeat = (number: number) => create(SubscribeResponseSchema, { cursor: `${number}.ab` });
const away = () => new SampleMindError(Code.Unavailable, "UNREACHABLE", "The daemon cannot be reached.");

type Stream = (SubscribeResponse | Error)[];

/** Follows streams that are told beforehand, one after the other; ends when there are no more. */
async function followed(...streams: Stream[]) {
  const leave = new AbortController();
  const [heard, states, cursors]: [string[], EventState[], string[]] = [[], [], []];
  let gaps = 0;
  await follow({
    open: async function* (cursor) {
      cursors.push(cursor);
      const stream = streams.shift();
      if (!stream) return leave.abort();
      for (const one of stream) {
        if (one instanceof Error) throw one;
        yield one;
      }
    },
    onEvent: (one) => heard.push(one.cursor),
    onState: (state) => states.push(state),
    onGap: () => gaps++,
    signal: leave.signal,
    delays: [0, 0, 0, 0, 0],
  });
  return { heard, states, cursors, gaps };
}

test("goes on behind the last cursor after a break", async () => {
  const { heard, cursors } = await followed([heartbeat(4), event(5), away()], [event(6)]);
  expect(heard).toEqual(["5.ab", "6.ab"]);
  expect(cursors).toEqual(["", "5.ab", "6.ab"]);
});

test("a heartbeat moves the cursor where nothing happened", async () => {
  const { cursors } = await followed([heartbeat(9), away()]);
  expect(cursors).toEqual(["", "9.ab"]);
});

test("an event that comes again is heard once", async () => {
  const { heard } = await followed([event(5), event(6), away()], [event(6), event(5), event(7)]);
  expect(heard).toEqual(["5.ab", "6.ab", "7.ab"]);
});

test("gives up after five attempts in a row that bring nothing, and says so", async () => {
  const { states } = await followed([away()], [away()], [away()], [away()], [away()], [away()], [event(1)]);
  expect(states.filter((state) => state.name === "retrying").map((state) => state.attempt)).toEqual([1, 2, 3, 4, 5]);
  expect(states.at(-1)).toEqual({ name: "lost", message: "The daemon cannot be reached." });
});

test("an attempt that brings something is the end of a row", async () => {
  const failed: Stream[] = [[away()], [away()], [away()], [away()]];
  const { states } = await followed(...failed, [event(1), away()], ...failed, [event(2)]);
  expect(states.some((state) => state.name === "lost")).toBe(false);
});

test("a cursor that is too old begins at the earliest, and says that something was missed", async () => {
  const old = new SampleMindError(Code.OutOfRange, "CURSOR_COMPACTED", "not kept any more", {}, undefined, { earliest_cursor: "70.ab" });
  const { gaps, cursors } = await followed([event(5), away()], [old], [event(71)]);
  expect(gaps).toBe(1);
  expect(cursors).toEqual(["", "5.ab", "70.ab", "71.ab"]);
});

test("a stream that says nothing is taken for dead", async () => {
  const leave = new AbortController();
  const states: string[] = [];
  let opened = 0;
  await follow({
    open: async function* (_cursor, signal) {
      opened++;
      await new Promise((_, refuse) => signal.addEventListener("abort", () => refuse(away())));
    },
    onEvent: () => undefined,
    onState: (state) => states.push(state.name),
    onGap: () => undefined,
    signal: leave.signal,
    delays: [0, 0],
    silenceSeconds: 0.01,
  });
  expect(opened).toBe(3);
  expect(states.at(-1)).toBe("lost");
});

import { Code } from "@connectrpc/connect";
import { beforeEach, expect, test, vi } from "vitest";

import { SampleMindError } from "./refusal";
import { Session } from "./session";

const refused = () => new SampleMindError(Code.Unauthenticated, "UNAUTHENTICATED", "sign in again");

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
});

/** A call that is refused until the session is renewed. */
function guarded(renewals: () => number) {
  return async () => {
    if (!renewals()) throw refused();
    return "answer";
  };
}

test("calls that are refused at the same time share one renewal", async () => {
  let renewals = 0;
  const session = new Session(async () => (renewals++, undefined), () => undefined);
  const call = guarded(() => renewals);
  expect(await Promise.all([1, 2, 3].map(() => session.call(call)))).toEqual(["answer", "answer", "answer"]);
  expect(renewals).toBe(1);
});

test("a session that cannot be renewed has ended, and the call is refused", async () => {
  const ended = vi.fn();
  const session = new Session(() => Promise.reject(refused()), ended);
  await expect(session.call(guarded(() => 0))).rejects.toMatchObject({ reason: "UNAUTHENTICATED" });
  expect(ended).toHaveBeenCalledOnce();
});

test("a daemon that is away for a moment ends no session", async () => {
  const ended = vi.fn();
  const away = new SampleMindError(Code.Unavailable, "UNREACHABLE", "away");
  const session = new Session(() => Promise.reject(away), ended);
  await expect(session.call(guarded(() => 0))).rejects.toMatchObject({ reason: "UNREACHABLE" });
  expect(ended).not.toHaveBeenCalled();
});

test("renews a minute before the access token ends", async () => {
  vi.useFakeTimers();
  const renew = vi.fn(async () => undefined);
  new Session(renew, () => undefined).keep(new Date(Date.now() + 30 * 60_000));
  await vi.advanceTimersByTimeAsync(28 * 60_000);
  expect(renew).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(61_000);
  expect(renew).toHaveBeenCalledOnce();
  vi.useRealTimers();
});

test("a page that is opened later goes on without a renewal while the token lasts", async () => {
  const renew = vi.fn(async () => undefined);
  new Session(renew, () => undefined).keep(new Date(Date.now() + 60 * 60_000));
  await new Session(renew, () => undefined).resume();
  expect(renew).not.toHaveBeenCalled();
});

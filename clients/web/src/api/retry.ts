import { Code } from "@connectrpc/connect";

import { refusalOf, type SampleMindError } from "./refusal";

/** How long to wait before each new attempt, in seconds. */
export const DELAYS: readonly number[] = [0.5, 1, 2, 4, 8];
const PATIENCE_S = 5; // where the daemon says how long to wait, it is waited for so long at most

/** Makes a call, and again while the daemon cannot be reached or says that there is room in a moment. */
export async function retried<T>(make: () => Promise<T>, signal: AbortSignal, delays = DELAYS): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await make();
    } catch (thrown) {
      const refusal = refusalOf(thrown);
      const delay = delays[attempt];
      if (signal.aborted || delay === undefined || !isWorthIt(refusal)) throw refusal;
      await pause(Math.max(jittered(delay), refusal.retrySeconds ?? 0), signal);
    }
  }
}

function isWorthIt({ code, retrySeconds }: SampleMindError): boolean {
  return code === Code.Unavailable || (code === Code.ResourceExhausted && (retrySeconds ?? Infinity) <= PATIENCE_S);
}

/** Up to a fifth longer by chance, so that many do not come back at the same moment. */
export function jittered(seconds: number): number {
  return seconds * (1 + Math.random() / 5);
}

/** Waits so many seconds, or until the signal says that nobody waits any more. */
export function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal?.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Shown } from "./credential.js";

/** Seconds before each new try. */
export const DELAYS_SECONDS: readonly number[] = [0.5, 1, 2, 4, 8];
/** The share of a delay that is added at most, by chance: so that many clients do not come back at once. */
const JITTER = 0.2;

/** The tries that one request still has. */
export class Tries {
  /** New tries since the last progress. */
  used = 0;
  /** Whether the credential was renewed for this request since then. */
  renewed = false;
  /** What was shown last, if anything was. */
  shown: Shown | undefined;

  constructor(private readonly delaysSeconds: readonly number[] = DELAYS_SECONDS) {}

  /**
   * Uses up a try and waits before it, for its own delay or as told; false if none is left.
   *
   * @throws the signal's reason once it is aborted
   */
  async wait(signal: AbortSignal, seconds?: number): Promise<boolean> {
    const own = this.delaysSeconds[this.used];
    if (own === undefined) {
      return false;
    }
    this.used += 1;
    const delay = (seconds ?? own) * (1 + JITTER * Math.random());
    await sleep(delay * 1000, undefined, { signal }).catch(() => signal.throwIfAborted());
    return true;
  }

  /** Gives all tries back: there was progress. */
  renew(): void {
    this.used = 0;
    this.renewed = false;
  }
}

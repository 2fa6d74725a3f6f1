import { setMaxListeners } from "node:events";

/** The attempts under way: each ends with its caller's signal, and all of them when the line hangs up. */
export class Attempts {
  readonly #open = new Set<AbortController>();
  #over: { readonly reason: Error } | undefined;

  /** A new attempt; whoever began it aborts it in the end, which lets go of the signal. */
  begin(signal: AbortSignal | undefined): AbortController {
    const attempt = new AbortController();
    this.#open.add(attempt);
    attempt.signal.addEventListener("abort", () => this.#open.delete(attempt), { once: true });
    if (this.#over) {
      attempt.abort(this.#over.reason);
    } else if (signal?.aborted) {
      attempt.abort(signal.reason);
    } else if (signal) {
      setMaxListeners(0, signal); // one signal may end as many calls as its owner likes
      signal.addEventListener("abort", () => attempt.abort(signal.reason), { once: true, signal: attempt.signal });
    }
    return attempt;
  }

  /** Ends all that are open, and those that are still to come. */
  endAll(reason: Error): void {
    this.#over = { reason };
    for (const attempt of this.#open) {
      attempt.abort(reason);
    }
  }
}

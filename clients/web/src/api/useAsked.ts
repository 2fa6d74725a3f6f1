import { useCallback, useEffect, useRef, useState } from "react";

import { refusalOf, type SampleMindError } from "./refusal";
import { useEvents } from "./useEvents";

/** An answer, or why there is none yet. */
export interface Asked<T> {
  answer: T | undefined;
  refusal: SampleMindError | undefined;
  /** Whether it is being asked for. */
  asking: boolean;
  /** Asks anew; what is there stays until the new answer comes. */
  again: () => void;
  /** Puts an answer that came otherwise in its place. */
  set: (answer: T) => void;
}

/**
 * Asks when the page comes up and whenever `ask` changes; memoise it. A question that is asked no more is broken off.
 *
 * With `keep` the last answer stays until the new one is there, though it answers another question.
 */
export function useAsked<T>(ask: (signal: AbortSignal) => Promise<T>, keep = false): Asked<T> {
  const [state, setState] = useState<{ answer?: T; refusal?: SampleMindError; asking: boolean }>({ asking: true });
  const [turn, setTurn] = useState(0);
  const asked = useRef(ask);

  useEffect(() => {
    const leave = new AbortController();
    const same = keep || asked.current === ask;
    asked.current = ask;
    setState((last) => (same ? { ...last, asking: true } : { asking: true }));
    ask(leave.signal).then(
      (answer) => leave.signal.aborted || setState({ answer, asking: false }),
      (thrown: unknown) => leave.signal.aborted || setState((last) => ({ ...last, refusal: refusalOf(thrown), asking: false })),
    );
    return () => leave.abort();
  }, [ask, turn]);

  const again = useCallback(() => setTurn((count) => count + 1), []);
  const set = useCallback((answer: T) => setState({ answer, asking: false }), []);
  return { answer: state.answer, refusal: state.refusal, asking: state.asking, again, set };
}

const SETTLE_MS = 700;

/** Calls `again` soon after events of these kinds, once for many that come together. */
export function useRefresh(kinds: readonly string[], again: () => void, settleMs = SETTLE_MS): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(again); // what is seen by then, not what was when the first event came
  latest.current = again;
  const soon = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      latest.current();
    }, settleMs);
  }, [settleMs]);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEvents(kinds, soon, soon);
}

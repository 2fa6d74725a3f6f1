import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";

import type { Event } from "../generated/samplemind/v1/event_pb";
import { events } from "./client";
import type { EventState } from "./follow";
import { share } from "./sharing";

interface Listener {
  onEvent: (event: Event) => void;
  /** What is shown may be out of date: ask anew. */
  onGap: () => void;
}

interface Heard {
  state: EventState;
  /** Tries again after it was given up. */
  again: () => void;
  listen: (listener: Listener) => () => void;
}

const Hearing = createContext<Heard | undefined>(undefined);

/** Follows a user's events for everything inside of it, with one stream for all tabs. */
export function EventsProvider({ user, children }: { user: string; children: ReactNode }) {
  const [state, setState] = useState<EventState>({ name: "connecting" });
  const [turn, setTurn] = useState(0);
  const listeners = useRef(new Set<Listener>());
  const ask = useRef<() => void>(() => undefined);

  useEffect(() => {
    const leave = new AbortController();
    const tell = (say: (listener: Listener) => void) => listeners.current.forEach(say);
    ask.current = share({
      user,
      open: (cursor, signal) => events.subscribe({ cursor }, { signal }),
      onEvent: (event) => tell((listener) => listener.onEvent(event)),
      onGap: () => tell((listener) => listener.onGap()),
      onState: setState,
      onAgain: () => setTurn((count) => count + 1),
      signal: leave.signal,
    });
    return () => leave.abort();
  }, [user, turn]);

  // What happened between the first answers and the stream, or after it was given up, is in no stream: ask anew.
  const live = state.name === "live";
  useEffect(() => {
    if (live) listeners.current.forEach((listener) => listener.onGap());
  }, [live]);

  const again = useCallback(() => ask.current(), []);
  const listen = useCallback((listener: Listener) => {
    listeners.current.add(listener);
    return () => void listeners.current.delete(listener);
  }, []);
  return <Hearing value={useMemo(() => ({ state, again, listen }), [state, again, listen])}>{children}</Hearing>;
}

/** How it stands with the events, and the button that tries again. */
export function useEventState(): Pick<Heard, "state" | "again"> {
  const heard = use(Hearing);
  if (!heard) throw new Error("useEventState needs an EventsProvider around it");
  return heard;
}

/** Hears events whose kind begins with one of `kinds` ("audio.", "folder.changed"), once each and in order. */
export function useEvents(kinds: readonly string[], onEvent: (event: Event) => void, onGap: () => void = () => undefined): void {
  const heard = use(Hearing);
  const latest = useRef({ kinds, onEvent, onGap });
  latest.current = { kinds, onEvent, onGap };
  useEffect(
    () =>
      heard?.listen({
        onEvent: (event) => {
          if (latest.current.kinds.some((kind) => event.kind.startsWith(kind))) latest.current.onEvent(event);
        },
        onGap: () => latest.current.onGap(),
      }),
    [heard?.listen],
  );
}

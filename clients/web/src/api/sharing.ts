import { fromBinary, toBinary } from "@bufbuild/protobuf";

import { EventSchema } from "../generated/samplemind/v1/event_pb";
import { follow, type EventState, type Following } from "./follow";

/** What tabs say to each other. */
interface Said {
  /** A tab that is new asks how it stands. */
  asks?: true;
  /** A tab asks the one that follows to try again. */
  again?: true;
  event?: Uint8Array;
  cursor?: string;
  state?: EventState;
  gap?: true;
}

export interface Shared extends Following {
  /** Tabs that share are of the same user. */
  user: string;
  /** Hears that it was given up, and that somebody wants to try again: end the signal and share anew. */
  onAgain: () => void;
}

/**
 * Follows events with one stream for all tabs of a browser: it opens six connections to a daemon and no more.
 *
 * The tab that holds a lock follows and tells the others. When it is closed the next one goes on behind the last cursor.
 * Answers how to ask for another attempt.
 */
export function share(shared: Shared): () => void {
  const { user, signal, onAgain } = shared;
  const channel = new BroadcastChannel(`samplemind.events.${user}`);
  const say = (said: Said) => channel.postMessage(said);
  const mine = { leads: false, cursor: "", state: { name: "connecting" } as EventState };

  channel.onmessage = ({ data }: MessageEvent<Said>) => {
    if (mine.leads) {
      if (data.asks) say({ state: mine.state, cursor: mine.cursor });
      if (data.again) onAgain();
      return;
    }
    if (data.cursor) mine.cursor = data.cursor;
    if (data.event) shared.onEvent(fromBinary(EventSchema, data.event));
    if (data.gap) shared.onGap();
    if (data.state) shared.onState(data.state);
  };

  const lead = () => {
    mine.leads = true;
    return follow({
      ...shared,
      cursor: mine.cursor,
      onCursor: (cursor) => say({ cursor: (mine.cursor = cursor) }),
      onEvent: (event) => (say({ event: toBinary(EventSchema, event) }), shared.onEvent(event)),
      onGap: () => (say({ gap: true }), shared.onGap()),
      onState: (state) => (say({ state: (mine.state = state) }), shared.onState(state)),
    });
  };
  const ended = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  say({ asks: true });
  // Whoever gave up keeps the lock until somebody wants to try again: else every tab would try in turn.
  navigator.locks.request(`samplemind.events.${user}`, { signal }, () => lead().then(() => ended)).catch(() => undefined);
  void ended.then(() => channel.close());
  return () => (mine.leads ? onAgain() : say({ again: true }));
}

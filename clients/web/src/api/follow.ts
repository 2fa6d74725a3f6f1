import type { Event, SubscribeResponse } from "../generated/samplemind/v1/event_pb";
import { refusalOf } from "./refusal";
import { DELAYS, jittered, pause } from "./retry";

/** How it stands with the events: on the way, heard, tried again for the n-th time, or given up. */
export type EventState =
  | { name: "connecting" }
  | { name: "live" }
  | { name: "retrying"; attempt: number; of: number }
  | { name: "lost"; message: string };

export interface Following {
  /** Opens the stream after a cursor; empty for what happens from now on. */
  open: (cursor: string, signal: AbortSignal) => AsyncIterable<SubscribeResponse>;
  /** Where to begin; what happens from now on if left out. */
  cursor?: string;
  /** Hears up to where everything has come. */
  onCursor?: (cursor: string) => void;
  /** Hears each event once, in order. */
  onEvent: (event: Event) => void;
  onState: (state: EventState) => void;
  /** Events were missed that are not kept any more: whatever is shown must be asked for anew. */
  onGap: () => void;
  signal: AbortSignal;
  delays?: readonly number[];
  /** A stream that says nothing for so long is taken for dead: three heartbeats. */
  silenceSeconds?: number;
}

/**
 * Follows events until the signal ends it, or five attempts in a row failed.
 *
 * After a break it goes on behind the last cursor, so nothing is missed; what comes again is passed over.
 */
export async function follow(following: Following): Promise<void> {
  const { onState, signal, delays = DELAYS } = following;
  const place = { cursor: following.cursor ?? "" };
  onState({ name: "connecting" });
  for (let attempt = 0; !signal.aborted; attempt++) {
    const { heard, message } = await hear(following, place);
    if (signal.aborted) return;
    if (heard) attempt = 0;
    const delay = delays[attempt];
    if (delay === undefined) return onState({ name: "lost", message });
    if (!heard || message) onState({ name: "retrying", attempt: attempt + 1, of: delays.length });
    await pause(jittered(delay), signal);
  }
}

interface Heard {
  /** Whether anything came. */
  heard: boolean;
  /** Why it ended; empty where the daemon ended it in order. */
  message: string;
}

async function hear(following: Following, place: { cursor: string }): Promise<Heard> {
  const { open, onEvent, onState, onGap, signal, silenceSeconds = 45 } = following;
  const watch = new AbortController();
  const leave = () => watch.abort();
  signal.addEventListener("abort", leave);
  let timer = setTimeout(leave, silenceSeconds * 1000);
  let heard = false;
  try {
    for await (const { cursor, event } of open(place.cursor, watch.signal)) {
      clearTimeout(timer);
      timer = setTimeout(leave, silenceSeconds * 1000);
      if (!heard) onState({ name: "live" });
      heard = true;
      if (event && isAfter(event.cursor, place.cursor)) onEvent(event);
      if (!isAfter(cursor, place.cursor)) continue;
      place.cursor = cursor;
      following.onCursor?.(cursor);
    }
    return { heard, message: "" };
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    const earliest = refusal.reason === "CURSOR_COMPACTED" ? (refusal.facts["earliest_cursor"] ?? "0") : "";
    if (earliest || refusal.reason === "INVALID_CURSOR") {
      place.cursor = earliest;
      onGap();
    }
    return { heard, message: refusal.message };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", leave);
  }
}

/** A cursor begins with the number of its event, which grows. */
function isAfter(cursor: string, last: string): boolean {
  return cursor !== "" && numberOf(cursor) > numberOf(last);
}

function numberOf(cursor: string): bigint {
  return BigInt(/^\d+/.exec(cursor)?.[0] ?? -1);
}

import { EventService, type Event } from "./generated/samplemind/v1/event_pb.js";
import type { Line, Stoppable } from "./line/line.js";

/** Which events are followed. */
export interface EventOptions extends Stoppable {
  /** Kinds, such as "audio.completed" or "audio."; all if absent. */
  readonly kinds?: readonly string[];
}

/**
 * The events after a cursor, then those that happen, each once, however often the stream breaks.
 *
 * An empty cursor means from now on; "0" means all that is kept. Heartbeats move the cursor unseen.
 */
export async function* follow(
  line: Line,
  cursor: string,
  { kinds = [], signal }: EventOptions,
): AsyncGenerator<Event, void, undefined> {
  const tries = line.tries();
  const request = () => ({ cursor, kinds: [...kinds] });
  for await (const message of line.stream(EventService.method.subscribe, request, tries, { signal, endless: true })) {
    tries.renew();
    cursor = message.cursor;
    if (message.event) {
      yield message.event;
    }
  }
}

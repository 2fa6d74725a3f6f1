import { useEventState } from "../api/useEvents";
import { Toast } from "../blocks/Toast";

/** Says when the page hears no events any more, and what is done about it. */
export function Connection() {
  const { state, again } = useEventState();
  if (state.name === "retrying") return <Toast tone="warn" busy>Reconnecting, attempt {state.attempt} of {state.of}</Toast>;
  if (state.name !== "lost") return null;
  return <Toast tone="bad" act={{ label: "Reconnect", do: again }}>No live updates: {state.message || "the daemon cannot be reached."}</Toast>;
}

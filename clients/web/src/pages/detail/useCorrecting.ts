import { useCallback, useEffect, useState } from "react";

import { refusalOf } from "../../api/refusal";
import { correct } from "../../api/useAudio";
import { isYours, type Findings } from "../../api/value";
import { useToast } from "../../blocks/Toast";
import type { Value } from "../../generated/samplemind/v1/analysis_pb";

export interface Correcting {
  busy: boolean;
  /** Puts a value in place of what was heard. */
  set: (name: string, kind: Value["kind"]) => void;
  /** Multiplies the tempo. */
  scale: (factor: number) => void;
  /** Takes the user's value back. */
  undo: (name: string) => void;
}

/** Corrects a sound; `[` halves its tempo, `]` doubles it. */
export function useCorrecting(audioId: string, findings: Findings, again: () => void): Correcting {
  const [busy, setBusy] = useState(false);
  const say = useToast();
  const send = useCallback(
    async (name: string, change: { case: "value"; value: { kind: Value["kind"] } } | { case: "factor"; value: number } | { case: "undo"; value: boolean }) => {
      setBusy(true);
      try {
        await correct({ audioId, name, change });
        again();
      } catch (thrown) {
        say({ tone: "bad", children: refusalOf(thrown).message });
      }
      setBusy(false);
    },
    [audioId, again, say],
  );
  const scale = useCallback((factor: number) => void send("tempo.bpm", { case: "factor", value: factor }), [send]);
  const known = findings.get("tempo.bpm")?.value !== undefined;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!known || event.ctrlKey || event.metaKey || (event.target as HTMLElement).matches("input, textarea")) return;
      if (event.key === "[") scale(0.5);
      if (event.key === "]") scale(2);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [known, scale]);
  return {
    busy,
    scale,
    set: (name, kind) => void send(name, { case: "value", value: { kind } }),
    undo: (name) => void (isYours(findings.get(name)) && send(name, { case: "undo", value: true })),
  };
}

import { useEffect, useMemo, useState } from "react";

import { analysis, requestId } from "../../api/client";
import { useAudio } from "../../api/useAudio";
import type { Asked } from "../../api/useAsked";
import { findingsOf, type Findings } from "../../api/value";
import type { Analysis, Descriptor } from "../../generated/samplemind/v1/analysis_pb";
import { AudioState } from "../../generated/samplemind/v1/audio_pb";
import { pictureOf, type Picture } from "../../sound/picture";

/** How far the analysis is that goes on now; absent where none does. */
export interface Progress {
  /** Jobs before it; absent once it is heard. */
  ahead?: number;
  /** 0 to 1, where the length is known. */
  fraction?: number | undefined;
}

export interface Sound {
  asked: Asked<Analysis>;
  findings: Findings;
  picture: Picture;
  progress: Progress | undefined;
}

const UNDERWAY: readonly AudioState[] = [AudioState.UPLOADED, AudioState.QUEUED, AudioState.PROCESSING];

/** A sound with what is found in it; while it is being heard, each finding as soon as it is there. */
export function useSound(id: string): Sound {
  const asked = useAudio(id);
  const underway = UNDERWAY.includes(asked.answer?.audio?.state ?? AudioState.UNSPECIFIED);
  const [fresh, setFresh] = useState<readonly Descriptor[]>([]);
  const [progress, setProgress] = useState<Progress>();

  useEffect(() => {
    setFresh([]);
    setProgress(underway ? {} : undefined);
    if (!underway) return;
    const leave = new AbortController();
    const hear = async () => {
      for await (const { update } of analysis.analyze({ audioId: id, requestId: requestId() }, { signal: leave.signal })) {
        if (update.case === "queued") setProgress({ ahead: update.value.ahead });
        else if (update.case === "decoding") setProgress({ fraction: update.value.fraction });
        else if (update.case === "finding") setFresh((all) => [...all, update.value]);
        else if (update.case === "result") asked.set(update.value);
      }
    };
    hear().catch(() => undefined); // its events say the same, later
    return () => leave.abort();
  }, [id, underway]);

  const findings = useMemo(() => {
    const known = asked.answer ? findingsOf(asked.answer) : new Map<string, Descriptor>();
    return new Map([...known, ...fresh.map((one) => [one.name, one] as const)]);
  }, [asked.answer, fresh]);
  const picture = useMemo(() => pictureOf(findings), [findings]);
  return { asked, findings, picture, progress };
}

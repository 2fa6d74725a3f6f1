import { useCallback, useEffect, useRef, useState } from "react";

import { LiveStream } from "../../api/live";
import type { AnalyzeLiveResponse, Descriptor } from "../../generated/samplemind/v1/analysis_pb";
import type { Audio } from "../../generated/samplemind/v1/audio_pb";
import { openMicrophone, type Microphone } from "./microphone";

export interface Heard {
  /** What is believed so far, and for how large a share of the last eight seconds it was. */
  estimates: ReadonlyMap<string, { descriptor: Descriptor; stability: number }>;
  /** What is said at the end, as of a file. */
  finals: readonly Descriptor[];
  momentary: number | undefined;
  shortTerm: number | undefined;
  beats: number;
  seconds: number;
  lag: number;
  overloaded: boolean;
  gaps: number;
  kept: Audio | undefined;
}

export type LiveState = "idle" | "opening" | "hearing" | "finishing";

const NOTHING: Heard = { estimates: new Map(), finals: [], momentary: undefined, shortTerm: undefined, beats: 0, seconds: 0, lag: 0, overloaded: false, gaps: 0, kept: undefined };

/** Hears the microphone through the daemon. */
export function useLive() {
  const [state, setState] = useState<LiveState>("idle");
  const [heard, setHeard] = useState(NOTHING);
  const [problem, setProblem] = useState("");
  const running = useRef<{ microphone?: Microphone; stream?: LiveStream }>({});

  const close = useCallback(() => {
    running.current.microphone?.close();
    delete running.current.microphone;
  }, []);
  useEffect(() => () => (close(), running.current.stream?.leave()), [close]);

  const start = async (keepAs: string | undefined) => {
    setState("opening");
    setHeard(NOTHING);
    setProblem("");
    try {
      const microphone = await openMicrophone((samples) => running.current.stream?.push(samples));
      const { rate, channels } = microphone;
      const stream = new LiveStream({
        rate,
        channels,
        keepAs,
        onUpdate: (update) => setHeard((last) => joined(last, update, rate)),
        onEnd: (refusal) => {
          close();
          setState("idle");
          setProblem(refusal?.message ?? "");
        },
      });
      running.current = { microphone, stream };
      setState("hearing");
    } catch (thrown) {
      close();
      setState("idle");
      setProblem(thrown instanceof Error ? thrown.message : String(thrown));
    }
  };
  const finish = () => {
    close();
    setState("finishing");
    running.current.stream?.finish();
  };
  return { state, heard, problem, start, finish };
}

/** What is heard, with one more update. */
export function joined(heard: Heard, update: AnalyzeLiveResponse["update"], rate: number): Heard {
  switch (update.case) {
    case "estimate": {
      const { descriptor, stability } = update.value;
      if (!descriptor) return heard;
      return { ...heard, estimates: new Map(heard.estimates).set(descriptor.name, { descriptor, stability }) };
    }
    case "progress": {
      const { receivedFrames, lagSeconds: lag, overloaded } = update.value;
      return { ...heard, seconds: Number(receivedFrames) / rate, lag, overloaded };
    }
    case "beat":
      return { ...heard, beats: heard.beats + 1 };
    case "loudness":
      return { ...heard, momentary: update.value.momentary, shortTerm: update.value.shortTerm };
    case "gap":
      return { ...heard, gaps: heard.gaps + 1 };
    case "final":
      return { ...heard, finals: [...heard.finals, update.value] };
    case "end":
      return { ...heard, kept: update.value.audio };
    default:
      return heard;
  }
}

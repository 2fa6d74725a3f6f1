import type { LiveUpdate } from "../../api/live";
import type { Descriptor, LiveEnd } from "../../generated/samplemind/v1/analysis_pb";

/** A beat, and when the next one is expected, in seconds of the stream. */
export interface Beat {
  seconds: number;
  next: number;
}

/** What is heard so far. */
export interface Heard {
  /** What is believed, and for how large a share of the last eight seconds it was. */
  estimates: ReadonlyMap<string, { finding: Descriptor; stability: number }>;
  /** What is said at the end, as of a file. */
  finals: readonly Descriptor[];
  /** LUFS. */
  momentary: number | undefined;
  shortTerm: number | undefined;
  beat: Beat | undefined;
  beats: number;
  seconds: number;
  lag: number;
  overloaded: boolean;
  /** The connection broke off, and is made anew. */
  broken: boolean;
  gaps: number;
  gapSeconds: number;
  end: LiveEnd | undefined;
}

export const NOTHING: Heard = {
  estimates: new Map(),
  finals: [],
  momentary: undefined,
  shortTerm: undefined,
  beat: undefined,
  beats: 0,
  seconds: 0,
  lag: 0,
  overloaded: false,
  broken: false,
  gaps: 0,
  gapSeconds: 0,
  end: undefined,
};

/** What is heard, with one more update; `rate` is of the sound, in Hz. */
export function joined(heard: Heard, update: LiveUpdate, rate: number): Heard {
  switch (update.case) {
    case "started":
      return { ...heard, broken: false };
    case "progress": {
      const { receivedFrames, lagSeconds: lag, overloaded } = update.value;
      return { ...heard, seconds: Number(receivedFrames) / rate, lag, overloaded };
    }
    case "estimate": {
      const { finding, stability } = update.value;
      if (!finding) return heard;
      return { ...heard, estimates: new Map(heard.estimates).set(finding.name, { finding, stability }) };
    }
    case "beat":
      return { ...heard, beats: heard.beats + 1, beat: { seconds: update.value.seconds, next: update.value.nextSeconds } };
    case "loudness":
      return { ...heard, momentary: update.value.momentary, shortTerm: update.value.shortTerm };
    case "gap":
      return { ...heard, gaps: heard.gaps + 1, gapSeconds: heard.gapSeconds + Number(update.value.frames) / rate };
    case "final":
      return { ...heard, finals: [...heard.finals, update.value] };
    case "end":
      return { ...heard, end: update.value };
    default:
      return heard;
  }
}

const FORGOTTEN_S = 4; // no beat was told of for so long: it has stopped

/** How far it is from one expected beat to the next, 0 to 1; nothing where no beat was told of for a while. */
export function phaseOf({ seconds, next }: Beat, now: number): number | undefined {
  const [length, since] = [next - seconds, now - seconds];
  if (length <= 0 || since < 0 || since > length + FORGOTTEN_S) return undefined;
  return (since / length) % 1;
}

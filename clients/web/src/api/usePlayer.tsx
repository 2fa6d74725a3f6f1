import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";

import { useSounding } from "./sounding";

/** A sound that can be played. */
export interface Playable {
  id: string;
  name: string;
  /** What stands below its name. */
  note: string;
  camelot?: string | undefined;
}

export interface Player {
  sound: Playable | undefined;
  playing: boolean;
  looping: boolean;
  /** Of the sound, in seconds; 0 until it is known. */
  duration: number;
  /** Why it cannot be played. */
  problem: string;
  /** Where it plays, in seconds. */
  now: () => number;
  /** Plays a sound; `step` names the one after (1) or before (-1) it. */
  play: (sound: Playable, step?: (by: 1 | -1) => Playable | undefined) => void;
  /** Gets a sound ready without playing it. */
  load: (sound: Playable) => void;
  toggle: () => void;
  seek: (seconds: number) => void;
  skip: (by: 1 | -1) => void;
  setLooping: (looping: boolean) => void;
  setVolume: (volume: number) => void;
}

const Playing = createContext<Player | undefined>(undefined);

/** Keeps the one player for everything inside of it. */
export function PlayerProvider({ children }: { children: ReactNode }) {
  const { element, sounding, take } = useSounding();
  const [sound, setSound] = useState<Playable>();
  const [looping, setLooping] = useState(false);
  const [deeds] = useState(() => deedsOf(element, take, setSound, setLooping));
  const { jumps } = sounding;
  // Another one after each jump: what shows the time looks again, also while nothing plays.
  const now = useMemo(() => () => element.currentTime, [element, jumps]);
  const value = useMemo<Player>(() => ({ sound, looping, now, ...sounding, ...deeds }), [sound, looping, now, sounding, deeds]);
  return <Playing value={value}>{children}</Playing>;
}

type Deeds = Pick<Player, "play" | "load" | "toggle" | "seek" | "skip" | "setLooping" | "setVolume">;

/** What can be done with the player; the same for as long as the page is there. */
function deedsOf(element: HTMLAudioElement, take: (id: string) => void, show: (sound: Playable) => void, showLooping: (looping: boolean) => void): Deeds {
  let id = "";
  let step: (by: 1 | -1) => Playable | undefined = () => undefined;
  const start = () => void element.play().catch(() => undefined); // its error event says why
  const load = (next: Playable) => {
    show(next);
    if (next.id !== id) take((id = next.id));
  };
  const play: Player["play"] = (next, stepping = step) => {
    step = stepping;
    load(next);
    start();
  };
  return {
    load,
    play,
    toggle: () => (element.paused ? start() : element.pause()),
    seek: (seconds) => void (element.currentTime = Math.max(0, seconds)),
    skip: (by) => {
      const next = step(by);
      if (next) play(next);
    },
    setLooping: (looping) => showLooping((element.loop = looping)),
    setVolume: (volume) => void (element.volume = volume),
  };
}

/** The player. */
export function usePlayer(): Player {
  const playing = use(Playing);
  if (!playing) throw new Error("usePlayer needs a PlayerProvider around it");
  return playing;
}

/** Calls `show` with the time now, and before every frame while it plays. */
export function useClock(show: (seconds: number) => void): void {
  const { now, playing, sound } = usePlayer();
  useEffect(() => {
    let frame = 0;
    const tick = () => {
      show(now());
      if (playing) frame = requestAnimationFrame(tick);
    };
    tick();
    return () => cancelAnimationFrame(frame);
  }, [now, playing, sound, show]);
}

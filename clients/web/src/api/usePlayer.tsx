import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";

import { audioAddress, session } from "./client";

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
  const [element] = useState(() => Object.assign(new Audio(), { preload: "auto" }));
  const [sound, setSound] = useState<Playable>();
  const [looping, setLooping] = useState(false);
  const [{ playing, duration, problem }, setState] = useState({ playing: false, duration: 0, problem: "" });
  const step = useRef<(by: 1 | -1) => Playable | undefined>(() => undefined);

  useEffect(() => {
    const hear = (type: string, change: () => Partial<{ playing: boolean; duration: number; problem: string }>) => {
      const listener = () => setState((last) => ({ ...last, ...change() }));
      element.addEventListener(type, listener);
      return () => element.removeEventListener(type, listener);
    };
    const deaf = [
      hear("play", () => ({ playing: true, problem: "" })),
      hear("pause", () => ({ playing: false })),
      hear("ended", () => ({ playing: false })),
      hear("durationchange", () => ({ duration: Number.isFinite(element.duration) ? element.duration : 0 })),
    ];
    const fail = () => setState((last) => ({ ...last, playing: false, problem: "The browser cannot play this file." }));
    // A player renews no session by itself: once, and only once for each sound, it is tried again with a new one.
    const retry = () => {
      if (element.dataset["tried"] === element.src) return fail();
      element.dataset["tried"] = element.src;
      session.renewed().then(() => element.load(), fail);
    };
    element.addEventListener("error", retry);
    return () => (deaf.forEach((stop) => stop()), element.removeEventListener("error", retry), element.pause());
  }, [element]);

  const load = useCallback(
    (next: Playable) => {
      setSound(next);
      if (element.dataset["id"] === next.id) return;
      element.dataset["id"] = next.id;
      element.src = audioAddress(next.id);
      setState({ playing: false, duration: 0, problem: "" });
    },
    [element],
  );
  const start = useCallback(() => void element.play().catch(() => undefined), [element]); // its error event says why
  const play = useCallback<Player["play"]>(
    (next, stepping) => {
      if (stepping) step.current = stepping;
      load(next);
      start();
    },
    [load, start],
  );

  const value = useMemo<Player>(
    () => ({
      sound,
      playing,
      looping,
      duration,
      problem,
      now: () => element.currentTime,
      play,
      load,
      toggle: () => (element.paused ? start() : element.pause()),
      seek: (seconds) => void (element.currentTime = Math.max(0, seconds)),
      skip: (by) => {
        const next = step.current(by);
        if (next) play(next);
      },
      setLooping: (loop) => ((element.loop = loop), setLooping(loop)),
      setVolume: (volume) => void (element.volume = volume),
    }),
    [element, sound, playing, looping, duration, problem, play, load, start],
  );
  return <Playing value={value}>{children}</Playing>;
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

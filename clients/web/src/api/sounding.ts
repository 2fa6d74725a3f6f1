import { useEffect, useState } from "react";

import { audioAddress, session } from "./client";

/** How it stands with what is played. */
export interface Sounding {
  playing: boolean;
  /** In seconds; 0 until it is known. */
  duration: number;
  /** Why it cannot be played; empty if it can. */
  problem: string;
  /** How often another place in the sound was gone to. */
  jumps: number;
}

const STILL: Sounding = { playing: false, duration: 0, problem: "", jumps: 0 };

/** An audio element of the page, what it says of itself, and how to give it another sound. */
export function useSounding(): { element: HTMLAudioElement; sounding: Sounding; take: (id: string) => void } {
  const [element] = useState(() => Object.assign(new Audio(), { preload: "auto" }));
  const [sounding, setSounding] = useState(STILL);
  useEffect(() => {
    const leave = new AbortController();
    const change = (by: Partial<Sounding>) => setSounding((last) => ({ ...last, ...by }));
    const hear = (type: string, listener: () => void) => element.addEventListener(type, listener, { signal: leave.signal });
    hear("play", () => change({ playing: true, problem: "" }));
    hear("pause", () => change({ playing: false }));
    hear("ended", () => change({ playing: false }));
    hear("durationchange", () => change({ duration: Number.isFinite(element.duration) ? element.duration : 0 }));
    hear("seeked", () => setSounding((last) => ({ ...last, jumps: last.jumps + 1 })));
    hear("error", () => again(element, () => change({ playing: false, problem: "The browser cannot play this file." })));
    return () => (leave.abort(), element.pause());
  }, [element]);
  const take = (id: string) => {
    element.src = audioAddress(id);
    setSounding(STILL);
  };
  return { element, sounding, take };
}

/** A player renews no session by itself: once for each sound it is tried again with a new one. */
function again(element: HTMLAudioElement, fail: () => void): void {
  if (element.dataset["tried"] === element.src) return fail();
  element.dataset["tried"] = element.src;
  session.renewed().then(() => element.load(), fail);
}

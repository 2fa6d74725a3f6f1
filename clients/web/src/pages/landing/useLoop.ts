import { useCallback, useEffect, useRef, useState } from "react";

import { LOOP } from "../../sound/loop";
import loopAddress from "../../sound/loop.mp3";

const REST = 0.615 * LOOP.seconds; // where the playhead waits to be asked
const SEEN = "samplemind.seen-loop";

/** Plays the loop of the landing page when it is asked to; on the first visit the playhead runs once, without a sound. */
export function useLoop() {
  const [audio] = useState(() => Object.assign(new Audio(), { preload: "none", src: loopAddress }));
  const [silent, setSilent] = useState(() => !localStorage.getItem(SEEN));
  const [playing, setPlaying] = useState(false);
  const [problem, setProblem] = useState("");
  const began = useRef(performance.now());
  const asked = useRef(false);

  useEffect(() => {
    if (!silent) return;
    localStorage.setItem(SEEN, "1");
    const timer = setTimeout(() => setSilent(false), LOOP.seconds * 1000);
    return () => clearTimeout(timer);
  }, [silent]);
  useEffect(() => {
    const follow = () => setPlaying(!audio.paused && !audio.ended);
    ["play", "pause", "ended"].forEach((type) => audio.addEventListener(type, follow));
    return () => (audio.pause(), ["play", "pause", "ended"].forEach((type) => audio.removeEventListener(type, follow)));
  }, [audio]);

  const ask = (seconds?: number) => {
    setSilent(false);
    asked.current = true;
    if (seconds !== undefined) audio.currentTime = seconds;
  };
  const toggle = () => {
    ask();
    setProblem("");
    if (audio.paused) audio.play().catch((thrown: Error) => thrown.name !== "AbortError" && setProblem("The browser cannot play it."));
    else audio.pause();
  };
  const now = useCallback(() => {
    if (asked.current) return audio.currentTime;
    return silent ? Math.min(LOOP.seconds, (performance.now() - began.current) / 1000) : REST;
  }, [audio, silent]);
  return { playing, moving: playing || silent, problem, now, toggle, seek: ask };
}

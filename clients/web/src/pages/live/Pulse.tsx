import { useEffect, useRef } from "react";

import { formatNumber } from "../../text/number";
import { phaseOf, type Heard } from "./heard";

interface PulseProps {
  heard: Heard;
  /** Says which second of the stream is played now. */
  now: () => number;
  moving: boolean;
}

const DARK = 0.12; // between beats

/** A light that flashes at every expected beat, and how long it is to the next; it stays still under reduced motion. */
export function Pulse({ heard: { beat, beats }, now, moving }: PulseProps) {
  const light = useRef<HTMLElement>(null);
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!moving || !beat || still) return;
    const [lamp, line] = [light.current!, bar.current!];
    let frame = 0;
    const show = () => {
      const phase = phaseOf(beat, now());
      lamp.style.opacity = phase === undefined ? `${DARK}` : `${Math.max(DARK, (1 - phase) ** 3)}`;
      line.style.transform = `scaleX(${phase ?? 0})`;
      frame = requestAnimationFrame(show);
    };
    show();
    return () => {
      cancelAnimationFrame(frame);
      lamp.style.opacity = `${DARK}`;
      line.style.transform = "scaleX(0)";
    };
  }, [beat, now, moving]);
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <span className="text-label text-dim">Beat</span>
      <span aria-hidden className="flex h-11 items-center gap-3 max-desk:h-9">
        <i ref={light} className="size-8 rounded-full bg-cyan opacity-12" />
        <span className="h-1 w-20 overflow-hidden rounded-full bg-track motion-reduce:hidden"><i ref={bar} className="block h-full origin-left scale-x-0 bg-cyan" /></span>
      </span>
      <span className="text-label text-dim">{beat ? `${formatNumber(beats)}${moving ? ` so far, the next at ${formatNumber(beat.next, 2)} s` : " were told of"}` : "not yet"}</span>
    </div>
  );
}

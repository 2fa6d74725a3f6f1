import { useEffect, useRef } from "react";

import { shareOf, type Span } from "../sound/span";

interface PlayheadProps {
  /** Says the time in seconds; asked before every frame while `moving`. */
  now: () => number;
  span: Span;
  moving: boolean;
  /** Times to step to under reduced motion: the beats. */
  steps?: readonly number[];
}

/** Where it plays, over everything on its time axis; what is not yet played is quieter. */
export function Playhead({ now, span, moving, steps = [] }: PlayheadProps) {
  const line = useRef<HTMLDivElement>(null);
  const shade = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    let frame = 0;
    const place = () => {
      const time = still && moving ? (steps.findLast((step) => step <= now()) ?? 0) : now();
      const share = shareOf(span, time);
      if (line.current) {
        line.current.style.transform = `translateX(${share * 100}%)`;
        line.current.style.visibility = share >= 0 && share <= 1 ? "visible" : "hidden";
      }
      if (shade.current) shade.current.style.transform = `scaleX(${time > 0 ? Math.min(1, Math.max(0, 1 - share)) : 0})`;
      if (moving) frame = requestAnimationFrame(place);
    };
    place();
    return () => cancelAnimationFrame(frame);
  }, [now, span, moving, steps]);
  return (
    <div aria-hidden className="pointer-events-none absolute inset-0 overflow-hidden">
      <div ref={shade} className="absolute inset-0 origin-right bg-well/58" />
      <div ref={line} className="absolute inset-0">
        <i className="absolute inset-y-0 -left-[26px] w-[26px] bg-linear-to-r from-cyan/0 to-cyan/28" />
        <i className="absolute inset-y-0 -left-px w-0.5 bg-[hsl(180_95%_62%)]" />
      </div>
    </div>
  );
}

import { Pause, Play } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";

import { Button } from "../../blocks/Button";
import { Frequencies } from "../../blocks/Frequencies";
import { Playhead } from "../../blocks/Playhead";
import { SpectrumView } from "../../blocks/SpectrumView";
import { Stage } from "../../blocks/Stage";
import { Waveform } from "../../blocks/Waveform";
import { marksOf, placeAt } from "../../sound/grid";
import { LOOP } from "../../sound/loop";
import { formatNumber } from "../../text/number";
import { useLoop } from "./useLoop";

const SPAN = { from: 0, to: LOOP.seconds };

/** The loop, waveform above and spectrum below; it is played here, also from where it is clicked. */
export function HeroStage() {
  const { playing, moving, problem, now, toggle, seek } = useLoop();
  const [at, setAt] = useState(now); // of the slider; it follows ten times a second
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    setAt(now());
    const timer = setInterval(() => setAt(now()), 100);
    if (!moving) clearInterval(timer);
    return () => clearInterval(timer);
  }, [moving, now]);
  const go = (seconds: number) => {
    const inside = Math.min(LOOP.seconds, Math.max(0, seconds));
    seek(inside);
    setAt(inside);
  };
  const click = ({ clientX }: { clientX: number }) => {
    const { left, width } = box.current!.getBoundingClientRect();
    go(((clientX - left) / width) * LOOP.seconds);
  };
  const Icon = playing ? Pause : Play;
  return (
    <>
      <Stage glow className="mx-16 max-desk:mx-0 max-desk:rounded-none max-desk:border-x-0">
        <div ref={box} onClick={click} className="relative cursor-text">
          <Waveform picture={LOOP.picture} grid label="Waveform with four bars and sixteen beats" className="h-60 max-desk:h-37" />
          <SpectrumView picture={LOOP.picture} grid label="Mel spectrum of the same loop" className="h-36 border-t border-black/60 max-desk:h-18" />
          <Frequencies mel={LOOP.picture.mel} className="h-34" />
          <Playhead now={moving ? now : () => at} span={SPAN} moving={moving} steps={LOOP.picture.grid.beats} />
          <span className="absolute bottom-39 left-3 z-1 rounded-tiny border border-line-2 bg-ground/86 px-2 py-1 text-label whitespace-nowrap max-desk:hidden">
            {LOOP.name}<span className="text-dim">, computed, 44.1 kHz</span>
          </span>
        </div>
      </Stage>
      <div className="mx-16 flex flex-wrap items-center gap-x-4 gap-y-1 pt-3 text-label text-dim max-desk:mx-4">
        <Button onClick={toggle} className="text-text"><Icon className="size-4 fill-current" aria-hidden />{playing ? "Pause" : "Play it"}</Button>
        <input
          type="range"
          aria-label="Where it plays"
          aria-valuetext={`${formatNumber(at, 1)} of ${formatNumber(LOOP.seconds, 1)} seconds`}
          min={0}
          max={LOOP.seconds}
          step={0.05}
          value={at}
          onChange={(event) => go(Number(event.target.value))}
          className="h-1 w-28 accent-cyan"
        />
        <Place at={at} />
        {problem && <span role="alert" className="text-bad">{problem}</span>}
        <Recorded />
      </div>
    </>
  );
}

function Place({ at }: { at: number }) {
  const marks = useMemo(() => marksOf(LOOP.picture.grid), []);
  return (
    <span>
      <b className="font-semibold text-text">{placeAt(marks, at)}</b> bar.beat, {formatNumber(at, 2)} of {formatNumber(LOOP.seconds, 2)} s
    </span>
  );
}

/** That this was found before, and not now. */
function Recorded() {
  const { on, version } = LOOP.recorded;
  const day = new Date(on).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
  return <span className="desk:ml-auto"><b className="font-medium text-text">Recorded</b>: found in this very file by SampleMind {version} on {day}</span>;
}

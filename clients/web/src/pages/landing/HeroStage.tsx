import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import { Playhead } from "../../blocks/Playhead";
import { SpectrumView } from "../../blocks/SpectrumView";
import { Stage } from "../../blocks/Stage";
import { Waveform } from "../../blocks/Waveform";
import { marksOf, placeAt } from "../../sound/grid";
import { LOOP } from "../../sound/loop";
import { formatNumber } from "../../text/number";

const SPAN = { from: 0, to: LOOP.seconds };
const REST = 0.615 * LOOP.seconds; // where the playhead comes to rest
const SEEN = "samplemind.seen-loop";

/** The loop, waveform above and spectrum below; on the first visit it plays once, without a sound. */
export function HeroStage() {
  const [moving, setMoving] = useState(() => !localStorage.getItem(SEEN));
  const began = useRef(performance.now());
  const now = useCallback(() => (moving ? Math.min(LOOP.seconds, (performance.now() - began.current) / 1000) : REST), [moving]);
  useEffect(() => {
    if (!moving) return;
    localStorage.setItem(SEEN, "1");
    const timer = setTimeout(() => setMoving(false), LOOP.seconds * 1000);
    return () => clearTimeout(timer);
  }, [moving]);
  const place = useMemo(() => placeAt(marksOf(LOOP.picture.grid), REST), []);
  const pin = "absolute z-1 rounded-tiny border border-line-2 bg-ground/86 px-2 py-1 text-label whitespace-nowrap max-desk:hidden";
  return (
    <Stage glow className="mx-16 max-desk:mx-0 max-desk:rounded-none max-desk:border-x-0">
      <Waveform picture={LOOP.picture} grid label="Waveform with four bars and sixteen beats" className="h-60 max-desk:h-37" />
      <SpectrumView picture={LOOP.picture} grid label="Mel spectrum of the same loop" className="h-36 border-t border-black/60 max-desk:h-18" />
      <Playhead now={now} span={SPAN} moving={moving} steps={LOOP.picture.grid.beats} />
      <span className={`${pin} bottom-39 left-3`}>{LOOP.name}<span className="text-dim">, computed, 44.1 kHz</span></span>
      {!moving && <span className={`${pin} bottom-39 left-[calc(61.5%+10px)] text-cyan`}>bar.beat {place}, {formatNumber(REST, 2)} s</span>}
    </Stage>
  );
}

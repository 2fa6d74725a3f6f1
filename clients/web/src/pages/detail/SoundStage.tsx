import { Repeat } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState, type PointerEvent, type WheelEvent } from "react";

import { useClock, usePlayer, type Playable } from "../../api/usePlayer";
import { Button } from "../../blocks/Button";
import { classes } from "../../blocks/classes";
import { Frequencies } from "../../blocks/Frequencies";
import { Playhead } from "../../blocks/Playhead";
import { SpectrumView } from "../../blocks/SpectrumView";
import { Stage } from "../../blocks/Stage";
import { Tabs } from "../../blocks/Tabs";
import { Waveform } from "../../blocks/Waveform";
import { marksOf, placeAt } from "../../sound/grid";
import type { Picture } from "../../sound/picture";
import { spanAround, zoomed, type Span } from "../../sound/span";
import { formatNumber } from "../../text/number";

interface SoundStageProps {
  picture: Picture;
  playable: Playable | undefined;
}

/** Waveform above, mel spectrum below, on one time axis with one beat grid and one playhead. Click to play from there. */
export function SoundStage({ picture, playable }: SoundStageProps) {
  const player = usePlayer();
  const here = player.sound?.id === playable?.id;
  const now = useCallback(() => (here ? player.now() : 0), [here, player.now]);
  const { span, setSpan, zoom, setZoom } = useSpan(picture, here && player.playing, now);
  const box = useRef<HTMLDivElement>(null);

  const timeAt = (event: { clientX: number }) => {
    const { left, width } = box.current!.getBoundingClientRect();
    return span.from + ((event.clientX - left) / width) * (span.to - span.from);
  };
  const seek = (event: PointerEvent) => {
    if (!playable || event.button) return;
    if (!here) player.load(playable);
    player.seek(timeAt(event));
  };
  const turn = (event: WheelEvent) => {
    if (!event.ctrlKey && !event.shiftKey && Math.abs(event.deltaX) < Math.abs(event.deltaY)) return; // that scrolls the page
    const length = span.to - span.from;
    const by = event.deltaX || event.deltaY;
    setSpan(event.ctrlKey ? zoomed(span, 1.002 ** by, timeAt(event), picture.seconds) : spanAround(span.from + length / 2 + (by / 800) * length, length, picture.seconds));
  };
  useNoPageZoom(box);

  if (!picture.zooms.length) return <Stage className="grid h-80 place-items-center"><span className="text-label text-dim">No waveform yet</span></Stage>;
  return (
    <>
      <Stage glow className="touch-pan-y">
        <div ref={box} onPointerDown={seek} onWheel={turn} className="relative cursor-text">
          <Waveform picture={picture} span={span} grid label={`Waveform, ${formatNumber(picture.seconds, 2)} seconds`} className="h-50 max-desk:h-36" />
          <SpectrumView picture={picture} span={span} grid label="Mel spectrum of the same stretch" className="h-30 border-t border-black/60 max-desk:h-18" />
          <Frequencies mel={picture.mel} className="h-28" />
          <Playhead now={now} span={span} moving={here && player.playing} steps={picture.grid.beats} />
        </div>
      </Stage>
      <div className="flex flex-wrap items-center gap-3 pt-3 text-label">
        <Place picture={picture} now={now} />
        <span className="ml-auto" />
        <Button size="small" kind="quiet" aria-pressed={player.looping} onClick={() => player.setLooping(!player.looping)} className={classes(player.looping && "text-cyan")}>
          <Repeat className="size-4" aria-hidden />Loop
        </Button>
        <Tabs segments label="Zoom" tabs={ZOOMS.slice(0, picture.grid.beats.length > 1 ? 3 : 1)} value={zoom} onChoose={setZoom} />
      </div>
    </>
  );
}

const ZOOMS = [{ value: "fit", label: "Fit" }, { value: "bar", label: "1 bar" }, { value: "beat", label: "1 beat" }] as const;
type Zoom = (typeof ZOOMS)[number]["value"] | "";

/** The stretch that is shown; while it plays and all is not in view, the stretch goes along. */
function useSpan(picture: Picture, moving: boolean, now: () => number) {
  const all = useMemo<Span>(() => ({ from: 0, to: picture.seconds }), [picture.seconds]);
  const [chosen, setChosen] = useState<{ span: Span; zoom: Zoom }>();
  const span = chosen?.span ?? all;
  const setSpan = (next: Span) => setChosen(next.to - next.from >= picture.seconds ? undefined : { span: next, zoom: "" });
  const setZoom = (zoom: Zoom) => {
    const [first = 0, second = first + 0.5] = picture.grid[zoom === "bar" && picture.grid.downbeats.length > 1 ? "downbeats" : "beats"];
    setChosen(zoom === "fit" ? undefined : { span: spanAround(now(), second - first, picture.seconds), zoom });
  };
  useClock(
    useCallback(
      (seconds) => {
        if (!moving || !chosen || (seconds >= span.from && seconds <= span.to)) return;
        const length = span.to - span.from;
        setChosen({ ...chosen, span: spanAround(seconds + length / 2, length, picture.seconds) });
      },
      [moving, chosen, span, picture.seconds],
    ),
  );
  return { span, setSpan, zoom: chosen?.zoom ?? ("fit" as Zoom), setZoom };
}

/** Keeps the browser from enlarging the whole page where Ctrl and the wheel enlarge the sound. */
function useNoPageZoom(box: React.RefObject<HTMLElement | null>) {
  useEffect(() => {
    const element = box.current;
    const keep = (event: globalThis.WheelEvent) => (event.ctrlKey || event.shiftKey) && event.preventDefault();
    element?.addEventListener("wheel", keep, { passive: false });
    return () => element?.removeEventListener("wheel", keep);
  });
}

function Place({ picture, now }: { picture: Picture; now: () => number }) {
  const marks = useMemo(() => marksOf(picture.grid), [picture]);
  const bar = useRef<HTMLElement>(null);
  const time = useRef<HTMLElement>(null);
  useClock(
    useCallback(() => {
      if (bar.current) bar.current.textContent = placeAt(marks, now());
      if (time.current) time.current.textContent = formatNumber(now(), 2);
    }, [marks, now]),
  );
  return (
    <span className="flex gap-2">
      {marks.length > 0 && <span><b ref={bar} className="font-semibold" /> <span className="text-dim">bar.beat</span></span>}
      <span className="text-dim"><span ref={time} /> of {formatNumber(picture.seconds, 2)} s</span>
    </span>
  );
}

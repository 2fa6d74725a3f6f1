import { useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from "react";
import { Link } from "wouter";

import { buttonLook } from "../../blocks/Button";
import { Card, CardHead } from "../../blocks/Card";
import { count, formatNumber } from "../../text/number";

const [LOWEST, HIGHEST, STEP] = [40, 220, 10];
const BINS = (HIGHEST - LOWEST) / STEP;
const [WIDTH, HEIGHT, TOP, BASE] = [360, 240, 12, 218]; // of the drawing; bars stand on the base
const WIDE = WIDTH / BINS;

/** How many sounds have which tempo, in tens; a stretch that is chosen leads into the library. */
export function TempoCard({ counts, without }: { counts: ReadonlyMap<string, number> | undefined; without: number }) {
  const bins = Array.from({ length: BINS }, (_, bin) => counts?.get(`${LOWEST + bin * STEP}-${LOWEST + (bin + 1) * STEP}`) ?? 0);
  const fullest = bins.indexOf(Math.max(...bins));
  const [chosen, choose] = useState<[first: number, last: number]>();
  const [first, last] = chosen ?? [fullest, fullest];
  const [from, to] = [LOWEST + first * STEP, LOWEST + (last + 1) * STEP];
  const sum = bins.slice(first, last + 1).reduce((all, one) => all + one, 0);
  return (
    <Card className="flex flex-col">
      <CardHead title="Tempo"><span className="text-label text-dim">{from} to {to} BPM: <span className="text-text">{count(sum, "sound")}</span></span></CardHead>
      <Histogram bins={bins} first={first} last={last} onChoose={choose} />
      <div className="mt-auto flex items-center gap-2 p-4">
        <span className="text-label text-dim">{without > 0 && `${count(without, "one-shot has", "one-shots have")} no tempo`}</span>
        <Link href={`/library?q=bpm:${from}-${to}&order=bpm`} className={`ml-auto ${buttonLook("plain", "small")}`}>Show in library</Link>
      </div>
    </Card>
  );
}

interface HistogramProps {
  bins: readonly number[];
  first: number;
  last: number;
  onChoose: (chosen: [first: number, last: number]) => void;
}

/** Drag over the bars to choose a stretch; arrows move it, Shift with an arrow makes it longer. */
function Histogram({ bins, first, last, onChoose }: HistogramProps) {
  const svg = useRef<SVGSVGElement>(null);
  return (
    <svg
      ref={svg}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="slider"
      aria-label="Tempo, BPM"
      aria-valuemin={LOWEST}
      aria-valuemax={HIGHEST}
      aria-valuenow={LOWEST + first * STEP}
      aria-valuetext={`${LOWEST + first * STEP} to ${LOWEST + (last + 1) * STEP} BPM`}
      tabIndex={0}
      {...useBrush(svg, first, last, onChoose)}
      className="mx-4 touch-none select-none"
    >
      <Bars bins={bins} first={first} last={last} />
      <Brush first={first} last={last} />
      <line x1={0} x2={WIDTH} y1={BASE + 0.5} y2={BASE + 0.5} className="stroke-line-2" />
      {[60, 90, 120, 150, 180, 210].map((bpm) => <text key={bpm} x={((bpm - LOWEST) / STEP) * WIDE} y={HEIGHT - 5} textAnchor="middle" className="fill-dim text-axis">{bpm}</text>)}
    </svg>
  );
}

/** What chooses a stretch of bars: the pointer and the arrow keys. */
function useBrush(svg: RefObject<SVGSVGElement | null>, first: number, last: number, onChoose: HistogramProps["onChoose"]) {
  const began = useRef<number>(undefined);
  const binAt = ({ clientX }: PointerEvent) => {
    const { left, width } = svg.current!.getBoundingClientRect();
    return Math.min(BINS - 1, Math.max(0, Math.floor(((clientX - left) / width) * BINS)));
  };
  const drag = (event: PointerEvent) => {
    if (began.current === undefined) return;
    const at = binAt(event);
    onChoose([Math.min(began.current, at), Math.max(began.current, at)]);
  };
  const onPointerDown = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    began.current = binAt(event);
    drag(event);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const end = Math.min(BINS - 1, Math.max(event.shiftKey ? first : last - first, last + by));
    onChoose([event.shiftKey ? first : end - (last - first), end]);
  };
  return { onPointerDown, onPointerMove: drag, onPointerUp: () => void (began.current = undefined), onKeyDown };
}

function Bars({ bins, first, last }: Omit<HistogramProps, "onChoose">) {
  const most = Math.max(1, ...bins);
  const tall = (value: number) => Math.max(2, (value / most) * (BASE - TOP));
  const lines = most > 1 ? [Math.round(most / 2), most] : [];
  return (
    <>
      {lines.map((value) => (
        <g key={value}>
          <line x1={0} x2={WIDTH} y1={BASE - tall(value)} y2={BASE - tall(value)} className="stroke-line" />
          <text x={WIDTH} y={BASE - tall(value) - 4} textAnchor="end" className="fill-dim text-axis">{formatNumber(value)}</text>
        </g>
      ))}
      {bins.map((value, bin) => (
        <rect key={bin} x={bin * WIDE + 1} width={WIDE - 2} y={BASE - tall(value)} height={tall(value)} rx={1.5} className={bin >= first && bin <= last ? "fill-blue" : "fill-[hsl(220_14%_36%)]"} />
      ))}
    </>
  );
}

function Brush({ first, last }: Pick<HistogramProps, "first" | "last">) {
  const [x, width] = [first * WIDE - 1, (last - first + 1) * WIDE + 2];
  return (
    <>
      <rect x={x} width={width} y={TOP - 8} height={BASE - TOP + 8} rx={3} className="fill-blue/10 stroke-blue-text/55" />
      {[x, x + width].map((edge) => <rect key={edge} x={edge - 3} y={(BASE + TOP) / 2 - 12} width={6} height={24} rx={3} className="fill-blue-text" />)}
    </>
  );
}

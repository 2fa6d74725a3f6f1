import type { Grid } from "./picture";
import { shareOf, type Span } from "./span";

/** A line of the beat grid. */
export interface Mark {
  seconds: number;
  /** Whether a bar begins here. */
  bar: boolean;
  /** "2" at the beginning of the second bar, "2.3" at its third beat; empty before the first bar. */
  label: string;
}

const NEAR_S = 0.02;

/** Beats and downbeats as marks with labels, in order. */
export function marksOf({ beats, downbeats }: Grid): Mark[] {
  let [bar, beat, next] = [0, 0, 0];
  return beats.map((seconds) => {
    const due = downbeats[next];
    const begins = due !== undefined && seconds >= due - NEAR_S;
    if (begins) [bar, beat, next] = [bar + 1, 1, next + 1];
    else beat += 1;
    return { seconds, bar: begins, label: bar === 0 ? "" : begins ? `${bar}` : `${bar}.${beat}` };
  });
}

/** Bar and beat at a time, as "2.3"; empty before the first bar and where there is no grid. */
export function placeAt(marks: readonly Mark[], seconds: number): string {
  const mark = marks.findLast((one) => one.seconds <= seconds + NEAR_S);
  return mark?.bar ? `${mark.label}.1` : (mark?.label ?? "");
}

const BAR = "hsl(320 90% 66% / .8)";
const BEAT = "hsl(0 0% 100% / .13)";

interface Look {
  width: number;
  height: number;
  scale: number;
  /** Where beats begin below the top: the height of the labels. */
  top: number;
}

/** Draws the marks that lie in a span; where they stand too close, bars alone, and then every fourth. */
export function drawGrid(context: CanvasRenderingContext2D, marks: readonly Mark[], span: Span, look: Look): void {
  const { width, height, scale, top } = look;
  const seen = marks.filter((mark) => mark.seconds >= span.from - NEAR_S && mark.seconds <= span.to);
  const bars = seen.filter((mark) => mark.bar);
  const crowded = width / seen.length < 7 * scale;
  const every = Math.max(1, Math.ceil((bars.length * 28 * scale) / width));
  context.font = `500 ${11 * scale}px "Inter Variable", system-ui, sans-serif`;
  context.textBaseline = "middle";
  seen.forEach((mark) => {
    if (!mark.bar && crowded) return;
    const sparse = mark.bar && Number(mark.label) % every !== 1 % every;
    const x = Math.round(shareOf(span, mark.seconds) * width);
    context.fillStyle = mark.bar && !sparse ? BAR : BEAT;
    context.fillRect(Math.min(x, width - scale), mark.bar && !sparse ? 0 : top, scale, height);
    if (!top || sparse || !(mark.bar || width / seen.length > 60 * scale)) return;
    context.fillStyle = mark.bar ? "hsl(320 90% 80%)" : "hsl(220 10% 65%)";
    context.fillText(mark.label, x + 5 * scale, 10 * scale);
  });
}

import type { Mel } from "./picture";
import { stretch } from "./spectrum";

/** How bright it is at a radius (0 in the middle, 1 at the edge) and a turn (0 to 1, clockwise from the top): 0 to 1. */
export type Shade = (radius: number, turn: number) => number;

const [COARSE_COLUMNS, COARSE_BANDS] = [48, 12];

/** The brightness of a place of the spectrum, raised to `gamma`, 0 to 1; time and pitch run from 0 to 1. */
function reader({ shades, columns, bands }: Mel, coarse: boolean, gamma: number): (time: number, pitch: number) => number {
  const level = stretch(shades);
  const bright = Float32Array.from({ length: 256 }, (_, shade) => (level(shade) / 255) ** gamma);
  const [across, up] = coarse ? [COARSE_COLUMNS, COARSE_BANDS] : [columns, bands];
  const within = (share: number, parts: number, count: number) => Math.min(count - 1, Math.max(0, Math.floor(((Math.floor(share * parts) + 0.5) / parts) * count)));
  return (time, pitch) => bright[shades[within(time, across, columns) * bands + within(pitch, up, bands)]!]!;
}

const [HOLE, EDGE] = [0.26, 0.88];
const [INNER_RIM, OUTER_RIM] = [0.22, 0.92];

/** A loop: one turn is one pass, from the top, clockwise; low notes inside. */
export function ring(mel: Mel, coarse: boolean): Shade {
  const at = reader(mel, coarse, 1.25);
  return (radius, turn) => {
    const pitch = (radius - HOLE) / (EDGE - HOLE);
    if (pitch > 0 && pitch < 1) return 0.04 + 0.94 * at(turn, pitch);
    const rim = Math.abs(radius - INNER_RIM) < 0.006 || Math.abs(radius - OUTER_RIM) < 0.003;
    return rim && !coarse ? 0.35 : 0.03;
  };
}

const [ARMS, REACH] = [4, 0.96];

/** A one-shot: time runs outward from the middle; low notes between its four arms, high ones on them. */
export function burst(mel: Mel, coarse: boolean): Shade {
  const at = reader(mel, coarse, 1.3);
  return (radius, turn) => {
    const time = radius / REACH;
    if (time >= 1) return 0.03;
    const pitch = Math.abs(((turn * ARMS) % 1) * 2 - 1) ** 0.8 * 0.98;
    return 0.03 + at(time ** 1.5 * 0.8, pitch) * (1 - 0.35 * time);
  };
}

/** A song: how high each of so many lines stands, 0 to 1, from the lowest band to the highest; a line is a stretch of time. */
export function strata(mel: Mel, lines: number, steps: number): Float32Array[] {
  const level = stretch(mel.shades);
  const bright = Float32Array.from({ length: 256 }, (_, shade) => level(shade) / 255);
  return Array.from({ length: lines }, (_, line) => {
    const from = Math.min(mel.columns - 1, Math.floor((line / lines) * mel.columns));
    const to = Math.max(from + 1, Math.floor(((line + 1) / lines) * mel.columns));
    let smooth = 0;
    return Float32Array.from({ length: steps + 1 }, (_, step) => {
      const band = Math.min(mel.bands - 1, Math.floor((step / steps) * mel.bands));
      let sum = 0;
      for (let column = from; column < to; column++) sum += bright[mel.shades[column * mel.bands + band]!]!;
      smooth += (sum / (to - from) - smooth) * 0.55;
      const hem = Math.sqrt(Math.max(0, Math.sin((Math.PI * step) / steps))); // ends lie on the base line
      return smooth ** 2.4 * hem;
    });
  });
}

/** The radius and the turn of every pixel of a square, row by row. */
export interface Polar {
  radius: Float32Array;
  turn: Float32Array;
}

const POLARS = new Map<number, Polar>();
const POLARS_KEPT = 4; // the sizes that covers have on a page

/** Computes them once for a size: most of a cover's time went into angles. */
export function polarOf(size: number): Polar {
  const known = POLARS.get(size);
  if (known) return known;
  const polar = { radius: new Float32Array(size * size), turn: new Float32Array(size * size) };
  for (let y = 0, pixel = 0; y < size; y++) {
    for (let x = 0; x < size; x++, pixel++) {
      const [right, down] = [(x + 0.5) / size - 0.5, (y + 0.5) / size - 0.5];
      polar.radius[pixel] = Math.hypot(right, down) * 2;
      polar.turn[pixel] = (Math.atan2(right, -down) / (2 * Math.PI) + 1) % 1;
    }
  }
  if (POLARS.size >= POLARS_KEPT) POLARS.delete(POLARS.keys().next().value!);
  POLARS.set(size, polar);
  return polar;
}

/** Fills a square with a shade's colours; `ramp` has 256 of them. */
export function paint(into: Uint32Array, size: number, shade: Shade, ramp: Uint32Array): void {
  const { radius, turn } = polarOf(size);
  for (let pixel = 0; pixel < into.length; pixel++) {
    const value = shade(radius[pixel]!, turn[pixel]!);
    into[pixel] = ramp[Math.round(255 * Math.min(1, Math.max(0, value)))]!;
  }
}

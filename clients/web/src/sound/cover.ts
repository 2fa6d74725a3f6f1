import { keyHue } from "./keys";
import type { Mel, Picture } from "./picture";
import { rampOf, type Ramp } from "./ramp";
import { stretch } from "./spectrum";

/**
 * A sound's cover, computed from its spectrum: the same sound, always the same cover.
 *
 * A loop is a ring, one turn a pass, lows inside; a one-shot is a burst, time outward; all else is strata, a line for
 * each stretch. The hue is the key; grey has none.
 */
export function drawCover(context: CanvasRenderingContext2D, picture: Picture, width: number, height: number, small: boolean): void {
  const { mel, kind, camelot } = picture;
  const ink = inkOf(camelot);
  context.fillStyle = ink.ground;
  context.fillRect(0, 0, width, height);
  if (!mel) return;
  if (kind === "loop" || kind === "one-shot") {
    const size = Math.min(Math.max(width, height), small ? 96 : 420);
    const image = pixels(size, kind === "loop" ? ring(mel, small) : burst(mel, small), ink.ramp);
    context.imageSmoothingQuality = "high";
    const side = Math.max(width, height);
    context.drawImage(image, (width - side) / 2, (height - side) / 2, side, side);
  } else drawStrata(context, mel, width, height, small, ink);
}

interface Ink {
  ground: string;
  ramp: Ramp;
  line: (share: number) => string;
}

const INKS = new Map<string, Ink>();

function inkOf(camelot: string | undefined): Ink {
  const known = INKS.get(camelot ?? "");
  if (known) return known;
  const [chroma, hue] = camelot ? [0.115, keyHue(camelot)] : [0.012, 250];
  const colour = (light: number, share: number, turn = 0) => `oklch(${light} ${chroma * share} ${hue + turn})`;
  const middle = camelot?.endsWith("B") ? 0.6 : 0.52;
  const ground = colour(0.17, 0.22);
  const ramp = rampOf([[0, ground], [0.25, colour(0.28, 0.6)], [0.55, colour(middle, 1)], [0.82, colour(0.8, 0.9, 48)], [1, colour(0.97, 0.25, 48)]]);
  const ink = { ground, ramp, line: (share: number) => colour(0.45 + 0.42 * share, 1, 48 * share) };
  INKS.set(camelot ?? "", ink);
  return ink;
}

/** How bright it is at a radius (0 to 1 at the edge) and an angle (0 to 1, clockwise from the top). */
type Shade = (radius: number, turn: number) => number;

function pixels(size: number, shade: Shade, ramp: Ramp): OffscreenCanvas {
  const canvas = new OffscreenCanvas(size, size);
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(size, size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [right, down] = [(x + 0.5) / size - 0.5, (y + 0.5) / size - 0.5];
      const turn = (Math.atan2(right, -down) / (2 * Math.PI) + 1) % 1;
      const value = shade(Math.hypot(right, down) * 2, turn);
      const colour = 4 * Math.round(255 * Math.min(1, Math.max(0, value)));
      image.data.set(ramp.subarray(colour, colour + 4), 4 * (y * size + x));
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** The brightness of a place of the spectrum, 0 to 1; time and pitch run from 0 to 1. */
function reader(mel: Mel, coarse: boolean): (time: number, pitch: number) => number {
  const level = stretch(mel.shades);
  const [columns, bands] = coarse ? [48, 12] : [mel.columns, mel.bands];
  return (time, pitch) => {
    const column = Math.min(mel.columns - 1, Math.floor(((Math.floor(time * columns) + 0.5) / columns) * mel.columns));
    const band = Math.min(mel.bands - 1, Math.floor(((Math.floor(pitch * bands) + 0.5) / bands) * mel.bands));
    return level(mel.shades[Math.max(0, column) * mel.bands + Math.max(0, band)]!) / 255;
  };
}

const [HOLE, EDGE] = [0.26, 0.88];

function ring(mel: Mel, small: boolean): Shade {
  const at = reader(mel, small);
  return (radius, turn) => {
    const pitch = (radius - HOLE) / (EDGE - HOLE);
    if (pitch > 0 && pitch < 1) return 0.04 + 0.94 * at(turn, pitch) ** 1.25;
    const rim = Math.abs(radius - 0.22) < 0.006 || Math.abs(radius - 0.92) < 0.003;
    return rim && !small ? 0.35 : 0.03;
  };
}

const ARMS = 4;

function burst(mel: Mel, small: boolean): Shade {
  const at = reader(mel, small);
  return (radius, turn) => {
    const time = radius / 0.96;
    if (time >= 1) return 0.03;
    const pitch = Math.abs(((turn * ARMS) % 1) * 2 - 1) ** 0.8 * 0.98;
    return 0.03 + at(time ** 1.5 * 0.8, pitch) ** 1.3 * (1 - 0.35 * time);
  };
}

function drawStrata(context: CanvasRenderingContext2D, mel: Mel, width: number, height: number, small: boolean, ink: Ink): void {
  const rows = small ? 7 : 26;
  const steps = small ? 24 : 80;
  const rise = (small ? 0.42 : 0.34) * height;
  const level = stretch(mel.shades);
  context.lineWidth = small ? width / 26 : Math.max(1, width / 200);
  for (let row = 0; row < rows; row++) {
    const [from, to] = [Math.floor((row / rows) * mel.columns), Math.max(1, Math.floor(((row + 1) / rows) * mel.columns))];
    const base = height * (0.22 + (0.68 * row) / rows);
    context.beginPath();
    context.moveTo(width * 0.1, base);
    let smooth = 0;
    for (let step = 0; step <= steps; step++) {
      const band = Math.min(mel.bands - 1, Math.floor((step / steps) * mel.bands));
      let sum = 0;
      for (let column = from; column < to; column++) sum += level(mel.shades[column * mel.bands + band]!) / 255;
      smooth += (sum / (to - from) - smooth) * 0.55;
      const hem = Math.sin((Math.PI * step) / steps) ** 0.5; // ends lie on the base line
      context.lineTo(width * (0.1 + (0.8 * step) / steps), base - smooth ** 2.4 * hem * rise);
    }
    context.fillStyle = ink.ground;
    context.fill();
    context.strokeStyle = ink.line(row / rows);
    context.stroke();
  }
}

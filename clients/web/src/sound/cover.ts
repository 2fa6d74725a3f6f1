import { keyHue } from "./keys";
import type { Mel, Picture } from "./picture";
import { rampOf, type Ramp } from "./ramp";
import { burst, paint, ring, strata, type Shade } from "./shapes";

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

function pixels(size: number, shade: Shade, ramp: Ramp): OffscreenCanvas {
  const canvas = new OffscreenCanvas(size, size);
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(size, size);
  paint(new Uint32Array(image.data.buffer), size, shade, new Uint32Array(ramp.buffer));
  context.putImageData(image, 0, 0);
  return canvas;
}

function drawStrata(context: CanvasRenderingContext2D, mel: Mel, width: number, height: number, small: boolean, ink: Ink): void {
  const [lines, steps] = small ? [7, 24] : [26, 80];
  const rise = (small ? 0.42 : 0.34) * height;
  context.lineWidth = small ? width / 26 : Math.max(1, width / 200);
  strata(mel, lines, steps).forEach((heights, line) => {
    const base = height * (0.22 + (0.68 * line) / lines);
    context.beginPath();
    context.moveTo(width * 0.1, base);
    heights.forEach((share, step) => context.lineTo(width * (0.1 + (0.8 * step) / steps), base - share * rise));
    context.fillStyle = ink.ground;
    context.fill();
    context.strokeStyle = ink.line(line / lines);
    context.stroke();
  });
}

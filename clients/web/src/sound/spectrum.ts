import type { Mel } from "./picture";
import { spectrumRamp } from "./ramp";
import type { Span } from "./span";

const DARK = 0.18; // shades below this share are room noise, and drawn as the ground
const GAMMA = 1.35; // keeps the brightest colours for what is loudest
const PICTURES = new WeakMap<Mel, OffscreenCanvas>();

/** Draws the mel picture of a span, the lowest band at the bottom. */
export function drawSpectrum(context: CanvasRenderingContext2D, mel: Mel, span: Span, width: number, height: number): void {
  const first = span.from / mel.secondsPerColumn;
  const columns = (span.to - span.from) / mel.secondsPerColumn;
  context.imageSmoothingQuality = "high";
  context.drawImage(pictured(mel), first, 0, columns, mel.bands, 0, 0, width, height);
}

/** The whole mel picture, a pixel a column and band. */
function pictured(mel: Mel): OffscreenCanvas {
  const known = PICTURES.get(mel);
  if (known) return known;
  const canvas = new OffscreenCanvas(mel.columns, mel.bands);
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(mel.columns, mel.bands);
  const ramp = spectrumRamp();
  const shade = stretch(mel.shades);
  for (let column = 0; column < mel.columns; column++) {
    for (let band = 0; band < mel.bands; band++) {
      const colour = 4 * shade(mel.shades[column * mel.bands + band]!);
      const at = 4 * ((mel.bands - 1 - band) * mel.columns + column);
      image.data.set(ramp.subarray(colour, colour + 4), at);
    }
  }
  context.putImageData(image, 0, 0);
  PICTURES.set(mel, canvas);
  return canvas;
}

/** Spreads the shades that occur over the whole ramp, so that a quiet sound is as readable as a loud one. */
export function stretch(shades: Uint8Array): (shade: number) => number {
  const brightest = shades.reduce((most, shade) => Math.max(most, shade), DARK * 255 + 1); // silence stays dark
  const darkest = Math.max(DARK * 255, brightest - 165); // 62 dB below the brightest
  return (shade) => Math.round(255 * Math.min(1, Math.max(0, (shade - darkest) / (brightest - darkest))) ** GAMMA);
}

import { extent, sharesOf, zoomFor, type Mel, type Picture } from "./picture";
import type { Span } from "./span";

const LAYERS = ["hsl(220 85% 58%)", "hsl(186 80% 58%)", "hsl(190 60% 95%)"] as const;
const FILL = 0.94; // of the height, at full scale
const SHARES = new WeakMap<Mel, ReturnType<typeof sharesOf>>();

interface Place {
  width: number;
  height: number;
  /** Where it begins below the top of the canvas. */
  top: number;
}

/** Draws a waveform: lows blue, mids cyan, highs white, as far as the spectrum tells them apart. */
export function drawWave(context: CanvasRenderingContext2D, picture: Picture, span: Span, place: Place): void {
  const { width, height, top } = place;
  const zoom = zoomFor(picture.zooms, span.to - span.from, width);
  if (!zoom) return;
  const half = (height / 2) * FILL;
  const middle = top + height / 2;
  const step = (span.to - span.from) / width;
  const rise = 1 / Math.max(0.25, loudest(zoom.peaks)); // a quiet sound is drawn larger, at most four times
  const shares = picture.mel && melShares(picture.mel);
  for (let x = 0; x < width; x++) {
    const from = span.from + x * step;
    const [low, high] = extent(zoom, from, from + step);
    const [above, top] = sharesAt(picture.mel, shares, from);
    [1, above, top].forEach((share, layer) => {
      if (!share) return;
      const [up, down] = [Math.max(0.5, high * rise * half * share), Math.max(0.5, -low * rise * half * share)];
      context.fillStyle = LAYERS[layer]!;
      context.fillRect(x, middle - up, 1, up + down);
    });
  }
}

function loudest(peaks: Float32Array): number {
  return peaks.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
}

function melShares(mel: Mel): ReturnType<typeof sharesOf> {
  const known = SHARES.get(mel) ?? sharesOf(mel);
  SHARES.set(mel, known);
  return known;
}

/** How high mids and highs are drawn, so that each stays visible behind the next. */
function sharesAt(mel: Mel | undefined, shares: ReturnType<typeof sharesOf> | undefined, seconds: number): [number, number] {
  if (!mel || !shares) return [0, 0];
  const column = Math.min(mel.columns - 1, Math.floor(seconds / mel.secondsPerColumn));
  const above = Math.min(0.82, 0.85 * (shares.above[column] ?? 0));
  return [above, Math.min(0.8 * above, 0.6 * (shares.top[column] ?? 0))];
}

/** Draws a small waveform of bars, the part before `played` (0 to 1) in cyan. */
export function drawBars(context: CanvasRenderingContext2D, picture: Picture, place: Place, scale: number, played: number): void {
  const zoom = picture.zooms[0];
  if (!zoom) return;
  const bars = Math.max(8, Math.floor(place.width / (3 * scale)));
  const most = Math.max(0.05, loudest(zoom.peaks));
  for (let bar = 0; bar < bars; bar++) {
    const from = (bar / bars) * picture.seconds;
    const [low, high] = extent(zoom, from, from + picture.seconds / bars);
    const size = Math.max(scale, (Math.max(high, -low) / most) ** 1.3 * place.height * FILL);
    context.fillStyle = bar / bars < played ? "hsl(180 90% 58%)" : played > 0 ? "hsl(220 12% 36%)" : "hsl(220 14% 58%)";
    context.fillRect(bar * 3 * scale, place.top + (place.height - size) / 2, 2 * scale, size);
  }
}

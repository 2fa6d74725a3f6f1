/** 256 colours, four bytes each. */
export type Ramp = Uint8ClampedArray;

/** A ramp through colours at places from 0 to 1. */
export function rampOf(stops: readonly [place: number, colour: string][]): Ramp {
  const context = new OffscreenCanvas(256, 1).getContext("2d")!;
  const gradient = context.createLinearGradient(0, 0, 256, 0);
  for (const [place, colour] of stops) gradient.addColorStop(place, colour);
  context.fillStyle = gradient;
  context.fillRect(0, 0, 256, 1);
  return context.getImageData(0, 0, 256, 1).data;
}

let spectrum: Ramp | undefined;

/** Near-black, navy, violet, magenta, pale pink: lightness always rises. */
export function spectrumRamp(): Ramp {
  spectrum ??= rampOf([
    [0, "hsl(220 22% 7%)"],
    [0.18, "hsl(226 50% 16%)"],
    [0.4, "hsl(232 70% 38%)"],
    [0.6, "hsl(268 75% 52%)"],
    [0.8, "hsl(320 88% 62%)"],
    [1, "hsl(330 100% 93%)"],
  ]);
  return spectrum;
}

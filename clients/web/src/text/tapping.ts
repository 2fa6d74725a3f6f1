const FEWEST = 4;
const BREAK_S = 3; // a longer pause begins anew

/** The tempo of taps in seconds, in BPM: of the middle distance between them; nothing while there are too few. */
export function tapped(taps: readonly number[]): number | undefined {
  const from = taps.findLastIndex((tap, index) => index > 0 && tap - taps[index - 1]! > BREAK_S);
  const recent = taps.slice(Math.max(0, from));
  if (recent.length < FEWEST) return undefined;
  const distances = recent.slice(1).map((tap, index) => tap - recent[index]!).sort((a, b) => a - b);
  const middle = distances[Math.floor(distances.length / 2)]!;
  return Math.round(600 / middle) / 10;
}

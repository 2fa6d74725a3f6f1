/** The stretch of time that is shown, in seconds. */
export interface Span {
  from: number;
  to: number;
}

/** A span of a length around a place, kept inside the sound. */
export function spanAround(place: number, length: number, seconds: number): Span {
  const kept = Math.min(length, seconds);
  const from = Math.min(Math.max(0, place - kept / 2), seconds - kept);
  return { from, to: from + kept };
}

/** A span made shorter or longer by a factor, with the time at `place` staying where it is. */
export function zoomed({ from, to }: Span, factor: number, place: number, seconds: number, shortest = 0.05): Span {
  const length = Math.min(seconds, Math.max(shortest, (to - from) * factor));
  const start = place - ((place - from) / (to - from)) * length;
  return spanAround(start + length / 2, length, seconds);
}

/** Where a time lies in a span, 0 to 1 inside of it. */
export function shareOf({ from, to }: Span, seconds: number): number {
  return (seconds - from) / (to - from || 1);
}

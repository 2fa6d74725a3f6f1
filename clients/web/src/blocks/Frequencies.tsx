import type { Mel } from "../sound/picture";
import { formatNumber } from "../text/number";
import { classes } from "./classes";

/** The frequencies beside a spectrum as high as `className` says, at the lower right of what it lies in. */
export function Frequencies({ mel, className }: { mel: Mel | undefined; className: string }) {
  if (!mel?.frequencies.length) return null;
  const at = (share: number) => mel.frequencies[Math.round(share * (mel.frequencies.length - 1))] ?? 0;
  const words = [1, 0.66, 0.33, 0].map((share) => (at(share) >= 1000 ? `${formatNumber(at(share) / 1000, at(share) < 9500 ? 1 : 0)} kHz` : `${formatNumber(at(share))} Hz`));
  return (
    <div aria-hidden className={classes("pointer-events-none absolute right-2 bottom-1 z-1 flex flex-col justify-between text-right text-axis text-[hsl(220_20%_86%)] [text-shadow:0_1px_3px_#000] max-desk:hidden", className)}>
      {words.map((word) => <span key={word}>{word}</span>)}
    </div>
  );
}

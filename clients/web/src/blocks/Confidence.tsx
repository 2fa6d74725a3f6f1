import { formatNumber } from "../text/number";
import { classes } from "./classes";

/** Below this a value is in doubt. */
export const UNSURE = 0.6;

interface ConfidenceProps {
  /** 0 to 1. */
  value: number;
  width?: "mini" | "plain" | "wide";
  /** A measured share rather than a probability: never amber. */
  level?: boolean;
}

const WIDTHS = { mini: "w-6", plain: "w-10", wide: "w-18" };

/** The probability that a value is right: a quiet bar and two decimals. */
export function Confidence({ value, width = "plain", level = false }: ConfidenceProps) {
  const unsure = !level && value < UNSURE;
  return (
    <span
      title={level ? undefined : "confidence: the probability that it is right"}
      className={classes("inline-flex items-center gap-2 align-middle text-label", unsure ? "text-warn" : level ? "text-text" : "text-dim")}
    >
      <span aria-hidden className={classes("h-[3px] shrink-0 overflow-hidden rounded-full bg-track", WIDTHS[width])}>
        <span
          className={classes("block h-full origin-left", unsure ? "bg-warn" : "bg-[hsl(220_14%_70%)]")}
          style={{ transform: `scaleX(${value})` }}
        />
      </span>
      {formatNumber(value, 2)}
    </span>
  );
}

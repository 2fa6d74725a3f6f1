import { classes } from "./classes";

export type ProgressTone = "upload" | "live" | "done" | "failed" | "plain";

interface ProgressBarProps {
  label: string;
  /** 0 to 1; without one it is not known how far it is. */
  value?: number | undefined;
  /** 0 to 1: what was there already when it went on. */
  kept?: number;
  tone?: ProgressTone;
  className?: string;
}

const FILLS: Record<ProgressTone, string> = {
  upload: "bg-blue",
  live: "bg-cyan",
  done: "bg-ok",
  failed: "bg-bad",
  plain: "bg-mute",
};
const HATCH = "bg-[repeating-linear-gradient(90deg,hsl(220_60%_48%)_0_4px,hsl(220_40%_32%)_4px_6px)]";

/** How far something is. */
export function ProgressBar({ label, value, kept = 0, tone = "upload", className }: ProgressBarProps) {
  const known = value !== undefined;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={known ? Math.round(value * 100) : undefined}
      className={classes("relative h-1 overflow-hidden rounded-full bg-track", className)}
    >
      {known ? (
        <div
          className={classes("absolute inset-0 origin-left transition-transform", FILLS[tone])}
          style={{ transform: `scaleX(${Math.min(1, Math.max(0, value))})` }}
        />
      ) : (
        <div className={classes("absolute inset-y-0 left-0 w-3/10 animate-slide motion-reduce:w-full motion-reduce:opacity-45", FILLS[tone])} />
      )}
      {kept > 0 && <div className={classes("absolute inset-y-0 left-0", HATCH)} style={{ width: `${kept * 100}%` }} />}
    </div>
  );
}

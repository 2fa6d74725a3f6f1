import type { ReactNode } from "react";

import { classes } from "./classes";

/** A short word in a box; purple where it is the user's own. */
export function Badge({ children, yours }: { children: ReactNode; yours?: boolean }) {
  const look = yours ? "bg-purple/10 text-purple-text ring-1 ring-inset ring-purple/45" : "bg-[hsl(220_14%_20%)] text-[hsl(220_14%_84%)]";
  return <span className={classes("inline-flex h-5 items-center gap-1.5 rounded-tiny px-2 text-label whitespace-nowrap", look)}>{children}</span>;
}

export type Tone = "dim" | "live" | "ok" | "warn" | "bad" | "yours" | "blue";

const TONES: Record<Tone, string> = {
  dim: "text-dim",
  live: "text-cyan",
  ok: "text-ok",
  warn: "text-warn",
  bad: "text-bad",
  yours: "text-purple-text",
  blue: "text-blue-text",
};

interface StatusProps {
  tone: Tone;
  /** It waits, or is in doubt. */
  hollow?: boolean;
  children: ReactNode;
}

/** A state: a dot and the word for it. */
export function Status({ tone, hollow, children }: StatusProps) {
  const dot = hollow ? "ring-[1.5px] ring-inset ring-current" : "bg-current";
  return (
    <span className={classes("inline-flex items-center gap-1.5 text-label whitespace-nowrap", TONES[tone])}>
      <i aria-hidden className={classes("size-1.5 shrink-0 rounded-full", dot)} />
      {children}
    </span>
  );
}

/** Why there is no value, in words. */
export function Missing({ children }: { children: ReactNode }) {
  return <span className="text-label text-dim">{children}</span>;
}

import type { ReactNode } from "react";

import { classes } from "./classes";

/** Where sound is drawn: a well with a hairline, and the one glow of a view. */
export function Stage({ glow, children, className }: { glow?: boolean; children: ReactNode; className?: string }) {
  return <div className={classes("relative overflow-hidden rounded-card border border-line bg-well", glow && "glow", className)}>{children}</div>;
}

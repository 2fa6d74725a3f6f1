import type { HTMLAttributes, ReactNode } from "react";

import { classes } from "./classes";

interface CardProps extends HTMLAttributes<HTMLElement> {
  /** Something failed inside. */
  bad?: boolean;
  /** Frosted, for what floats over content and nothing else. */
  glass?: boolean;
}

/** A surface with a hairline. */
export function Card({ bad, glass, className, ...rest }: CardProps) {
  const look = glass ? "glass relative" : classes("bg-surface border", bad ? "border-bad/50" : "border-line");
  return <section {...rest} className={classes("min-w-0 rounded-card", look, className)} />;
}

interface CardHeadProps {
  title: string;
  /** Stands behind the title, quieter. */
  note?: string;
  children?: ReactNode;
}

/** The first line of a card: what it is about, and what stands at its end. */
export function CardHead({ title, note, children }: CardHeadProps) {
  return (
    <header className="flex min-h-12 items-center gap-2 px-4 py-3">
      <h2 className="whitespace-nowrap max-desk:mr-auto">{title}</h2>
      <span className="mr-auto truncate text-label text-dim max-desk:hidden">{note}</span>
      {children}
    </header>
  );
}

/** The shape of an answer that is on its way. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classes("h-3 rounded-tiny bg-lifted", className)} />;
}

/** Says why there is nothing, and offers the smallest change. */
export function Empty({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <div className={classes("rounded-card border border-dashed border-line-2 p-4 text-center text-cell text-dim", className)}>
      {children}
    </div>
  );
}

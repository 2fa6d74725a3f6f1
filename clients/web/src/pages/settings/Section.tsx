import { Lock } from "lucide-react";
import type { ReactNode } from "react";

import { Card } from "../../blocks/Card";
import { classes } from "../../blocks/classes";

interface SectionProps {
  id: string;
  title: string;
  note: string;
  /** Stands at the end of its head. */
  act?: ReactNode;
  /** Two of these stand side by side where there is room. */
  half?: boolean;
  children: ReactNode;
}

/** A part of the settings. */
export function Section({ id, title, note, act, half, children }: SectionProps) {
  return (
    <section id={id} className={classes("min-w-0 scroll-mt-6 max-desk:scroll-mt-14", !half && "wide:col-span-2")}>
      <header className="flex items-end gap-4 pb-3">
        <div className="mr-auto min-w-0"><h2 className="text-lead">{title}</h2><span className="text-label text-dim">{note}</span></div>
        {act}
      </header>
      <Card>{children}</Card>
    </section>
  );
}

/** Why something here is not the reader's to do. */
export function NotYours({ children }: { children: ReactNode }) {
  return <p className="flex items-center gap-2 px-4 py-3 text-label text-dim"><Lock className="size-3.5 shrink-0" aria-hidden />{children}</p>;
}

/** A line of a list: a picture, two lines of text, and what can be done. */
export function Line({ icon, title, note, children }: { icon?: ReactNode; title: ReactNode; note?: ReactNode; children?: ReactNode }) {
  return (
    <li className="flex min-h-12 items-center gap-3 border-t border-line px-4 py-1.5 first:border-0">
      {icon && <span className="text-dim">{icon}</span>}
      <div className="min-w-0 flex-1">
        <div className="truncate text-cell">{title}</div>
        {note && <div className="truncate text-label text-dim">{note}</div>}
      </div>
      {children}
    </li>
  );
}

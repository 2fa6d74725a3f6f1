import type { ReactNode } from "react";

import { classes } from "../../blocks/classes";

/** One block of the sheet. */
export function Sheet({ title, note, half, children }: { title: string; note?: string; half?: boolean; children: ReactNode }) {
  return (
    <section className={classes("flex min-w-0 flex-col gap-3 max-desk:col-span-full", half ? "col-span-6" : "col-span-4")}>
      <h2 className="flex gap-2 border-b border-line-2 pb-2">
        {title}
        {note && <span className="font-normal text-dim">{note}</span>}
      </h2>
      {children}
    </section>
  );
}

/** One state of a block. */
export function State({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid min-h-8 grid-cols-[72px_minmax(0,1fr)] items-center gap-3">
      <span className="text-label text-dim">{name}</span>
      <div>{children}</div>
    </div>
  );
}

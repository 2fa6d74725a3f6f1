import { useMemo, useState } from "react";

import { Button } from "../../blocks/Button";
import { Checkbox } from "../../blocks/Checkbox";
import type { Column } from "../../blocks/DataTable";
import type { Found } from "../../generated/samplemind/v1/library_pb";

const STORED = "samplemind.hidden-columns";

export interface Columns {
  all: readonly Column<Found>[];
  shown: readonly Column<Found>[];
  toggle: (id: string) => void;
}

/** The columns that are shown; which are hidden is kept in this browser. */
export function useColumns(all: readonly Column<Found>[]): Columns {
  const [hidden, setHidden] = useState<readonly string[]>(() => (localStorage.getItem(STORED) ?? "").split(" "));
  const toggle = (id: string) => {
    const next = hidden.includes(id) ? hidden.filter((one) => one !== id) : [...hidden, id];
    localStorage.setItem(STORED, next.join(" "));
    setHidden(next);
  };
  const shown = useMemo(() => all.filter((column) => !hidden.includes(column.id)), [all, hidden]);
  return { all, shown, toggle };
}

/** Chooses which columns are shown. */
export function ColumnMenu({ columns: { all, shown, toggle } }: { columns: Columns }) {
  const [open, setOpen] = useState(false);
  return (
    <div className="relative max-desk:hidden" onKeyDown={(event) => event.key === "Escape" && setOpen(false)}>
      <Button kind="quiet" size="small" aria-expanded={open} onClick={() => setOpen(!open)}>Columns</Button>
      {open && (
        <ul className="glass absolute top-full right-0 z-20 mt-2 w-44 animate-rise rounded-card p-2">
          {all.filter((column) => column.head && column.id !== "name").map((column) => (
            <li key={column.id} className="flex h-8 items-center gap-3 px-2 text-cell">
              <Checkbox label={column.head} checked={shown.includes(column)} onCheck={() => toggle(column.id)} />
              {column.head}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

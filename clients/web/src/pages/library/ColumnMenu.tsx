import { useMemo, useState } from "react";

import { Checkbox } from "../../blocks/Checkbox";
import type { Column } from "../../blocks/DataTable";
import { Menu } from "../../blocks/Menu";
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
  return (
    <Menu label="Columns" end className="max-desk:hidden">
      {() => (
        <ul>
          {all.filter((column) => column.head && column.id !== "name").map((column) => (
            <li key={column.id} className="flex h-8 items-center gap-3 px-2 text-cell">
              <Checkbox label={column.head} checked={shown.includes(column)} onCheck={() => toggle(column.id)} />
              {column.head}
            </li>
          ))}
        </ul>
      )}
    </Menu>
  );
}

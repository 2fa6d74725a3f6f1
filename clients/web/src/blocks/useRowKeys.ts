import type { KeyboardEvent } from "react";

import type { DataTableProps } from "./DataTable";

const PAGE = 10;

/** What keys do in a table of rows; `show` scrolls a row into view. */
export function useRowKeys<T>(table: DataTableProps<T>, show: (index: number) => void): (event: KeyboardEvent) => void {
  const { cursor, total, rowAt, keyOf, selected } = table;
  const move = (index: number) => {
    const kept = Math.min(total - 1, Math.max(0, index));
    table.onCursor(kept);
    show(kept);
  };
  const moves: Record<string, number> = {
    ArrowDown: cursor + 1, j: cursor + 1, ArrowUp: cursor - 1, k: cursor - 1,
    PageDown: cursor + PAGE, PageUp: cursor - PAGE, Home: 0, End: total - 1,
  };
  return (event) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rowAt(cursor);
    const next = moves[event.key];
    if (next !== undefined) move(next);
    else if (row === undefined) return;
    else if (event.key === "Enter") table.onOpen(row);
    else if (event.key === " " && table.onPlay) table.onPlay(row, cursor);
    else if (event.key === "x") table.onSelect(row, !selected.has(keyOf(row)));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

import { memo } from "react";

import { Skeleton } from "./Card";
import { Checkbox } from "./Checkbox";
import { classes } from "./classes";
import type { DataTableProps } from "./DataTable";

interface TableRowProps<T> {
  id: string;
  index: number;
  /** Where it lies, in pixels. */
  start: number;
  size: number;
  template: string;
  row: T | undefined;
  table: DataTableProps<T>;
  isCursor: boolean;
  isSelected: boolean;
  isPlaying: boolean;
  /** For the block sheet. */
  still?: boolean;
}

function Row<T>({ id, index, start, size, template, row, table, isCursor, isSelected, isPlaying, still }: TableRowProps<T>) {
  const { columns, narrow } = table;
  const look = classes(
    still ? "relative" : "absolute top-0 left-0",
    "grid w-full cursor-default items-center pr-3 border-b border-line transition-colors",
    isSelected ? "bg-chosen" : isPlaying ? "bg-playing" : "hover:bg-[hsl(220_20%_100%/.03)]",
    isCursor && "shadow-[inset_0_1px_var(--color-blue-text),inset_0_-1px_var(--color-blue-text)]",
  );
  const place = { height: size, gridTemplateColumns: narrow ? "16px minmax(0,1fr)" : `36px ${template}`, ...(!still && { transform: `translateY(${start}px)` }) };
  if (row === undefined) {
    return (
      <div role="row" aria-rowindex={index + 2} aria-busy className={look} style={place}>
        <span />
        {(narrow ? [0] : columns).map((_, place) => <Skeleton key={place} className="mx-1.5" />)}
      </div>
    );
  }
  const name = table.nameOf(row);
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={look}
      style={place}
      onClick={() => (narrow ? table.onOpen(row) : table.onCursor(index))}
      onDoubleClick={() => table.onOpen(row)}
    >
      {isPlaying && <i aria-hidden className="absolute inset-y-0 left-0 w-0.5 bg-cyan" />}
      <span role="gridcell" className={narrow ? OVER_COVER : "pl-3"}>
        <Checkbox skipped label={`Select ${name}`} checked={isSelected} onCheck={(chosen) => table.onSelect(row, chosen)} />
      </span>
      {narrow ? (
        <span role="gridcell" className="min-w-0 pr-1">{narrow(row)}</span>
      ) : (
        columns.map((column) => (
          <span key={column.id} role="gridcell" className={classes("min-w-0 px-1.5 whitespace-nowrap", column.numeric && "text-right")}>
            {column.cell(row)}
          </span>
        ))
      )}
    </div>
  );
}

/** On a phone the box lies over the picture at the row's beginning, and is seen once it is checked. */
const OVER_COVER =
  "relative z-1 [&>*]:absolute [&>*]:top-1/2 [&>*]:left-4 [&>*]:size-10 [&>*]:-translate-y-1/2 [&>[aria-checked=false]]:opacity-0";

/** A row of a DataTable; drawn anew only when something about it changed. */
export const TableRow = memo(Row, (before, after) => {
  const same: (keyof TableRowProps<unknown>)[] = ["row", "index", "start", "size", "template", "isCursor", "isSelected", "isPlaying"];
  const keys = ["columns", "narrow", "onSelect", "onOpen", "onCursor"] as const;
  return same.every((key) => before[key] === after[key]) && keys.every((key) => before.table[key] === after.table[key]);
}) as typeof Row;

import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useEffect, useId, useRef, type ReactNode } from "react";

import { Checkbox } from "./Checkbox";
import { classes } from "./classes";
import { TableRow } from "./TableRow";
import { useRowKeys } from "./useRowKeys";

export interface Column<T> {
  id: string;
  head: string;
  /** Of what stands behind the value in the same cell. */
  tail?: string;
  /** As in grid-template-columns: "72px", "minmax(180px, 1fr)". */
  width: string;
  numeric?: boolean;
  /** Can be sorted by. */
  sortable?: boolean;
  cell: (row: T) => ReactNode;
}

export interface Order {
  by: string;
  descending: boolean;
}

export interface DataTableProps<T> {
  label: string;
  columns: readonly Column<T>[];
  /** How many rows there are; those that are not here yet are shown as skeletons. */
  total: number;
  rowAt: (index: number) => T | undefined;
  keyOf: (row: T) => string;
  nameOf: (row: T) => string;
  /** Hears which rows are seen. */
  onSee?: (first: number, last: number) => void;
  order?: Order;
  onOrder?: (order: Order) => void;
  cursor: number;
  onCursor: (index: number) => void;
  selected: ReadonlySet<string>;
  onSelect: (row: T, chosen: boolean) => void;
  /** Selects all rows that are here, or none. */
  onSelectAll?: (chosen: boolean) => void;
  playing?: string | undefined;
  onOpen: (row: T) => void;
  onPlay?: (row: T, index: number) => void;
  /** A row on a phone, in two lines; without one the table is scrolled sideways. */
  narrow?: ((row: T) => ReactNode) | undefined;
  /** Kept free below the last row, for what floats over it. */
  spare?: number;
}

const ROW = 36;
const NARROW_ROW = 56;
const HEAD = 32;

/** Rows of which only the visible ones are drawn. Arrows or J and K move, Enter opens, Space plays, X selects. */
export function DataTable<T>(props: DataTableProps<T>) {
  const { label, columns, total, rowAt, keyOf, onSee, cursor, narrow, spare = 0 } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => box.current,
    estimateSize: () => (narrow ? NARROW_ROW : ROW),
    overscan: 10,
    paddingStart: narrow ? 0 : HEAD,
    paddingEnd: spare,
    scrollPaddingStart: narrow ? 0 : HEAD,
    scrollPaddingEnd: spare,
  });
  useEffect(() => rows.measure(), [rows, narrow !== undefined]);
  const press = useRowKeys(props, (index) => rows.scrollToIndex(index));
  const seen = rows.getVirtualItems();
  const [first, last] = [seen[0]?.index ?? 0, seen.at(-1)?.index ?? 0];
  useEffect(() => onSee?.(first, last), [onSee, first, last, total]);
  const template = columns.map((column) => column.width).join(" ");

  return (
    <div
      ref={box}
      role="grid"
      aria-label={label}
      aria-rowcount={total + 1}
      aria-multiselectable
      aria-activedescendant={rowAt(cursor) ? `${id}-${cursor}` : undefined}
      tabIndex={0}
      onKeyDown={press}
      className="h-full overflow-auto text-cell [scrollbar-width:thin] focus-visible:outline-offset-[-2px]"
    >
      <div role="presentation" className={classes("relative", !narrow && "min-w-max")} style={{ height: rows.getTotalSize() }}>
        {!narrow && <Head {...props} template={template} />}
        {seen.map(({ index, start, size }) => {
          const row = rowAt(index);
          return (
            <TableRow
              key={row ? keyOf(row) : index}
              id={`${id}-${index}`}
              index={index}
              start={start}
              size={size}
              template={template}
              row={row}
              table={props}
              isCursor={index === cursor}
              isSelected={row !== undefined && props.selected.has(keyOf(row))}
              isPlaying={row !== undefined && props.playing === keyOf(row)}
            />
          );
        })}
      </div>
    </div>
  );
}

function Head<T>({ columns, order, onOrder, template, selected, onSelectAll, total }: DataTableProps<T> & { template: string }) {
  return (
    <div
      role="row"
      className="sticky top-0 z-10 grid h-8 items-center pr-3 border-b border-line-2 bg-surface text-label font-medium text-dim"
      style={{ gridTemplateColumns: `36px ${template}` }}
    >
      <span role="columnheader" aria-label="Selected" className="pl-3">
        {onSelectAll && <Checkbox label="Select all that are here" checked={total > 0 && selected.size >= total} onCheck={onSelectAll} />}
      </span>
      {columns.map((column) => {
        const sorted = order?.by === column.id;
        const Arrow = order?.descending ? ArrowDown : ArrowUp;
        const turn = () => onOrder?.({ by: column.id, descending: sorted ? !order.descending : false });
        return (
          <span
            key={column.id}
            role="columnheader"
            aria-sort={sorted ? (order.descending ? "descending" : "ascending") : undefined}
            className={classes("truncate px-1.5", column.numeric && "text-right")}
          >
            {column.sortable ? (
              <button type="button" onClick={turn} className={classes("transition-colors hover:text-text", sorted && "text-text")}>
                {column.head}
                {sorted && <Arrow className="ml-1 inline size-3 align-[-1px]" aria-hidden />}
              </button>
            ) : (
              column.head
            )}
            {column.tail && <span className="float-right font-normal">{column.tail}</span>}
          </span>
        );
      })}
    </div>
  );
}


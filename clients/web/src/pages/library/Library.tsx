import { useCallback, useMemo, useState, type KeyboardEvent } from "react";
import { useLocation, useSearchParams } from "wouter";

import { correct, useLibrary } from "../../api/useAudio";
import { usePlayer } from "../../api/usePlayer";
import { refusalOf } from "../../api/refusal";
import { DataTable, type Order } from "../../blocks/DataTable";
import { useToast } from "../../blocks/Toast";
import type { Found } from "../../generated/samplemind/v1/library_pb";
import { Fault } from "../../shell/Fault";
import { Shell } from "../../shell/Shell";
import { useNarrow } from "../../shell/useNarrow";
import { formatNumber } from "../../text/number";
import { parseSearch, queryOf, writeSearch, type Search } from "../../text/search";
import { BulkBar } from "./BulkBar";
import { COLUMNS } from "./columns";
import { ColumnMenu, useColumns } from "./ColumnMenu";
import { ExportMenu } from "./ExportMenu";
import { Filters } from "./Filters";
import { NarrowRow } from "./NarrowRow";
import { NothingFound } from "./NothingFound";
import { playable } from "./sounds";

const keyOf = (row: Found) => row.audio?.id ?? "";
const nameOf = (row: Found) => row.audio?.name ?? "";
const narrowRow = (row: Found) => <NarrowRow row={row} />;
const MOST = 1000; // sounds that are selected at once: as many as can be corrected in one go
const BULK = 64; // pixels that the bulk bar takes

/** All sounds in a table: searched, filtered and sorted by the daemon. */
export default function Library() {
  const { search, order, change } = usePlace();
  const question = useMemo(() => ({ query: queryOf(search), orderBy: `${order.by}${order.descending ? " desc" : ""}` }), [search, order]);
  const { rows, total, known, refusal, want, again } = useLibrary(question);
  const [cursor, setCursor] = useState(0);
  const [selected, setSelected] = useState<ReadonlyMap<string, Found>>(new Map());
  const [, go] = useLocation();
  const player = usePlayer();
  const narrow = useNarrow();
  const columns = useColumns(COLUMNS);

  const open = useCallback((row: Found) => go(`/sounds/${keyOf(row)}`), [go]);
  const select = useCallback((row: Found, chosen: boolean) => {
    setSelected((all) => {
      const next = new Map(all);
      if (chosen) next.set(keyOf(row), row);
      else next.delete(keyOf(row));
      return next;
    });
  }, []);
  const play = (row: Found) => {
    if (player.sound?.id === keyOf(row)) return player.toggle();
    let at = rows.indexOf(row);
    player.play(playable(row), (by) => {
      const next = rows[at + by];
      if (next) at += by;
      return next && playable(next);
    });
  };
  const press = useKeys(rows[cursor], open);
  const chosen = useMemo(() => new Set(selected.keys()), [selected]);

  return (
    <Shell title="Library" compact>
      <div className="flex h-full min-h-0 flex-col gap-3" onKeyDown={press}>
        <div className="flex flex-wrap items-center gap-2">
          <Filters search={search} onChange={(next) => change(next, order)} />
          <span className="ml-auto text-label text-dim max-desk:hidden">{orderInWords(order)}, {columns.shown.length} columns</span>
          <ColumnMenu columns={columns} />
          <ExportMenu question={question} />
        </div>
        {refusal && <Fault refusal={refusal} again={again} />}
        <div className="relative min-h-0 flex-1 overflow-hidden rounded-card border border-line bg-surface max-desk:-mx-4 max-desk:rounded-none max-desk:border-x-0 max-desk:bg-transparent">
          {known && total === 0 ? (
            <NothingFound search={search} onChange={(next) => change(next, order)} />
          ) : (
            <DataTable
              label="Sounds"
              columns={columns.shown}
              total={known ? total : 24}
              rowAt={(index) => rows[index]}
              keyOf={keyOf}
              nameOf={nameOf}
              onSee={want}
              order={order}
              onOrder={(next) => change(search, next)}
              cursor={cursor}
              onCursor={setCursor}
              selected={chosen}
              onSelect={select}
              onSelectAll={(all) => setSelected(new Map(all ? rows.slice(0, MOST).map((row) => [keyOf(row), row]) : []))}
              playing={player.sound?.id}
              onOpen={open}
              onPlay={play}
              narrow={narrow ? narrowRow : undefined}
              spare={selected.size ? BULK : 0}
            />
          )}
          {selected.size > 0 && <BulkBar sounds={[...selected.values()]} onDone={again} onClear={() => setSelected(new Map())} />}
        </div>
        <Keys total={known ? total : undefined} />
      </div>
    </Shell>
  );
}

/** What is searched and how it is sorted, as the address says it. */
function usePlace() {
  const [parameters, setParameters] = useSearchParams();
  const [text, by] = [parameters.get("q") ?? "", parameters.get("order") ?? "created_at desc"];
  const search = useMemo(() => parseSearch(text), [text]);
  const order = useMemo<Order>(() => ({ by: by.split(" ")[0] ?? "", descending: by.endsWith(" desc") }), [by]);
  const change = (next: Search, nextOrder: Order) => {
    const q = writeSearch(next);
    setParameters({ ...(q && { q }), order: `${nextOrder.by}${nextOrder.descending ? " desc" : ""}` });
  };
  return { search, order, change };
}

/** Keys that act on the row of the cursor; those that move are the table's own. */
function useKeys(row: Found | undefined, open: (row: Found) => void): (event: KeyboardEvent) => void {
  const say = useToast();
  const [, go] = useLocation();
  const scale = async (factor: number) => {
    try {
      const change = { audioId: row ? keyOf(row) : "", name: "tempo.bpm" };
      await correct({ ...change, change: { case: "factor", value: factor } });
      const undo = () => void correct({ ...change, change: { case: "undo", value: true } }).catch(() => undefined);
      say({ tone: "ok", children: `Tempo ${factor === 2 ? "doubled" : "halved"}: ${row?.audio?.name}`, act: { label: "Undo", do: undo } });
    } catch (thrown) {
      say({ tone: "bad", children: refusalOf(thrown).message });
    }
  };
  return (event) => {
    if (!row || (event.target as HTMLElement).role !== "grid" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "[") void scale(0.5);
    else if (event.key === "]") void scale(2);
    else if (event.key === "s") go(`/sounds/${keyOf(row)}#similar`);
    else if (event.key === "o") open(row);
    else if (event.key === "f") document.getElementById("add-filter")?.focus();
    else return;
    event.preventDefault();
  };
}

const ORDERS: Record<string, [up: string, down: string]> = {
  created_at: ["oldest first", "newest first"],
  name: ["by name", "by name, backwards"],
  bpm: ["slowest first", "fastest first"],
  key: ["round the Camelot wheel", "round the Camelot wheel, backwards"],
  loudness: ["quietest first", "loudest first"],
  duration: ["shortest first", "longest first"],
  energy: ["calmest first", "most energetic first"],
};

const orderInWords = ({ by, descending }: Order): string => ORDERS[by]?.[descending ? 1 : 0] ?? by;

function Keys({ total }: { total: number | undefined }) {
  const keys: [string[], string][] = [[["J", "K"], "move"], [["Space"], "play"], [["Enter"], "open"], [["X"], "select"], [["[", "]"], "halve, double tempo"], [["S"], "similar"], [["F"], "filter"]];
  return (
    <div className="flex items-center gap-4 text-label text-dim max-desk:hidden">
      {keys.map(([names, what]) => <span key={what} className="flex items-center gap-1">{names.map((name) => <kbd key={name}>{name}</kbd>)} {what}</span>)}
      <span className="ml-auto" role="status">{total !== undefined && `${formatNumber(total)} ${total === 1 ? "sound" : "sounds"}`}</span>
    </div>
  );
}

import { useCallback, useMemo, useState } from "react";
import { useLocation } from "wouter";

import { useLibrary } from "../../api/useAudio";
import { usePlayer } from "../../api/usePlayer";
import { DataTable } from "../../blocks/DataTable";
import type { Found } from "../../generated/samplemind/v1/library_pb";
import { Fault } from "../../shell/Fault";
import { Shell } from "../../shell/Shell";
import { useNarrow } from "../../shell/useNarrow";
import { formatNumber } from "../../text/number";
import { queryOf } from "../../text/search";
import { BulkBar } from "./BulkBar";
import { ColumnMenu, useColumns, type Columns } from "./ColumnMenu";
import { COLUMNS } from "./columns";
import { ExportMenu } from "./ExportMenu";
import { Filters } from "./Filters";
import { NarrowRow } from "./NarrowRow";
import { NothingFound } from "./NothingFound";
import { keyOf, nameOf, playable } from "./sounds";
import { orderInWords, usePlace, type Place } from "./usePlace";
import { useRowDeeds } from "./useRowDeeds";
import { useSelection, type Selection } from "./useSelection";

const narrowRow = (row: Found) => <NarrowRow row={row} />;
const BULK = 64; // pixels that the bulk bar takes
const GUESS = 24; // rows that are shown as skeletons until it is known how many there are
const FRAME = "relative min-h-0 flex-1 overflow-hidden rounded-card border border-line bg-surface max-desk:-mx-4 max-desk:rounded-none max-desk:border-x-0 max-desk:bg-transparent";

/** All sounds in a table: searched, filtered and sorted by the daemon. */
export default function Library() {
  const place = usePlace();
  const { search, order, change } = place;
  const question = useMemo(() => ({ query: queryOf(search), orderBy: `${order.by}${order.descending ? " desc" : ""}` }), [search, order]);
  const list = useLibrary(question);
  const [cursor, setCursor] = useState(0);
  const selection = useSelection();
  const columns = useColumns(COLUMNS);
  const press = useRowDeeds(list.rows[cursor]);
  return (
    <Shell title="Library" compact>
      <div className="flex h-full min-h-0 flex-col gap-3" onKeyDown={press}>
        <div className="flex flex-wrap items-center gap-2">
          <Filters search={search} onChange={(next) => change(next, order)} />
          <span className="ml-auto text-label text-dim max-desk:hidden">{orderInWords(order)}, {columns.shown.length} columns</span>
          <ColumnMenu columns={columns} />
          <ExportMenu question={question} />
        </div>
        {list.refusal && <Fault refusal={list.refusal} again={list.again} />}
        <div className={FRAME}>
          {list.known && list.total === 0 ? (
            <NothingFound search={search} onChange={(next) => change(next, order)} />
          ) : (
            <Sounds list={list} place={place} columns={columns} cursor={cursor} onCursor={setCursor} selection={selection} />
          )}
          {selection.sounds.size > 0 && <BulkBar sounds={[...selection.sounds.values()]} onDone={list.again} onClear={() => selection.set([])} />}
        </div>
        <Keys total={list.known ? list.total : undefined} />
      </div>
    </Shell>
  );
}

interface SoundsProps {
  list: ReturnType<typeof useLibrary>;
  place: Place;
  columns: Columns;
  cursor: number;
  onCursor: (index: number) => void;
  selection: Selection;
}

function Sounds({ list: { rows, total, known, want }, place, columns, cursor, onCursor, selection }: SoundsProps) {
  const [, go] = useLocation();
  const player = usePlayer();
  const narrow = useNarrow();
  const open = useCallback((row: Found) => go(`/sounds/${keyOf(row)}`), [go]);
  const play = (row: Found) => (player.sound?.id === keyOf(row) ? player.toggle() : player.play(playable(row), stepping(rows, row)));
  return (
    <DataTable
      label="Sounds"
      columns={columns.shown}
      total={known ? total : GUESS}
      rowAt={(index) => rows[index]}
      keyOf={keyOf}
      nameOf={nameOf}
      onSee={want}
      order={place.order}
      onOrder={(next) => place.change(place.search, next)}
      cursor={cursor}
      onCursor={onCursor}
      selected={selection.ids}
      onSelect={selection.select}
      onSelectAll={(all) => selection.set(all ? rows : [])}
      playing={player.sound?.id}
      onOpen={open}
      onPlay={play}
      narrow={narrow ? narrowRow : undefined}
      spare={selection.ids.size ? BULK : 0}
    />
  );
}

/** Names the sound after or before the one that was named last, beginning at a row. */
function stepping(rows: readonly Found[], from: Found) {
  let at = rows.indexOf(from);
  return (by: 1 | -1) => {
    const next = rows[at + by];
    if (next) at += by;
    return next && playable(next);
  };
}

function Keys({ total }: { total: number | undefined }) {
  const keys: [string[], string][] = [[["J", "K"], "move"], [["Space"], "play"], [["Enter"], "open"], [["X"], "select"], [["[", "]"], "halve, double tempo"], [["S"], "similar"], [["F"], "filter"]];
  return (
    <div className="flex items-center gap-4 text-label text-dim max-desk:hidden">
      {keys.map(([names, what]) => <span key={what} className="flex items-center gap-1">{names.map((name) => <kbd key={name}>{name}</kbd>)} {what}</span>)}
      <span className="ml-auto" role="status">{total !== undefined && `${formatNumber(total)} ${total === 1 ? "sound" : "sounds"}`}</span>
    </div>
  );
}

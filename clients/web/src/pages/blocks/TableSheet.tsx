import { useState } from "react";

import { Missing, Status } from "../../blocks/Badge";
import { Empty } from "../../blocks/Card";
import { DataTable, type Column } from "../../blocks/DataTable";
import { KeyName } from "../../blocks/KeyName";
import { Tabs } from "../../blocks/Tabs";
import { keyOf } from "../../sound/keys";
import { formatNumber } from "../../text/number";
import { Sheet } from "./Sheet";

interface Row {
  name: string;
  bpm?: number;
  camelot?: string;
  loudness: number;
  yours?: boolean;
}

const ROWS: readonly Row[] = [
  { name: "dusty_rhodes_128_Am.wav", bpm: 128, camelot: "8A", loudness: -9.4 },
  { name: "hollow_pad_124.flac", bpm: 124, camelot: "8A", loudness: -14.8 },
  { name: "breaks_174_amen.aif", bpm: 174, loudness: -10.9, yours: true },
  { name: "rim_dry_09.wav", loudness: -18.2 },
];
const MISSING = <Missing>not applicable</Missing>;
const COLUMNS: readonly Column<Row>[] = [
  { id: "name", head: "Name", width: "minmax(150px,1fr)", sortable: true, cell: ({ name }) => <span className="block truncate">{name}</span> },
  { id: "bpm", head: "BPM", width: "96px", numeric: true, sortable: true, cell: ({ bpm, yours }) => (bpm ? <b className={yours ? "font-semibold text-purple-text" : "font-semibold"}>{formatNumber(bpm, 1)}</b> : MISSING) },
  { id: "key", head: "Key", width: "96px", cell: ({ camelot }) => (camelot ? <KeyName camelot={camelot} name={keyOf(camelot)} /> : MISSING) },
  { id: "loudness", head: "LUFS", width: "56px", numeric: true, cell: ({ loudness }) => formatNumber(loudness, 1) },
  { id: "status", head: "Status", width: "88px", cell: ({ yours }) => (yours ? <Status tone="yours">yours</Status> : <Status tone="dim">ok</Status>) },
];

/** Blocks 9 and 10: the table and the tabs. */
export function TableSheet() {
  const [cursor, setCursor] = useState(2);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set(["hollow_pad_124.flac"]));
  const [tab, setTab] = useState("similar");
  const [zoom, setZoom] = useState("fit");
  return (
    <>
      <Sheet title="9 DataTable" note="row states, top to bottom: playing, selected, cursor, rest, loading" half>
        <div className="h-[214px] overflow-hidden rounded-card border border-line bg-surface">
          <DataTable
            label="Sounds"
            columns={COLUMNS}
            total={5}
            rowAt={(index) => ROWS[index]}
            keyOf={(row) => row.name}
            nameOf={(row) => row.name}
            order={{ by: "name", descending: true }}
            cursor={cursor}
            onCursor={setCursor}
            selected={selected}
            onSelect={({ name }, chosen) => setSelected(new Set([...selected].filter((one) => one !== name).concat(chosen ? name : [])))}
            playing="dusty_rhodes_128_Am.wav"
            onOpen={() => undefined}
          />
        </div>
        <Empty><b className="font-medium text-text">No sound fits these filters.</b> 212 would, without Key fits 8A. <a className="text-blue-text underline" href="#remove">Remove it</a></Empty>
      </Sheet>
      <Sheet title="10 Tabs" half>
        <Tabs label="Like this" value={tab} onChoose={setTab} tabs={[{ value: "similar", label: "Similar" }, { value: "fits", label: "Fits" }, { value: "no", label: "Disabled", disabled: true }]} />
        <Empty>Nothing similar yet: this is the only sound with a vector.</Empty>
        <Tabs segments className="self-start" label="Zoom" value={zoom} onChoose={setZoom} tabs={[{ value: "fit", label: "Fit" }, { value: "bar", label: "1 bar" }, { value: "beat", label: "1 beat" }]} />
      </Sheet>
    </>
  );
}

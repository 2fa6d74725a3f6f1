import { Pause } from "lucide-react";
import type { ReactNode } from "react";

import { usePicture } from "../../api/useAudio";
import { usePlayer } from "../../api/usePlayer";
import { isYours, labelsIn, numberIn, textIn, wordsIn, type Findings } from "../../api/value";
import { Missing, Status } from "../../blocks/Badge";
import { classes } from "../../blocks/classes";
import { Confidence } from "../../blocks/Confidence";
import type { Column } from "../../blocks/DataTable";
import { KeyName } from "../../blocks/KeyName";
import { MiniWaveform } from "../../blocks/Waveform";
import { DescriptorStatus } from "../../generated/samplemind/v1/analysis_pb";
import type { Found } from "../../generated/samplemind/v1/library_pb";
import { sharp } from "../../sound/keys";
import { formatNumber } from "../../text/number";
import { formatClock } from "../../text/time";
import { formatOf, missing, read, stateOf, trouble } from "./sounds";

/** The columns of the library, as far as they are shown. */
export const COLUMNS: readonly Column<Found>[] = [
  { id: "name", head: "Name", width: "minmax(160px,1.6fr)", sortable: true, cell: (row) => <Name row={row} /> },
  { id: "wave", head: "", width: "80px", cell: (row) => <Wave row={row} /> },
  { id: "kind", head: "Kind", width: "70px", cell: (row) => <span className="text-dim">{textIn(read(row).get("kind.label")?.value)}</span> },
  { id: "bpm", head: "BPM", tail: "Conf.", width: "126px", sortable: true, cell: (row) => <Tempo row={row} /> },
  { id: "meter", head: "Meter", width: "50px", cell: (row) => <Meter findings={read(row)} /> },
  { id: "key", head: "Key", tail: "Conf.", width: "138px", sortable: true, cell: (row) => <Key row={row} /> },
  { id: "loudness", head: "LUFS", width: "56px", numeric: true, sortable: true, cell: (row) => decimal(read(row), "loudness.integrated") },
  { id: "peak", head: "dBTP", width: "54px", numeric: true, cell: (row) => <Peak row={row} /> },
  { id: "duration", head: "Length", width: "64px", numeric: true, sortable: true, cell: (row) => <span className="text-dim">{lengthOf(row)}</span> },
  { id: "energy", head: "Energy", width: "74px", sortable: true, cell: (row) => <Energy row={row} /> },
  { id: "genre", head: "Genre", width: "minmax(86px,.6fr)", cell: (row) => <Label findings={read(row)} name="genre.labels" after="energy.level" /> },
  { id: "mood", head: "Mood", width: "minmax(60px,.5fr)", cell: (row) => <Label findings={read(row)} name="mood.labels" after="genre.labels" dim /> },
  { id: "tags", head: "Tags", width: "minmax(72px,.9fr)", cell: (row) => <span className="block truncate text-dim">{wordsIn(read(row).get("tags.words")?.value).join(", ")}</span> },
  { id: "status", head: "Status", width: "78px", cell: (row) => <State row={row} /> },
  { id: "format", head: "Format", width: "92px", cell: (row) => <span className="text-label text-dim">{formatOf(row.audio?.media)}</span> },
];

function Name({ row }: { row: Found }) {
  const { sound, playing } = usePlayer();
  const here = playing && sound?.id === row.audio?.id;
  return (
    <span className="flex items-center gap-2 font-medium">
      {here && <Pause className="size-4 shrink-0 text-cyan" aria-label="playing" />}
      <span className="truncate" title={row.audio?.name}>{row.audio?.name}</span>
    </span>
  );
}

function Wave({ row }: { row: Found }) {
  const heard = row.descriptors.length > 0;
  const picture = usePicture(heard ? row.audio?.id : undefined);
  return picture ? <MiniWaveform picture={picture} className="h-6" /> : <span className="block h-px bg-line" />;
}

const PAIR = "grid grid-cols-[48px_minmax(0,1fr)] items-center gap-3";

function Tempo({ row }: { row: Found }) {
  const findings = read(row);
  const tempo = findings.get("tempo.bpm");
  const bpm = numberIn(tempo?.value);
  const failed = trouble(row.audio);
  if (failed) return <span className="relative z-1 text-label text-dim" title={failed}>{failed}</span>;
  if (!tempo || bpm === undefined) return <Absent findings={findings} name="tempo.bpm" />;
  const heard = isYours(tempo) ? numberIn(tempo.candidates[0]?.value) : undefined;
  return (
    <span className={PAIR}>
      <b className={classes("text-right font-semibold", isYours(tempo) && "text-purple-text")}>{formatNumber(bpm, 1)}</b>
      {tempo.confidence !== undefined ? <Confidence value={tempo.confidence} width="mini" /> : heard !== undefined && <Missing>was {formatNumber(heard, 1)}</Missing>}
    </span>
  );
}

function Key({ row }: { row: Found }) {
  const findings = read(row);
  const key = findings.get("key.key");
  const [name, camelot] = [textIn(key?.value), textIn(findings.get("key.camelot")?.value)];
  const note = textIn(findings.get("key.root_note")?.value);
  if (name && camelot) {
    return (
      <span className="grid grid-cols-[66px_minmax(0,1fr)] items-center gap-2">
        <span className={classes(isYours(key) && "text-purple-text")}><KeyName camelot={camelot} name={name} /></span>
        {key?.confidence !== undefined ? <Confidence value={key.confidence} width="mini" /> : isYours(key) && <Missing>yours</Missing>}
      </span>
    );
  }
  return note ? <Missing>root <b className="font-medium text-text">{sharp(note)}</b></Missing> : <Absent findings={findings} name="key.key" />;
}

/** Why there is no value, in a word; one word stands for neighbours that lack theirs alike, in the cell of the first. */
function Absent({ findings, name, after }: { findings: Findings; name: string; after?: string }) {
  const word = findings.size ? missing(findings, name) : undefined;
  if (!word || (after && missing(findings, after) === word)) return null;
  return <span title={findings.get(name)?.reason} className="whitespace-nowrap"><Missing>{word}</Missing></span>;
}

function decimal(findings: Findings, name: string): ReactNode {
  const value = numberIn(findings.get(name)?.value);
  return value === undefined ? <Dash why={findings.get(name)?.reason || missing(findings, name)} /> : formatNumber(value, 1);
}

/** What a narrow column shows where there is no value; why, to whoever points at it or listens. */
function Dash({ why }: { why: string | undefined }) {
  return <span title={why} className="text-dim"><span aria-hidden>–</span><span className="sr-only">{why}</span></span>;
}

function Peak({ row }: { row: Found }) {
  const peak = numberIn(read(row).get("loudness.true_peak")?.value);
  return peak === undefined ? null : <span className={peak >= 0 ? "text-warn" : "text-dim"}>{formatNumber(peak, 1)}</span>;
}

function Energy({ row }: { row: Found }) {
  const level = numberIn(read(row).get("energy.level")?.value);
  return level === undefined ? <Absent findings={read(row)} name="energy.level" /> : <Confidence value={level} width="mini" level />;
}

function Meter({ findings }: { findings: Findings }) {
  const meter = textIn(findings.get("meter.signature")?.value);
  if (meter) return <span className="text-dim">{meter}</span>;
  return <span className="block truncate"><Absent findings={findings} name="meter.signature" after="tempo.bpm" /></span>;
}

function Label({ findings, name, after, dim }: { findings: Findings; name: string; after: string; dim?: boolean }) {
  const found = findings.get(name);
  const label = labelsIn(found?.value)[0]?.name.replaceAll("_", " ");
  if (!label) return <Absent findings={findings} name={name} after={after} />;
  const doubted = found?.status === DescriptorStatus.LOW_CONFIDENCE;
  return <span title={found?.reason} className={classes("block truncate", (dim || doubted) && "text-dim")}>{label}{doubted && "?"}</span>;
}

function State({ row }: { row: Found }) {
  const [tone, word, hollow] = stateOf(row);
  return <Status tone={tone} hollow={hollow ?? false}>{word}</Status>;
}

/** How long a sound is, as a clock shows it. */
export function lengthOf(row: Found): string {
  const seconds = row.audio?.media?.durationSeconds ?? numberIn(read(row).get("dynamics.duration")?.value);
  return seconds === undefined ? "" : formatClock(seconds);
}

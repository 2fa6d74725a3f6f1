import { Download } from "lucide-react";
import { useMemo, useState } from "react";
import { Link } from "wouter";

import { useLibrary, usePicture } from "../../api/useAudio";
import { usePlayer } from "../../api/usePlayer";
import { numberIn, textIn } from "../../api/value";
import { Button, buttonLook } from "../../blocks/Button";
import { Empty } from "../../blocks/Card";
import { classes } from "../../blocks/classes";
import { Cover } from "../../blocks/Cover";
import { KeyName } from "../../blocks/KeyName";
import { Tabs } from "../../blocks/Tabs";
import { AudioState } from "../../generated/samplemind/v1/audio_pb";
import type { Found } from "../../generated/samplemind/v1/library_pb";
import { Fault } from "../../shell/Fault";
import { Shell } from "../../shell/Shell";
import { formatNumber } from "../../text/number";
import { playable, read } from "../library/sounds";
import { saveCover } from "./saving";
import { Legend } from "./Legend";

const KINDS = [
  { value: "", label: "All" },
  { value: "loop", label: "Loops" },
  { value: "one-shot", label: "One-shots" },
  { value: "song", label: "Songs" },
] as const;
const STEP = 30; // tiles that come at a time

/** The sounds as pictures that are drawn from themselves. */
export default function Gallery() {
  const [kind, setKind] = useState<string>("");
  const [many, setMany] = useState(STEP);
  const [chosen, choose] = useState<string>();
  const question = useMemo(() => ({ query: { kinds: kind ? [kind] : [], states: [AudioState.COMPLETED] } }), [kind]);
  const { rows, total, known, refusal, want, again } = useLibrary(question);
  const player = usePlayer();
  const current = rows.find((row) => row.audio?.id === chosen) ?? rows[0];
  const more = () => {
    want(0, many + STEP);
    setMany(many + STEP);
  };
  const pick = (row: Found) => {
    choose(row.audio?.id);
    player.load(playable(row));
  };
  return (
    <Shell title="Gallery">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6 wide:grid-cols-[minmax(0,1fr)_304px]">
        <div className="flex min-w-0 flex-col gap-4">
          <div className="flex items-center">
            <Tabs segments label="Kind" tabs={KINDS} value={kind} onChoose={setKind} />
            <span className="ml-auto text-label text-dim">newest first</span>
          </div>
          {refusal && <Fault refusal={refusal} again={again} />}
          {known && !total && <Empty>No such sound is analysed yet. <Link href="/upload" className="text-blue-text underline">Upload some</Link></Empty>}
          <ul className="grid grid-flow-dense grid-cols-4 gap-2 desk:grid-cols-6">
            {rows.slice(0, many).map((row, index) => <Tile key={row.audio?.id} row={row} large={isLarge(index)} chosen={row === current} onPick={() => pick(row)} />)}
          </ul>
          {many < total && <Button className="self-center" onClick={more}>Show more of {formatNumber(total)}</Button>}
        </div>
        <aside className="flex min-w-0 flex-col gap-6 max-wide:-order-1">{current && <Chosen row={current} />}<Legend /></aside>
      </div>
    </Shell>
  );
}

/** Which tiles are twice as wide and high: three of each eighteen, so that a row of six has no gap. */
const isLarge = (index: number) => [0, 3, 9].includes(index % 18);

interface TileProps {
  row: Found;
  large: boolean;
  chosen: boolean;
  onPick: () => void;
}

function Tile({ row, large, chosen, onPick }: TileProps) {
  const picture = usePicture(row.audio?.id);
  const facts = [picture?.camelot, picture?.kind].filter(Boolean).join(", ");
  return (
    <li className={classes("relative aspect-square", large && "col-span-2 row-span-2")}>
      <button
        type="button"
        aria-pressed={chosen}
        aria-label={large ? undefined : `${row.audio?.name}, ${facts}`}
        title={row.audio?.name}
        onClick={onPick}
        className={classes("group absolute inset-0 overflow-hidden rounded-control bg-well text-left", chosen && "outline-2 outline-offset-2 outline-cyan")}
      >
        <Cover picture={picture} className="absolute inset-0 size-full transition-transform group-hover:scale-103 motion-reduce:group-hover:scale-100" />
        {large && (
          <span className="absolute inset-x-0 bottom-0 bg-linear-to-t from-black/85 to-transparent px-3 pt-8 pb-2.5 text-label">
            <span className="block truncate font-medium">{row.audio?.name}</span>
            <span className="text-[hsl(220_12%_80%)]">{facts}</span>
          </span>
        )}
      </button>
    </li>
  );
}

function Chosen({ row }: { row: Found }) {
  const picture = usePicture(row.audio?.id);
  const findings = read(row);
  const [bpm, loudness] = [numberIn(findings.get("tempo.bpm")?.value), numberIn(findings.get("loudness.integrated")?.value)];
  const [key, camelot] = [textIn(findings.get("key.key")?.value), textIn(findings.get("key.camelot")?.value)];
  const { id = "", name = "" } = row.audio ?? {};
  return (
    <section className="flex flex-col gap-3 max-wide:grid max-wide:grid-cols-[112px_minmax(0,1fr)]">
      <Cover picture={picture} label={`Cover of ${name}`} className="aspect-square w-full rounded-card max-wide:row-span-3" />
      <h2 className="truncate pt-1 text-cell">{name}</h2>
      <div className="flex flex-wrap items-center gap-4 text-label">
        {bpm !== undefined && <span><b className="text-cell font-semibold">{formatNumber(bpm, 1)}</b> <span className="text-dim">BPM</span></span>}
        {key && camelot && <KeyName camelot={camelot} name={key} />}
        {loudness !== undefined && <span><b className="text-cell font-semibold">{formatNumber(loudness, 1)}</b> <span className="text-dim">LUFS</span></span>}
      </div>
      <div className="flex gap-2">
        <Link href={`/sounds/${id}`} className={buttonLook("primary")}>Open</Link>
        <Button disabled={!picture} onClick={() => picture && void saveCover(picture, name)}><Download className="size-4" aria-hidden />Save PNG</Button>
      </div>
    </section>
  );
}

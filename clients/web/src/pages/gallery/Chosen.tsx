import { Download } from "lucide-react";
import { Link } from "wouter";

import { usePicture } from "../../api/useAudio";
import { numberIn, textIn } from "../../api/value";
import { Button, buttonLook } from "../../blocks/Button";
import { Cover } from "../../blocks/Cover";
import { KeyName } from "../../blocks/KeyName";
import type { Found } from "../../generated/samplemind/v1/library_pb";
import { formatNumber } from "../../text/number";
import { read } from "../library/sounds";
import { saveCover } from "./saving";

/** The sound that was chosen: its cover, large, its numbers, and what can be done. */
export function Chosen({ row }: { row: Found }) {
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

import { usePicture } from "../../api/useAudio";
import { isYours, numberIn, textIn } from "../../api/value";
import { Missing, Status } from "../../blocks/Badge";
import { classes } from "../../blocks/classes";
import { Cover } from "../../blocks/Cover";
import { KeyName } from "../../blocks/KeyName";
import type { Found } from "../../generated/samplemind/v1/library_pb";
import { formatNumber } from "../../text/number";
import { lengthOf } from "./columns";
import { missing, read, stateOf, trouble } from "./sounds";

/** A sound on a phone: two lines with tempo, key and loudness. */
export function NarrowRow({ row }: { row: Found }) {
  const findings = read(row);
  const tempo = findings.get("tempo.bpm");
  const [bpm, loudness] = [numberIn(tempo?.value), numberIn(findings.get("loudness.integrated")?.value)];
  const [key, camelot] = [textIn(findings.get("key.key")?.value), textIn(findings.get("key.camelot")?.value)];
  const [tone, word, hollow] = stateOf(row);
  return (
    <span className="grid grid-cols-[40px_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-0.5">
      <Cover picture={usePicture(row.descriptors.length ? row.audio?.id : undefined)} className="row-span-2 size-10 rounded-tiny" />
      <span className="truncate font-medium">{row.audio?.name}</span>
      <span className="text-right text-label text-dim">{lengthOf(row)}</span>
      <span className="flex min-w-0 items-center gap-2.5 overflow-hidden text-label">
        {trouble(row.audio) ? (
          <span className="truncate text-dim">{trouble(row.audio)}</span>
        ) : (
          <>
            {bpm === undefined && findings.size > 0 && <span className="whitespace-nowrap"><Missing>tempo {missing(findings, "tempo.bpm")}</Missing></span>}
            {bpm !== undefined && <span className={classes("font-medium whitespace-nowrap", isYours(tempo) && "text-purple-text")}>{formatNumber(bpm, 1)} <Missing>BPM</Missing></span>}
            {key && camelot && <KeyName camelot={camelot} name={key} />}
            {loudness !== undefined && <span className="whitespace-nowrap">{formatNumber(loudness, 1)} <Missing>LUFS</Missing></span>}
          </>
        )}
      </span>
      {word === "ok" ? <span className="text-right text-label text-dim">{textIn(findings.get("kind.label")?.value)}</span> : <Status tone={tone} hollow={hollow ?? false}>{word}</Status>}
    </span>
  );
}

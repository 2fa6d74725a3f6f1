import type { ReactNode } from "react";

import { isYours, missingIn, numberIn, textIn, type Findings } from "../../api/value";
import { classes } from "../../blocks/classes";
import { Confidence } from "../../blocks/Confidence";
import type { Descriptor } from "../../generated/samplemind/v1/analysis_pb";
import { sharp } from "../../sound/keys";
import { quantity, shown } from "../../text/descriptors";

/** The five numbers that matter most, as large as a headline. */
export function Results({ findings }: { findings: Findings }) {
  const of = (name: string) => findings.get(name);
  const [key, camelot, note] = [of("key.key"), textIn(of("key.camelot")?.value), of("key.root_note")];
  const range = numberIn(of("loudness.range")?.value);
  const root = !camelot && textIn(note?.value);
  return (
    <div className="grid grid-cols-2 justify-between gap-x-6 gap-y-4 border-b border-line py-4 desk:grid-cols-[repeat(5,auto)]">
      <Result label="Tempo" found={of("tempo.bpm")} />
      {root ? (
        <Result label="Root note" found={note} figure={sharp(root)} />
      ) : (
        <Result label="Key" found={key} figure={camelot} unit={sharp(textIn(key?.value) ?? "")} />
      )}
      <Result label="Loudness" found={of("loudness.integrated")} below={range !== undefined && `range ${quantity(range, "LU").join(" ")}`} />
      <Result label="Meter" found={of("meter.signature")} />
      <Result label="Energy" found={of("energy.level")} />
    </div>
  );
}

interface ResultProps {
  label: string;
  found: Descriptor | undefined;
  figure?: string | undefined;
  unit?: string;
  below?: ReactNode;
}

/** A headline number with its unit and how sure it is. */
export function Result({ label, found, figure, unit, below }: ResultProps) {
  const missing = missingIn(found);
  const [number, own] = found ? shown(found, found.value) : ["", ""];
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <span className="text-label text-dim">{label}</span>
      {missing ? (
        <span className="flex h-11 items-center text-lead text-dim" title={found?.reason}>{missing}</span>
      ) : (
        <b className={classes("-ml-0.5 text-result font-semibold tracking-[-.035em] whitespace-nowrap max-desk:text-[32px] max-desk:leading-9", isYours(found) && "text-purple-text")}>
          {figure ?? number}
          <small className="ml-1 text-body font-normal tracking-normal text-dim">{unit ?? own}</small>
        </b>
      )}
      {found?.confidence !== undefined && <Confidence value={found.confidence} />}
      {isYours(found) && <span className="text-label text-purple-text">yours</span>}
      {(below || (missing && found?.reason)) && <span className="max-w-56 text-label text-dim">{below || found?.reason}</span>}
    </div>
  );
}

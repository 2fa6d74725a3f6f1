import { useRef, useState, type FormEvent } from "react";

import { numberIn, textIn, type Findings } from "../../api/value";
import { Button } from "../../blocks/Button";
import { classes } from "../../blocks/classes";
import { Input } from "../../blocks/Input";
import { KeyName } from "../../blocks/KeyName";
import { ProgressBar } from "../../blocks/ProgressBar";
import type { Descriptor } from "../../generated/samplemind/v1/analysis_pb";
import { camelotOf, sharp } from "../../sound/keys";
import { formatNumber } from "../../text/number";
import { tapped } from "../../text/tapping";
import type { Correcting } from "./useCorrecting";

interface CandidatesProps {
  findings: Findings;
  correcting: Correcting;
}

/** What the tempo may be instead: halve, double, tap, or take another candidate. */
export function TempoCandidates({ findings, correcting }: CandidatesProps) {
  const tempo = findings.get("tempo.bpm");
  const bpm = numberIn(tempo?.value);
  const take = (value: number) => correcting.set("tempo.bpm", { case: "number", value });
  return (
    <section>
      <h2 className="pb-2">Tempo candidates</h2>
      {tempo && bpm !== undefined && (
        <>
          <Candidate chosen confidence={tempo.confidence}><b className="font-semibold">{formatNumber(bpm, 1)} BPM</b></Candidate>
          {tempo.candidates.slice(0, 3).map((other) => {
            const value = numberIn(other.value) ?? 0;
            return <Candidate key={value} confidence={other.confidence} onTake={() => take(value)}>{formatNumber(value, 1)} BPM</Candidate>;
          })}
        </>
      )}
      <div className="flex items-center gap-2 pt-2">
        <Button size="small" disabled={bpm === undefined} onClick={() => correcting.scale(0.5)}>Halve</Button>
        <Button size="small" disabled={bpm === undefined} onClick={() => correcting.scale(2)}>Double</Button>
        <Tap onTake={take} />
        <span className="ml-auto flex gap-1"><kbd>[</kbd><kbd>]</kbd></span>
      </div>
    </section>
  );
}

function Tap({ onTake }: { onTake: (bpm: number) => void }) {
  const taps = useRef<number[]>([]);
  const [bpm, setBpm] = useState<number>();
  const tap = () => {
    taps.current = [...taps.current, performance.now() / 1000].slice(-12);
    setBpm(tapped(taps.current));
  };
  return (
    <>
      <Button size="small" onClick={tap}>Tap</Button>
      {bpm !== undefined && <Button size="small" kind="primary" onClick={() => onTake(bpm)}>Set {formatNumber(bpm, 1)}</Button>}
    </>
  );
}

/** What the key may be instead; any other can be written. */
export function KeyCandidates({ findings, correcting }: CandidatesProps) {
  const key = findings.get("key.key");
  const name = textIn(key?.value);
  const take = (value: string) => correcting.set("key.key", { case: "text", value });
  const write = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const written = String(new FormData(event.currentTarget).get("key")).trim();
    if (written) take(written);
    event.currentTarget.reset();
  };
  return (
    <section>
      <h2 className="pb-2">Key candidates</h2>
      {key && name && (
        <>
          <Candidate chosen confidence={key.confidence}><Name of={name} /></Candidate>
          {others(key).map(([other, confidence]) => <Candidate key={other} confidence={confidence} onTake={() => take(other)}><Name of={other} /></Candidate>)}
        </>
      )}
      <form onSubmit={write} className="flex gap-2 pt-2">
        <Input name="key" aria-label="Another key" placeholder="Another key: Am, 8A, F# major" className="flex-1" />
        <Button type="submit" busy={correcting.busy}>Set</Button>
      </form>
    </section>
  );
}

function others({ candidates }: Descriptor): [string, number | undefined][] {
  return candidates.slice(0, 3).map((other) => [textIn(other.value) ?? "", other.confidence]);
}

function Name({ of }: { of: string }) {
  const camelot = camelotOf(of);
  return camelot ? <KeyName camelot={camelot} name={sharp(of)} long /> : <>{of}</>;
}

interface CandidateProps {
  chosen?: boolean;
  confidence: number | undefined;
  onTake?: () => void;
  children: React.ReactNode;
}

function Candidate({ chosen, confidence, onTake, children }: CandidateProps) {
  const row = "grid min-h-7 w-full grid-cols-[104px_minmax(0,1fr)_36px] items-center gap-3 text-left text-cell";
  const face = (
    <>
      <span className="whitespace-nowrap">{children}</span>
      {confidence === undefined ? <span className="text-label text-dim">{chosen ? "yours" : "heard"}</span> : <ProgressBar label="Confidence" value={confidence} tone={chosen ? "upload" : "plain"} className="h-1.5!" />}
      <span className={classes("text-right text-label", !chosen && "text-dim")}>{confidence !== undefined && (confidence < 0.005 ? "<0.01" : formatNumber(confidence, 2))}</span>
    </>
  );
  if (!onTake) return <div className={row}>{face}</div>;
  return <button type="button" onClick={onTake} title="Take this one" className={classes(row, "rounded-tiny transition-colors hover:bg-line")}>{face}</button>;
}

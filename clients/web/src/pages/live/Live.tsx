import { Mic, Square } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";

import { missingIn, textIn } from "../../api/value";
import { Status } from "../../blocks/Badge";
import { Button, buttonLook } from "../../blocks/Button";
import { Card, CardHead, Empty } from "../../blocks/Card";
import { classes } from "../../blocks/classes";
import { Input } from "../../blocks/Input";
import { ProgressBar } from "../../blocks/ProgressBar";
import { Switch } from "../../blocks/Switch";
import { sharp } from "../../sound/keys";
import { Shell } from "../../shell/Shell";
import { shown } from "../../text/descriptors";
import { formatNumber } from "../../text/number";
import { formatClock } from "../../text/time";
import { Groups } from "../detail/Groups";
import { useLive, type Heard } from "./useLive";

/** What the microphone hears, told while it is heard. */
export default function Live() {
  const { state, heard, problem, start, finish } = useLive();
  const [keep, setKeep] = useState(false);
  const [name, setName] = useState("take.wav");
  const hearing = state === "hearing";
  return (
    <Shell title="Live">
      <div className="flex flex-col gap-6">
        <Card className={classes("flex flex-wrap items-center gap-4 p-4", hearing && "glow")}>
          {hearing ? (
            <Button size="large" kind="danger" onClick={finish}><Square className="size-4 fill-current" aria-hidden />Stop</Button>
          ) : (
            <Button size="large" kind="primary" busy={state !== "idle"} onClick={() => void start(keep ? name : undefined)}><Mic className="size-4" aria-hidden />Listen to the microphone</Button>
          )}
          <span className="flex items-center gap-2 text-cell"><Switch label="Keep what is heard" on={keep} disabled={state !== "idle"} onSwitch={setKeep} />Keep it as</span>
          <Input aria-label="Name" value={name} maxLength={255} disabled={!keep || state !== "idle"} onChange={(event) => setName(event.target.value)} className="w-48" />
          <Condition state={state} heard={heard} />
        </Card>
        {problem && <Empty className="border-bad/50 text-bad" >{problem}</Empty>}
        <Numbers heard={heard} />
        <Loudness heard={heard} />
        {heard.kept && <p className="text-cell">It is kept: <Link href={`/sounds/${heard.kept.id}`} className={buttonLook("plain", "small")}>Open {heard.kept.name}</Link></p>}
        {heard.finals.length > 0 && <section><h2>What was heard</h2><Groups descriptors={heard.finals} /></section>}
      </div>
    </Shell>
  );
}

function Condition({ state, heard }: { state: string; heard: Heard }) {
  if (state === "idle" && !heard.seconds) return <span className="ml-auto text-label text-dim">Nothing is heard, and nothing is sent.</span>;
  return (
    <span className="ml-auto flex items-center gap-4 text-label text-dim" role="status">
      {state === "hearing" && <Status tone="live">hearing</Status>}
      {state === "finishing" && <Status tone="live" hollow>working out the end</Status>}
      {formatClock(heard.seconds)}
      {heard.overloaded ? <Status tone="warn">{formatNumber(heard.lag, 1)} s behind</Status> : <span>{formatNumber(heard.lag * 1000)} ms behind</span>}
      {heard.gaps > 0 && <Status tone="warn" hollow>{heard.gaps} gaps</Status>}
    </span>
  );
}

const SHOWN: [name: string, label: string][] = [["tempo.bpm", "Tempo"], ["key.key", "Key"], ["meter.signature", "Meter"], ["kind.label", "Kind"]];

function Numbers({ heard }: { heard: Heard }) {
  return (
    <div className="grid grid-cols-2 gap-6 border-b border-line pb-6 desk:grid-cols-5">
      {SHOWN.map(([name, label]) => <Number key={name} name={name} label={label} heard={heard} />)}
      <div className="flex flex-col gap-1">
        <span className="text-label text-dim">Beat</span>
        <span aria-label={`${heard.beats} beats`} className="flex h-11 items-center gap-2">
          {[0, 1, 2, 3].map((beat) => <i key={beat} className={classes("size-4 rounded-full transition-colors", heard.beats > 0 && (heard.beats - 1) % 4 === beat ? "bg-cyan" : "bg-track")} />)}
        </span>
        <span className="text-label text-dim">{heard.beats} so far</span>
      </div>
    </div>
  );
}

function Number({ name, label, heard }: { name: string; label: string; heard: Heard }) {
  const estimate = heard.estimates.get(name);
  const found = estimate?.descriptor;
  const missing = found && missingIn(found);
  const [text, unit] = found ? shown(found, found.value) : ["", ""];
  const camelot = name === "key.key" ? textIn(heard.estimates.get("key.camelot")?.descriptor.value) : undefined;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <span className="text-label text-dim">{label}</span>
      {found && !missing ? (
        <b className="text-result font-semibold tracking-[-.035em] whitespace-nowrap max-desk:text-[32px]">
          {camelot ?? text}<small className="ml-1 text-body font-normal tracking-normal text-dim">{camelot ? sharp(text) : unit}</small>
        </b>
      ) : (
        <span className="flex h-11 items-center text-lead text-dim" title={found?.reason}>{missing ?? "not yet"}</span>
      )}
      {estimate && !missing && <span className={classes("text-label", estimate.stability < 0.6 ? "text-warn" : "text-dim")}>steady for {formatNumber(estimate.stability * 100)} % of 8 s</span>}
    </div>
  );
}

const QUIETEST = -60; // LUFS at the left end

function Loudness({ heard }: { heard: Heard }) {
  const rows: [string, number | undefined][] = [["Momentary, 400 ms", heard.momentary], ["Short-term, 3 s", heard.shortTerm]];
  return (
    <Card>
      <CardHead title="Loudness" note="EBU Tech 3341" />
      <div className="flex flex-col gap-3 px-4 pb-4">
        {rows.map(([label, value]) => (
          <div key={label} className="grid grid-cols-[128px_minmax(0,1fr)_96px] items-center gap-4 text-cell">
            <span className="text-dim">{label}</span>
            <ProgressBar label={label} tone="live" value={value === undefined ? 0 : 1 - value / QUIETEST} className="h-2!" />
            <span className="text-right">{value === undefined ? <span className="text-label text-dim">silence</span> : <>{formatNumber(value, 1)} <span className="text-dim">LUFS</span></>}</span>
          </div>
        ))}
      </div>
    </Card>
  );
}

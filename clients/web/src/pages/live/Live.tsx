import { Link } from "wouter";

import { KEPT_SECONDS } from "../../api/live";
import { missingIn, textIn } from "../../api/value";
import { Status } from "../../blocks/Badge";
import { buttonLook } from "../../blocks/Button";
import { Card, CardHead, Empty } from "../../blocks/Card";
import { Confidence } from "../../blocks/Confidence";
import { ProgressBar } from "../../blocks/ProgressBar";
import { sharp } from "../../sound/keys";
import { Shell } from "../../shell/Shell";
import { shown } from "../../text/descriptors";
import { count, formatNumber } from "../../text/number";
import { formatClock } from "../../text/time";
import { Groups } from "../detail/Groups";
import { Controls } from "./Controls";
import type { Heard } from "./heard";
import { Pulse } from "./Pulse";
import { useLive, type LiveState } from "./useLive";

/** What a microphone, a tab or a file plays, told while it is heard. */
export default function Live() {
  const { state, heard, problem, waiting, now, start, finish } = useLive();
  const { audio, problem: unkept } = heard.end ?? {};
  return (
    <Shell title="Live">
      <div className="flex flex-col gap-6">
        <Controls state={state} onStart={(choice, keepAs) => void start(choice, keepAs)} onFinish={finish}>
          <Condition state={state} heard={heard} waiting={waiting} />
        </Controls>
        {problem && <Problem>{problem}</Problem>}
        {unkept && <Problem>It is not kept: {unkept.message}</Problem>}
        {audio && <p className="text-cell" role="status">It is kept: <Link href={`/sounds/${audio.id}`} className={buttonLook("plain", "small")}>Open {audio.name}</Link></p>}
        <div className="grid grid-cols-2 gap-6 border-b border-line pb-6 desk:grid-cols-5">
          {SHOWN.map(([name, label]) => <Believed key={name} name={name} label={label} heard={heard} />)}
          <Pulse heard={heard} now={now} moving={state === "hearing"} />
        </div>
        <Loudness heard={heard} />
        {heard.finals.length > 0 && <section><h2>What was heard, as of a file</h2><Groups descriptors={heard.finals} /></section>}
      </div>
    </Shell>
  );
}

function Problem({ children }: { children: React.ReactNode }) {
  return <div role="alert"><Empty className="border-bad/50 text-bad">{children}</Empty></div>;
}

/** How far it is, and what goes wrong meanwhile. */
function Condition({ state, heard, waiting }: { state: LiveState; heard: Heard; waiting: number }) {
  const { seconds, lag, overloaded, broken, gaps, gapSeconds } = heard;
  const active = state === "hearing" || state === "finishing";
  if (!active && !seconds) return <span className="text-label text-dim desk:ml-auto">Nothing is heard, and nothing is sent.</span>;
  return (
    <span className="flex flex-wrap items-center gap-x-4 gap-y-1 text-label text-dim desk:ml-auto">
      <span role="status" className="flex flex-wrap gap-x-4 empty:-mr-4">
        {broken && active && <Status tone="warn" hollow>connection broke off; it is made anew</Status>}
        {!broken && state === "hearing" && <Status tone="live">hearing</Status>}
        {!broken && state === "finishing" && <Status tone="live" hollow>working out the end</Status>}
        {waiting > 1 && <Status tone="warn">{waiting} s wait to be sent{waiting > KEPT_SECONDS && ", and the first of them are lost"}</Status>}
        {overloaded && active && <Status tone="warn">the daemon does not keep up</Status>}
        {gaps > 0 && <Status tone="warn" hollow>{count(gaps, "gap")}, {formatNumber(gapSeconds, 1)} s heard as silence</Status>}
      </span>
      <span>{formatClock(seconds)}</span>
      {active && <span>{overloaded ? `${formatNumber(lag, 1)} s` : `${formatNumber(lag * 1000)} ms`} behind</span>}
    </span>
  );
}

const SHOWN: [name: string, label: string][] = [["tempo.bpm", "Tempo"], ["key.key", "Key"], ["meter.signature", "Meter"], ["kind.label", "Kind"]];

/** A value that may still change, with how steady it is. */
function Believed({ name, label, heard }: { name: string; label: string; heard: Heard }) {
  const estimate = heard.estimates.get(name);
  const found = estimate?.finding;
  const missing = found && missingIn(found);
  const [text, unit] = found ? shown(found, found.value) : ["", ""];
  const camelot = name === "key.key" ? textIn(heard.estimates.get("key.camelot")?.finding.value) : undefined;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <span className="text-label text-dim">{label}</span>
      {found && !missing ? (
        <b className="text-result font-semibold tracking-[-.035em] whitespace-nowrap max-desk:text-[32px] max-desk:leading-9">
          {camelot ?? text}<small className="ml-1 text-body font-normal tracking-normal text-dim">{camelot ? sharp(text) : unit}</small>
        </b>
      ) : (
        <span className="flex h-11 items-center text-lead text-dim max-desk:h-9" title={found?.reason}>{missing ?? "not yet"}</span>
      )}
      {estimate && !missing && (
        <span className="flex flex-wrap items-center gap-x-2 text-label text-dim" title="the share of the last eight seconds in which it was what it is now">
          <Confidence level value={estimate.stability} />{estimate.stability < 0.6 ? "still settling" : "steady"}
        </span>
      )}
      {missing && found?.reason && <span className="text-label text-dim">{found.reason}</span>}
    </div>
  );
}

const QUIETEST = -60; // LUFS at the left end

function Loudness({ heard }: { heard: Heard }) {
  const rows: [string, number | undefined][] = [["Momentary, 400 ms", heard.momentary], ["Short-term, 3 s", heard.shortTerm]];
  return (
    <Card>
      <CardHead title="Loudness" note={"EBU Tech 3341, from \u221260 to 0 LUFS"} />
      <div className="flex flex-col gap-3 px-4 pb-4">
        {rows.map(([label, value]) => (
          <div key={label} className="grid grid-cols-[128px_minmax(0,1fr)_96px] items-center gap-4 text-cell max-desk:grid-cols-[128px_minmax(0,1fr)_84px] max-desk:gap-2">
            <span className="text-dim">{label}</span>
            <ProgressBar label={label} tone="live" value={value === undefined ? 0 : 1 - value / QUIETEST} className="h-2!" />
            <span className="text-right">{value === undefined ? <span className="text-label text-dim">{heard.seconds ? "silence" : "not yet"}</span> : <>{formatNumber(value, 1)} <span className="text-dim">LUFS</span></>}</span>
          </div>
        ))}
      </div>
    </Card>
  );
}

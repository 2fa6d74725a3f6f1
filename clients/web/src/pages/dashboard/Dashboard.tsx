import type { ReactNode } from "react";
import { Link } from "wouter";

import { useFacets } from "../../api/useAudio";
import { useAuth } from "../../api/useAuth";
import { soundsIn, useStatus } from "../../api/useStatus";
import { Card, CardHead, Empty } from "../../blocks/Card";
import { Status } from "../../blocks/Badge";
import { classes } from "../../blocks/classes";
import { folderName, folderTone } from "../../shell/Rail";
import { Shell } from "../../shell/Shell";
import { count, formatNumber } from "../../text/number";
import { formatAgo } from "../../text/time";
import { AnalysingNow, JustFinished, NeedsALook } from "./Lists";
import { KeyWheel } from "./KeyWheel";
import { TempoCard } from "./Tempo";

/** How things are: live work first, then what the library holds, then what needs a person. */
export default function Dashboard() {
  const facets = useFacets({}, ["kind", "bpm", "key"]);
  const kinds = facets.answer?.of.get("kind");
  return (
    <Shell title="Dashboard">
      <Figures kinds={kinds} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 wide:grid-cols-[1.12fr_1fr_320px] wide:[&>*]:min-h-80">
        <AnalysingNow />
        <TempoCard counts={facets.answer?.of.get("bpm")} without={kinds?.get("one-shot") ?? 0} />
        <KeyWheel counts={facets.answer?.of.get("key")} />
        <NeedsALook />
        <Folders />
        <JustFinished />
      </div>
    </Shell>
  );
}

function Figures({ kinds }: { kinds: ReadonlyMap<string, number> | undefined }) {
  const { status } = useStatus();
  const { answer } = status;
  const waiting = soundsIn(answer, "queued", "processing");
  const trouble = soundsIn(answer, "failed", "quarantined");
  const kind = (name: string) => formatNumber(kinds?.get(name) ?? 0);
  return (
    <div className="flex pb-6 max-desk:grid max-desk:grid-cols-2 max-desk:gap-4">
      <Figure value={formatNumber(soundsIn(answer))} note="sounds" />
      <Figure value={formatNumber(waiting)} unit="waiting" note={answer ? `${answer.busy} of ${count(answer.workers, "worker")} at work` : ""} />
      <Figure value={kind("loop")} unit="loops" note={`${kind("one-shot")} one-shots, ${kind("song")} songs`} />
      <Figure value={formatNumber(answer?.analyzers.length ?? 0)} unit="analyzers" note={answer?.brokenPlugins ? `${count(answer.brokenPlugins, "plugin")} cannot be used` : "all in use"} />
      <Figure value={formatNumber(trouble)} note="need a look" warn={trouble > 0} />
    </div>
  );
}

function Figure({ value, unit, note, warn }: { value: string; unit?: string; note: ReactNode; warn?: boolean }) {
  return (
    <div className="flex flex-col gap-0.5 border-l border-line px-8 first:border-0 first:pl-0 max-desk:border-0 max-desk:px-0">
      <b className={classes("text-figure font-semibold tracking-tight", warn && "text-warn")}>
        {value} {unit && <small className="text-body font-normal tracking-normal text-dim">{unit}</small>}
      </b>
      <span className="text-label text-dim">{note}</span>
    </div>
  );
}

function Folders() {
  const { folders } = useStatus();
  const { isOwner } = useAuth();
  return (
    <Card>
      <CardHead title="Watch folders"><Link href="/settings#folders" className="text-label text-blue-text hover:underline">Settings</Link></CardHead>
      {folders.answer?.length === 0 && isOwner && <Empty className="m-4 mt-0">No folder is watched. <Link href="/settings#folders" className="text-blue-text underline">Add one</Link></Empty>}
      {folders.answer?.length === 0 && !isOwner && <Empty className="m-4 mt-0">Folders are watched for the daemon's owner; yours are the sounds that you upload.</Empty>}
      <ul>
        {folders.answer?.map((folder) => {
          const [tone, word] = folderTone(folder);
          const { health } = folder;
          return (
            <li key={folder.id} className="grid min-h-12 grid-cols-[88px_minmax(0,1fr)_auto] items-center gap-3 border-t border-line px-4 text-cell">
              <Status tone={tone} hollow={tone === "bad"}>{word}</Status>
              <span className="truncate" title={folder.path}>{folderName(folder)}</span>
              <span className="text-label text-dim">
                {health && health.backlog > 0n ? `${formatNumber(Number(health.backlog))} behind` : health?.lastEventAt ? `event ${formatAgo(health.lastEventAt)}` : `swept ${formatAgo(health?.lastSweepAt)}`}
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

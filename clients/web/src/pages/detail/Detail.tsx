import { useEffect, useMemo } from "react";
import { Link, useParams } from "wouter";

import { usePlayer } from "../../api/usePlayer";
import { Badge } from "../../blocks/Badge";
import { Empty, Skeleton } from "../../blocks/Card";
import { ProgressBar } from "../../blocks/ProgressBar";
import type { Audio } from "../../generated/samplemind/v1/audio_pb";
import { Fault } from "../../shell/Fault";
import { Shell } from "../../shell/Shell";
import { formatNumber } from "../../text/number";
import { formatClock } from "../../text/time";
import { inBrief } from "../library/sounds";
import { Actions } from "./Actions";
import { KeyCandidates, TempoCandidates } from "./Candidates";
import { Corrections } from "./Corrections";
import { Groups } from "./Groups";
import { Origin } from "./Origin";
import { Results } from "./Results";
import { Similar } from "./Similar";
import { SoundStage } from "./SoundStage";
import { useCorrecting } from "./useCorrecting";
import { useSound, type Progress } from "./useSound";

/** A sound with all that is known of it. */
export default function Detail() {
  const { id = "" } = useParams<{ id: string }>();
  const { asked, findings, picture, progress } = useSound(id);
  const { load, sound, playing } = usePlayer();
  const audio = asked.answer?.audio;
  const correcting = useCorrecting(id, findings, asked.again);
  const playable = useMemo(
    () => audio && { id, name: audio.name, note: inBrief(findings), camelot: picture.camelot },
    [id, audio?.name, findings, picture],
  );
  useEffect(() => {
    if (playable && (!playing || sound?.id === id)) load(playable); // ready to play; what plays goes on
  }, [playable]);

  return (
    <Shell title={<Title audio={audio} kind={picture.kind} />}>
      {asked.refusal && <Fault refusal={asked.refusal} again={asked.again} />}
      {!audio && !asked.refusal && <Waiting />}
      {audio && (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-6 wide:grid-cols-[minmax(0,1fr)_320px]">
          <div className="min-w-0">
            {audio.problem && <Refused audio={audio} />}
            {progress && <Underway progress={progress} />}
            <SoundStage picture={picture} playable={playable} />
            <Results findings={findings} />
            <Groups descriptors={[...findings.values()]} />
          </div>
          <aside className="flex min-w-0 flex-col gap-6">
            <Actions audio={audio} />
            <TempoCandidates findings={findings} correcting={correcting} />
            <KeyCandidates findings={findings} correcting={correcting} />
            <Corrections findings={findings} correcting={correcting} />
            <Similar id={id} />
            <Origin audio={audio} descriptors={[...findings.values()]} job={asked.answer?.job} />
          </aside>
        </div>
      )}
    </Shell>
  );
}

function Title({ audio, kind }: { audio: Audio | undefined; kind: string }) {
  const media = audio?.media;
  const channels = { 1: "mono", 2: "stereo" }[media?.channels ?? 0] ?? `${media?.channels} channels`;
  const facts = media && [media.container.toUpperCase(), media.bitDepth && `${media.bitDepth} bit`, `${formatNumber(media.sampleRateHz / 1000, 1)} kHz`, channels, formatClock(media.durationSeconds)];
  return (
    <div className="flex min-w-0 items-center gap-2">
      <Link href="/library" className="text-dim transition-colors hover:text-text max-desk:hidden">Library</Link>
      <span className="text-dim max-desk:hidden" aria-hidden>/</span>
      <h1 className="truncate text-lead" title={audio?.name}>{audio?.name ?? <Skeleton className="w-48" />}</h1>
      <span className="flex items-center gap-2 max-wide:hidden">
        {kind && <Badge>{kind}</Badge>}
        {facts && <span className="text-label whitespace-nowrap text-dim">{facts.filter(Boolean).join(", ")}</span>}
      </span>
    </div>
  );
}

function Waiting() {
  return (
    <div aria-busy className="flex flex-col gap-4">
      <Skeleton className="h-80 rounded-card" />
      <div className="grid grid-cols-5 gap-6">{[1, 2, 3, 4, 5].map((one) => <Skeleton key={one} className="h-16" />)}</div>
    </div>
  );
}

function Refused({ audio }: { audio: Audio }) {
  return (
    <Empty className="mb-4 text-left">
      <span className="text-bad">{audio.problem?.message}</span> <code>{audio.problem?.reason}</code> The file is kept; analysing it again tries anew.
    </Empty>
  );
}

function Underway({ progress: { ahead, fraction } }: { progress: Progress }) {
  const words = ahead === undefined ? "analysing" : ahead ? `waiting, ${formatNumber(ahead)} before it` : "next in line";
  return (
    <div role="status" className="flex items-center gap-3 pb-4 text-label text-cyan">
      <ProgressBar label="Analysis" tone="live" value={fraction} className="flex-1" /> {words}
    </div>
  );
}

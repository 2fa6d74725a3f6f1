import { CircleAlert, FileWarning } from "lucide-react";
import { useCallback, useState, type ReactNode } from "react";
import { Link } from "wouter";

import { analysis, audio, requestId } from "../../api/client";
import { refusalOf } from "../../api/refusal";
import { usePicture } from "../../api/useAudio";
import { useAsked, useRefresh } from "../../api/useAsked";
import { Status } from "../../blocks/Badge";
import { Button } from "../../blocks/Button";
import { Card, CardHead, Empty } from "../../blocks/Card";
import { Cover } from "../../blocks/Cover";
import { ProgressBar } from "../../blocks/ProgressBar";
import { useToast } from "../../blocks/Toast";
import { AudioState, type Audio } from "../../generated/samplemind/v1/audio_pb";
import { count, formatBytes, formatNumber } from "../../text/number";
import { formatAgo } from "../../text/time";

const SHOWN = 4;

/** The sounds in a state, those that came into it last first, kept up to date. */
function useSounds(...states: string[]): { audios: readonly Audio[]; total: number } {
  const asked = states.join(" ");
  const found = useAsked(
    useCallback(
      async (signal: AbortSignal) => {
        const answers = await Promise.all(asked.split(" ").map((state) => audio.list({ filter: `state = ${state}`, orderBy: "state_at desc", pageSize: SHOWN }, { signal })));
        return { audios: answers.flatMap((answer) => answer.audios), total: answers.reduce((sum, answer) => sum + Number(answer.total), 0) };
      },
      [asked],
    ),
  );
  useRefresh(["audio."], found.again);
  return found.answer ?? { audios: [], total: 0 };
}

/** What is being heard now. */
export function AnalysingNow() {
  const now = useSounds("processing");
  const queued = useSounds("queued");
  return (
    <Card>
      <CardHead title="Analysing now">{now.total > 0 && <Status tone="live">live</Status>}</CardHead>
      {now.total + queued.total === 0 && <Empty className="m-4 mt-0">Everything is analysed. New files in watch folders and uploads appear here.</Empty>}
      <ul>
        {[...now.audios, ...queued.audios].slice(0, SHOWN).map((one) => (
          <Line key={one.id} of={one} note={<ProgressBar label={`Analysis of ${one.name}`} tone="live" value={one.state === AudioState.QUEUED ? 0 : undefined} className="my-1" />}>
            <span className="text-label text-dim">{one.state === AudioState.QUEUED ? "queued" : "being heard"}, {formatBytes(one.sizeBytes)}</span>
          </Line>
        ))}
      </ul>
      {queued.total > 0 && <p className="border-t border-line px-4 py-3 text-label text-dim">{formatNumber(queued.total)} in the queue</p>}
    </Card>
  );
}

/** What could not be analysed, each with a way out. */
export function NeedsALook() {
  const { audios, total } = useSounds("quarantined", "failed");
  return (
    <Card>
      <CardHead title="Needs a look">{total > 0 && <Link href="/library?q=state:failed" className="text-label text-blue-text hover:underline">All {formatNumber(total)}</Link>}</CardHead>
      {total === 0 && <Empty className="m-4 mt-0">Nothing failed.</Empty>}
      <ul>{audios.slice(0, SHOWN).map((one) => <Trouble key={one.id} of={one} />)}</ul>
    </Card>
  );
}

function Trouble({ of }: { of: Audio }) {
  const [busy, setBusy] = useState(false);
  const say = useToast();
  const Icon = of.state === AudioState.QUARANTINED ? CircleAlert : FileWarning;
  const retry = async () => {
    setBusy(true);
    await analysis.reanalyze({ audioId: of.id, requestId: requestId(), everything: true }).catch((thrown: unknown) => say({ tone: "bad", children: refusalOf(thrown).message }));
    setBusy(false);
  };
  return (
    <li className="flex min-h-12 items-center gap-3 border-t border-line px-4 py-1.5">
      <Icon className="size-4 shrink-0 text-bad" aria-hidden />
      <div className="min-w-0 flex-1">
        <Link href={`/sounds/${of.id}`} className="block truncate text-cell hover:underline">{of.name}</Link>
        <div className="truncate text-label text-dim" title={of.problem?.message}>{of.state === AudioState.QUARANTINED && "Quarantined: "}{of.problem?.message}</div>
      </div>
      <Button size="small" busy={busy} onClick={() => void retry()}>Retry</Button>
    </li>
  );
}

/** What was analysed last. */
export function JustFinished() {
  const { audios, total } = useSounds("completed");
  return (
    <Card>
      <CardHead title="Just finished" note={total ? count(total, "sound") : ""} />
      {total === 0 && <Empty className="m-4 mt-0">No sound is analysed yet.</Empty>}
      <ul>{audios.map((one) => <Line key={one.id} of={one}><span className="text-label text-dim">{formatAgo(one.stateAt)}</span></Line>)}</ul>
    </Card>
  );
}

function Line({ of, note, children }: { of: Audio; note?: ReactNode; children: ReactNode }) {
  const picture = usePicture(of.state === AudioState.COMPLETED ? of.id : undefined, String(of.stateAt?.seconds));
  const facts = picture && [picture.kind, picture.camelot].filter(Boolean).join(", ");
  return (
    <li className="flex min-h-12 items-center gap-3 border-t border-line px-4 py-1.5">
      <Cover picture={picture} className="size-9 rounded-tiny" />
      <div className="min-w-0 flex-1">
        <Link href={`/sounds/${of.id}`} className="block truncate text-cell hover:underline">{of.name}</Link>
        {note}
        <div className="truncate">{facts && <span className="text-label text-dim">{facts}, </span>}{children}</div>
      </div>
    </li>
  );
}

import { File as FileIcon, Pause, Play, TriangleAlert, X } from "lucide-react";
import { memo, type ReactNode } from "react";
import { Link } from "wouter";

import { useAudio } from "../../api/useAudio";
import { uploads } from "../../api/useUploads";
import type { Sending } from "../../api/uploads";
import { findingsOf, numberIn, textIn } from "../../api/value";
import { Status } from "../../blocks/Badge";
import { Button, buttonLook } from "../../blocks/Button";
import { classes } from "../../blocks/classes";
import { Cover } from "../../blocks/Cover";
import { KeyName } from "../../blocks/KeyName";
import { ProgressBar } from "../../blocks/ProgressBar";
import { AudioState } from "../../generated/samplemind/v1/audio_pb";
import { pictureOf } from "../../sound/picture";
import { formatBytes, formatNumber } from "../../text/number";
import { missing, stateOf } from "../library/sounds";

/** A file on its way, and the sound that became of it. */
export const UploadRow = memo(function UploadRow({ sending }: { sending: Sending }) {
  const { audio } = sending;
  return audio ? <Arrived sending={sending} id={audio.id} /> : <Underway sending={sending} />;
});

interface RowProps {
  picture: ReactNode;
  sending: Sending;
  note?: string;
  middle: ReactNode;
  end: ReactNode;
  acts: ReactNode;
}

function Row({ picture, sending, note, middle, end, acts }: RowProps) {
  return (
    <li className="grid min-h-15 grid-cols-[40px_minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 border-t border-line px-4 py-2 desk:grid-cols-[40px_minmax(0,1fr)_240px_320px_72px] max-desk:px-3">
      {picture}
      <div className="min-w-0">
        <div className="truncate text-cell font-medium">{sending.file.name}</div>
        <div className="truncate text-label text-dim">{formatBytes(sending.file.size)}{note}</div>
      </div>
      <div className="max-desk:col-span-2 max-desk:col-start-2 max-desk:row-start-2">{middle}</div>
      <div className="text-label max-desk:col-span-2 max-desk:col-start-2 max-desk:row-start-3">{end}</div>
      <div className="flex justify-end gap-1 max-desk:col-start-3 max-desk:row-start-1">{acts}</div>
    </li>
  );
}

function Placeholder({ bad }: { bad?: boolean }) {
  const Icon = bad ? TriangleAlert : FileIcon;
  return <span className={classes("grid size-10 place-items-center rounded-tiny bg-soft", bad ? "text-bad" : "text-dim")}><Icon className="size-4" aria-hidden /></span>;
}

function Underway({ sending }: { sending: Sending }) {
  const { id, file, state, sent, resumedAt, speed, note, refusal } = sending;
  const act = (label: string, Icon: typeof X, deed: () => void) => <Button key={label} size="small" kind="quiet" square aria-label={`${label} ${file.name}`} onClick={deed}><Icon className="size-4" aria-hidden /></Button>;
  const leave = act("Cancel", X, () => uploads.drop(id));
  if (state === "refused") {
    return (
      <Row
        picture={<Placeholder bad />}
        sending={sending}
        middle={<><Status tone="bad">refused</Status><div className="text-label text-dim">{refusal?.reason}</div></>}
        end={refusal?.message}
        acts={<>{act("Try again", Play, () => uploads.go(id))}{act("Dismiss", X, () => uploads.drop(id))}</>}
      />
    );
  }
  const sends = state === "sending" || (state === "paused" && sent > 0);
  const left = speed ? (file.size - sent) / speed : 0;
  return (
    <Row
      picture={<Placeholder />}
      sending={sending}
      note={resumedAt ? `, resumed at ${formatBytes(resumedAt)}` : ""}
      middle={
        sends ? (
          <>
            <ProgressBar label={`Upload of ${file.name}`} value={sent / file.size} kept={resumedAt / file.size} />
            <div className="pt-1.5 text-label text-dim">{formatBytes(sent)} of {formatBytes(file.size)}{speed > 0 && `, ${formatBytes(speed)}/s`}</div>
          </>
        ) : (
          <Status tone="dim" hollow>{state === "reading" ? "reading" : state === "paused" ? "paused" : "waiting"}</Status>
        )
      }
      end={sends && <><Status tone={state === "paused" ? "dim" : note ? "warn" : "blue"} hollow={state === "paused"}>{state === "paused" ? "paused" : note ? "waiting to go on" : left > 1 ? `uploading, ${formatNumber(left)} s left` : "uploading"}</Status><div className="text-dim">{note}</div></>}
      acts={<>{state === "paused" ? act("Go on with", Play, () => uploads.go(id)) : act("Pause", Pause, () => uploads.hold(id))}{leave}</>}
    />
  );
}

/** It is kept: from here on it is a sound, and its events say how it goes on. */
function Arrived({ sending, id }: { sending: Sending; id: string }) {
  const { answer } = useAudio(id);
  const findings = answer ? findingsOf(answer) : new Map();
  const picture = findings.size ? pictureOf(findings) : undefined;
  const audio = answer?.audio ?? sending.audio;
  const [tone, word, hollow] = stateOf({ audio, descriptors: answer?.descriptors ?? [] });
  const done = audio?.state === AudioState.COMPLETED;
  const known = sending.state === "known";
  return (
    <Row
      picture={picture ? <Cover picture={picture} className="size-10 rounded-tiny" /> : <Placeholder bad={audio?.problem !== undefined} />}
      sending={sending}
      middle={
        <>
          {known ? <Status tone="dim">already here</Status> : done ? <Status tone="ok">completed</Status> : <Status tone={tone} hollow={hollow ?? false}>{word}</Status>}
          {known && <div className="text-label text-dim">0 bytes sent</div>}
          {!known && word === "processing" && <ProgressBar label={`Analysis of ${sending.file.name}`} tone="live" className="mt-2" />}
        </>
      }
      end={known ? `Same bytes as ${audio?.name ?? "a sound of yours"}` : (audio?.problem?.message ?? (done && <Found findings={findings} />))}
      acts={<Link href={`/sounds/${id}`} className={buttonLook("plain", "small")}>{known ? "Show" : "Open"}</Link>}
    />
  );
}

function Found({ findings }: { findings: ReturnType<typeof findingsOf> }) {
  const value = (name: string) => findings.get(name)?.value;
  const [bpm, loudness] = [numberIn(value("tempo.bpm")), numberIn(value("loudness.integrated"))];
  const [key, camelot, note] = [textIn(value("key.key")), textIn(value("key.camelot")), textIn(value("key.root_note"))];
  return (
    <>
      <span className="flex flex-wrap items-center gap-x-4">
        {bpm !== undefined ? <span><b className="font-semibold">{formatNumber(bpm, 1)}</b> BPM</span> : <span>{textIn(value("kind.label"))}{note && <>, root <b className="font-semibold">{note}</b></>}</span>}
        {key && camelot && <KeyName camelot={camelot} name={key} />}
        {loudness !== undefined && <span><b className="font-semibold">{formatNumber(loudness, 1)}</b> LUFS</span>}
      </span>
      {bpm === undefined && <div className="text-dim">tempo {missing(findings, "tempo.bpm")}</div>}
    </>
  );
}

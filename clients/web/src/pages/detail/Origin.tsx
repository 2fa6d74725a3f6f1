import { timestampDate } from "@bufbuild/protobuf/wkt";

import { useStatus } from "../../api/useStatus";
import type { Descriptor, Job } from "../../generated/samplemind/v1/analysis_pb";
import type { Audio } from "../../generated/samplemind/v1/audio_pb";
import { folderName } from "../../shell/Rail";
import { formatBytes, formatNumber } from "../../text/number";
import { formatDay } from "../../text/time";

/** Where a sound came from, what the file says of itself, and how it was analysed. */
export function Origin({ audio, descriptors, job }: { audio: Audio; descriptors: readonly Descriptor[]; job: Job | undefined }) {
  const { folders } = useStatus();
  const folder = folders.answer?.find((one) => one.id === audio.folderId);
  const makers = new Set(descriptors.filter((one) => one.version).map((one) => one.madeBy));
  const seconds = job?.startedAt && job.finishedAt ? (timestampDate(job.finishedAt).getTime() - timestampDate(job.startedAt).getTime()) / 1000 : undefined;
  const tags = Object.entries(audio.media?.tags ?? {});
  return (
    <section className="break-words">
      <h2 className="pb-1">Where it came from</h2>
      <ul className="text-label leading-5 text-dim">
        <li>{folder ? `${folderName(folder)} / ${audio.path}` : audio.folderId ? audio.path : "Uploaded"}, {formatBytes(audio.sizeBytes)}{audio.createdAt && `, ${formatDay(audio.createdAt)}`}</li>
        {tags.length > 0 && <li>The file says: {tags.map(([name, value]) => `${name} ${value}`).join(", ")}</li>}
        {seconds !== undefined && makers.size > 0 && <li>Analysed in {formatNumber(seconds, 2)} s by {makers.size} analyzers{job?.finishedAt && `, ${formatDay(job.finishedAt)}`}</li>}
        {audio.missingAt && <li className="text-warn">Missing from its folder since {formatDay(audio.missingAt)}</li>}
        {audio.media?.warnings.map((warning) => <li key={warning} className="text-warn">{warning}</li>)}
        <li>SHA-256 <code>{audio.sha256.slice(0, 16)}</code></li>
      </ul>
    </section>
  );
}

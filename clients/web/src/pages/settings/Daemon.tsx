import { useCallback } from "react";

import { status } from "../../api/client";
import { useAsked } from "../../api/useAsked";
import { useStatus } from "../../api/useStatus";
import { count, formatBytes } from "../../text/number";
import { formatAgo } from "../../text/time";
import { Line, Section } from "./Section";

/** What the daemon is and how it stands. */
export function Daemon() {
  const info = useAsked(useCallback((signal: AbortSignal) => status.getInfo({}, { signal }), [])).answer;
  const now = useStatus().status.answer;
  const recovery = now?.recovery;
  return (
    <Section id="daemon" title="Daemon" note="As it stands now.">
      <ul>
        <Line title={`${info?.name ?? ""} ${now?.version ?? ""}`} note={`${info?.api ?? ""}, started ${formatAgo(now?.startedAt)}`} />
        <Line title={`${count(now?.workers ?? 0, "worker")}, ${now?.busy ?? 0} at work`} note={`${count(now?.respawns ?? 0n, "worker was", "workers were")} replaced since the start`} />
        <Line title={`Uploads of up to ${formatBytes(info?.maxUploadBytes ?? 0n)}`} note={now?.inbox ? `Files can be dropped into ${now.inbox}, too` : "by this page or any client"} />
        <Line title={count(now?.analyzers.length ?? 0, "analyzer")} note={now?.analyzers.join(", ")} />
        {recovery && <Line title="The daemon before this one ended without warning" note={`${count(recovery.jobs, "job")} queued again, ${count(recovery.uploads, "upload")} can go on`} />}
      </ul>
    </Section>
  );
}

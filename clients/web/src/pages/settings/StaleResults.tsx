import { useCallback, useState } from "react";

import { library, requestId } from "../../api/client";
import { useAsked, useRefresh, type Asked } from "../../api/useAsked";
import { Button } from "../../blocks/Button";
import { Dialog } from "../../blocks/Dialog";
import type { PreviewReanalyzeResponse } from "../../generated/samplemind/v1/library_pb";
import { count, formatNumber } from "../../text/number";
import { formatClock } from "../../text/time";
import { useAct } from "./useAct";

const REASONS: Readonly<Record<string, string>> = { missing: "not there yet", version: "newer version", parameters: "other parameters", inputs: "other inputs" };

/** What of the user's results would be made otherwise today. */
export function useStale(): Asked<PreviewReanalyzeResponse> {
  const stale = useAsked(useCallback((signal: AbortSignal) => library.previewReanalyze({}, { signal }), []));
  useRefresh(["audio.completed"], stale.again);
  return stale;
}

/** How many sounds have stale results, and how they are made again. */
export function StaleResults({ stale }: { stale: Asked<PreviewReanalyzeResponse> }) {
  const [asked, ask] = useState(false);
  const { busy, act } = useAct();
  const found = stale.answer;
  if (!found?.sounds) return null;
  const begin = async () => {
    await act(
      () => library.reanalyzeStale({ requestId: requestId() }),
      ({ queued, left }) => `${count(queued, "sound")} queued${left ? `; ${formatNumber(Number(left))} more wait until there is room` : ""}`,
    );
    ask(false);
    stale.again();
  };
  return (
    <div className="flex items-center gap-3 border-t border-line px-4 py-2 first:border-0">
      <span role="status" className="mr-auto text-label text-warn">{count(found.sounds, "sound has", "sounds have")} stale results</span>
      <Button size="small" onClick={() => ask(true)}>Make again</Button>
      {asked && (
        <Dialog title="Make stale results again?" act={`Analyse ${count(found.sounds, "sound")}`} busy={busy} onAct={() => void begin()} onClose={() => ask(false)}>
          <p>{formatClock(found.seconds)} of sound are decoded for it. What you corrected stays yours.</p>
          <ul className="mt-2 max-h-48 overflow-auto">{found.analyzers.map((one) => <li key={one.analyzer} className="flex justify-between gap-4"><span className="text-text">{one.analyzer} {one.version}</span><span>{one.reasons.map((reason) => REASONS[reason] ?? reason).join(", ")}; {count(one.sounds, "sound")}</span></li>)}</ul>
        </Dialog>
      )}
    </div>
  );
}

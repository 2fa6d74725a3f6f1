import { useState } from "react";

import { requestId, watches } from "../../api/client";
import { Status } from "../../blocks/Badge";
import { Button } from "../../blocks/Button";
import { Dialog } from "../../blocks/Dialog";
import { FolderState, WatchMode, type Folder } from "../../generated/samplemind/v1/watch_pb";
import { folderName, folderTone } from "../../shell/Rail";
import { useNarrow } from "../../shell/useNarrow";
import { count, formatNumber } from "../../text/number";
import { formatAgo } from "../../text/time";
import { afterOf } from "./folder";
import { FolderDialog } from "./FolderDialog";
import { useAct } from "./useAct";

interface FolderRowProps {
  folder: Folder;
  onChange: () => void;
}

const EDGE = "border-b border-line last:border-0";

/** A watch folder, how watching it goes and, below, what stands in the way. */
export function FolderRow({ folder, onChange }: FolderRowProps) {
  const [tone, word] = folderTone(folder);
  const { health, write, state } = folder;
  const problems = health?.problems ?? [];
  const lost = Number(health?.missing ?? 0n);
  const narrow = useNarrow();
  const more = problems.length > 0 || narrow;
  const acts = <Acts folder={folder} onChange={onChange} />;
  return (
    <>
      <tr className={more ? "" : EDGE}>
        <td className="h-9 max-w-64 truncate px-2 pl-4" title={folder.path}><b className="font-medium">{folderName(folder)}</b> <span className="text-label text-dim">{count(health?.files ?? 0n, "file")}</span></td>
        <td className="px-2"><Status tone={tone} hollow={tone === "bad"}>{word}</Status></td>
        <td className="px-2 whitespace-nowrap text-dim max-wide:hidden">{modeOf(folder)}</td>
        <td className="px-2 whitespace-nowrap max-wide:hidden">{state === FolderState.ACTIVE && health?.mode === WatchMode.POLLED ? <span className="text-dim">not told</span> : formatAgo(health?.lastEventAt)}</td>
        <td className="px-2 whitespace-nowrap max-desk:hidden">{formatAgo(health?.lastSweepAt)}{health?.lastSweepAt && `, ${formatNumber(health.lastSweepSeconds, 1)} s`}</td>
        <td className={`px-2 text-right ${health?.backlog ? "text-warn" : ""}`}>{formatNumber(Number(health?.backlog ?? 0n))}</td>
        <td className={`px-2 text-right max-desk:hidden ${lost ? "text-warn" : ""}`}>{formatNumber(lost)}</td>
        <td className="max-w-24 truncate px-2 text-dim max-wide:hidden" title={afterOf(write)}>{afterOf(write)}</td>
        <td className="py-1 pr-2 text-right whitespace-nowrap">{!narrow && acts}</td>
      </tr>
      {more && (
        <tr className={EDGE}>
          <td colSpan={9} className="px-4 pb-2">
            {narrow && <div className="-ml-2 flex flex-wrap">{acts}</div>}
            <ul className={`max-h-24 overflow-auto text-label ${state === FolderState.OFFLINE ? "text-bad" : "text-warn"} [scrollbar-width:thin]`}>{problems.map((problem) => <li key={problem} className="break-words">{problem}</li>)}</ul>
          </td>
        </tr>
      )}
    </>
  );
}

function modeOf({ health, state }: Folder): string {
  if (state === FolderState.PAUSED) return "not looked at";
  if (state === FolderState.OFFLINE) return "waiting";
  return health?.mode === WatchMode.POLLED ? "by sweeps alone" : "by events";
}

function Acts({ folder, onChange }: FolderRowProps) {
  const { busy, act } = useAct();
  const [open, setOpen] = useState<"edit" | "remove">();
  const name = folderName(folder);
  const run = (deed: (id: { folderId: string; requestId: string }) => Promise<unknown>, done?: string) =>
    act(() => deed({ folderId: folder.id, requestId: requestId() }), done).then(onChange);
  const sweep = () =>
    void act(
      () => watches.scan({ folderId: folder.id, requestId: requestId() }),
      ({ seen, changed }) => `${name}: ${count(seen, "file")} seen, ${formatNumber(Number(changed))} new or changed`,
    ).then(onChange);
  const active = folder.state === FolderState.ACTIVE;
  const look = { size: "small", kind: "quiet" } as const;
  return (
    <>
      {active && <Button {...look} busy={busy} aria-label={`Sweep ${name} now`} onClick={sweep}>Sweep</Button>}
      {active && <Button {...look} aria-label={`Pause ${name}`} onClick={() => void run((id) => watches.pause(id), `${name} is not looked at until you resume it`)}>Pause</Button>}
      {!active && <Button {...look} busy={busy} aria-label={`Resume ${name}`} onClick={() => void run((id) => watches.resume(id), `${name} is watched again`)}>{folder.state === FolderState.OFFLINE ? "Retry" : "Resume"}</Button>}
      <Button {...look} aria-label={`Change ${name}`} onClick={() => setOpen("edit")}>Change</Button>
      <Button {...look} aria-label={`Remove ${name}`} onClick={() => setOpen("remove")}>Remove</Button>
      {open === "edit" && <FolderDialog folder={folder} onClose={() => setOpen(undefined)} onSaved={onChange} />}
      {open === "remove" && (
        <Dialog title={`Watch ${name} no more?`} act="Remove 1 folder" kind="danger" busy={busy} onClose={() => setOpen(undefined)} onAct={() => void run((id) => watches.delete(id), `${name} is removed; its sounds stay known`)}>
          Its sounds stay known, and its files are not touched.
        </Dialog>
      )}
    </>
  );
}

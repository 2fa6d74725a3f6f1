import { Plus } from "lucide-react";
import { useState } from "react";

import { requestId, watches } from "../../api/client";
import { useAuth } from "../../api/useAuth";
import { useStatus } from "../../api/useStatus";
import { Status } from "../../blocks/Badge";
import { Button } from "../../blocks/Button";
import { Dialog } from "../../blocks/Dialog";
import { Input } from "../../blocks/Input";
import { FolderState, WatchMode, type Folder } from "../../generated/samplemind/v1/watch_pb";
import { folderName, folderTone } from "../../shell/Rail";
import { count, formatNumber } from "../../text/number";
import { formatAgo } from "../../text/time";
import { Section } from "./Section";
import { useAct } from "./useAct";

const HEADS = ["Folder", "Health", "Mode", "Last event", "Last sweep", "Backlog", "After analysis", ""];
const DESK = "max-wide:hidden";

/** The folders whose files become sounds, and how watching them goes. */
export function Folders() {
  const { folders } = useStatus();
  const { isOwner } = useAuth();
  const [adding, setAdding] = useState(false);
  return (
    <Section id="folders" title="Watch folders" note="Events are hints; a sweep finds what they miss." act={isOwner && <Button size="small" onClick={() => setAdding(true)}><Plus className="size-3.5" aria-hidden />Add folder</Button>}>
      <table className="w-full text-left text-cell">
        <thead className="text-label text-dim">
          <tr className="border-b border-line-2">{HEADS.map((head, index) => <th key={head} className={`h-8 px-2 font-medium first:pl-4 ${[2, 3, 6].includes(index) ? DESK : ""} ${index === 3 || index === 4 ? "max-desk:hidden" : ""} ${head === "Backlog" ? "text-right" : ""}`}>{head}</th>)}</tr>
        </thead>
        <tbody>{folders.answer?.map((folder) => <FolderRow key={folder.id} folder={folder} onChange={folders.again} />)}</tbody>
      </table>
      {folders.answer?.length === 0 && <p className="p-4 text-cell text-dim">No folder is watched.</p>}
      {adding && <Adding onClose={() => setAdding(false)} onAdded={folders.again} />}
    </Section>
  );
}

function FolderRow({ folder, onChange }: { folder: Folder; onChange: () => void }) {
  const { busy, act } = useAct();
  const [asked, ask] = useState(false);
  const [tone, word] = folderTone(folder);
  const { health, write } = folder;
  const id = { folderId: folder.id, requestId: requestId() };
  const paused = folder.state === FolderState.PAUSED;
  const run = (deed: () => Promise<unknown>, done: string) => void act(deed, done).then(onChange);
  const after = [write?.tags.length && `write ${write.tags.join(", ")}`, write?.sidecar && "sidecar JSON", write?.template && `move to ${write.template}`].filter(Boolean).join("; ");
  return (
    <tr className="border-b border-line last:border-0">
      <td className="h-9 max-w-64 truncate px-2 pl-4" title={folder.path}><b className="font-medium">{folderName(folder)}</b> <span className="text-label text-dim">{count(health?.files ?? 0n, "file")}</span></td>
      <td className="px-2" title={health?.problems.join("\n")}><Status tone={tone} hollow={tone === "bad"}>{word}</Status></td>
      <td className={`px-2 text-dim ${DESK}`}>{health?.mode === WatchMode.POLLED ? "polling" : "events and sweeps"}</td>
      <td className={`px-2 whitespace-nowrap ${DESK}`}>{formatAgo(health?.lastEventAt)}</td>
      <td className="px-2 whitespace-nowrap max-desk:hidden">{formatAgo(health?.lastSweepAt)}{health && `, ${formatNumber(health.lastSweepSeconds, 1)} s`}</td>
      <td className={`px-2 text-right ${health?.backlog ? "text-warn" : ""}`}>{formatNumber(Number(health?.backlog ?? 0n))}</td>
      <td className={`max-w-48 truncate px-2 text-dim ${DESK}`}>{after || "leave"}</td>
      <td className="px-2 text-right whitespace-nowrap">
        <Button size="small" kind="quiet" busy={busy} onClick={() => run(() => watches.scan(id), `Swept ${folderName(folder)}`)}>Sweep</Button>
        <Button size="small" kind="quiet" onClick={() => run(() => (paused ? watches.resume(id) : watches.pause(id)), paused ? "Watching again" : "Paused")}>{paused ? "Resume" : "Pause"}</Button>
        <Button size="small" kind="quiet" onClick={() => ask(true)}>Remove</Button>
        {asked && (
          <Dialog title={`Watch ${folderName(folder)} no more?`} act="Remove 1 folder" kind="danger" busy={busy} onClose={() => ask(false)} onAct={() => (ask(false), run(() => watches.delete(id), "Removed; its sounds stay known"))}>
            Its sounds stay known, and its files are not touched.
          </Dialog>
        )}
      </td>
    </tr>
  );
}

function Adding({ onClose, onAdded }: { onClose: () => void; onAdded: () => void }) {
  const [path, setPath] = useState("");
  const [include, setInclude] = useState("");
  const { busy, act } = useAct();
  const patterns = include.split(/[\s,]+/).filter(Boolean);
  const add = async () => {
    if (!(await act(() => watches.create({ path: path.trim(), include: patterns, requestId: requestId() }), `Watching ${path.trim()}`))) return;
    onAdded();
    onClose();
  };
  return (
    <Dialog title="Watch a folder" act="Watch 1 folder" busy={busy} onAct={() => void (path.trim() && add())} onClose={onClose}>
      <div className="flex flex-col gap-3">
        <Input label="Its full path on the daemon's machine" value={path} required autoFocus onChange={(event) => setPath(event.target.value)} />
        <Input label="Name patterns to take; all known audio endings if empty" placeholder="*.wav *.flac" value={include} onChange={(event) => setInclude(event.target.value)} />
      </div>
    </Dialog>
  );
}

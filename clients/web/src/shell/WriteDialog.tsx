import { useEffect, useState } from "react";

import { library, requestId } from "../api/client";
import { refusalOf } from "../api/refusal";
import { Checkbox } from "../blocks/Checkbox";
import { Dialog } from "../blocks/Dialog";
import { useToast } from "../blocks/Toast";
import type { FileChange, PreviewWriteResponse } from "../generated/samplemind/v1/library_pb";
import { count, formatNumber } from "../text/number";

const TAGS = [["bpm", "Tempo"], ["key", "Key"], ["genre", "Genre"], ["comment", "Comment"]] as const;
const SHOWN = 8; // files of the preview

/** Writes what was found into the files' own tags: previewed first, and undone if need be. */
export function WriteDialog({ audioIds, onClose }: { audioIds: readonly string[]; onClose: () => void }) {
  const [tags, setTags] = useState<readonly string[]>(["bpm", "key"]);
  const [preview, setPreview] = useState<PreviewWriteResponse>();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const say = useToast();

  useEffect(() => {
    const leave = new AbortController();
    setPreview(undefined);
    setProblem(tags.length ? "" : "Choose what is to be written.");
    if (!tags.length) return;
    library.previewWrite({ requestId: requestId(), plan: { query: {}, audioIds: [...audioIds], tags: [...tags] } }, { signal: leave.signal }).then(
      setPreview,
      (thrown: unknown) => leave.signal.aborted || setProblem(refusalOf(thrown).message),
    );
    return () => leave.abort();
  }, [tags, audioIds.join(" ")]);

  const undo = async (writeId: string) => {
    const { done, failed } = await library.undoWrite({ requestId: requestId(), writeId });
    say({ tone: failed.length ? "warn" : "ok", children: `${count(done, "file is", "files are")} as before${failed.length ? `; ${failed.length} changed since` : ""}` });
  };
  const write = async () => {
    if (!preview) return;
    setBusy(true);
    try {
      const { done, failed } = await library.applyWrite({ requestId: requestId(), writeId: preview.writeId });
      say({ tone: failed.length ? "warn" : "ok", children: `Tags written to ${count(done, "file")}${failed.length ? `, not to ${failed.length}` : ""}`, act: { label: "Undo", do: () => void undo(preview.writeId) } });
      onClose();
    } catch (thrown) {
      setProblem(refusalOf(thrown).message);
    }
    setBusy(false);
  };
  const toggle = (tag: string) => setTags(tags.includes(tag) ? tags.filter((one) => one !== tag) : [...tags, tag]);
  const total = Number(preview?.total ?? 0n);
  return (
    <Dialog title={`Write tags into ${count(audioIds.length, "file")}`} onClose={onClose} {...(total > 0 && { act: `Write ${formatNumber(total)}`, busy, onAct: () => void write() })}>
      <div className="flex gap-4 pb-3 text-text">
        {TAGS.map(([tag, name]) => <span key={tag} className="flex items-center gap-2"><Checkbox label={name} checked={tags.includes(tag)} onCheck={() => toggle(tag)} />{name}</span>)}
      </div>
      {problem && <p role="alert" className="text-bad">{problem}</p>}
      {!preview && !problem && <p>Looking at the files …</p>}
      {preview && !total && !preview.refused && <p>Nothing would change. Only files in watch folders are written, and what was found without a doubt.</p>}
      <ul className="max-h-60 overflow-auto">{preview?.changes.slice(0, SHOWN).map((change) => <Change key={change.audioId} change={change} />)}</ul>
      {preview && preview.changes.length > SHOWN && <p className="pt-1">and {formatNumber(Number(preview.total + preview.refused) - SHOWN)} more</p>}
    </Dialog>
  );
}

function Change({ change }: { change: FileChange }) {
  return (
    <li className="border-t border-line py-1.5 text-label">
      <span className="block truncate text-text">{change.path}</span>
      {change.problem ? <span className="text-bad">{change.problem.message}</span> : change.tags.map((tag) => <span key={tag.field} className="mr-3">{tag.field}: {tag.before || "nothing"} → <span className="text-text">{tag.after}</span></span>)}
    </li>
  );
}

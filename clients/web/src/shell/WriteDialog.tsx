import { useEffect, useState } from "react";

import { library, requestId } from "../api/client";
import { refusalOf } from "../api/refusal";
import { Checkbox } from "../blocks/Checkbox";
import { Dialog } from "../blocks/Dialog";
import { useToast, type ToastProps } from "../blocks/Toast";
import type { FileChange, PreviewWriteResponse } from "../generated/samplemind/v1/library_pb";
import { count, formatNumber } from "../text/number";

const TAGS = [["bpm", "Tempo"], ["key", "Key"], ["genre", "Genre"], ["comment", "Comment"]] as const;
const SHOWN = 8; // files of the preview

/** Writes what was found into the files' own tags: previewed first, and undone if need be. */
export function WriteDialog({ audioIds, onClose }: { audioIds: readonly string[]; onClose: () => void }) {
  const [tags, setTags] = useState<readonly string[]>(["bpm", "key"]);
  const [busy, setBusy] = useState(false);
  const { preview, problem, fail } = usePreview(audioIds, tags);
  const say = useToast();
  const write = async (writeId: string) => {
    setBusy(true);
    await apply(writeId, say).then(onClose, fail);
    setBusy(false);
  };
  const toggle = (tag: string) => setTags(tags.includes(tag) ? tags.filter((one) => one !== tag) : [...tags, tag]);
  const act = preview && preview.total > 0n && { act: `Write ${formatNumber(Number(preview.total))}`, busy, onAct: () => void write(preview.writeId) };
  return (
    <Dialog title={`Write tags into ${count(audioIds.length, "file")}`} onClose={onClose} {...act}>
      <div className="flex gap-4 pb-3 text-text">
        {TAGS.map(([tag, name]) => <span key={tag} className="flex items-center gap-2"><Checkbox label={name} checked={tags.includes(tag)} onCheck={() => toggle(tag)} />{name}</span>)}
      </div>
      {problem ? <p role="alert" className="text-bad">{problem}</p> : preview ? <Preview preview={preview} /> : <p>Looking at the files …</p>}
    </Dialog>
  );
}

/** What would be written, asked for anew whenever other tags are chosen. */
function usePreview(audioIds: readonly string[], tags: readonly string[]) {
  const [state, setState] = useState<{ preview?: PreviewWriteResponse; problem?: string }>({});
  const fail = (thrown: unknown) => setState({ problem: refusalOf(thrown).message });
  const ids = audioIds.join(" ");
  useEffect(() => {
    const leave = new AbortController();
    setState(tags.length ? {} : { problem: "Choose what is to be written." });
    if (!tags.length) return;
    const plan = { query: {}, audioIds: ids.split(" "), tags: [...tags] };
    library.previewWrite({ requestId: requestId(), plan }, { signal: leave.signal }).then(
      (preview) => setState({ preview }),
      (thrown: unknown) => leave.signal.aborted || fail(thrown),
    );
    return () => leave.abort();
  }, [tags, ids]);
  return { ...state, fail };
}

type Say = (toast: ToastProps) => void;

async function apply(writeId: string, say: Say): Promise<void> {
  const { done, failed } = await library.applyWrite({ requestId: requestId(), writeId });
  const not = failed.length ? `, not to ${failed.length}` : "";
  say({ tone: not ? "warn" : "ok", children: `Tags written to ${count(done, "file")}${not}`, act: { label: "Undo", do: () => void undo(writeId, say) } });
}

async function undo(writeId: string, say: Say): Promise<void> {
  try {
    const { done, failed } = await library.undoWrite({ requestId: requestId(), writeId });
    const not = failed.length ? `; ${failed.length} changed since` : "";
    say({ tone: not ? "warn" : "ok", children: `${count(done, "file is", "files are")} as before${not}` });
  } catch (thrown) {
    say({ tone: "bad", children: refusalOf(thrown).message });
  }
}

function Preview({ preview: { changes, total, refused } }: { preview: PreviewWriteResponse }) {
  const more = Number(total + refused) - SHOWN;
  if (!total && !refused) return <p>Nothing would change. Only files in watch folders are written, and what was found without a doubt.</p>;
  return (
    <>
      <ul className="max-h-60 overflow-auto">{changes.slice(0, SHOWN).map((change) => <Change key={change.audioId} change={change} />)}</ul>
      {more > 0 && <p className="pt-1">and {formatNumber(more)} more</p>}
    </>
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

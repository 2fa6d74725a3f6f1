import { Pencil, RefreshCw, Tag, Trash2, X } from "lucide-react";
import { useState } from "react";

import { analysis, requestId } from "../../api/client";
import { refusalOf } from "../../api/refusal";
import { correct, remove } from "../../api/useAudio";
import { wordsIn } from "../../api/value";
import { Button } from "../../blocks/Button";
import { Dialog } from "../../blocks/Dialog";
import { Input } from "../../blocks/Input";
import { useToast } from "../../blocks/Toast";
import type { Found } from "../../generated/samplemind/v1/library_pb";
import { WriteDialog } from "../../shell/WriteDialog";
import { count, formatBytes, formatNumber } from "../../text/number";
import { read } from "./sounds";

interface BulkBarProps {
  sounds: readonly Found[];
  onDone: () => void;
  onClear: () => void;
}

/** What can be done with the selected sounds; it floats over the end of the table. */
export function BulkBar({ sounds, onDone, onClear }: BulkBarProps) {
  const [asked, ask] = useState<"delete" | "tag" | "write">();
  const [busy, setBusy] = useState(false);
  const say = useToast();
  const seconds = sounds.reduce((sum, one) => sum + (one.audio?.media?.durationSeconds ?? 0), 0);
  const bytes = sounds.reduce((sum, one) => sum + Number(one.audio?.sizeBytes ?? 0n), 0);
  const ids = sounds.map((one) => one.audio?.id ?? "");

  const run = async (what: string, deed: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await deed();
      say({ tone: "ok", children: `${what} ${count(sounds.length, "sound")}` });
      onDone();
    } catch (thrown) {
      say({ tone: "bad", children: refusalOf(thrown).message });
    }
    setBusy(false);
    ask(undefined);
  };
  const again = () => run("Queued", async () => {
    for (const audioId of ids) await analysis.reanalyze({ audioId, requestId: requestId(), everything: true });
  });
  const tag = (words: string) => run("Tagged", () => correct(...sounds.map((sound) => tagged(sound, words))));
  const drop = () => run("Deleted", async () => {
    const { failed, why } = await remove(ids);
    onClear();
    if (failed) throw why;
  });

  return (
    <div className="glass absolute bottom-4 left-1/2 z-20 flex max-w-[calc(100%-32px)] -translate-x-1/2 animate-rise items-center gap-2 rounded-card py-2 pr-2 pl-4 text-cell whitespace-nowrap shadow-2xl shadow-black/70" role="toolbar" aria-label="Selected sounds">
      <b className="font-semibold">{formatNumber(sounds.length)} selected</b>
      <span className="mr-2 text-dim max-desk:hidden">{formatNumber(seconds, 2)} s, {formatBytes(bytes)}</span>
      <Button size="small" busy={busy} onClick={() => void again()}><RefreshCw className="size-3.5" aria-hidden /><span className="max-desk:hidden">Analyse again</span></Button>
      <Button size="small" onClick={() => ask("tag")}><Tag className="size-3.5" aria-hidden /><span className="max-desk:hidden">Tag</span></Button>
      <Button size="small" onClick={() => ask("write")}><Pencil className="size-3.5" aria-hidden /><span className="max-desk:hidden">Write tags</span></Button>
      <Button size="small" kind="danger" onClick={() => ask("delete")}><Trash2 className="size-3.5" aria-hidden />Delete</Button>
      <Button size="small" kind="quiet" square aria-label="Select none" onClick={onClear}><X className="size-4" aria-hidden /></Button>
      {asked === "delete" && (
        <Dialog title={`Delete ${count(sounds.length, "sound")}?`} act={`Delete ${sounds.length}`} kind="danger" busy={busy} onAct={() => void drop()} onClose={() => ask(undefined)}>
          Their analyses and your corrections go too. Files in your watch folders stay where they are.
        </Dialog>
      )}
      {asked === "write" && <WriteDialog audioIds={ids} onClose={() => ask(undefined)} />}
      {asked === "tag" && <TagDialog many={sounds.length} busy={busy} onTag={(words) => void tag(words)} onClose={() => ask(undefined)} />}
    </div>
  );
}

function tagged(sound: Found, words: string) {
  const all = new Set([...wordsIn(read(sound).get("tags.words")?.value), ...words.split(",").map((word) => word.trim()).filter(Boolean)]);
  const value = { kind: { case: "texts" as const, value: { values: [...all].slice(0, 50) } } };
  return { audioId: sound.audio?.id ?? "", name: "tags.words", change: { case: "value" as const, value } };
}

function TagDialog({ many, busy, onTag, onClose }: { many: number; busy: boolean; onTag: (words: string) => void; onClose: () => void }) {
  const [words, setWords] = useState("");
  return (
    <Dialog title={`Tag ${count(many, "sound")}`} act={`Tag ${many}`} busy={busy} onAct={() => words.trim() && onTag(words)} onClose={onClose}>
      <Input label="Words, with commas between them" value={words} onChange={(event) => setWords(event.target.value)} autoFocus />
      <p className="pt-2 text-label">They are added to the tags that are there; from then on those tags are yours.</p>
    </Dialog>
  );
}

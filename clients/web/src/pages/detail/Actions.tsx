import { Download, Pencil, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";

import { analysis, audio as audios, audioAddress, requestId } from "../../api/client";
import { refusalOf } from "../../api/refusal";
import { Button, buttonLook } from "../../blocks/Button";
import { classes } from "../../blocks/classes";
import { Dialog } from "../../blocks/Dialog";
import { Input } from "../../blocks/Input";
import { useToast } from "../../blocks/Toast";
import type { Audio } from "../../generated/samplemind/v1/audio_pb";
import { WriteDialog } from "../../shell/WriteDialog";

/** What can be done with a sound as a whole. */
export function Actions({ audio }: { audio: Audio }) {
  const [asked, ask] = useState<"delete" | "rename" | "write">();
  const [busy, setBusy] = useState(false);
  const [, go] = useLocation();
  const say = useToast();
  const run = async (deed: () => Promise<unknown>, done: string) => {
    setBusy(true);
    try {
      await deed();
      say({ tone: "ok", children: done });
      ask(undefined);
    } catch (thrown) {
      say({ tone: "bad", children: refusalOf(thrown).message });
    }
    setBusy(false);
  };
  const id = { requestId: requestId(), audioId: audio.id };
  const drop = () => run(async () => (await audios.delete(id), go("/library")), `Deleted ${audio.name}`);
  const rename = (name: string) => run(() => audios.update({ ...id, name }), `Renamed to ${name}`);
  const again = () => run(() => analysis.reanalyze({ ...id, everything: true }), "Queued for a new analysis");
  return (
    <div className="flex gap-2">
      <a href={audioAddress(audio.id)} download={audio.name} className={classes(buttonLook("primary"), "flex-1")}><Download className="size-4" aria-hidden />Download</a>
      {audio.folderId ? (
        <Button className="flex-1" onClick={() => ask("write")}><Pencil className="size-4" aria-hidden />Write tags</Button>
      ) : (
        <Button className="flex-1" onClick={() => ask("rename")}><Pencil className="size-4" aria-hidden />Rename</Button>
      )}
      <Button square aria-label="Analyse again" title="Analyse again" busy={busy} onClick={() => void again()}>{!busy && <RefreshCw className="size-4" aria-hidden />}</Button>
      <Button square kind="danger" aria-label="Delete" title="Delete" onClick={() => ask("delete")}><Trash2 className="size-4" aria-hidden /></Button>
      {asked === "delete" && (
        <Dialog title="Delete this sound?" act="Delete 1" kind="danger" busy={busy} onAct={() => void drop()} onClose={() => ask(undefined)}>
          Its analysis and your corrections go too. A file in a watch folder stays where it is.
        </Dialog>
      )}
      {asked === "write" && <WriteDialog audioIds={[audio.id]} onClose={() => ask(undefined)} />}
      {asked === "rename" && <Rename name={audio.name} busy={busy} onRename={(name) => void rename(name)} onClose={() => ask(undefined)} />}
    </div>
  );
}

function Rename({ name, busy, onRename, onClose }: { name: string; busy: boolean; onRename: (name: string) => void; onClose: () => void }) {
  const [text, setText] = useState(name);
  return (
    <Dialog title="Rename" act="Rename" busy={busy} onAct={() => text.trim() && onRename(text.trim())} onClose={onClose}>
      <Input label="Name" value={text} maxLength={255} onChange={(event) => setText(event.target.value)} autoFocus />
    </Dialog>
  );
}

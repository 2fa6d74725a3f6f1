import { useCallback, useState } from "react";

import { requestId, watches } from "../../api/client";
import { useDeed } from "../../api/useDeed";
import { Dialog } from "../../blocks/Dialog";
import { Input } from "../../blocks/Input";
import { Switch } from "../../blocks/Switch";
import { useToast } from "../../blocks/Toast";
import type { Folder } from "../../generated/samplemind/v1/watch_pb";
import { folderName } from "../../shell/Rail";
import { whyAt, whyElse } from "../../text/why";
import { faultsOf, FIELDS, formOf, NEW_FOLDER, requestOf, TAGS, tagWord, type FolderForm } from "./folder";

interface FolderDialogProps {
  /** The one to change; without one a folder is added. */
  folder?: Folder;
  onClose: () => void;
  onSaved: () => void;
}

/** What is taken from a folder, and what is written into its files by itself. */
export function FolderDialog({ folder, onClose, onSaved }: FolderDialogProps) {
  const [form, setForm] = useState(folder ? formOf(folder) : NEW_FOLDER);
  const [tried, setTried] = useState(false);
  const saving = useSaving(folder, () => (onSaved(), onClose()));
  const own = faultsOf(form);
  const faultAt = (field: "path" | "include" | "ignore" | "template") => (tried ? own[field] : undefined) ?? whyAt(saving.refusal, field);
  const other = whyElse(saving.refusal, "path", "include", "ignore", "template");
  const put = (change: Partial<FolderForm>) => setForm((last) => ({ ...last, ...change }));
  const save = () => (setTried(true), Object.keys(own).length || void saving.do(form));
  const text = (field: "path" | "include" | "ignore" | "template") => ({ value: form[field], error: faultAt(field), onChange: (event: { target: { value: string } }) => put({ [field]: event.target.value }) });
  return (
    <Dialog title={folder ? `Change ${folderName(folder)}` : "Watch a folder"} act={folder ? "Save" : "Watch 1 folder"} busy={saving.busy} onAct={save} onClose={onClose}>
      <div className="-mx-2 flex max-h-[60dvh] flex-col gap-3 overflow-auto px-2 [scrollbar-width:thin]">
        {folder ? <p className="break-all">{folder.path}</p> : <Input label="Its full path on the daemon's machine" placeholder="/home/ada/Samples" required autoFocus {...text("path")} />}
        <Choice label="Folders below it too" on={form.below} onSwitch={(below) => put({ below })} />
        <Input label="Take names like (all known audio endings if empty)" placeholder="*.wav, *.flac" {...text("include")} />
        <Input label="Leave out names like" placeholder="*-old.*, Bounces/*" {...text("ignore")} />
        <h3 className="pt-2">By itself, after analysis</h3>
        {TAGS.map((tag) => <Choice key={tag} label={`Write ${tagWord(tag)} into the file's tags`} on={form.tags.includes(tag)} onSwitch={(on) => put({ tags: TAGS.filter((one) => (one === tag ? on : form.tags.includes(one))) })} />)}
        <Choice label="Lay NAME.samplemind.json beside the file" on={form.sidecar} onSwitch={(sidecar) => put({ sidecar })} />
        <Input label="Move the file to, below the folder (nowhere if empty)" placeholder="{kind}/{bpm} {key} {name}" {...text("template")} />
        <p className="text-label">Fields: {FIELDS.map((field) => `{${field}}`).join(" ")}. Only what was found without a doubt is written, from now on, and each write can be undone.</p>
        {other && <p role="alert" className="text-label text-bad">{other}</p>}
      </div>
    </Dialog>
  );
}

function useSaving(folder: Folder | undefined, done: () => void) {
  const say = useToast();
  return useDeed(
    useCallback(
      async (form: FolderForm) => {
        const what = { ...requestOf(form), requestId: requestId() };
        if (folder) await watches.update({ ...what, folderId: folder.id });
        else await watches.create({ ...what, path: form.path.trim() });
        say({ tone: "ok", children: folder ? `${folderName(folder)} is changed` : `Watching ${form.path.trim()}` });
        done();
      },
      [folder, done, say],
    ),
  );
}

function Choice({ label, on, onSwitch }: { label: string; on: boolean; onSwitch: (on: boolean) => void }) {
  return (
    <div className="flex items-center gap-3 text-text">
      <Switch label={label} on={on} onSwitch={onSwitch} />
      <span aria-hidden>{label}</span>
    </div>
  );
}

import { useState, type FormEvent } from "react";

import { isYours, textIn, wordsIn, type Findings } from "../../api/value";
import { Button } from "../../blocks/Button";
import { Input } from "../../blocks/Input";
import { Select } from "../../blocks/Select";
import { shown } from "../../text/descriptors";
import type { Correcting } from "./useCorrecting";

const NAMES: Record<string, string> = {
  "tempo.bpm": "Tempo", "key.key": "Key", "key.root_note": "Root note", "meter.signature": "Meter", "kind.label": "Kind",
  "oneshot.label": "One-shot class", "genre.labels": "Genre", "mood.labels": "Mood", "instruments.labels": "Instruments", "tags.words": "Tags",
};

/** What the user said, each with what was heard and a way back; and the tags, to be changed. */
export function Corrections({ findings, correcting }: { findings: Findings; correcting: Correcting }) {
  const yours = Object.keys(NAMES).flatMap((name) => findings.get(name) ?? []).filter(isYours);
  return (
    <section>
      <div className="flex items-baseline pb-2"><h2>Your corrections</h2><span className="ml-auto text-label text-dim">kept on re-analysis</span></div>
      <ul className="flex flex-col gap-2">
        {yours.map((found) => {
          const heard = found.candidates[0]?.value;
          return (
            <li key={found.name} className="border-l-2 border-purple py-0.5 pl-3">
              <div className="text-cell">
                <span className="text-purple-text">{NAMES[found.name]}</span>: {shown(found, found.value).join(" ")}{" "}
                {heard && <span className="text-dim">heard: {shown(found, heard).join(" ")}</span>}
              </div>
              <button type="button" disabled={correcting.busy} onClick={() => correcting.undo(found.name)} className="text-label text-blue-text hover:underline">Undo</button>
            </li>
          );
        })}
        {!yours.length && <li className="text-label text-dim">None: everything is as it was heard.</li>}
      </ul>
      <Kinds findings={findings} correcting={correcting} />
      <Tags words={wordsIn(findings.get("tags.words")?.value)} correcting={correcting} />
    </section>
  );
}

const KINDS = ["song", "loop", "one-shot", "speech", "silence"].map((value) => ({ value, label: value }));
const METERS = ["4/4", "3/4", "6/8", "2/4"].map((value) => ({ value, label: value }));

function Kinds({ findings, correcting }: { findings: Findings; correcting: Correcting }) {
  const [kind, meter] = [textIn(findings.get("kind.label")?.value), textIn(findings.get("meter.signature")?.value)];
  const say = (name: string) => (value: string) => correcting.set(name, { case: "text", value });
  return (
    <div className="grid grid-cols-2 gap-2 pt-3">
      <Select titled label="Kind" choices={KINDS} value={kind ?? ""} disabled={correcting.busy} onChoose={say("kind.label")} />
      <Select titled label="Meter" choices={METERS} value={meter ?? ""} disabled={correcting.busy} onChoose={say("meter.signature")} />
    </div>
  );
}

function Tags({ words, correcting }: { words: readonly string[]; correcting: Correcting }) {
  const [open, setOpen] = useState(false);
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const written = String(new FormData(event.currentTarget).get("tags")).split(",").map((word) => word.trim()).filter(Boolean);
    correcting.set("tags.words", { case: "texts", value: { $typeName: "samplemind.v1.Texts", values: written } });
    setOpen(false);
  };
  if (!open) return <Button size="small" className="mt-3" onClick={() => setOpen(true)}>Edit tags</Button>;
  return (
    <form onSubmit={save} className="flex items-end gap-2 pt-3">
      <Input label="Tags, with commas between them" name="tags" defaultValue={words.join(", ")} autoFocus className="flex-1" />
      <Button type="submit" kind="primary" busy={correcting.busy}>Save</Button>
      <Button onClick={() => setOpen(false)}>Cancel</Button>
    </form>
  );
}

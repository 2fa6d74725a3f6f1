import { FileAudio, Mic, MonitorSpeaker, Square } from "lucide-react";
import { useRef, useState } from "react";

import { Button } from "../../blocks/Button";
import { Card } from "../../blocks/Card";
import { classes } from "../../blocks/classes";
import { Input } from "../../blocks/Input";
import { Switch } from "../../blocks/Switch";
import { Tabs } from "../../blocks/Tabs";
import type { Choice } from "./source";
import type { LiveState } from "./useLive";

const SOURCES = [
  { value: "microphone", label: "Microphone", act: "Listen to the microphone", Icon: Mic, note: "As it is: without what browsers do to voices." },
  { value: "tab", label: "Another tab", act: "Choose a tab", Icon: MonitorSpeaker, note: "The browser asks which one; have its sound shared too." },
  { value: "file", label: "A file", act: "Choose a file", Icon: FileAudio, note: "It is played aloud, and heard while it plays." },
] as const;

interface ControlsProps {
  state: LiveState;
  onStart: (choice: Choice, keepAs: string | undefined) => void;
  onFinish: () => void;
  /** How it stands, at the end of the line. */
  children: React.ReactNode;
}

/** Chooses where the sound comes from and whether it is kept; starts and finishes. */
export function Controls({ state, onStart, onFinish, children }: ControlsProps) {
  const [from, setFrom] = useState<Choice["from"]>("microphone");
  const [keep, setKeep] = useState(false);
  const [name, setName] = useState("take.wav");
  const files = useRef<HTMLInputElement>(null);
  const idle = state === "idle";
  const { act, Icon, note } = SOURCES.find((one) => one.value === from)!;
  const start = (choice: Choice) => onStart(choice, keep ? name.trim() || "take.wav" : undefined);
  const take = (input: HTMLInputElement) => {
    const file = input.files?.[0];
    input.value = "";
    if (file) start({ from: "file", file });
  };
  return (
    <Card className={classes("flex flex-col gap-4 p-4", state === "hearing" && "glow")}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Tabs segments label="Where the sound comes from" tabs={SOURCES.map(({ value, label }) => ({ value, label, disabled: !idle }))} value={from} onChoose={setFrom} />
        <span className="text-label text-dim">{note}</span>
      </div>
      <div className="flex flex-wrap items-center gap-4">
        {state === "hearing" ? (
          <Button size="large" kind="primary" onClick={onFinish}><Square className="size-4 fill-current" aria-hidden />Finish</Button>
        ) : (
          <Button size="large" kind="primary" busy={!idle} onClick={() => (from === "file" ? files.current?.click() : start({ from }))}><Icon className="size-4" aria-hidden />{act}</Button>
        )}
        <input ref={files} type="file" accept="audio/*" hidden aria-label="File" onChange={(event) => take(event.currentTarget)} />
        <span className="flex items-center gap-2 text-cell"><Switch label="Keep what is heard" on={keep} disabled={!idle} onSwitch={setKeep} />Keep it as</span>
        <Input aria-label="Name" value={name} maxLength={255} disabled={!keep || !idle} onChange={(event) => setName(event.target.value)} className="w-48" />
        {children}
      </div>
    </Card>
  );
}

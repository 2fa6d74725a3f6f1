import { Search } from "lucide-react";
import { useState } from "react";

import { Button } from "../../blocks/Button";
import { Card, CardHead, Skeleton } from "../../blocks/Card";
import { Input } from "../../blocks/Input";
import { Options, Select } from "../../blocks/Select";
import { Sheet, State } from "./Sheet";

/** Blocks 1 to 4: what is pressed, held and filled in. */
export function Controls() {
  return (
    <>
      <Sheet title="1 Button">
        {(["rest", "hover", "focus", "disabled", "loading"] as const).map((state) => <Buttons key={state} state={state} />)}
      </Sheet>
      <Sheet title="2 Card"><Cards /></Sheet>
      <Sheet title="3 Input">
        <State name="rest"><Input aria-label="Search" placeholder="Search" icon={<Search className="size-4 shrink-0" aria-hidden />} end={<kbd>/</kbd>} /></State>
        <State name="hover"><Input aria-label="Tempo" defaultValue="124.0" unit="BPM" data-show="hover" /></State>
        <State name="focus"><Input aria-label="Tempo" defaultValue="128.0" unit="BPM" data-show="focus" /></State>
        <State name="error"><Input aria-label="Window" defaultValue="0.5" unit="s" error="Window must be from 1.0 to 12.0 s" /></State>
        <State name="disabled"><Input aria-label="Rate" defaultValue="44,100" unit="Hz" disabled /></State>
      </Sheet>
      <Sheet title="4 Select"><Selects /></Sheet>
    </>
  );
}

function Buttons({ state }: { state: "rest" | "hover" | "focus" | "disabled" | "loading" }) {
  const face = { "data-show": state, disabled: state === "disabled", busy: state === "loading" };
  return (
    <State name={state}>
      <div className="flex flex-wrap gap-2">
        <Button kind="primary" {...face}>Analyse</Button>
        <Button {...face}>Tag</Button>
        <Button kind="quiet" {...face} busy={false}>Clear</Button>
        <Button kind="danger" {...face} busy={false}>Delete</Button>
      </div>
    </State>
  );
}

function Cards() {
  const text = "px-4 pb-4 text-label text-dim";
  return (
    <div className="grid grid-cols-2 gap-3">
      <Card><CardHead title="Rest" /><p className={text}>One surface, one hairline.</p></Card>
      <Card data-show="focus"><CardHead title="Focus" /><p className={text}>Only if it is a link.</p></Card>
      <Card aria-busy>
        <CardHead title="Loading" />
        <div className="flex flex-col gap-2 px-4 pb-4"><Skeleton /><Skeleton className="w-3/5" /></div>
      </Card>
      <Card bad><CardHead title="Error" /><p className={text}><span className="text-bad">Mood failed.</span> <a className="text-blue-text underline" href="#again">Try again</a></p></Card>
      <Card glass className="col-span-2">
        <CardHead title="Glass"><span className="text-label text-dim">floating only: bulk bar, dialog, menu</span></CardHead>
      </Card>
    </div>
  );
}

const NOTATIONS = [
  { value: "camelot", label: "Camelot", note: "8A" },
  { value: "musical", label: "Musical", note: "A minor" },
  { value: "open", label: "Open Key", note: "1m" },
] as const;

function Selects() {
  const [notation, setNotation] = useState<string>("camelot");
  const face = { label: "Notation", choices: NOTATIONS, value: notation, onChoose: setNotation };
  return (
    <>
      <State name="rest"><Select {...face} /></State>
      <State name="focus"><Select {...face} data-show="focus" /></State>
      <State name="disabled"><Select {...face} disabled /></State>
      <State name="open"><Options id="shown" label="Notation" choices={NOTATIONS} chosen={0} at={0} onChoose={(index) => setNotation(NOTATIONS[index]?.value ?? "")} /></State>
    </>
  );
}

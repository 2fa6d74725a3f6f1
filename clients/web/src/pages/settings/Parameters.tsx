import { useState } from "react";

import { plugins as service, requestId } from "../../api/client";
import { Button } from "../../blocks/Button";
import { Input } from "../../blocks/Input";
import { Select } from "../../blocks/Select";
import { Switch } from "../../blocks/Switch";
import type { Analyzer, Parameter } from "../../generated/samplemind/v1/plugin_pb";
import { faultOf, jsonOf, textOf } from "./parameter";
import { useAct } from "./useAct";

interface ParametersProps {
  analyzer: Analyzer;
  mayChange: boolean;
  onSaved: () => void;
}

/** The parameters of an analyzer; what is out of its bounds is said in place. */
export function Parameters({ analyzer, mayChange, onSaved }: ParametersProps) {
  const [changes, setChanges] = useState<Record<string, string>>({});
  const { busy, act } = useAct();
  const faults = analyzer.parameters.filter((one) => changes[one.name] !== undefined && faultOf(one, changes[one.name]!));
  const changed = Object.keys(changes).length;
  const save = async () => {
    const values = analyzer.parameters.flatMap((one) => (changes[one.name] === undefined ? [] : [[one.name, jsonOf(one, changes[one.name]!)]]));
    const saved = await act(() => service.configure({ requestId: requestId(), analyzer: analyzer.name, valuesJson: Object.fromEntries(values) }), `${analyzer.name} is set`);
    if (saved) (setChanges({}), onSaved());
  };
  const reset = () =>
    act(() => service.configure({ requestId: requestId(), analyzer: analyzer.name, valuesJson: Object.fromEntries(analyzer.parameters.map((one) => [one.name, "null"])) }), "Back to the defaults").then(() => (setChanges({}), onSaved()));
  return (
    <div className="px-4 pt-3 pb-4">
      <div className="pb-2"><h3 className="inline">{analyzer.name} {analyzer.version}</h3> <span className="text-label text-dim">{analyzer.description}</span></div>
      {analyzer.problem && <p className="pb-2 text-label text-bad">{analyzer.problem}</p>}
      {!analyzer.parameters.length && <p className="text-label text-dim">It has no parameters.</p>}
      {analyzer.parameters.map((one) => (
        <div key={one.name} className="grid min-h-10 grid-cols-[minmax(0,1fr)_minmax(0,176px)] items-center gap-4 border-t border-line py-1.5 text-cell" title={one.help}>
          <span><span className="block">{one.name.replaceAll("_", " ")}</span><span className="block text-label text-dim">{one.help}</span></span>
          <Field parameter={one} text={changes[one.name] ?? textOf(one)} disabled={!mayChange} onChange={(text) => setChanges((all) => ({ ...all, [one.name]: text }))} />
        </div>
      ))}
      {mayChange && analyzer.parameters.length > 0 && (
        <div className="flex gap-2 pt-3">
          <Button kind="primary" size="small" busy={busy} disabled={!changed || faults.length > 0} onClick={() => void save()}>Save</Button>
          <Button size="small" kind="quiet" disabled={!changed} onClick={() => setChanges({})}>Leave as it was</Button>
          <Button size="small" kind="quiet" className="ml-auto" onClick={() => void reset()}>Defaults</Button>
        </div>
      )}
    </div>
  );
}

interface FieldProps {
  parameter: Parameter;
  text: string;
  disabled: boolean;
  onChange: (text: string) => void;
}

function Field({ parameter, text, disabled, onChange }: FieldProps) {
  if (parameter.type === "bool") return <span className="justify-self-end"><Switch label={parameter.name} on={text === "true"} disabled={disabled} onSwitch={(on) => onChange(String(on))} /></span>;
  if (parameter.choices.length) {
    const choices = parameter.choices.map((value) => ({ value, label: value }));
    return <Select label={parameter.name} choices={choices} value={text} disabled={disabled} onChoose={onChange} />;
  }
  return <Input aria-label={parameter.name} value={text} unit={parameter.unit} disabled={disabled} error={faultOf(parameter, text)} onChange={(event) => onChange(event.target.value)} />;
}

import { useState } from "react";

import { plugins as service, requestId } from "../../api/client";
import { refusalOf, type SampleMindError } from "../../api/refusal";
import { Button } from "../../blocks/Button";
import { useToast } from "../../blocks/Toast";
import type { Analyzer, Parameter } from "../../generated/samplemind/v1/plugin_pb";
import { count } from "../../text/number";
import { whyAt, whyElse } from "../../text/why";
import { faultOf, jsonOf, textOf } from "./parameter";
import { Field } from "./ParameterField";

interface ParametersProps {
  analyzer: Analyzer;
  mayChange: boolean;
  /** How many sounds have results of analyzers. */
  sounds: number;
  onSaved: () => void;
}

const fieldOf = ({ name }: Parameter) => `values_json.${name}`;

/** The parameters of an analyzer; what is out of its bounds is said in place. */
export function Parameters({ analyzer, mayChange, sounds, onSaved }: ParametersProps) {
  const [changes, setChanges] = useState<Record<string, string>>({});
  const { busy, refusal, configure } = useConfigure(analyzer.name, () => (setChanges({}), onSaved()));
  const { parameters, problem } = analyzer;
  const [summary, ...rest] = analyzer.description.split("\n\n");
  const changed = parameters.filter((one) => changes[one.name] !== undefined && changes[one.name] !== textOf(one));
  const ready = changed.length > 0 && !changed.some((one) => faultOf(one, changes[one.name]!));
  const save = () => void configure(Object.fromEntries(changed.map((one) => [one.name, jsonOf(one, changes[one.name]!)])), `${analyzer.name} is set`);
  const reset = () => void configure(Object.fromEntries(parameters.map((one) => [one.name, "null"])), `${analyzer.name} is as it came`);
  const other = whyElse(refusal, ...parameters.map(fieldOf));
  const isDefault = parameters.every((one) => one.valueJson === one.defaultJson);
  return (
    <div className="min-w-0 px-4 pt-3 pb-4">
      <div className="pb-2" title={rest.join("\n\n")}><h3 className="inline">{analyzer.name} {analyzer.version}</h3> <span className="text-label text-dim">{summary}</span></div>
      {problem && <p className="pb-2 text-label break-words text-bad">Left out: {problem}</p>}
      {!parameters.length && <p className="text-label text-dim">It has no parameters.</p>}
      {parameters.map((one) => <Field key={one.name} parameter={one} text={changes[one.name] ?? textOf(one)} fault={whyAt(refusal, fieldOf(one))} disabled={!mayChange} onChange={(text) => setChanges((all) => ({ ...all, [one.name]: text }))} />)}
      {other && <p role="alert" className="pt-2 text-label text-bad">{other}</p>}
      {mayChange && parameters.length > 0 && (
        <div className="flex flex-wrap items-center justify-end gap-2 border-t border-line pt-3">
          <span role="status" className="mr-auto text-label text-dim">{changed.length > 0 && `Results of up to ${count(sounds, "sound")} go stale`}</span>
          <Button size="small" kind="quiet" disabled={!changed.length} onClick={() => setChanges({})}>Leave as it was</Button>
          <Button size="small" kind="quiet" disabled={isDefault} onClick={reset}>Defaults</Button>
          <Button size="small" kind="primary" busy={busy} disabled={!ready} onClick={save}>Save</Button>
        </div>
      )}
    </div>
  );
}

function useConfigure(analyzer: string, done: () => void) {
  const say = useToast();
  const [{ busy, refusal }, setState] = useState<{ busy: boolean; refusal?: SampleMindError }>({ busy: false });
  const configure = async (valuesJson: Record<string, string>, saying: string) => {
    setState({ busy: true });
    try {
      await service.configure({ requestId: requestId(), analyzer, valuesJson });
      setState({ busy: false });
      say({ tone: "ok", children: saying });
      done();
    } catch (thrown) {
      setState({ busy: false, refusal: refusalOf(thrown) });
    }
  };
  return { busy, refusal, configure };
}

import { Input } from "../../blocks/Input";
import { Select } from "../../blocks/Select";
import { Switch } from "../../blocks/Switch";
import type { Parameter } from "../../generated/samplemind/v1/plugin_pb";
import { faultOf, stepOf, textOf } from "./parameter";

interface FieldProps {
  parameter: Parameter;
  text: string;
  /** What the daemon had against it. */
  fault: string | undefined;
  disabled: boolean;
  onChange: (text: string) => void;
}

/** A parameter with its name, what it does, and the control that its declaration asks for. */
export function Field({ parameter, ...rest }: FieldProps) {
  const { name, help, type, valueJson, defaultJson } = parameter;
  const usual = textOf({ type, valueJson: defaultJson });
  const told = [help, valueJson !== defaultJson && usual && `${usual} when nothing is set`].filter(Boolean).join(". ");
  const wide = type === "File" || (type === "str" && !parameter.choices.length);
  return (
    <div className={`grid min-h-10 items-center gap-x-4 gap-y-1 border-t border-line py-1.5 text-cell ${wide ? "" : "grid-cols-[minmax(0,1fr)_minmax(0,232px)]"}`}>
      <span><span className="block first-letter:uppercase">{name.replaceAll("_", " ")}</span><span className="block text-label text-dim">{told}</span></span>
      <Control parameter={parameter} {...rest} />
    </div>
  );
}

function Control({ parameter, text, fault, disabled, onChange }: FieldProps) {
  const { name, type, choices, unit, low, high } = parameter;
  if (type === "bool") return <span className="justify-self-end"><Switch label={name} on={text === "true"} disabled={disabled} onSwitch={(on) => onChange(String(on))} /></span>;
  if (choices.length) return <Select label={name} choices={choices.map((value) => ({ value, label: value }))} value={text} disabled={disabled} onChoose={onChange} />;
  const error = faultOf(parameter, text) ?? fault;
  const field = <Input aria-label={name} value={text} unit={unit} disabled={disabled} error={error} placeholder={type === "File" ? "none" : undefined} onChange={(event) => onChange(event.target.value)} className="flex-1" />;
  if (low === undefined || high === undefined) return field;
  return (
    <div className="flex min-w-0 items-start gap-3">
      <input type="range" aria-label={`${name}, slider`} min={low} max={high} step={stepOf(parameter)} value={Number(text) || low} disabled={disabled} onChange={(event) => onChange(event.target.value)} className="mt-3.5 h-1 w-28 min-w-0 shrink accent-blue disabled:opacity-45" />
      {field}
    </div>
  );
}

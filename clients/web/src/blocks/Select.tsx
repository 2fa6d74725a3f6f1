import { Check, ChevronDown } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";

import { classes } from "./classes";

export interface Choice<T extends string> {
  value: T;
  label: string;
  /** Stands at the end of the line. */
  note?: string;
}

interface SelectProps<T extends string> {
  label: string;
  choices: readonly Choice<T>[];
  value: T;
  onChoose: (value: T) => void;
  disabled?: boolean;
  /** Shows the label above; else it is only read out. */
  titled?: boolean;
  className?: string;
  "data-show"?: "hover" | "focus";
}

/** One of a few. Arrows move, Enter chooses, Escape leaves it as it was. */
export function Select<T extends string>(props: SelectProps<T>) {
  const { label, choices, value, onChoose, disabled, titled, className } = props;
  const id = useId();
  const [at, setAt] = useState<number | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const open = at !== null;
  const chosen = choices.findIndex((choice) => choice.value === value);

  useEffect(() => {
    if (!open) return;
    const leave = (event: Event) => box.current?.contains(event.target as Node) || setAt(null);
    document.addEventListener("pointerdown", leave);
    return () => document.removeEventListener("pointerdown", leave);
  }, [open]);

  const choose = (index: number) => {
    const choice = choices[index];
    setAt(null);
    if (choice && choice.value !== value) onChoose(choice.value);
  };
  const press = (event: KeyboardEvent) => {
    const last = choices.length - 1;
    const next = { ArrowDown: Math.min(last, (at ?? chosen - 1) + 1), ArrowUp: Math.max(0, (at ?? chosen + 1) - 1), Home: 0, End: last }[event.key];
    if (next !== undefined) setAt(open ? next : Math.max(0, chosen));
    else if (open && (event.key === "Enter" || event.key === " ")) choose(at);
    else if (open && event.key === "Escape") setAt(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div ref={box} className={classes("relative flex min-w-0 flex-col gap-1", className)}>
      {titled && <span className="text-label text-dim" aria-hidden>{label}</span>}
      <button
        type="button"
        role="combobox"
        aria-label={label}
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-activedescendant={open ? `${id}-${at}` : undefined}
        disabled={disabled}
        data-show={props["data-show"]}
        onClick={() => setAt(open ? null : Math.max(0, chosen))}
        onKeyDown={press}
        onBlur={() => setAt(null)}
        className="flex h-8 w-full items-center gap-2 rounded-control border border-line-2 bg-well px-2.5 text-left text-cell whitespace-nowrap transition-colors hover:border-line-3 disabled:cursor-not-allowed disabled:opacity-45"
      >
        <span className="truncate">{choices[chosen]?.label ?? label}</span>
        <ChevronDown className="ml-auto size-4 shrink-0 text-dim" aria-hidden />
      </button>
      {open && (
        <div className="absolute top-full right-0 left-0 z-30 mt-1 min-w-max">
          <Options id={id} label={label} choices={choices} chosen={chosen} at={at} onChoose={choose} />
        </div>
      )}
    </div>
  );
}

interface OptionsProps {
  id: string;
  label: string;
  choices: readonly Choice<string>[];
  chosen: number;
  at: number;
  onChoose: (index: number) => void;
}

/** The list of a select that is open. */
export function Options({ id, label, choices, chosen, at, onChoose }: OptionsProps) {
  return (
    <ul id={`${id}-list`} role="listbox" aria-label={label} className="glass relative max-h-80 overflow-auto rounded-card p-1">
      {choices.map((choice, index) => (
        <li
          key={choice.value}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          // Before the button loses focus, which would close the list.
          onPointerDown={(event) => (event.preventDefault(), onChoose(index))}
          className={classes("flex h-8 cursor-pointer items-center gap-2 rounded-tiny px-2 text-cell hover:bg-line", index === at && "bg-chosen")}
        >
          <Check className={classes("size-4 shrink-0", index !== chosen && "invisible")} aria-hidden />
          {choice.label}
          {choice.note && <span className="ml-auto pl-4 text-dim">{choice.note}</span>}
        </li>
      ))}
    </ul>
  );
}

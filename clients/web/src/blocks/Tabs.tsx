import { useRef, type KeyboardEvent } from "react";

import { classes } from "./classes";

export interface Tab<T extends string> {
  value: T;
  label: string;
  disabled?: boolean;
}

interface TabsProps<T extends string> {
  label: string;
  tabs: readonly Tab<T>[];
  value: T;
  onChoose: (value: T) => void;
  /** A row of segments in a box, for small choices. */
  segments?: boolean;
  className?: string;
}

/** Shows one of several things. Arrows move between them. */
export function Tabs<T extends string>({ label, tabs, value, onChoose, segments, className }: TabsProps<T>) {
  const row = useRef<HTMLDivElement>(null);
  const press = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const open = tabs.filter((tab) => !tab.disabled);
    const next = open[(open.findIndex((tab) => tab.value === value) + step + open.length) % open.length];
    if (!next) return;
    event.preventDefault();
    onChoose(next.value);
    row.current?.querySelector<HTMLElement>(`[data-tab="${CSS.escape(next.value)}"]`)?.focus();
  };
  return (
    <div
      ref={row}
      role="tablist"
      aria-label={label}
      onKeyDown={press}
      className={classes(segments ? "inline-flex rounded-control border border-line bg-well p-0.5" : "flex gap-1 border-b border-line", className)}
    >
      {tabs.map((tab) => (
        <button
          key={tab.value}
          type="button"
          role="tab"
          data-tab={tab.value}
          aria-selected={tab.value === value}
          tabIndex={tab.value === value ? 0 : -1}
          disabled={tab.disabled}
          onClick={() => onChoose(tab.value)}
          className={classes(
            "text-dim transition-colors hover:text-text disabled:opacity-45 aria-selected:text-text",
            segments ? "h-6 rounded-tiny px-2.5 text-label aria-selected:bg-lifted" : UNDERLINED,
          )}
        >
          {tab.label}
        </button>
      ))}
    </div>
  );
}

const UNDERLINED =
  "relative h-10 px-3 text-cell aria-selected:font-medium after:absolute after:inset-x-3 after:bottom-0 after:h-0.5 after:rounded-full aria-selected:after:bg-blue";

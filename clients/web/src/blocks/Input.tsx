import { useId, type InputHTMLAttributes, type ReactNode, type Ref } from "react";

import { classes } from "./classes";

interface InputProps extends InputHTMLAttributes<HTMLInputElement> {
  /** Stands above; without one give an aria-label. */
  label?: string;
  /** Stands behind the value. */
  unit?: string;
  /** Stands before the value. */
  icon?: ReactNode;
  /** Stands at the end, such as a key that leads here. */
  end?: ReactNode;
  /** What is wrong, in a sentence. */
  error?: string | undefined;
  ref?: Ref<HTMLInputElement>;
  "data-show"?: "hover" | "focus";
}

/** A line of text or a number. */
export function Input({ label, unit, icon, end, error, className, "data-show": show, ...rest }: InputProps) {
  const id = useId();
  const edge = error ? "border-bad" : "border-line-2 hover:border-line-3";
  return (
    <div className={classes("flex min-w-0 flex-col gap-1", className)}>
      {label && <label htmlFor={id} className="text-label text-dim">{label}</label>}
      <span
        data-show={show}
        className={classes(
          "flex h-8 items-center gap-2 rounded-control border bg-well px-2.5 text-cell transition-colors",
          "focus-within:border-transparent focus-within:outline-2 focus-within:outline-blue-text",
          edge,
          rest.disabled && "opacity-45",
        )}
      >
        {icon}
        <input
          id={id}
          {...rest}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-error` : undefined}
          className="w-full min-w-0 bg-transparent outline-none focus-visible:outline-none"
        />
        {unit && <label htmlFor={id} className="text-label text-dim">{unit}</label>}
        {end}
      </span>
      {error && <span id={`${id}-error`} role="alert" className="text-label text-bad">{error}</span>}
    </div>
  );
}

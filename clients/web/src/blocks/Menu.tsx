import { useEffect, useRef, useState, type ReactNode } from "react";

import { buttonLook, type ButtonKind } from "./Button";
import { classes } from "./classes";

interface MenuProps {
  /** What its button says. */
  label: ReactNode;
  kind?: ButtonKind;
  id?: string;
  /** At which end of the button it hangs. */
  end?: boolean;
  className?: string;
  /** What floats below, given how to close it. */
  children: (close: () => void) => ReactNode;
}

/** A button with a glass panel below it; Escape and a click elsewhere close it. */
export function Menu({ label, kind = "quiet", id, end, className, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const leave = (event: Event) => box.current?.contains(event.target as Node) || setOpen(false);
    document.addEventListener("pointerdown", leave);
    return () => document.removeEventListener("pointerdown", leave);
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div ref={box} className={classes("relative", className)} onKeyDown={(event) => event.key === "Escape" && open && (event.stopPropagation(), close())}>
      <button ref={button} id={id} type="button" aria-expanded={open} onClick={() => setOpen(!open)} className={buttonLook(kind, "small")}>{label}</button>
      {open && <div className={classes("glass absolute top-full z-20 mt-2 min-w-44 animate-rise rounded-card p-2", end ? "right-0" : "left-0")}>{children(close)}</div>}
    </div>
  );
}

/** A line of a menu that does something. */
export function MenuItem({ onPick, children }: { onPick: () => void; children: ReactNode }) {
  return <button type="button" onClick={onPick} className="flex h-8 w-full items-center gap-2 rounded-tiny px-2 text-left text-cell whitespace-nowrap transition-colors hover:bg-line">{children}</button>;
}

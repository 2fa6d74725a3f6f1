import { LoaderCircle } from "lucide-react";
import type { ButtonHTMLAttributes } from "react";

import { classes } from "./classes";

export type ButtonKind = "primary" | "plain" | "quiet" | "danger";
export type ButtonSize = "small" | "medium" | "large";

const KINDS: Record<ButtonKind, string> = {
  primary: "bg-blue-fill border-transparent text-white hover:bg-blue-deep hover:border-blue-text",
  plain: "bg-raised border-line-2 hover:bg-lifted hover:border-line-3",
  quiet: "border-transparent hover:bg-line",
  danger: "text-bad border-bad/40 hover:bg-bad/15 hover:border-bad",
};
const SIZES: Record<ButtonSize, [words: string, square: string]> = {
  small: ["h-6 px-2 text-label gap-1.5", "size-6 text-label"],
  medium: ["h-8 px-3 text-cell gap-2", "size-8"],
  large: ["h-10 px-4 text-body gap-2", "size-10"],
};

/** How a button looks, for links that act like one. */
export function buttonLook(kind: ButtonKind = "plain", size: ButtonSize = "medium", square = false): string {
  return classes(
    "touch inline-flex shrink-0 items-center justify-center rounded-control border font-medium whitespace-nowrap",
    "transition-[background-color,border-color,transform] active:scale-98 motion-reduce:active:scale-100",
    "disabled:opacity-45 disabled:cursor-not-allowed",
    KINDS[kind],
    SIZES[size][square ? 1 : 0],
  );
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: ButtonKind;
  size?: ButtonSize;
  /** As wide as high, for a picture alone: give it an aria-label. */
  square?: boolean;
  /** At work: it keeps its words and cannot be pressed again. */
  busy?: boolean;
}

/** Does something here and now. */
export function Button({ kind, size, square, busy = false, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      onClick={busy ? undefined : onClick}
      className={classes(buttonLook(kind, size, square), className)}
    >
      {busy && <LoaderCircle className="size-4 animate-spin" aria-hidden />}
      {children}
    </button>
  );
}

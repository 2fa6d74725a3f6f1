import { useEffect, useId, useRef, type ReactNode } from "react";

import { Button, type ButtonKind } from "./Button";
import { classes } from "./classes";

interface DialogProps {
  title: string;
  /** The act and its size, as in "Delete 3"; without one there is nothing to do but close. */
  act?: string;
  kind?: ButtonKind;
  busy?: boolean;
  onAct?: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before something is done. Focus begins on Cancel, Escape closes. */
export function Dialog({ onClose, ...face }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      onClose={onClose}
      onKeyDown={(event) => event.stopPropagation()}
      className="m-auto w-[min(440px,calc(100vw-32px))] animate-rise overflow-visible bg-transparent whitespace-normal text-text backdrop:bg-black/60"
    >
      <DialogFace {...face} onClose={() => dialog.current?.close()} />
    </dialog>
  );
}

/** What a dialog looks like. */
export function DialogFace({ title, act, kind = "primary", busy, onAct, onClose, children }: DialogProps) {
  const id = useId();
  return (
    <form
      aria-labelledby={id}
      onSubmit={(event) => (event.preventDefault(), onAct?.())}
      className="glass relative flex flex-col gap-4 rounded-dialog p-6 shadow-2xl shadow-black/60"
    >
      <h2 id={id} className="text-lead">{title}</h2>
      <div className="text-cell text-dim">{children}</div>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose} autoFocus>{act ? "Cancel" : "Close"} <kbd>Esc</kbd></Button>
        {act && <Button type="submit" kind={kind} busy={busy ?? false} className={classes(!onAct && "pointer-events-none")}>{act}</Button>}
      </div>
    </form>
  );
}

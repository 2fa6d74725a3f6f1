import { LoaderCircle } from "lucide-react";
import { createContext, use, useCallback, useMemo, useState, type ReactNode } from "react";

import { Button } from "./Button";
import { classes } from "./classes";

export type ToastTone = "ok" | "warn" | "bad";

export interface ToastProps {
  tone: ToastTone;
  children: ReactNode;
  /** What can be done about it. */
  act?: { label: string; do: () => void };
  busy?: boolean;
}

const EDGES: Record<ToastTone, string> = { ok: "border-l-ok", warn: "border-l-warn", bad: "border-l-bad" };

/** One thing that happened, with what can be done about it. */
export function Toast({ tone, children, act, busy }: ToastProps) {
  return (
    <div
      role={tone === "bad" ? "alert" : "status"}
      className={classes(
        "flex animate-rise items-center gap-3 rounded-card border border-l-3 border-line-2 bg-raised py-3 pr-3 pl-4 text-cell shadow-xl shadow-black/50",
        EDGES[tone],
      )}
    >
      <span className="min-w-0 flex-1 break-words">{children}</span>
      {busy && <LoaderCircle className="size-4 animate-spin" aria-label="working" />}
      {act && <Button size="small" kind={tone === "ok" ? "quiet" : "plain"} onClick={act.do}>{act.label}</Button>}
    </div>
  );
}

type Say = (toast: ToastProps) => void;
const Saying = createContext<Say>(() => undefined);
const SHOWN_MS = 6000;
const MOST = 3;

/** Shows what useToast says, at most three at a time. */
export function Toasts({ children, standing }: { children: ReactNode; standing?: ReactNode }) {
  const [toasts, setToasts] = useState<(ToastProps & { id: number })[]>([]);
  const say = useCallback<Say>((toast) => {
    const id = Math.random();
    const drop = () => setToasts((all) => all.filter((one) => one.id !== id));
    const act = toast.act && { label: toast.act.label, do: () => (drop(), toast.act?.do()) };
    setToasts((all) => [...all.slice(1 - MOST), { ...toast, id, ...(act && { act }) }]);
    setTimeout(drop, SHOWN_MS);
  }, []);
  const shown = useMemo(() => toasts.map(({ id, ...toast }) => <Toast key={id} {...toast} />), [toasts]);
  return (
    <Saying value={say}>
      {children}
      <div className="pointer-events-none fixed right-4 bottom-20 left-4 z-40 flex flex-col gap-2 *:pointer-events-auto max-desk:bottom-32 desk:left-auto desk:w-96">
        {standing}
        {shown}
      </div>
    </Saying>
  );
}

/** Says something that happened; it goes away by itself. */
export function useToast(): Say {
  return use(Saying);
}

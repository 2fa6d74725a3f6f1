import type { KeyboardEvent } from "react";
import { useLocation } from "wouter";

import { refusalOf } from "../../api/refusal";
import { correct } from "../../api/useAudio";
import { useToast, type ToastProps } from "../../blocks/Toast";
import type { Found } from "../../generated/samplemind/v1/library_pb";
import { keyOf, nameOf } from "./sounds";

/** Keys that do something with the row of the cursor; those that move are the table's own. */
export function useRowDeeds(row: Found | undefined): (event: KeyboardEvent) => void {
  const say = useToast();
  const [, go] = useLocation();
  return (event) => {
    if (!row || (event.target as HTMLElement).role !== "grid" || event.ctrlKey || event.metaKey || event.altKey) return;
    const deeds: Record<string, () => void> = {
      "[": () => void scaleTempo(row, 0.5, say),
      "]": () => void scaleTempo(row, 2, say),
      s: () => go(`/sounds/${keyOf(row)}#similar`),
      f: () => document.getElementById("add-filter")?.focus(),
    };
    const deed = deeds[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  };
}

async function scaleTempo(row: Found, factor: number, say: (toast: ToastProps) => void): Promise<void> {
  const change = { audioId: keyOf(row), name: "tempo.bpm" };
  const undo = () => void correct({ ...change, change: { case: "undo", value: true } }).catch(() => undefined);
  try {
    await correct({ ...change, change: { case: "factor", value: factor } });
    say({ tone: "ok", children: `Tempo ${factor === 2 ? "doubled" : "halved"}: ${nameOf(row)}`, act: { label: "Undo", do: undo } });
  } catch (thrown) {
    say({ tone: "bad", children: refusalOf(thrown).message });
  }
}

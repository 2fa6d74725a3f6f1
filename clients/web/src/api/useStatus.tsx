import { createContext, use, useCallback, type ReactNode } from "react";

import type { GetStatusResponse } from "../generated/samplemind/v1/status_pb";
import type { Folder } from "../generated/samplemind/v1/watch_pb";
import { status, watches } from "./client";
import { useAsked, useRefresh, type Asked } from "./useAsked";

const Standing = createContext<{ status: Asked<GetStatusResponse>; folders: Asked<Folder[]> } | undefined>(undefined);

/** Keeps how the daemon and its watch folders are for everything inside of it. */
export function StatusProvider({ children }: { children: ReactNode }) {
  const asked = useAsked(useCallback((signal: AbortSignal) => status.getStatus({}, { signal }), []));
  const folders = useAsked(useCallback(async (signal: AbortSignal) => (await watches.list({}, { signal })).folders, []));
  useRefresh(["audio."], asked.again);
  useRefresh(["folder.", "audio."], folders.again); // what a folder holds, and what is left to take in
  return <Standing value={{ status: asked, folders }}>{children}</Standing>;
}

/** How the daemon and the user's work are. */
export function useStatus(): { status: Asked<GetStatusResponse>; folders: Asked<Folder[]> } {
  const standing = use(Standing);
  if (!standing) throw new Error("useStatus needs a StatusProvider around it");
  return standing;
}

/** How many sounds there are in a state, or in all. */
export function soundsIn(answer: GetStatusResponse | undefined, ...states: string[]): number {
  const counted = answer?.audios.filter((one) => !states.length || states.includes(one.state)) ?? [];
  return counted.reduce((sum, one) => sum + Number(one.count), 0);
}

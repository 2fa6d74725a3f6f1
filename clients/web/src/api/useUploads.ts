import { useSyncExternalStore } from "react";

import { Uploads, type Sending } from "./uploads";

/** The files on their way; they go on while other pages are shown. */
export const uploads = new Uploads();

/** The files of this session on their way, and how many of them are not there yet. */
export function useUploads(): { list: readonly Sending[]; open: number } {
  const list = useSyncExternalStore(uploads.listen, uploads.current);
  const open = list.filter((one) => ["waiting", "reading", "sending", "paused"].includes(one.state)).length;
  return { list, open };
}

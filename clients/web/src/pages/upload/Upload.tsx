import { useCallback, useEffect, useState } from "react";

import { status } from "../../api/client";
import { useAsked } from "../../api/useAsked";
import { uploads, useUploads } from "../../api/useUploads";
import type { Sending, SendingState } from "../../api/uploads";
import { Button } from "../../blocks/Button";
import { Card, CardHead, Empty } from "../../blocks/Card";
import { useToast } from "../../blocks/Toast";
import { Shell } from "../../shell/Shell";
import { count } from "../../text/number";
import { DropZone } from "./DropZone";
import { UploadRow } from "./UploadRow";

const SHOWN = 200; // rows; the others wait in line unseen

/** Sends files and follows them until they are analysed. */
export default function Upload() {
  const { list, open } = useUploads();
  const [all, setAll] = useState(false);
  const say = useToast();
  const info = useAsked(useCallback((signal: AbortSignal) => status.getInfo({}, { signal }), []));
  useEffect(() => {
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    if (open) window.addEventListener("beforeunload", stay); // what is on its way would stop
    return () => window.removeEventListener("beforeunload", stay);
  }, [open > 0]);
  const most = info.answer && Number(info.answer.maxUploadBytes);
  const add = (files: File[]) => {
    const left = uploads.add(files, most);
    if (left) say({ tone: "warn", children: `${count(left, "file")} more than 5,000: add them when these are done.` });
  };
  const paused = list.some((one) => one.state === "paused");
  const each = (states: readonly SendingState[], deed: (id: string) => void) => list.filter((one) => states.includes(one.state)).forEach((one) => deed(one.id));
  return (
    <Shell title="Uploads">
      <div className="flex flex-col gap-4">
        <DropZone most={most} onFiles={add} />
        <Card>
          <CardHead title="This session" note={inWords(list)}>
            {open > 0 && !paused && <Button size="small" onClick={() => each(["sending", "reading", "waiting"], (id) => uploads.hold(id))}>Pause all</Button>}
            {paused && <Button size="small" onClick={() => each(["paused"], (id) => uploads.go(id))}>Go on</Button>}
            <Button size="small" kind="quiet" disabled={list.length === open} onClick={() => uploads.clear()}>Clear finished</Button>
          </CardHead>
          {!list.length && <Empty className="m-4 mt-0">Nothing was sent in this session. What you drop above goes on while you look at other pages.</Empty>}
          <ul>{(all ? list : list.slice(0, SHOWN)).map((sending) => <UploadRow key={sending.id} sending={sending} />)}</ul>
          {list.length > SHOWN && !all && <div className="p-4 text-center"><Button onClick={() => setAll(true)}>Show all {count(list.length, "file")}</Button></div>}
        </Card>
      </div>
    </Shell>
  );
}

const WORDS: [SendingState, string][] = [["kept", "sent"], ["sending", "uploading"], ["reading", "being read"], ["waiting", "waiting"], ["paused", "paused"], ["known", "already here"], ["refused", "refused"]];

/** "8 files: 2 sent, 1 uploading, 1 refused" */
export function inWords(list: readonly Pick<Sending, "state">[]): string {
  if (!list.length) return "";
  const counts = WORDS.map(([state, word]) => [list.filter((one) => one.state === state).length, word] as const);
  return `${count(list.length, "file")}: ${counts.filter(([many]) => many).map(([many, word]) => `${many} ${word}`).join(", ")}`;
}

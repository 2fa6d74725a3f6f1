import { useState } from "react";

import { Badge, Missing, Status } from "../../blocks/Badge";
import { Button } from "../../blocks/Button";
import { Confidence } from "../../blocks/Confidence";
import { Dialog, DialogFace } from "../../blocks/Dialog";
import { KeyName } from "../../blocks/KeyName";
import { ProgressBar } from "../../blocks/ProgressBar";
import { Toast } from "../../blocks/Toast";
import { keyOf } from "../../sound/keys";
import { Sheet, State } from "./Sheet";

const DIALOG = { title: "Delete 3 sounds?", act: "Delete 3", kind: "danger" } as const;
const WARNING = "Their analyses and your 2 corrections go too. The files in your watch folders stay where they are.";

/** Blocks 5 to 8: what answers. */
export function Feedback() {
  const [asked, setAsked] = useState(false);
  return (
    <>
      <Sheet title="5 Dialog">
        <div inert><DialogFace {...DIALOG} onClose={() => undefined}>{WARNING}</DialogFace></div>
        <span className="text-label text-dim">
          Focus starts on Cancel; the button names the act and its size. <Button size="small" onClick={() => setAsked(true)}>Ask</Button>
        </span>
        {asked && <Dialog {...DIALOG} onAct={() => setAsked(false)} onClose={() => setAsked(false)}>{WARNING}</Dialog>}
      </Sheet>
      <Sheet title="6 Toast">
        <Toast tone="ok" act={{ label: "Undo", do: () => undefined }}>Tags written to 3 files</Toast>
        <Toast tone="warn" busy>Reconnecting, attempt 2 of 5</Toast>
        <Toast tone="bad" act={{ label: "Retry", do: () => undefined }}>Export stopped: the disk is full</Toast>
      </Sheet>
      <Sheet title="7 ProgressBar" half>
        <State name="upload"><ProgressBar label="Upload" value={0.62} /></State>
        <State name="resumed"><ProgressBar label="Upload" value={0.62} kept={0.4} /></State>
        <State name="analysis"><ProgressBar label="Analysis" value={0.45} tone="live" /></State>
        <State name="unknown"><ProgressBar label="Waiting" /></State>
        <State name="done"><ProgressBar label="Upload" value={1} tone="done" /></State>
        <State name="failed"><ProgressBar label="Upload" value={0.31} tone="failed" /></State>
      </Sheet>
      <Sheet title="8 Badge" half><Badges /></Sheet>
    </>
  );
}

function Badges() {
  const row = "flex flex-wrap items-center gap-x-3 gap-y-1";
  return (
    <>
      <State name="kind"><div className={row}>{["loop", "one-shot", "song"].map((kind) => <Badge key={kind}>{kind}</Badge>)}</div></State>
      <State name="status">
        <div className={row}>
          <Status tone="dim" hollow>queued</Status>
          <Status tone="live">processing</Status>
          <Status tone="ok">completed</Status>
          <Status tone="warn" hollow>low confidence</Status>
          <Status tone="bad">failed</Status>
          <Status tone="dim">cancelled</Status>
        </div>
      </State>
      <State name="yours"><Badge yours>layer with pads</Badge></State>
      <State name="key"><div className={row}>{["8A", "9A", "4A", "11B"].map((hour) => <KeyName key={hour} camelot={hour} name={keyOf(hour)} />)}</div></State>
      <State name="confidence"><div className={row}><Confidence value={0.97} /><Confidence value={0.48} /><Missing>not applicable: one-shot</Missing></div></State>
    </>
  );
}

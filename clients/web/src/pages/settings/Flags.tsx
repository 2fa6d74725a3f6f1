import { useCallback, useState } from "react";

import { flags as service, requestId } from "../../api/client";
import { useAuth } from "../../api/useAuth";
import { useAsked } from "../../api/useAsked";
import { Status } from "../../blocks/Badge";
import { Button } from "../../blocks/Button";
import { Select } from "../../blocks/Select";
import { Switch } from "../../blocks/Switch";
import { Audience, type Flag } from "../../generated/samplemind/v1/flag_pb";
import { Fault } from "../../shell/Fault";
import { count } from "../../text/number";
import { AUDIENCES, audienceName, type AudienceName } from "./flag";
import { FlagDialog } from "./FlagDialog";
import { NotYours, Section } from "./Section";
import { Share } from "./Share";
import { useAct } from "./useAct";

const MOST = 1000; // in one answer

const listFlags = async (signal: AbortSignal) => (await service.list({ pageSize: MOST }, { signal })).flags;
const listMine = async (signal: AbortSignal) => Object.entries((await service.evaluate({}, { signal })).enabled).sort(([a], [b]) => a.localeCompare(b));

/** Features that are switched while the daemon runs: the owner sets them, everybody else sees what they are for them. */
export function Flags() {
  return useAuth().isOwner ? <AllFlags /> : <MyFlags />;
}

function AllFlags() {
  const found = useAsked(useCallback(listFlags, []));
  return (
    <Section id="flags" title="Feature flags" note="A change counts from the next call on, and is kept with who made it. A share is always the same users.">
      {found.refusal && <Fault refusal={found.refusal} again={found.again} />}
      <ul>{found.answer?.map((flag) => <FlagRow key={flag.name} flag={flag} onChange={found.again} />)}</ul>
    </Section>
  );
}

function MyFlags() {
  const found = useAsked(useCallback(listMine, []));
  return (
    <Section id="flags" title="Features" note="What is switched on for you.">
      {found.refusal && <Fault refusal={found.refusal} again={found.again} />}
      <NotYours>The owner of this daemon sets for whom a feature is on.</NotYours>
      <ul className="grid gap-x-4 border-t border-line px-4 py-2 text-cell desk:grid-cols-3">
        {found.answer?.map(([name, on]) => <li key={name} className="flex h-8 items-center justify-between gap-2">{name.replaceAll("-", " ")}<Status tone={on ? "ok" : "dim"} hollow={!on}>{on ? "on" : "off"}</Status></li>)}
      </ul>
    </Section>
  );
}

const FIRST_SHARE = 10; // percent, where a share is chosen and none was set before

function FlagRow({ flag, onChange }: { flag: Flag; onChange: () => void }) {
  const { act } = useAct();
  const [open, setOpen] = useState(false);
  const { name, purpose, percent, overrides } = flag;
  const audience = audienceName(flag.audience);
  const set = async (next: AudienceName, share = 0) => {
    const done = await act(() => service.set({ requestId: requestId(), name, audience: Audience[next], percent: share }));
    onChange();
    return done;
  };
  const choose = (next: AudienceName) => void set(next, next === "SHARE" ? percent || FIRST_SHARE : 0);
  return (
    <li className="grid min-h-12 grid-cols-[32px_minmax(0,1fr)_148px] items-center gap-x-4 border-t border-line px-4 py-1 text-cell first:border-0 desk:grid-cols-[32px_minmax(0,1fr)_160px_minmax(96px,200px)_96px]">
      <Switch label={name} on={audience !== "NOBODY"} onSwitch={(on) => choose(on ? "ALL" : "NOBODY")} />
      <div className="min-w-0"><div className="truncate font-medium">{name}</div><div className="truncate text-label text-dim" title={purpose}>{purpose}</div></div>
      <Select label={`${name} is on for`} choices={AUDIENCES} value={audience} onChoose={choose} />
      <div className="items-center justify-between gap-4 max-desk:col-span-2 max-desk:col-start-2 max-desk:flex desk:contents">
        <div className="min-w-0 flex-1">{audience === "SHARE" && <Share label={`Share of users with ${name}, percent`} percent={percent} onSet={(share) => set("SHARE", share)} />}</div>
        <Button size="small" kind="quiet" aria-label={`Exceptions and changes of ${name}`} className="justify-self-end" onClick={() => setOpen(true)}>{overrides ? count(overrides, "exception") : "Details"}</Button>
      </div>
      {open && <FlagDialog flag={flag} onChange={onChange} onClose={() => setOpen(false)} />}
    </li>
  );
}

import { useCallback } from "react";

import { flags as service, requestId } from "../../api/client";
import { useAsked } from "../../api/useAsked";
import { Select } from "../../blocks/Select";
import { Switch } from "../../blocks/Switch";
import { Audience, type Flag } from "../../generated/samplemind/v1/flag_pb";
import { count } from "../../text/number";
import { Section } from "./Section";
import { useAct } from "./useAct";

const AUDIENCES = [
  { value: "ALL", label: "all users" },
  { value: "BETA", label: "beta users" },
  { value: "PREMIUM", label: "premium users" },
  { value: "SHARE", label: "a share of users" },
  { value: "NOBODY", label: "nobody" },
] as const;
type AudienceName = (typeof AUDIENCES)[number]["value"];

/** Features that are switched while the daemon runs, for all or for some. */
export function Flags() {
  const found = useAsked(useCallback(async (signal: AbortSignal) => (await service.list({}, { signal })).flags, []));
  return (
    <Section id="flags" title="Feature flags" note="A change counts from the next call on, and is kept with who made it.">
      <ul>{found.answer?.map((flag) => <FlagRow key={flag.name} flag={flag} onChange={found.again} />)}</ul>
    </Section>
  );
}

function FlagRow({ flag, onChange }: { flag: Flag; onChange: () => void }) {
  const { act } = useAct();
  const audience = (Audience[flag.audience] ?? "ALL") as AudienceName;
  const set = (next: AudienceName, percent = flag.percent) => void act(() => service.set({ requestId: requestId(), name: flag.name, audience: Audience[next], percent: next === "SHARE" ? percent : 0 })).then(onChange);
  const share = audience === "SHARE";
  return (
    <li className="grid min-h-12 grid-cols-[32px_minmax(0,1fr)_148px] items-center gap-4 border-t border-line px-4 py-1 text-cell first:border-0 desk:grid-cols-[32px_minmax(0,1fr)_160px_minmax(96px,200px)_40px_88px]">
      <Switch label={flag.name} on={audience !== "NOBODY"} onSwitch={(on) => set(on ? "ALL" : "NOBODY")} />
      <div className="min-w-0"><div className="truncate font-medium">{flag.name}</div><div className="truncate text-label text-dim" title={flag.purpose}>{flag.purpose}</div></div>
      <Select label={`${flag.name} is on for`} choices={AUDIENCES} value={audience} onChoose={(next) => set(next, next === "SHARE" ? flag.percent || 10 : 0)} />
      <input
        key={flag.percent}
        type="range"
        aria-label={`Share of users with ${flag.name}, percent`}
        min={0}
        max={100}
        defaultValue={share ? flag.percent : audience === "ALL" ? 100 : 0}
        disabled={!share}
        onPointerUp={(event) => set("SHARE", Number(event.currentTarget.value))}
        onKeyUp={(event) => set("SHARE", Number(event.currentTarget.value))}
        className="h-1 accent-blue disabled:opacity-45 max-desk:hidden"
      />
      <span className="text-right text-dim max-desk:hidden">{share && `${flag.percent} %`}</span>
      <span className="text-right text-label text-dim max-desk:hidden">{flag.overrides ? count(flag.overrides, "exception") : ""}</span>
    </li>
  );
}

import { X } from "lucide-react";
import { useCallback, useState } from "react";

import { flags as service, requestId } from "../../api/client";
import { refusalOf, type SampleMindError } from "../../api/refusal";
import { useAuth } from "../../api/useAuth";
import { useAsked } from "../../api/useAsked";
import { Button } from "../../blocks/Button";
import { Dialog } from "../../blocks/Dialog";
import { Input } from "../../blocks/Input";
import { Switch } from "../../blocks/Switch";
import type { Flag, FlagOverride } from "../../generated/samplemind/v1/flag_pb";
import { Fault } from "../../shell/Fault";
import { formatAgo } from "../../text/time";
import { whyOf } from "../../text/why";
import { changeInWords, whoIs } from "./flag";

interface FlagDialogProps {
  flag: Flag;
  onChange: () => void;
  onClose: () => void;
}

/** For whom a flag is set by name, and who changed it when. */
export function FlagDialog({ flag: { name, purpose }, onChange, onClose }: FlagDialogProps) {
  const { who } = useAuth();
  const found = useAsked(useCallback((signal: AbortSignal) => service.get({ name }, { signal }), [name]));
  const { refusal, set } = useOverrides(name, () => (found.again(), onChange()));
  const { overrides = [], changes = [] } = found.answer ?? {};
  const nameOf = (id: string) => whoIs(id, who.name === "somebody" ? who.user : { id: "" }, overrides);
  return (
    <Dialog title={name} onClose={onClose}>
      <p>{purpose}</p>
      {found.refusal && <Fault refusal={found.refusal} again={found.again} />}
      <h3 className="pt-4 pb-1 text-text">Exceptions, whatever it is for all</h3>
      <ul className="max-h-40 overflow-auto [scrollbar-width:thin]">
        {found.answer && !overrides.length && <li>None.</li>}
        {overrides.map((one) => <Override key={one.userId} one={one} onSet={(on) => void set(one.email || one.userId, on)} />)}
      </ul>
      <NewOverride onSet={set} fault={refusal && whyOf(refusal)} />
      <h3 className="pt-4 pb-1 text-text">Changes, the last one first</h3>
      <ul className="flex max-h-40 flex-col gap-1 overflow-auto text-label [scrollbar-width:thin]">
        {found.answer && !changes.length && <li>It is as it came.</li>}
        {changes.map((one, index) => <li key={index}><span className="text-text first-letter:uppercase">{changeInWords(one, nameOf)}</span>, by {nameOf(one.authorId)} {formatAgo(one.at)}</li>)}
      </ul>
    </Dialog>
  );
}

function Override({ one, onSet }: { one: FlagOverride; onSet: (on: boolean | undefined) => void }) {
  return (
    <li className="flex min-h-9 items-center gap-3">
      <Switch label={`On for ${one.email}`} on={one.enabled} onSwitch={onSet} />
      <span className="min-w-0 flex-1 truncate text-text">{one.email || one.userId}</span>
      <Button size="small" kind="quiet" square aria-label={`No exception for ${one.email}`} onClick={() => onSet(undefined)}><X className="size-3.5" aria-hidden /></Button>
    </li>
  );
}

interface NewOverrideProps {
  onSet: (user: string, on: boolean) => Promise<boolean>;
  fault: string | undefined;
}

function NewOverride({ onSet, fault }: NewOverrideProps) {
  const [email, setEmail] = useState("");
  const add = async (on: boolean) => email.trim() && (await onSet(email.trim(), on)) && setEmail("");
  return (
    <div className="flex items-end gap-2 pt-2">
      <Input label="E-mail address of a user" type="email" value={email} error={fault} onChange={(event) => setEmail(event.target.value)} className="flex-1" />
      <Button className="self-start mt-5" onClick={() => void add(true)}>On</Button>
      <Button className="self-start mt-5" onClick={() => void add(false)}>Off</Button>
    </div>
  );
}

function useOverrides(name: string, done: () => void) {
  const [refusal, setRefusal] = useState<SampleMindError>();
  const set = async (user: string, enabled: boolean | undefined) => {
    setRefusal(undefined);
    const whom = { requestId: requestId(), name, user };
    try {
      await (enabled === undefined ? service.clearOverride(whom) : service.setOverride({ ...whom, enabled }));
      done();
      return true;
    } catch (thrown) {
      setRefusal(refusalOf(thrown));
      return false;
    }
  };
  return { refusal, set };
}

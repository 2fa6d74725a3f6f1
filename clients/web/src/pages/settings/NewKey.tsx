import { Check, Copy } from "lucide-react";
import { useState } from "react";

import { auth, requestId } from "../../api/client";
import { refusalOf, type SampleMindError } from "../../api/refusal";
import { useAuth } from "../../api/useAuth";
import { Button } from "../../blocks/Button";
import { Dialog } from "../../blocks/Dialog";
import { Input } from "../../blocks/Input";
import { Select } from "../../blocks/Select";
import { Scope } from "../../generated/samplemind/v1/auth_pb";
import { whyAt, whyElse } from "../../text/why";
import { dayFault, EXPIRIES, expiryOf, scopesUpTo, type Expiry, type ScopeName } from "./apiKey";

interface NewKeyProps {
  onMade: () => void;
  onClose: () => void;
}

/** Makes a key, and shows its secret: now and never again. */
export function NewKey({ onMade, onClose }: NewKeyProps) {
  const { who } = useAuth();
  const [name, setName] = useState("");
  const [scope, setScope] = useState<ScopeName>("READ");
  const [expiry, setExpiry] = useState<Expiry>("90");
  const [day, setDay] = useState("");
  const { busy, refusal, secret, make } = useMaking(onMade);
  if (secret) return <Secret name={name} secret={secret} onClose={onClose} />;
  const fault = expiry === "day" ? dayFault(day) : undefined;
  const other = whyElse(refusal, "name", "expires_at");
  const begin = () => void (name.trim() && !fault && make({ name: name.trim(), scope: Scope[scope], ...expires(expiry, day) }));
  return (
    <Dialog title="New API key" act="Make 1 key" busy={busy} onAct={begin} onClose={onClose}>
      <div className="flex flex-col gap-3">
        <Input label="Name, such as the program that it is for" value={name} maxLength={100} required autoFocus error={whyAt(refusal, "name")} onChange={(event) => setName(event.target.value)} />
        <div className="grid grid-cols-2 gap-3">
          <Select titled label="May" choices={scopesUpTo(who.name === "somebody" ? who.scope : Scope.READ)} value={scope} onChoose={setScope} />
          <Select titled label="Ends" choices={EXPIRIES} value={expiry} onChoose={setExpiry} />
        </div>
        {expiry === "day" && <Input label="Good until the end of" type="date" required value={day} error={(day && fault) || whyAt(refusal, "expires_at")} onChange={(event) => setDay(event.target.value)} />}
        {expiry === "never" && <p className="text-label text-warn">Whoever finds it can use it until it is revoked.</p>}
        {other && <p role="alert" className="text-label text-bad">{other}</p>}
      </div>
    </Dialog>
  );
}

function expires(expiry: Expiry, day: string) {
  const expiresAt = expiryOf(expiry, day);
  return expiresAt ? { expiresAt } : {};
}

type Making = { busy: boolean; secret?: string; refusal?: SampleMindError };

function useMaking(onMade: () => void) {
  const [state, setState] = useState<Making>({ busy: false });
  const make = async (key: Parameters<typeof auth.createApiKey>[0]) => {
    setState({ busy: true });
    try {
      const { secret } = await auth.createApiKey({ ...key, requestId: requestId() });
      setState({ busy: false, secret });
      onMade();
    } catch (thrown) {
      setState({ busy: false, refusal: refusalOf(thrown) });
    }
  };
  return { ...state, make };
}

function Secret({ name, secret, onClose }: { name: string; secret: string; onClose: () => void }) {
  const [copied, setCopied] = useState<boolean>();
  const copy = () => void navigator.clipboard.writeText(secret).then(() => setCopied(true), () => setCopied(false));
  return (
    <Dialog title={`The secret of ${name}`} onClose={onClose}>
      <p className="pb-3">It is shown now and never again. Programs send it as <code>x-api-key</code>.</p>
      <div className="flex items-center gap-2">
        <code className="min-w-0 flex-1 rounded-control bg-well p-2 break-all text-text select-all">{secret}</code>
        <Button kind="primary" onClick={copy}>{copied ? <Check className="size-4" aria-hidden /> : <Copy className="size-4" aria-hidden />}{copied ? "Copied" : "Copy"}</Button>
      </div>
      <p role="status" className="pt-2 text-label text-dim">{copied === false && "The browser does not let this page copy: mark it and copy it yourself."}</p>
    </Dialog>
  );
}

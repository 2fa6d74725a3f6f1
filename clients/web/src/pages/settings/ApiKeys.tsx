import { Copy, KeyRound, Plus } from "lucide-react";
import { useCallback, useState } from "react";

import { auth, requestId } from "../../api/client";
import { useAsked } from "../../api/useAsked";
import { Badge } from "../../blocks/Badge";
import { Button } from "../../blocks/Button";
import { Dialog } from "../../blocks/Dialog";
import { Input } from "../../blocks/Input";
import { Select } from "../../blocks/Select";
import { Scope, type ApiKey } from "../../generated/samplemind/v1/auth_pb";
import { formatAgo, formatDay } from "../../text/time";
import { Line, Section } from "./Section";
import { useAct } from "./useAct";

const SCOPES = [
  { value: "READ", label: "read", note: "look and listen" },
  { value: "ANALYZE", label: "analyse", note: "and add, change, analyse" },
  { value: "ADMIN", label: "admin", note: "and keys, folders, plugins" },
] as const;
type ScopeName = (typeof SCOPES)[number]["value"];
const scopeWord = (scope: Scope) => SCOPES.find(({ value }) => Scope[value] === scope)?.label ?? "";

/** Keys for programs. A secret is shown once, when its key is made. */
export function ApiKeys() {
  const keys = useAsked(useCallback(async (signal: AbortSignal) => (await auth.listApiKeys({}, { signal })).apiKeys, []));
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string>();
  const { act } = useAct();
  const revoke = (key: ApiKey) => void act(() => auth.revokeApiKey({ apiKeyId: key.id, requestId: requestId() }), `Revoked ${key.name}`).then(keys.again);
  const made = (fresh: string) => (setSecret(fresh), setMaking(false), keys.again());
  return (
    <Section id="keys" title="API keys" note="Shown once, when made." act={<Button size="small" kind="primary" onClick={() => setMaking(true)}><Plus className="size-3.5" aria-hidden />New key</Button>}>
      <ul>
        {keys.answer?.length === 0 && <Line title={<span className="text-dim">None: programs on other machines need one.</span>} />}
        {keys.answer?.map((key) => (
          <Line
            key={key.id}
            icon={<KeyRound className="size-4" aria-hidden />}
            title={<span className={key.revokedAt ? "text-dim line-through" : ""}>{key.name} <code className="text-dim">{key.prefix}…</code></span>}
            note={key.revokedAt ? `revoked on ${formatDay(key.revokedAt)}` : key.lastUsedAt ? `used ${formatAgo(key.lastUsedAt)}` : "never used"}
          >
            <Badge>{scopeWord(key.scope)}</Badge>
            {!key.revokedAt && <Button size="small" kind="quiet" onClick={() => revoke(key)}>Revoke</Button>}
          </Line>
        ))}
      </ul>
      {making && <Making onMade={made} onClose={() => setMaking(false)} />}
      {secret && (
        <Dialog title="Your new key" onClose={() => setSecret(undefined)}>
          <p className="pb-3">It is shown now and never again.</p>
          <div className="flex items-center gap-2">
            <code className="min-w-0 flex-1 rounded-control bg-well p-2 break-all text-text select-all">{secret}</code>
            <Button square aria-label="Copy" onClick={() => void navigator.clipboard.writeText(secret)}><Copy className="size-4" aria-hidden /></Button>
          </div>
        </Dialog>
      )}
    </Section>
  );
}

function Making({ onMade, onClose }: { onMade: (secret: string) => void; onClose: () => void }) {
  const [name, setName] = useState("");
  const [scope, setScope] = useState<ScopeName>("READ");
  const { busy, act } = useAct();
  const make = () => act(async () => onMade((await auth.createApiKey({ name: name.trim(), scope: Scope[scope], requestId: requestId() })).secret));
  return (
    <Dialog title="New API key" act="Make 1 key" busy={busy} onAct={() => void (name.trim() && make())} onClose={onClose}>
      <div className="flex flex-col gap-3">
        <Input label="Name" value={name} maxLength={100} required autoFocus onChange={(event) => setName(event.target.value)} />
        <Select titled label="May" choices={SCOPES} value={scope} onChoose={setScope} />
      </div>
    </Dialog>
  );
}

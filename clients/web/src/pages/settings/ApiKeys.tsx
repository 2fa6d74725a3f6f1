import { KeyRound, Plus } from "lucide-react";
import { useCallback, useState } from "react";

import { auth, requestId } from "../../api/client";
import { useAsked } from "../../api/useAsked";
import { Badge } from "../../blocks/Badge";
import { Button } from "../../blocks/Button";
import { classes } from "../../blocks/classes";
import { Dialog } from "../../blocks/Dialog";
import type { ApiKey } from "../../generated/samplemind/v1/auth_pb";
import { Fault } from "../../shell/Fault";
import { count } from "../../text/number";
import { scopeWord, standingOf, type Standing } from "./apiKey";
import { NewKey } from "./NewKey";
import { Line, Section } from "./Section";
import { useAct } from "./useAct";

const MOST = 1000; // in one answer: more than a user can have

const listKeys = async (signal: AbortSignal) => (await auth.listApiKeys({ pageSize: MOST }, { signal })).apiKeys;
const isVoid = (key: ApiKey) => ["ended", "revoked"].includes(standingOf(key)[0]);

/** Keys for programs. A secret is shown once, when its key is made. */
export function ApiKeys() {
  const keys = useAsked(useCallback(listKeys, []));
  const [making, setMaking] = useState(false);
  const [all, setAll] = useState(false);
  const old = keys.answer?.filter(isVoid) ?? [];
  const shown = keys.answer?.filter((key) => all || !isVoid(key));
  return (
    <Section id="keys" title="API keys" note="For programs. A secret is shown once, when its key is made." act={<Button size="small" kind="primary" onClick={() => setMaking(true)}><Plus className="size-3.5" aria-hidden />New key</Button>}>
      {keys.refusal && <Fault refusal={keys.refusal} again={keys.again} />}
      <ul className="max-h-96 overflow-auto [scrollbar-width:thin]">
        {shown?.length === 0 && <Line title={<span className="text-dim">None: programs on other machines need one.</span>} />}
        {shown?.map((key) => <KeyLine key={key.id} of={key} onRevoked={keys.again} />)}
      </ul>
      {old.length > 0 && <div className="border-t border-line px-2 py-1.5"><Button size="small" kind="quiet" aria-expanded={all} onClick={() => setAll(!all)}>{all ? "Hide" : "Show"} {count(old.length, "key")} that {old.length === 1 ? "is" : "are"} good no more</Button></div>}
      {making && <NewKey onMade={keys.again} onClose={() => setMaking(false)} />}
    </Section>
  );
}

const LOOKS: Record<Standing, string> = { good: "", ending: "text-warn", ended: "text-dim", revoked: "text-dim" };

function KeyLine({ of: key, onRevoked }: { of: ApiKey; onRevoked: () => void }) {
  const [standing, words] = standingOf(key);
  const [asked, ask] = useState(false);
  const { busy, act } = useAct();
  const revoke = async () => {
    if (await act(() => auth.revokeApiKey({ apiKeyId: key.id, requestId: requestId() }), `Revoked ${key.name}`)) onRevoked();
    ask(false);
  };
  const isOld = isVoid(key);
  return (
    <Line
      icon={<KeyRound className="size-4" aria-hidden />}
      title={<><span className={classes(isOld && "text-dim line-through")}>{key.name}</span> <code className="text-dim">{key.prefix}…</code></>}
      note={<span className={LOOKS[standing]}>{words}</span>}
    >
      <Badge>{scopeWord(key.scope)}</Badge>
      {!isOld && <Button size="small" kind="quiet" aria-label={`Revoke ${key.name}`} onClick={() => ask(true)}>Revoke</Button>}
      {asked && (
        <Dialog title={`Revoke ${key.name}?`} act="Revoke 1 key" kind="danger" busy={busy} onAct={() => void revoke()} onClose={() => ask(false)}>
          What uses it is refused from the next call on. This cannot be undone. {key.name === "owner.key" && "The daemon's own commands use this one on its machine; it makes a new one when it is started again."}
        </Dialog>
      )}
    </Line>
  );
}

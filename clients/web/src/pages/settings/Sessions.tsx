import { Code } from "@connectrpc/connect";
import { MonitorSmartphone } from "lucide-react";
import { useCallback, useState, type ReactNode } from "react";

import { auth, requestId } from "../../api/client";
import { useAsked } from "../../api/useAsked";
import { useAuth } from "../../api/useAuth";
import { Button } from "../../blocks/Button";
import { Dialog } from "../../blocks/Dialog";
import type { Session, User } from "../../generated/samplemind/v1/auth_pb";
import { Fault } from "../../shell/Fault";
import { formatAgo, formatDay } from "../../text/time";
import { agentInWords } from "./agent";
import { Line, Section } from "./Section";
import { useAct } from "./useAct";

const listSessions = async (signal: AbortSignal) => (await auth.listSessions({}, { signal })).sessions;

type Way = "here" | "everywhere";

/** Where the account is signed in, and the ways out. */
export function Sessions() {
  const { who, signOut } = useAuth();
  const found = useAsked(useCallback(listSessions, []));
  const [asked, ask] = useState<Way>();
  if (who.name !== "somebody") return null;
  const untold = found.refusal?.code === Code.Unimplemented; // by a daemon that is older than this page
  const leave = (way: Way) => void signOut(way === "everywhere");
  const out = <Button size="small" onClick={() => (who.user.hasPassword ? leave("here") : ask("here"))}>Sign out</Button>;
  return (
    <Section half id="sessions" title="Sessions" note="Where you are signed in, as the clients say it." act={<Button size="small" kind="danger" onClick={() => ask("everywhere")}>Sign out everywhere</Button>}>
      {found.refusal && !untold && <Fault refusal={found.refusal} again={found.again} />}
      <ul className="max-h-72 overflow-auto [scrollbar-width:thin]">
        {found.answer?.map((one) => (one.current ? <SessionLine key={one.id} of={one}>{out}</SessionLine> : <Other key={one.id} of={one} onEnded={found.again} />))}
        {found.refusal && <Line icon={<Screen />} title="This one" note={untold && "this daemon does not list the others"}>{out}</Line>}
      </ul>
      {asked && <Leaving way={asked} user={who.user} onLeave={leave} onStay={() => ask(undefined)} />}
    </Section>
  );
}

const Screen = () => <MonitorSmartphone className="size-4" aria-hidden />;

function SessionLine({ of: session, children }: { of: Session; children: ReactNode }) {
  const { userAgent, place, current, lastUsedAt, createdAt, expiresAt } = session;
  const used = current ? "active now" : lastUsedAt ? `used ${formatAgo(lastUsedAt)}` : createdAt && `signed in ${formatAgo(createdAt)}`;
  const facts = [place, used, expiresAt && `until ${formatDay(expiresAt)}`].filter(Boolean).join(", ");
  return <Line icon={<Screen />} title={<span title={userAgent}>{agentInWords(userAgent)} {current && <span className="text-cyan">this one</span>}</span>} note={facts}>{children}</Line>;
}

function Other({ of: session, onEnded }: { of: Session; onEnded: () => void }) {
  const { busy, act } = useAct();
  const name = agentInWords(session.userAgent);
  const end = () => void act(() => auth.revokeSession({ sessionId: session.id, requestId: requestId() }), `${name} is signed out`).then(onEnded);
  return <SessionLine of={session}><Button size="small" kind="quiet" busy={busy} aria-label={`Revoke the session of ${name}`} onClick={end}>Revoke</Button></SessionLine>;
}

interface LeavingProps {
  way: Way;
  user: User;
  onLeave: (way: Way) => void;
  onStay: () => void;
}

/** Asks about what cannot be taken back easily. */
function Leaving({ way, user, onLeave, onStay }: LeavingProps) {
  const all = way === "everywhere";
  return (
    <Dialog title={all ? "Sign out everywhere?" : "Sign out?"} act={all ? "End all sessions" : "Sign out"} kind="danger" onAct={() => onLeave(way)} onClose={onStay}>
      {all && <p>Every browser and app that is signed in as {user.email} must sign in again, this one too. API keys stay good.</p>}
      {!user.hasPassword && <p className="pt-2 text-warn">You have no password yet: choose one first, or you come back only with the one-time link that the daemon prints when it is started again.</p>}
    </Dialog>
  );
}

import { MonitorSmartphone, User as UserIcon } from "lucide-react";
import { useState } from "react";

import { useAuth } from "../../api/useAuth";
import { Badge } from "../../blocks/Badge";
import { Button } from "../../blocks/Button";
import { Dialog } from "../../blocks/Dialog";
import type { User } from "../../generated/samplemind/v1/auth_pb";
import { formatDay } from "../../text/time";
import { Password } from "./Password";
import { Line, Section } from "./Section";

/** Who is signed in, a new password, and the ways out. */
export function Account() {
  const { who, isOwner } = useAuth();
  if (who.name !== "somebody") return null;
  const { user } = who;
  return (
    <Section half id="account" title="Account" note="Tokens lie in cookies that no script can read.">
      <ul>
        <Line icon={<UserIcon className="size-4" aria-hidden />} title={user.email} note={user.createdAt && `since ${formatDay(user.createdAt)}`}>
          {user.marks.map((mark) => <Badge key={mark}>{mark}</Badge>)}
          <Badge>{isOwner ? "owner" : "member"}</Badge>
        </Line>
        <Sessions user={user} />
        <li className="border-t border-line px-4 py-3"><Password has={user.hasPassword} /></li>
      </ul>
    </Section>
  );
}

type Way = "here" | "everywhere";

/** The ways out. The daemon does not list sessions one by one. */
function Sessions({ user }: { user: User }) {
  const { signOut } = useAuth();
  const [asked, ask] = useState<Way>();
  const leave = (way: Way) => void signOut(way === "everywhere");
  return (
    <Line icon={<MonitorSmartphone className="size-4" aria-hidden />} title="Sessions" note="they are ended here, or all at once">
      <Button size="small" onClick={() => (user.hasPassword ? leave("here") : ask("here"))}>Sign out</Button>
      <Button size="small" kind="danger" onClick={() => ask("everywhere")}>Everywhere</Button>
      {asked && (
        <Dialog title={asked === "here" ? "Sign out?" : "Sign out everywhere?"} act={asked === "here" ? "Sign out" : "End all sessions"} kind="danger" onAct={() => leave(asked)} onClose={() => ask(undefined)}>
          {asked === "everywhere" && <p>Every browser and app that is signed in as {user.email} must sign in again, this one too. API keys stay good.</p>}
          {!user.hasPassword && <p className="pt-2 text-warn">You have no password yet: choose one first, or you come back only with the one-time link that the daemon prints when it is started again.</p>}
        </Dialog>
      )}
    </Line>
  );
}

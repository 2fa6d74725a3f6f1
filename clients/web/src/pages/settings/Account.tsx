import { User as UserIcon } from "lucide-react";

import { useAuth } from "../../api/useAuth";
import { Badge } from "../../blocks/Badge";
import { formatDay } from "../../text/time";
import { Password } from "./Password";
import { Line, Section } from "./Section";

/** Who is signed in, and a new password. */
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
        <li className="border-t border-line px-4 py-3"><Password has={user.hasPassword} /></li>
      </ul>
    </Section>
  );
}

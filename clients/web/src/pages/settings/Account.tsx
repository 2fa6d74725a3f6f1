import { KeyRound, User } from "lucide-react";
import { useCallback, type FormEvent } from "react";

import { useAuth } from "../../api/useAuth";
import { useDeed } from "../../api/useDeed";
import { Badge } from "../../blocks/Badge";
import { Button } from "../../blocks/Button";
import { Input } from "../../blocks/Input";
import { useToast } from "../../blocks/Toast";
import { formatDay } from "../../text/time";
import { Line, Section } from "./Section";

/** Who is signed in, a new password, and the ways out. */
export function Account() {
  const { who, isOwner, signOut } = useAuth();
  if (who.name !== "somebody") return null;
  const { user } = who;
  return (
    <Section
      id="account"
      title="Account"
      note="Tokens lie in cookies that no script can read."
      act={<><Button size="small" onClick={() => void signOut()}>Sign out</Button><Button size="small" kind="danger" onClick={() => void signOut(true)}>Sign out everywhere</Button></>}
    >
      <ul>
        <Line icon={<User className="size-4" aria-hidden />} title={user.email} note={user.createdAt && `since ${formatDay(user.createdAt)}`}>
          {user.marks.map((mark) => <Badge key={mark}>{mark}</Badge>)}
          <Badge>{isOwner ? "owner" : "member"}</Badge>
        </Line>
        <li className="border-t border-line px-4 py-3"><Password has={user.hasPassword} /></li>
      </ul>
    </Section>
  );
}

function Password({ has }: { has: boolean }) {
  const { changePassword } = useAuth();
  const say = useToast();
  const deed = useDeed(
    useCallback(
      async (current: string, next: string) => {
        await changePassword(current, next);
        say({ tone: "ok", children: "The password is changed; every other session has ended." });
      },
      [changePassword, say],
    ),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void deed.do(String(form.get("current") ?? ""), String(form.get("next")));
    event.currentTarget.reset();
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
      <KeyRound className="mb-2 size-4 text-dim" aria-hidden />
      {has && <Input label="Password so far" name="current" type="password" autoComplete="current-password" required className="w-56 max-desk:w-full" />}
      <Input label={has ? "New password" : "Choose a password: until then you sign in by one-time link"} name="next" type="password" autoComplete="new-password" minLength={8} maxLength={128} required className="min-w-56 max-desk:w-full" />
      <Button type="submit" busy={deed.busy}>{has ? "Change" : "Set"}</Button>
      {deed.refusal && <span role="alert" className="w-full text-label text-bad">{deed.refusal.message}</span>}
    </form>
  );
}

import { Code } from "@connectrpc/connect";
import { useCallback, useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";
import { Link, Redirect, useSearchParams } from "wouter";

import { status } from "../../api/client";
import type { SampleMindError } from "../../api/refusal";
import { useAsked } from "../../api/useAsked";
import { useAuth } from "../../api/useAuth";
import { useDeed, type Deed } from "../../api/useDeed";
import { Button } from "../../blocks/Button";
import { Card } from "../../blocks/Card";
import { Input } from "../../blocks/Input";
import { Registration } from "../../generated/samplemind/v1/status_pb";
import { Mark } from "../../shell/Mark";

/** Signs in by password, or by the code behind the "#" of the link that the daemon printed. */
export function SignIn() {
  const { who, signIn, signInOnce } = useAuth();
  const [code] = useState(() => location.hash.slice(1));
  const once = useRef(false);
  const form = useDeed(useCallback((email: string, password: string) => signIn(email, password), [signIn]));
  const link = useDeed(signInOnce);
  useEffect(() => {
    if (code) history.replaceState(null, "", location.pathname + location.search); // good once, and no address to keep
    if (!code || once.current || who.name === "asking") return;
    once.current = true;
    void link.do(code);
  }, [code, link, who.name]);
  const open = useRegistration();

  if (who.name === "somebody") return <Onward />;
  return (
    <Door title="Sign in">
      {link.busy && <p className="text-cell text-dim">Signing in with the link …</p>}
      {link.refusal && <Why refusal={link.refusal} wrong="This link was used already, or is too old. The daemon prints another when it starts." />}
      <Credentials act="Sign in" deed={form} now="current-password" />
      {open && <p className="text-label text-dim">No account yet? <Link href="/register" className="text-blue-text underline">Register</Link></p>}
    </Door>
  );
}

/** Makes an account, and signs in with it. */
export function Register() {
  const { who, register } = useAuth();
  const form = useDeed(useCallback((email: string, password: string) => register(email, password), [register]));
  const open = useRegistration();
  if (who.name === "somebody") return <Onward />;
  return (
    <Door title="Make an account">
      {open === false ? (
        <p className="text-cell text-dim">This daemon takes no new accounts: whoever runs it can open registration in its settings.</p>
      ) : (
        <Credentials act="Register" deed={form} now="new-password" note="8 to 128 characters, not one of the most common." />
      )}
      <p className="text-label text-dim">Have one? <Link href="/sign-in" className="text-blue-text underline">Sign in</Link></p>
    </Door>
  );
}

function Onward() {
  const [parameters] = useSearchParams();
  const next = parameters.get("next") ?? "";
  return <Redirect to={/^\/[a-z]/.test(next) ? next : "/dashboard"} replace />;
}

function useRegistration(): boolean | undefined {
  const { answer } = useAsked(useCallback((signal: AbortSignal) => status.getInfo({}, { signal }), []));
  return answer && answer.registration === Registration.OPEN;
}

interface CredentialsProps {
  act: string;
  deed: Deed<[email: string, password: string]>;
  now: "current-password" | "new-password";
  note?: string;
}

function Credentials({ act, deed, now, note }: CredentialsProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void deed.do(String(form.get("email")), String(form.get("password")));
  };
  const faults = deed.refusal?.fields ?? {};
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Input label="E-mail address" name="email" type="email" autoComplete="username" required error={faults["email"]} />
      <Input label="Password" name="password" type="password" autoComplete={now} required minLength={now === "new-password" ? 8 : 1} maxLength={128} error={faults["password"]} />
      {note && <p className="text-label text-dim">{note}</p>}
      {deed.refusal && !Object.keys(faults).length && <Why refusal={deed.refusal} wrong="No account has this e-mail address and this password." />}
      <Button type="submit" kind="primary" size="large" busy={deed.busy}>{act}</Button>
    </form>
  );
}

/** The daemon says no more than that the credentials will not do: here it is known which they were. */
function Why({ refusal, wrong }: { refusal: SampleMindError; wrong: string }) {
  return <p role="alert" className="text-cell text-bad">{refusal.code === Code.Unauthenticated ? wrong : refusal.message}</p>;
}

function Door({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <Card className="flex w-full max-w-96 flex-col gap-5 p-8 max-desk:p-6">
        <Link href="/" className="flex items-center gap-2.5 text-lead font-semibold tracking-tight"><Mark className="size-7" />SampleMind</Link>
        <h1>{title}</h1>
        {children}
      </Card>
    </main>
  );
}

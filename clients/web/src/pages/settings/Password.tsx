import { useState, type FormEvent } from "react";

import { refusalOf, type SampleMindError } from "../../api/refusal";
import { useAuth } from "../../api/useAuth";
import { Button } from "../../blocks/Button";
import { Input } from "../../blocks/Input";
import { useToast } from "../../blocks/Toast";
import { passwordFaults } from "./password";

/** Changes the password, or sets the first one; what is wrong stands beside its field, and what was written stays. */
export function Password({ has }: { has: boolean }) {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [shown, show] = useState(false);
  const { busy, refusal, change } = useChange(() => (setCurrent(""), setNext("")));
  const faults = passwordFaults(refusal);
  const submit = (event: FormEvent) => (event.preventDefault(), void change(current, next));
  const type = shown ? "text" : "password";
  const reveal = <button type="button" aria-pressed={shown} onClick={() => show(!shown)} className="rounded-tiny px-1 text-label text-dim transition-colors hover:text-text">{shown ? "Hide" : "Show"}</button>;
  return (
    <form onSubmit={submit} className="flex flex-wrap items-start gap-3">
      {has && <Input label="Password so far" type={type} value={current} autoComplete="current-password" required error={faults.current} onChange={(event) => setCurrent(event.target.value)} className="min-w-44 flex-1" />}
      <Input label={has ? "New password" : "Choose a password"} type={type} value={next} autoComplete="new-password" minLength={8} maxLength={128} required end={reveal} error={faults.next} onChange={(event) => setNext(event.target.value)} className="min-w-44 flex-1" />
      <div className="flex w-full items-center gap-3">
        <p className="mr-auto text-label text-dim">{has ? "8 to 128 characters. Every other session ends; API keys stay good." : "Until you have one you sign in by one-time link. 8 to 128 characters."}</p>
        <Button type="submit" size="small" busy={busy}>{has ? "Change" : "Set"}</Button>
      </div>
      {faults.other && <p role="alert" className="w-full text-label text-bad">{faults.other}</p>}
    </form>
  );
}

function useChange(done: () => void) {
  const { changePassword } = useAuth();
  const say = useToast();
  const [{ busy, refusal }, setState] = useState<{ busy: boolean; refusal?: SampleMindError }>({ busy: false });
  const change = async (current: string, next: string) => {
    setState({ busy: true });
    try {
      await changePassword(current, next);
      setState({ busy: false });
      done();
      say({ tone: "ok", children: "The password is changed; every other session has ended." });
    } catch (thrown) {
      setState({ busy: false, refusal: refusalOf(thrown) });
    }
  };
  return { busy, refusal, change };
}

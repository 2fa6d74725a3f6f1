import { useState } from "react";

import { refusalOf } from "../../api/refusal";
import { useToast } from "../../blocks/Toast";
import { whyOf } from "../../text/why";

/** Does something, and says `done`, or why it was refused; answers whether it went well. */
export type Act = <T>(deed: () => Promise<T>, done?: string | ((answer: T) => string)) => Promise<boolean>;

/** Something that is done by a press of a button, and says how it went. */
export function useAct(): { busy: boolean; act: Act } {
  const [busy, setBusy] = useState(false);
  const say = useToast();
  const act: Act = async (deed, done) => {
    setBusy(true);
    try {
      const answer = await deed();
      if (done) say({ tone: "ok", children: typeof done === "string" ? done : done(answer) });
      return true;
    } catch (thrown) {
      say({ tone: "bad", children: whyOf(refusalOf(thrown)) });
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, act };
}

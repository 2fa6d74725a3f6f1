import { useState } from "react";

import { refusalOf } from "../../api/refusal";
import { useToast } from "../../blocks/Toast";
import { whyOf } from "../../text/why";

/** Does something and says how it went; answers whether it went well. */
export function useAct(): { busy: boolean; act: (deed: () => Promise<unknown>, done?: string) => Promise<boolean> } {
  const [busy, setBusy] = useState(false);
  const say = useToast();
  const act = async (deed: () => Promise<unknown>, done?: string) => {
    setBusy(true);
    try {
      await deed();
      if (done) say({ tone: "ok", children: done });
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

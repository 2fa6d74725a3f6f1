import { Code } from "@connectrpc/connect";

import type { SampleMindError } from "../../api/refusal";
import { whyAt, whyOf } from "../../text/why";

/** What is wrong with a change of password, beside the field where it is wrong. */
export interface PasswordFaults {
  current?: string;
  next?: string;
  other?: string;
}

/** Why a password could not be changed. A wrong one is refused as any bad credential is, so that none can be probed. */
export function passwordFaults(refusal: SampleMindError | undefined): PasswordFaults {
  if (!refusal) return {};
  if (refusal.code === Code.Unauthenticated) return { current: "This is not the password so far." };
  const next = whyAt(refusal, "new_password");
  return next ? { next } : { other: whyOf(refusal) };
}

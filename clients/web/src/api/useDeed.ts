import { useCallback, useState } from "react";

import { refusalOf, type SampleMindError } from "./refusal";

export interface Deed<A extends unknown[]> {
  busy: boolean;
  refusal: SampleMindError | undefined;
  do: (...what: A) => Promise<void>;
}

/** Something that is done once, with what it is waiting for and why it was refused. */
export function useDeed<A extends unknown[]>(deed: (...what: A) => Promise<unknown>): Deed<A> {
  const [state, setState] = useState<{ busy: boolean; refusal?: SampleMindError }>({ busy: false });
  const act = useCallback(
    async (...what: A) => {
      setState({ busy: true });
      try {
        await deed(...what);
        setState({ busy: false });
      } catch (thrown) {
        setState({ busy: false, refusal: refusalOf(thrown) });
      }
    },
    [deed],
  );
  return { busy: state.busy, refusal: state.refusal, do: act };
}

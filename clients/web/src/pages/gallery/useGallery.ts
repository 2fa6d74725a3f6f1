import { useMemo } from "react";
import { useSearchParams } from "wouter";

import type { Question } from "../../api/useAudio";
import { AudioState } from "../../generated/samplemind/v1/audio_pb";
import { parseSearch, queryOf, writeSearch, type Search } from "../../text/search";

/** Where somebody is in the gallery. */
export interface Gallery {
  search: Search;
  /** As the address names it. */
  page: string | null;
  question: Question;
  /** `still`: typing on, which is no step to go back to. */
  change: (search: Search, still?: boolean) => void;
  turn: (page: number) => void;
}

/** What is searched and which page is shown, as the address says it. Only what was analysed has a picture. */
export function useGallery(): Gallery {
  const [parameters, setParameters] = useSearchParams();
  const text = parameters.get("q") ?? "";
  const search = useMemo(() => parseSearch(text), [text]);
  const question = useMemo<Question>(() => {
    const query = queryOf(search);
    return { query: { ...query, states: query.states?.length ? query.states : [AudioState.COMPLETED] } };
  }, [search]);
  const go = (q: string, page: number, replace: boolean) => {
    setParameters({ ...(q && { q }), ...(page > 1 && { page: String(page) }) }, { replace });
    document.getElementById("main")?.scrollTo(0, 0);
  };
  return {
    search,
    question,
    page: parameters.get("page"),
    change: (next, still = false) => go(writeSearch(next), 1, still),
    turn: (page) => go(text, page, false),
  };
}

import { useMemo } from "react";
import { useSearchParams } from "wouter";

import type { Order } from "../../blocks/DataTable";
import { parseSearch, writeSearch, type Search } from "../../text/search";

/** Where somebody is in the library. */
export interface Place {
  search: Search;
  order: Order;
  change: (search: Search, order: Order) => void;
}

/** What is searched and how it is sorted, as the address says it. */
export function usePlace(): Place {
  const [parameters, setParameters] = useSearchParams();
  const [text, by] = [parameters.get("q") ?? "", parameters.get("order") ?? "created_at desc"];
  const search = useMemo(() => parseSearch(text), [text]);
  const order = useMemo<Order>(() => ({ by: by.split(" ")[0] ?? "", descending: by.endsWith(" desc") }), [by]);
  const change = (next: Search, nextOrder: Order) => {
    const q = writeSearch(next);
    setParameters({ ...(q && { q }), order: `${nextOrder.by}${nextOrder.descending ? " desc" : ""}` });
  };
  return { search, order, change };
}

const ORDERS: Record<string, [up: string, down: string]> = {
  created_at: ["oldest first", "newest first"],
  name: ["by name", "by name, backwards"],
  bpm: ["slowest first", "fastest first"],
  key: ["round the Camelot wheel", "round the Camelot wheel, backwards"],
  loudness: ["quietest first", "loudest first"],
  duration: ["shortest first", "longest first"],
  energy: ["calmest first", "most energetic first"],
};

/** An order in plain words. */
export const orderInWords = ({ by, descending }: Order): string => ORDERS[by]?.[descending ? 1 : 0] ?? by;

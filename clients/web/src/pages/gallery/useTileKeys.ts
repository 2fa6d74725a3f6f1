import { useRef, type KeyboardEvent, type RefObject } from "react";
import { useLocation } from "wouter";

import type { Found } from "../../generated/samplemind/v1/library_pb";
import { tileAt } from "./tiles";

interface TileKeys {
  list: RefObject<HTMLUListElement | null>;
  press: (event: KeyboardEvent) => void;
}

/** Arrows move over the tiles, Space plays, Enter opens. */
export function useTileKeys(rows: readonly Found[], current: Found | undefined, onChoose: (id: string | undefined) => void, play: (row: Found) => void): TileKeys {
  const list = useRef<HTMLUListElement>(null);
  const [, go] = useLocation();
  const press = (event: KeyboardEvent) => {
    if (!current || event.ctrlKey || event.metaKey || event.altKey) return;
    const tiles = [...(list.current?.children ?? [])];
    const next = tileAt(event.key, rows.indexOf(current), tiles.map((tile) => tile.getBoundingClientRect()));
    if (next !== undefined) {
      onChoose(rows[next]?.audio?.id);
      tiles[next]?.querySelector("button")?.focus();
    } else if (event.key === " ") play(current);
    else if (event.key === "Enter") go(`/sounds/${current.audio?.id}`);
    else return;
    event.preventDefault();
  };
  return { list, press };
}

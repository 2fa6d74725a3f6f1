import { useCallback, useMemo, useState } from "react";

import type { Found } from "../../generated/samplemind/v1/library_pb";
import { keyOf } from "./sounds";

/** The sounds that are selected. */
export interface Selection {
  sounds: ReadonlyMap<string, Found>;
  ids: ReadonlySet<string>;
  select: (row: Found, chosen: boolean) => void;
  /** Selects these and no others. */
  set: (rows: readonly Found[]) => void;
}

const MOST = 1000; // as many as can be corrected in one go

/** Keeps which sounds are selected, whatever the table shows meanwhile; at most a thousand. */
export function useSelection(): Selection {
  const [sounds, setSounds] = useState<ReadonlyMap<string, Found>>(new Map());
  const ids = useMemo(() => new Set(sounds.keys()), [sounds]);
  const set = useCallback((rows: readonly Found[]) => setSounds(new Map(rows.slice(0, MOST).map((row) => [keyOf(row), row]))), []);
  const select = useCallback((row: Found, chosen: boolean) => {
    setSounds((all) => {
      const others = [...all].filter(([id]) => id !== keyOf(row));
      return new Map(chosen && others.length < MOST ? [...others, [keyOf(row), row]] : others);
    });
  }, []);
  return { sounds, ids, select, set };
}

import { useEffect, useRef, useState } from "react";

import { usePlayer } from "../../api/usePlayer";
import type { Found } from "../../generated/samplemind/v1/library_pb";
import { playable } from "../library/sounds";

const REST_MS = 350; // a pointer that only passes plays nothing
const SILENT = "samplemind.gallery-silent";

export interface Hearing {
  /** Whether what is pointed at is heard. */
  hovers: boolean;
  setHovers: (hovers: boolean) => void;
  point: (row: Found) => void;
  leave: () => void;
  /** Plays a sound, or pauses it; one that is heard because it is pointed at is kept. */
  press: (row: Found) => void;
}

/** Plays the sounds of a page: for as long as they are pointed at, or from a press on. */
export function useHearing(rows: readonly Found[], onChoose: (id: string | undefined) => void): Hearing {
  const player = usePlayer();
  const [hovers, setHovers] = useState(() => localStorage.getItem(SILENT) === null);
  const now = useRef(player);
  now.current = player;
  const pointed = useRef<string>(undefined); // that is heard only as long as it is pointed at
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const play = (row: Found) => {
    let at = rows.indexOf(row);
    onChoose(row.audio?.id);
    player.play(playable(row), (by) => {
      const next = rows[at + by];
      if (next) at += by;
      return next && playable(next);
    });
  };
  const isPlaying = (id: string | undefined) => player.playing && player.sound?.id === id;
  return {
    hovers,
    setHovers: (on) => {
      if (on) localStorage.removeItem(SILENT);
      else localStorage.setItem(SILENT, "yes");
      setHovers(on);
    },
    point: (row) => {
      clearTimeout(timer.current);
      if (!hovers) return;
      timer.current = setTimeout(() => {
        if (now.current.playing) return; // what somebody chose to hear is not talked over
        pointed.current = row.audio?.id;
        play(row);
      }, REST_MS);
    },
    leave: () => {
      clearTimeout(timer.current);
      if (pointed.current && isPlaying(pointed.current)) player.toggle();
      pointed.current = undefined;
    },
    press: (row) => {
      clearTimeout(timer.current);
      const id = row.audio?.id;
      const kept = pointed.current === id;
      pointed.current = undefined;
      if (isPlaying(id) && !kept) return player.toggle();
      if (!isPlaying(id)) play(row);
    },
  };
}

import { useCallback, useEffect, useRef, useState, type RefObject } from "react";

import { usePicture } from "../../api/useAudio";
import { useClock, usePlayer } from "../../api/usePlayer";
import { textIn } from "../../api/value";
import { classes } from "../../blocks/classes";
import { Cover } from "../../blocks/Cover";
import type { Found } from "../../generated/samplemind/v1/library_pb";
import { read } from "../library/sounds";

interface TileProps {
  row: Found;
  large: boolean;
  /** Stands at the side, and is where Tab leads. */
  chosen: boolean;
  playing: boolean;
  onPress: () => void;
  onPoint: () => void;
  onLeave: () => void;
}

/** A sound's cover. Its picture is asked for, and drawn, when it comes near. */
export function Tile({ row, large, chosen, playing, onPress, onPoint, onLeave }: TileProps) {
  const box = useRef<HTMLLIElement>(null);
  const near = useNear(box);
  const picture = usePicture(near ? row.audio?.id : undefined);
  const findings = read(row);
  const facts = [textIn(findings.get("key.camelot")?.value), textIn(findings.get("kind.label")?.value)].filter(Boolean).join(", ");
  const { name = "" } = row.audio ?? {};
  return (
    <li ref={box} className={classes("relative aspect-square", large && "col-span-2 row-span-2")}>
      <button
        type="button"
        aria-pressed={playing}
        aria-current={chosen || undefined}
        tabIndex={chosen ? 0 : -1}
        onClick={onPress}
        onPointerEnter={(event) => event.pointerType === "mouse" && onPoint()}
        onPointerLeave={onLeave}
        className={classes("group absolute inset-0 overflow-hidden rounded-control bg-well text-left", playing ? "outline-2 outline-offset-2 outline-cyan" : chosen && "ring-2 ring-blue-text/60")}
      >
        {near && <Cover picture={picture} className="absolute inset-0 size-full transition-transform group-hover:scale-103 motion-reduce:group-hover:scale-100" />}
        <span className={classes("absolute inset-x-0 bottom-0 bg-linear-to-t from-black/85 to-transparent px-3 pt-8 pb-2.5 text-label transition-opacity", !large && "px-2 pb-2 opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100")}>
          <span className="block truncate font-medium">{name}</span>
          <span className="block truncate text-[hsl(220_12%_80%)]">{facts}</span>
        </span>
        {playing && <Played />}
      </button>
    </li>
  );
}

/** How far a sound has been played: a line that grows; in steps of a second where motion is not wanted. */
function Played() {
  const { duration } = usePlayer();
  const line = useRef<HTMLSpanElement>(null);
  useClock(
    useCallback(
      (seconds) => {
        const at = matchMedia("(prefers-reduced-motion: reduce)").matches ? Math.floor(seconds) : seconds;
        if (line.current) line.current.style.transform = `scaleX(${duration ? at / duration : 0})`;
      },
      [duration],
    ),
  );
  return <span ref={line} aria-hidden className="absolute inset-x-0 bottom-0 h-0.5 origin-left scale-x-0 bg-cyan" />;
}

const MARGIN = "400px"; // about a screen's half ahead of the reader

/** Whether something is on the screen, or has been near it. */
function useNear(box: RefObject<HTMLElement | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (near || !box.current) return;
    const watch = new IntersectionObserver(([seen]) => seen?.isIntersecting && setNear(true), { rootMargin: MARGIN });
    watch.observe(box.current);
    return () => watch.disconnect();
  }, [near, box]);
  return near;
}

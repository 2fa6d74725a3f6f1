import { Pause, Play, Repeat, SkipBack, SkipForward, Volume2 } from "lucide-react";
import { useCallback, useRef, useState } from "react";
import { Link } from "wouter";

import { usePicture } from "../api/useAudio";
import { useClock, usePlayer } from "../api/usePlayer";
import { Button } from "../blocks/Button";
import { classes } from "../blocks/classes";
import { Cover } from "../blocks/Cover";
import { MiniWaveform } from "../blocks/Waveform";
import { formatClock } from "../text/time";

/** The player, always there. */
export function PlayerBar() {
  const { sound, skip, looping, setLooping } = usePlayer();
  const picture = usePicture(sound?.id);
  return (
    <footer
      aria-label="Player"
      className="z-10 grid grid-cols-[minmax(0,1fr)_auto] items-center gap-3 border-t border-line-2 bg-[hsl(220_16%_11%)] px-4 [grid-area:play] desk:grid-cols-[296px_minmax(0,1fr)_auto] desk:gap-6 desk:pr-6"
    >
      <div className="flex min-w-0 items-center gap-3">
        <Cover picture={picture} className="size-10 rounded-tiny" />
        <div className="min-w-0">
          {sound ? (
            <Link href={`/sounds/${sound.id}`} className="block truncate text-cell font-medium hover:underline">{sound.name}</Link>
          ) : (
            <span className="text-cell text-dim">Nothing is playing</span>
          )}
          <Note />
        </div>
      </div>
      <div className="flex min-w-0 items-center gap-4">
        <Button kind="quiet" square aria-label="Previous" disabled={!sound} onClick={() => skip(-1)} className="max-desk:hidden"><SkipBack className="size-4" aria-hidden /></Button>
        <PlayButton />
        <Button kind="quiet" square aria-label="Next" disabled={!sound} onClick={() => skip(1)} className="max-desk:hidden"><SkipForward className="size-4" aria-hidden /></Button>
        <Progress />
      </div>
      <div className="flex items-center gap-2 max-desk:hidden">
        <Button kind="quiet" square aria-label="Loop" aria-pressed={looping} onClick={() => setLooping(!looping)} className={classes(looping && "text-cyan")}>
          <Repeat className="size-4" aria-hidden />
        </Button>
        <Volume />
      </div>
    </footer>
  );
}

function Note() {
  const { sound, problem } = usePlayer();
  const note = problem || sound?.note || "";
  return <div className={classes("truncate text-label", problem ? "text-bad" : "text-dim")} role={problem ? "alert" : undefined}>{note}</div>;
}

/** Plays and pauses. */
export function PlayButton() {
  const { sound, playing, toggle } = usePlayer();
  const Icon = playing ? Pause : Play;
  return (
    <button
      type="button"
      aria-label={playing ? "Pause" : "Play"}
      disabled={!sound}
      onClick={toggle}
      className="touch grid size-9 shrink-0 place-items-center rounded-full bg-text text-ground transition-transform active:scale-95 disabled:opacity-45"
    >
      <Icon className="size-4 fill-current" aria-hidden />
    </button>
  );
}

function Progress() {
  const { sound, duration, seek, now } = usePlayer();
  const picture = usePicture(sound?.id);
  const [played, setPlayed] = useState(0);
  const time = useRef<HTMLSpanElement>(null);
  const length = duration || picture?.seconds || 0;
  useClock(
    useCallback(
      (seconds) => {
        if (time.current) time.current.textContent = formatClock(seconds);
        setPlayed(length ? Math.round((seconds / length) * 400) / 400 : 0);
      },
      [length],
    ),
  );
  const text = "shrink-0 text-label whitespace-nowrap text-dim max-desk:hidden";
  return (
    <>
      <span ref={time} className={text} />
      <div className="relative h-10 min-w-0 flex-1 max-desk:hidden">
        {picture && <MiniWaveform picture={picture} played={played} className="h-10" />}
        <input
          type="range"
          aria-label="Where it plays"
          aria-valuetext={`${formatClock(now())} of ${formatClock(length)}`}
          min={0}
          max={length || 1}
          step={0.01}
          value={played * length}
          disabled={!sound}
          onChange={(event) => (seek(Number(event.target.value)), setPlayed(Number(event.target.value) / (length || 1)))}
          className="absolute inset-0 cursor-pointer opacity-0 disabled:cursor-default"
        />
      </div>
      <span className={text}>{formatClock(length)}</span>
    </>
  );
}

function Volume() {
  const { setVolume } = usePlayer();
  return (
    <label className="flex items-center gap-2 pl-1" title="Volume">
      <Volume2 className="size-4" aria-hidden />
      <input type="range" aria-label="Volume" min={0} max={1} step={0.02} defaultValue={1} onChange={(event) => setVolume(Number(event.target.value))} className="h-1 w-16 accent-mute" />
    </label>
  );
}

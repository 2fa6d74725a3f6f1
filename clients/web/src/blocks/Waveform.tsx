import { useCallback, useMemo } from "react";

import { drawGrid, marksOf } from "../sound/grid";
import type { Picture } from "../sound/picture";
import type { Span } from "../sound/span";
import { useCanvas, type Draw } from "../sound/useCanvas";
import { drawBars, drawWave } from "../sound/wave";
import { classes } from "./classes";

interface WaveformProps {
  picture: Picture;
  /** What is shown; all of it if left out. */
  span?: Span | undefined;
  grid?: boolean;
  label?: string;
  className?: string;
}

const LABELS = 22; // pixels at the top, where the bars are numbered

/** A sound's waveform on a time axis, with its beats and bars. */
export function Waveform({ picture, span, grid = false, label = "Waveform", className }: WaveformProps) {
  const marks = useMemo(() => (grid ? marksOf(picture.grid) : []), [picture, grid]);
  const [from, to] = [span?.from ?? 0, span?.to ?? picture.seconds];
  const draw = useCallback<Draw>(
    (context, width, height, scale) => {
      const top = grid ? LABELS * scale : 0;
      drawWave(context, picture, { from, to }, { width, height: height - top, top });
      drawGrid(context, marks, { from, to }, { width, height, scale, top });
    },
    [picture, marks, grid, from, to],
  );
  return <canvas ref={useCanvas(draw)} role="img" aria-label={label} className={classes("w-full", className)} />;
}

/** A waveform in a row or in the player: bars, the played ones in cyan. */
export function MiniWaveform({ picture, played = 0, className }: { picture: Picture; played?: number; className?: string }) {
  const share = Math.round(played * 400) / 400; // drawn anew at most so often
  const draw = useCallback<Draw>(
    (context, width, height, scale) => drawBars(context, picture, { width, height, top: 0 }, scale, share),
    [picture, share],
  );
  return <canvas ref={useCanvas(draw)} aria-hidden className={classes("w-full", className)} />;
}

import { useCallback, useMemo } from "react";

import { drawGrid, marksOf } from "../sound/grid";
import type { Picture } from "../sound/picture";
import type { Span } from "../sound/span";
import { drawSpectrum } from "../sound/spectrum";
import { useCanvas, type Draw } from "../sound/useCanvas";
import { classes } from "./classes";
import { Empty } from "./Card";

interface SpectrumViewProps {
  picture: Picture;
  /** What is shown; all of it if left out. */
  span?: Span | undefined;
  grid?: boolean;
  label?: string;
  className?: string;
}

/** A sound's mel spectrum on the same time axis as its waveform. */
export function SpectrumView({ picture, span, grid = false, label = "Mel spectrum", className }: SpectrumViewProps) {
  const marks = useMemo(() => (grid ? marksOf(picture.grid) : []), [picture, grid]);
  const [from, to] = [span?.from ?? 0, span?.to ?? picture.seconds];
  const draw = useCallback<Draw>(
    (context, width, height, scale) => {
      if (picture.mel) drawSpectrum(context, picture.mel, { from, to }, width, height);
      drawGrid(context, marks, { from, to }, { width, height, scale, top: 0 });
    },
    [picture, marks, from, to],
  );
  const canvas = useCanvas(draw);
  if (picture.mel && picture.mel.shades.every((shade) => shade === 0)) {
    return <Empty className={classes("grid place-items-center", className)}>Silence: nothing above {"\u2212"}96 dB</Empty>;
  }
  return <canvas ref={canvas} role="img" aria-label={label} className={classes("w-full", className)} />;
}

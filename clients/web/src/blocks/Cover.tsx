import { useCallback } from "react";

import { drawCover } from "../sound/cover";
import type { Picture } from "../sound/picture";
import { useCanvas, type Draw } from "../sound/useCanvas";
import { classes } from "./classes";

interface CoverProps {
  picture: Picture | undefined;
  /** Of what; left out where the name stands beside it. */
  label?: string;
  className?: string;
}

const SMALL = 64; // below this, fewer and thicker shapes

/** A picture that is drawn from the sound itself. */
export function Cover({ picture, label, className }: CoverProps) {
  const draw = useCallback<Draw>(
    (context, width, height, scale) => picture && drawCover(context, picture, width, height, width < SMALL * scale),
    [picture],
  );
  return (
    <canvas
      ref={useCanvas(draw)}
      {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": true })}
      className={classes("shrink-0 bg-soft", className)}
    />
  );
}

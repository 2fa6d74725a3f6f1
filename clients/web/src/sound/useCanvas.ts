import { useEffect, useRef, type RefObject } from "react";

/** Draws on a canvas of width x height device pixels, `scale` of them in a pixel of the page. */
export type Draw = (context: CanvasRenderingContext2D, width: number, height: number, scale: number) => void;

/** A canvas that is drawn anew whenever it changes its size or the drawing changes; memoise `draw`. */
export function useCanvas(draw: Draw): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const paint = () => {
      const { width, height } = element.getBoundingClientRect();
      const scale = devicePixelRatio || 1;
      element.width = Math.max(1, Math.round(width * scale));
      element.height = Math.max(1, Math.round(height * scale));
      const context = element.getContext("2d");
      if (context && width && height) draw(context, element.width, element.height, scale);
    };
    const watch = new ResizeObserver(paint);
    watch.observe(element);
    return () => watch.disconnect();
  }, [draw]);
  return canvas;
}

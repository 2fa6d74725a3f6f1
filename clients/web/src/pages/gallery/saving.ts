import { drawCover } from "../../sound/cover";
import type { Picture } from "../../sound/picture";
import { save } from "../../text/saving";

const SIDE = 1024; // pixels

/** Saves a sound's cover as a PNG file. */
export async function saveCover(picture: Picture, name: string): Promise<void> {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  drawCover(canvas.getContext("2d")!, picture, SIDE, SIDE, false);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  if (blob) save(blob, `${name.replace(/\.[^.]+$/, "")}.png`);
}

/** How many tiles a page has: they fill rows of six, and of four, without a gap at the end. */
export const PAGE = 72;

/** Which tiles are twice as wide and high: three of each eighteen. */
export const isLarge = (index: number): boolean => [0, 3, 9].includes(index % 18);

/** The page that an address names, from 1 on; the last one where it names a later one. */
export function pageOf(text: string | null, total: number): number {
  const page = Math.trunc(Number(text)) || 1;
  return Math.min(Math.max(1, page), pagesOf(total));
}

/** How many pages so many sounds have; one at least. */
export const pagesOf = (total: number): number => Math.max(1, Math.ceil(total / PAGE));

/** The first sound of a page and the one behind its last, counted from 0. */
export function spanOf(page: number, total: number): [from: number, to: number] {
  return [(page - 1) * PAGE, Math.min(total, page * PAGE)];
}

/** Where a tile lies, in any unit. */
export type Box = Pick<DOMRect, "left" | "right" | "top" | "bottom">;

const middle = (low: number, high: number) => (low + high) / 2;

/**
 * The tile that a key leads to from one: the next or the one before, or the nearest in the row above or below.
 *
 * Nothing for other keys; at the edge the tile itself.
 */
export function tileAt(key: string, at: number, boxes: readonly Box[]): number | undefined {
  const last = boxes.length - 1;
  const plain = { ArrowRight: Math.min(last, at + 1), ArrowLeft: Math.max(0, at - 1), Home: 0, End: last }[key];
  if (plain !== undefined) return plain;
  if (key !== "ArrowDown" && key !== "ArrowUp") return undefined;
  const from = boxes[at];
  if (!from) return undefined;
  const x = middle(from.left, from.right);
  const slack = (from.bottom - from.top) / 4; // rows may not lie quite in line
  let [best, least] = [at, Infinity];
  boxes.forEach((box, index) => {
    const rise = key === "ArrowDown" ? box.top - from.bottom : from.top - box.bottom;
    const aside = Math.max(0, box.left - x, x - box.right); // 0 where it is straight above or below
    const far = Math.max(0, rise) + 4 * aside + Math.abs(middle(box.left, box.right) - x) / 100;
    if (index !== at && rise >= -slack && far < least) [best, least] = [index, far];
  });
  return best;
}

import { expect, test } from "vitest";

import { isLarge, PAGE, pageOf, pagesOf, spanOf, tileAt, type Box } from "./tiles";

test("a page has no gap at its end, in rows of six and of four", () => {
  const cells = Array.from({ length: PAGE }, (_, index) => (isLarge(index) ? 4 : 1)).reduce((sum, one) => sum + one, 0);
  expect([cells % 6, cells % 4]).toEqual([0, 0]);
});

test("an address names a page that there is", () => {
  expect([pageOf(null, 200), pageOf("2", 200), pageOf("99", 200), pageOf("-1", 200), pageOf("x", 0)]).toEqual([1, 2, 3, 1, 1]);
  expect([pagesOf(0), pagesOf(PAGE), pagesOf(PAGE + 1)]).toEqual([1, 1, 2]);
  expect([spanOf(1, 200), spanOf(3, 200)]).toEqual([[0, 72], [144, 200]]);
});

const box = (left: number, top: number, side = 1): Box => ({ left, top, right: left + side, bottom: top + side });
// A large tile with two small ones at its right, and a row of three below.
const BOXES = [box(0, 0, 2), box(2, 0), box(2, 1), box(0, 2), box(1, 2), box(2, 2)];

test("left and right go through all tiles and stop at the ends", () => {
  expect([tileAt("ArrowRight", 0, BOXES), tileAt("ArrowLeft", 0, BOXES), tileAt("ArrowRight", 5, BOXES)]).toEqual([1, 0, 5]);
  expect([tileAt("Home", 4, BOXES), tileAt("End", 0, BOXES)]).toEqual([0, 5]);
});

test("up and down lead to the tile that is straight above or below, over tiles of both sizes", () => {
  expect([tileAt("ArrowDown", 1, BOXES), tileAt("ArrowDown", 2, BOXES), tileAt("ArrowUp", 5, BOXES)]).toEqual([2, 5, 2]);
  expect([tileAt("ArrowUp", 4, BOXES), tileAt("ArrowUp", 3, BOXES)]).toEqual([0, 0]);
  expect([tileAt("ArrowUp", 1, BOXES), tileAt("ArrowDown", 4, BOXES)]).toEqual([1, 4]);
});

test("other keys lead nowhere", () => {
  expect(tileAt("a", 0, BOXES)).toBeUndefined();
  expect(tileAt("ArrowDown", 9, BOXES)).toBeUndefined();
});

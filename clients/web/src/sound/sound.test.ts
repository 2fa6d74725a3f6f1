import { expect, test } from "vitest";

import { marksOf, placeAt } from "./grid";
import { camelotOf, fits, HOURS, keyOf } from "./keys";
import { LOOP } from "./loop";
import { extent, zoomFor, zoomsOf } from "./picture";
import { spanAround, zoomed } from "./span";

test("every hour of the wheel names a key that has this hour", () => {
  const hours = HOURS.flatMap((_, hour) => [`${hour + 1}A`, `${hour + 1}B`]);
  expect(hours.map((hour) => camelotOf(keyOf(hour)))).toEqual(hours);
  expect([camelotOf("A minor"), camelotOf("C major"), camelotOf("A")]).toEqual(["8A", "8B", undefined]);
});

test("what fits an hour lies beside it, also over twelve", () => {
  expect(fits("8A")).toEqual(["8A", "9A", "7A", "8B"]);
  expect(fits("12B")).toEqual(["12B", "1B", "11B", "12A"]);
  expect(fits("1A")).toEqual(["1A", "2A", "12A", "1B"]);
});

test("the zooms of a waveform follow each other, the coarsest first", () => {
  const [coarse, fine] = zoomsOf([-127, 127, -64, 0, 0, 127], [1, 2], [2, 1]);
  expect(Array.from(coarse!.peaks)).toEqual([-1, 1]);
  expect(extent(fine!, 0, 1)[0]).toBeCloseTo(-0.504, 3);
  expect(extent(fine!, 0, 2)).toEqual([expect.closeTo(-0.504, 3), 1]);
});

test("as many pixels as there are get a bin each, as long as there are enough", () => {
  const zooms = LOOP.picture.zooms;
  expect(zoomFor(zooms, LOOP.seconds, 100)).toBe(zooms[0]);
  expect(zoomFor(zooms, LOOP.seconds, 600)).toBe(zooms[1]);
  expect(zoomFor(zooms, 0.5, 2000)).toBe(zooms.at(-1));
});

test("beats are counted from the bar that they are in; before the first bar they have no number", () => {
  const marks = marksOf({ beats: [0.1, 0.6, 1.1, 1.6, 2.1], downbeats: [0.6, 1.6] });
  expect(marks.map((mark) => mark.label)).toEqual(["", "1", "1.2", "2", "2.2"]);
  expect([placeAt(marks, 0.3), placeAt(marks, 0.7), placeAt(marks, 1.3), placeAt(marks, 9)]).toEqual(["", "1.1", "1.2", "2.2"]);
});

test("a stretch stays inside the sound, and keeps its place under the pointer when it is enlarged", () => {
  expect(spanAround(0.2, 2, 10)).toEqual({ from: 0, to: 2 });
  expect(spanAround(9.9, 2, 10)).toEqual({ from: 8, to: 10 });
  const near = zoomed({ from: 2, to: 6 }, 0.5, 3, 10);
  expect(near).toEqual({ from: 2.5, to: 4.5 });
});

test("the loop that is shown was heard as it was made: four bars in A minor at 128", () => {
  expect(LOOP.picture.camelot).toBe("8A");
  expect(LOOP.picture.grid.beats).toHaveLength(16);
  expect(LOOP.picture.mel?.shades).toHaveLength(LOOP.picture.mel!.columns * LOOP.picture.mel!.bands);
});

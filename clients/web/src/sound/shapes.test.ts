import { expect, test } from "vitest";

import { LOOP } from "./loop";
import type { Mel } from "./picture";
import { burst, paint, polarOf, ring, strata } from "./shapes";

const DARK = 40;
const LOUD = 255;

/** A spectrum of so many columns and bands that is loud where it is told, and dark elsewhere. */
function melWhere(loud: (column: number, band: number) => boolean, columns = 64, bands = 32): Mel {
  const shades = Uint8Array.from({ length: columns * bands }, (_, place) => (loud(Math.floor(place / bands), place % bands) ? LOUD : DARK));
  return { columns, bands, secondsPerColumn: 0.1, shades, frequencies: [] };
}

test("a loop's low notes are inside, and its beginning is at the top", () => {
  const lows = ring(melWhere((_, band) => band < 8), false);
  expect([lows(0.3, 0.4), lows(0.8, 0.4)]).toEqual([expect.closeTo(0.98, 2), expect.closeTo(0.04, 2)]);
  const start = ring(melWhere((column) => column < 16), false);
  expect(start(0.5, 0.1)).toBeGreaterThan(0.9);
  expect(start(0.5, 0.9)).toBeLessThan(0.1);
});

test("a one-shot goes outward: what comes first is in the middle, and beyond its reach is nothing", () => {
  const attack = burst(melWhere((column) => column < 8), false);
  expect(attack(0.1, 0)).toBeGreaterThan(0.8);
  expect(attack(0.9, 0)).toBeLessThan(0.1);
  expect(attack(0.99, 0)).toBe(0.03);
});

test("a one-shot has four arms alike", () => {
  const shade = burst(LOOP.picture.mel!, false);
  for (const turn of [0.03, 0.1, 0.2]) expect(shade(0.5, turn + 0.25)).toBeCloseTo(shade(0.5, turn), 5);
});

test("a song has a line for each stretch, flat where nothing sounds, with its ends on the base", () => {
  const [quiet, loud] = strata(melWhere((column) => column >= 32), 2, 20);
  expect(Math.max(...quiet!)).toBe(0);
  expect(Math.max(...loud!)).toBeGreaterThan(0.8);
  expect([loud![0], loud![20]]).toEqual([0, expect.closeTo(0, 3)]);
});

test("silence is flat and dark", () => {
  const silence: Mel = { columns: 64, bands: 32, secondsPerColumn: 0.1, shades: new Uint8Array(64 * 32), frequencies: [] };
  expect(strata(silence, 26, 80).every((line) => line.every((height) => height === 0))).toBe(true);
  expect(ring(silence, false)(0.5, 0.1)).toBeLessThan(0.1);
});

test("a sound that is shorter than there are lines has them all, with numbers in them", () => {
  const lines = strata(melWhere(() => true, 3), 26, 80);
  expect(lines).toHaveLength(26);
  expect(lines.every((line) => line.every(Number.isFinite))).toBe(true);
});

test("the same sound has always the same cover, in every size", () => {
  const mel = LOOP.picture.mel!;
  const ramp = Uint32Array.from({ length: 256 }, (_, index) => index);
  const draw = (size: number) => {
    const pixels = new Uint32Array(size * size);
    paint(pixels, size, ring(mel, false), ramp);
    return pixels;
  };
  expect(draw(48)).toEqual(draw(48));
  expect(draw(48).some((pixel) => pixel > 128)).toBe(true);
  expect(polarOf(48).turn).toHaveLength(48 * 48);
});

test("turns begin at the top and go clockwise", () => {
  const { turn, radius } = polarOf(9);
  const at = (x: number, y: number) => turn[y * 9 + x]!;
  expect([at(4, 0), at(8, 4), at(4, 8), at(0, 4)]).toEqual([0, 0.25, 0.5, 0.75]);
  expect(radius[4 * 9 + 4]).toBe(0);
});

import { expect, test, vi } from "vitest";

import { Pages } from "./pages";

const SIZE = 100;

/** A list of so many numbers, a hundred a page; `asked` are the tokens that were asked for. */
function listed(total: number, asked: string[] = []) {
  return new Pages<number>(async (token) => {
    asked.push(token);
    const from = Number(token || 0);
    const rows = Array.from({ length: Math.min(SIZE, total - from) }, (_, index) => from + index);
    return { rows, next: from + SIZE < total ? `${from + SIZE}` : "", total };
  });
}

const settled = (pages: Pages<number>, rows: number) => vi.waitFor(() => expect(pages.current().rows.length).toBe(rows));

test("asks for no more than what is looked at", async () => {
  const asked: string[] = [];
  const pages = listed(10_000, asked);
  pages.want(20);
  await settled(pages, 100);
  expect(pages.current().total).toBe(10_000);
  pages.want(150);
  await settled(pages, 200);
  expect(asked).toEqual(["", "100"]);
});

test("whoever jumps to the end of 10,000 gets every row once and in order", async () => {
  const pages = listed(10_000);
  pages.want(0);
  pages.want(9_999);
  await settled(pages, 10_000);
  expect(pages.current().rows.every((row, index) => row === index)).toBe(true);
});

test("knows how many there are once the last page has come", async () => {
  const pages = new Pages<number>(async () => ({ rows: [1, 2, 3], next: "", total: 5 }));
  pages.want(0);
  await settled(pages, 3);
  expect(pages.current().total).toBe(3);
});

test("renews what was looked at and keeps what is there until then", async () => {
  let first = 0;
  const pages = new Pages<number>(async () => ({ rows: [first], next: "", total: 1 }));
  pages.want(0);
  await settled(pages, 1);
  first = 7;
  const renewed = pages.renew(0);
  expect(pages.current().rows).toEqual([0]);
  await renewed;
  expect(pages.current().rows).toEqual([7]);
});

test("whoever jumps to the end while it is renewed gets there", async () => {
  const pages = listed(1_000);
  pages.want(20);
  await settled(pages, 100);
  const renewed = pages.renew(20);
  pages.want(999);
  await renewed;
  await settled(pages, 1_000);
  expect(pages.current().rows.every((row, index) => row === index)).toBe(true);
});

test("says why a page did not come, and asks again when it is looked at again", async () => {
  let fails = true;
  const pages = new Pages<number>(async () => {
    if (fails) throw new Error("no");
    return { rows: [1], next: "", total: 1 };
  });
  pages.want(0);
  await vi.waitFor(() => expect(pages.current().refusal).toBeDefined());
  fails = false;
  pages.want(0);
  await settled(pages, 1);
  expect(pages.current().refusal).toBeUndefined();
});

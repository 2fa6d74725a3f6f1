import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";

const folder = new URL("../../", import.meta.url);

test("the sample in the README is the program in examples, which compiles", async () => {
  const readme = await readFile(new URL("README.md", folder), "utf8");
  const [, sample] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  assert.equal(sample, await readFile(new URL("examples/first.ts", folder), "utf8"));
});

test("v1 holds the messages of every .proto file", async () => {
  const made = await readdir(new URL("src/generated/samplemind/v1/", folder));
  const v1 = await readFile(new URL("src/v1.ts", folder), "utf8");
  const exported = [...v1.matchAll(/v1\/(\w+)\.js"/g)].map(([, name]) => `${name}.ts`);
  assert.deepEqual(exported, made.sort());
});

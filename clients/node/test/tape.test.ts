import assert from "node:assert/strict";
import { test } from "node:test";
import { Tape } from "../src/tape.js";

const RATE_HZ = 100;
const FRAME_BYTES = 4;
const SECOND = RATE_HZ * FRAME_BYTES;

/** So many seconds of sound, whose bytes are the second they lie in; `given` counts them. */
function* seconds(many: number, given: { count: number }) {
  for (let second = 0; second < many; second++) {
    given.count += 1;
    yield new Uint8Array(SECOND).fill(second);
  }
}

test("whoever plays is held up where nobody reads for 35 s, and goes on when somebody does", async () => {
  const [tape, given] = [new Tape(FRAME_BYTES, RATE_HZ), { count: 0 }];
  const filling = tape.fill(seconds(200, given));
  await new Promise(setImmediate);
  assert.equal(given.count, 36); // the last one waits

  const read: number[] = [];
  for await (const { frame, data } of tape.read(0)) {
    assert.equal(frame, read.length * RATE_HZ);
    read.push(data[0] ?? -1);
  }

  await filling;
  assert.deepEqual(read, Array.from({ length: 200 }, (_, second) => second));
});

test("the last 35 s can be read again, and what is older is gone", async () => {
  const tape = new Tape(FRAME_BYTES, RATE_HZ);
  const filling = tape.fill(seconds(200, { count: 0 }));
  for await (const _ of tape.read(0)) {
    // plays to the end
  }
  await filling;

  const first = async (frame: number) => (await tape.read(frame).next()).value?.frame;

  assert.equal(await first(165 * RATE_HZ), 165 * RATE_HZ);
  assert.equal(await first(165 * RATE_HZ + 1), 165 * RATE_HZ); // the piece that holds it
  assert.equal(await first(0), 130 * RATE_HZ);
});

test("what goes wrong with the sound is told to whoever reads, after what came before", async () => {
  const tape = new Tape(FRAME_BYTES, RATE_HZ);
  async function* broken() {
    yield new Uint8Array(SECOND);
    throw new Error("the microphone is gone");
  }
  await tape.fill(broken());

  const pieces = tape.read(0);
  assert.equal((await pieces.next()).value?.frame, 0);
  await assert.rejects(pieces.next(), { message: "the microphone is gone" });
});

test("a tape that is cut is waited for by nobody", async () => {
  const tape = new Tape(FRAME_BYTES, RATE_HZ);
  const [filling, next] = [tape.fill(seconds(200, { count: 0 })), tape.read(1_000_000).next()];

  tape.cut();

  await filling;
  assert.equal((await next).done, true);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { AnalysisService, AnalyzeLiveResponseSchema, SampleFormat } from "../src/v1.js";
import type { LiveUpdate } from "../src/index.js";
import { FakeDaemon } from "./daemon.js";

const OPTIONS = { format: SampleFormat.S16LE, sampleRateHz: 8000, channels: 1 };
const SOUND = Uint8Array.from({ length: 20_000 }, (_, byte) => byte % 251);

/** Pieces that do not end where frames do. */
function* pieces() {
  for (let start = 0; start < SOUND.length; start += 999) {
    yield SOUND.subarray(start, start + 999);
  }
}

function answer(init: MessageInitShape<typeof AnalyzeLiveResponseSchema>) {
  return create(AnalyzeLiveResponseSchema, init);
}

test("live sound goes on after a break, from the frame that the daemon names", async (t) => {
  const kept = Buffer.alloc(SOUND.length);
  const tokens: string[] = [];
  const daemon = await FakeDaemon.start((router) =>
    router.service(AnalysisService, {
      async *analyzeLive(requests) {
        let heard = 0;
        for await (const { message } of requests) {
          if (message.case === "config") {
            tokens.push(message.value.resumeToken);
            const nextFrame = tokens.length === 1 ? 0n : 1_000n;
            yield answer({ update: { case: "started", value: { resumeToken: "again", nextFrame } } });
          } else if (message.case === "audio") {
            kept.set(message.value.data, Number(message.value.frame) * 2);
            heard += message.value.data.length / 2;
            yield answer({ update: { case: "progress", value: { receivedFrames: BigInt(heard) } } });
            if (tokens.length === 1 && heard > 3_000) {
              throw new ConnectError("the daemon goes away", Code.Unavailable);
            }
            if (tokens.length === 2 && heard > 6_000) {
              kept.fill(0, 4_000); // only so much was heard of what came
              daemon.cut();
            }
          } else {
            yield answer({ update: { case: "final", value: { name: "tempo.bpm" } } });
            yield answer({ update: { case: "end", value: {} } });
          }
        }
      },
    }),
  );
  t.after(() => daemon.stop());
  const cases: LiveUpdate["case"][] = [];

  for await (const { case: kind } of daemon.client().live(pieces(), OPTIONS)) {
    cases.push(kind);
  }

  assert.deepEqual(cases.slice(-2), ["final", "end"]);
  assert.deepEqual(tokens, ["", "again", "again"]);
  assert.ok(kept.equals(SOUND));
});

test("a live stream that makes no progress is given up", async (t) => {
  let attempts = 0;
  const daemon = await FakeDaemon.start((router) =>
    router.service(AnalysisService, {
      async *analyzeLive() {
        attempts += 1;
        yield answer({ update: { case: "started", value: { nextFrame: 0n } } });
        throw new ConnectError("the daemon goes away", Code.Unavailable);
      },
    }),
  );
  t.after(() => daemon.stop());

  const updates = daemon.client({ delaysSeconds: [0, 0] }).live(pieces(), OPTIONS);
  await assert.rejects(updates.next(), { reason: "CANNOT_REACH" });

  assert.equal(attempts, 3);
});

test("whoever leaves a live stream is played no further", async (t) => {
  let ended = false;
  async function* endless() {
    try {
      for (;;) {
        await new Promise(setImmediate);
        yield SOUND;
      }
    } finally {
      ended = true;
    }
  }
  const daemon = await FakeDaemon.start((router) =>
    router.service(AnalysisService, {
      async *analyzeLive(requests) {
        yield answer({ update: { case: "started", value: { nextFrame: 0n } } });
        for await (const _ of requests) {
          yield answer({ update: { case: "progress", value: {} } });
        }
      },
    }),
  );
  t.after(() => daemon.stop());

  for await (const _ of daemon.client().live(endless(), OPTIONS)) {
    break;
  }

  while (!ended) {
    await new Promise(setImmediate);
  }
});

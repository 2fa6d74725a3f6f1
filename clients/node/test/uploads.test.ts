import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { AudioService } from "../src/v1.js";
import { FakeDaemon } from "./daemon.js";

const BYTES = Buffer.alloc(300_000, "SampleMind");

test("an upload goes on from the committed offset when its stream breaks", async (t) => {
  const kept: Uint8Array[] = [];
  const offsets: number[] = [];
  const finished: string[] = [];
  const committed = () => BigInt(kept.reduce((sum, one) => sum + one.length, 0));
  const upload = () => ({ id: "u", sizeBytes: BigInt(BYTES.length), committedBytes: committed() });
  const daemon = await FakeDaemon.start((router) =>
    router.service(AudioService, {
      createUpload: ({ sizeBytes, sha256, name }) => {
        assert.deepEqual([Number(sizeBytes), name], [BYTES.length, "loop.wav"]);
        assert.equal(sha256, createHash("sha256").update(BYTES).digest("hex"));
        return { outcome: { case: "upload", value: upload() } };
      },
      async uploadChunks(requests) {
        for await (const { offset, data } of requests) {
          offsets.push(Number(offset));
          assert.equal(offset, committed());
          kept.push(data);
          if (offsets.length === 2) {
            throw new ConnectError("the daemon goes away", Code.Unavailable);
          }
          if (offsets.length === 4) {
            daemon.cut();
          }
        }
        return { upload: upload() };
      },
      getUpload: () => ({ upload: upload() }),
      finishUpload: ({ uploadId }) => {
        finished.push(uploadId);
        return { audio: { id: "a" } };
      },
    }),
  );
  const folder = await mkdtemp(join(tmpdir(), "samplemind-"));
  t.after(() => Promise.all([daemon.stop(), rm(folder, { recursive: true })]));
  const file = join(folder, "loop.wav");
  await writeFile(file, BYTES);

  const { audio } = await daemon.client().upload(file);

  assert.equal(audio.id, "a");
  assert.deepEqual(finished, ["u"]);
  assert.ok(Buffer.concat(kept).equals(BYTES));
  assert.deepEqual(offsets, [0, 65_536, 131_072, 196_608, 262_144]);
});

test("a file that the daemon has is not sent", async (t) => {
  const daemon = await FakeDaemon.start((router) =>
    router.service(AudioService, {
      createUpload: () => ({ outcome: { case: "audio", value: { id: "a" } } }),
    }),
  );
  t.after(() => daemon.stop());
  const source = { name: "loop.wav", sizeBytes: 1, sha256: "", read: () => assert.fail("nothing is to be read") };

  const { audio, sentBytes } = await daemon.client().upload(source);

  assert.deepEqual([audio.id, sentBytes], ["a", 0]);
});

test("what goes wrong while a file is read is thrown as it is", async (t) => {
  const daemon = await FakeDaemon.start((router) =>
    router.service(AudioService, {
      createUpload: () => ({ outcome: { case: "upload", value: { id: "u" } } }),
      async uploadChunks(requests) {
        for await (const _ of requests) {
          // takes what comes
        }
        return {};
      },
    }),
  );
  t.after(() => daemon.stop());
  const read = () => Promise.reject(new Error("the disk is gone"));

  await assert.rejects(daemon.client().upload({ name: "loop.wav", sizeBytes: 1, sha256: "", read }), {
    message: "the disk is gone",
  });
});

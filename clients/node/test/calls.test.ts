import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "../src/generated/google/rpc/error_details_pb.js";
import { CannotReach, SampleMindError } from "../src/index.js";
import { AudioService, AuthService, EventService } from "../src/v1.js";
import { FakeDaemon } from "./daemon.js";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test("a call that is made again keeps its request id, and another call has another", async (t) => {
  const seen: string[] = [];
  const daemon = await FakeDaemon.start((router) =>
    router.service(AudioService, {
      delete: ({ requestId }) => {
        seen.push(requestId);
        if (seen.length === 1) {
          daemon.cut();
        } else if (seen.length === 2) {
          throw new ConnectError("not yet", Code.Unavailable);
        }
        return {};
      },
    }),
  );
  t.after(() => daemon.stop());
  const client = daemon.client();

  await client.call(AudioService.method.delete, { audioId: "1" });
  await client.call(AudioService.method.delete, { audioId: "2" });

  assert.equal(seen.length, 4);
  assert.equal(new Set(seen.slice(0, 3)).size, 1);
  assert.notEqual(seen[2], seen[3]);
  assert.match(seen[0] ?? "", UUID);
});

test("a daemon that never answers is given up after the last delay", async (t) => {
  let calls = 0;
  const daemon = await FakeDaemon.start((router) =>
    router.service(AuthService, {
      getMe: () => {
        calls += 1;
        throw new ConnectError("not now", Code.Unavailable);
      },
    }),
  );
  t.after(() => daemon.stop());

  await assert.rejects(daemon.client({ delaysSeconds: [0, 0] }).me(), CannotReach);

  assert.equal(calls, 3);
});

test("where nobody listens, and once a client is closed, the error says so", async () => {
  const daemon = await FakeDaemon.start(() => undefined);
  const closed = daemon.client();
  await daemon.stop();
  const late = daemon.client();

  await assert.rejects(closed.me(), { reason: "CLIENT_CLOSED" });
  await assert.rejects(late.me(), { name: "CannotReach", reason: "CANNOT_REACH" });

  late.close();
});

test("a refusal has the daemon's reason, fields, delay and facts", async (t) => {
  const daemon = await FakeDaemon.start((router) =>
    router.service(AuthService, {
      getMe: () => {
        throw new ConnectError("Too much.", Code.ResourceExhausted, undefined, [
          { desc: ErrorInfoSchema, value: { reason: "RATE_LIMITED", metadata: { limit: "60" } } },
          { desc: BadRequestSchema, value: { fieldViolations: [{ field: "page_size", description: "negative" }] } },
          { desc: RetryInfoSchema, value: { retryDelay: { seconds: 7n, nanos: 500_000_000 } } },
        ]);
      },
    }),
  );
  t.after(() => daemon.stop());

  const error = await daemon.client().me().catch((one: unknown) => one);

  assert.ok(error instanceof SampleMindError);
  assert.deepEqual({ ...error, message: error.message }, {
    name: "SampleMindError",
    code: "RESOURCE_EXHAUSTED",
    reason: "RATE_LIMITED",
    message: "Too much.",
    fields: { page_size: "negative" },
    retrySeconds: 7.5,
    facts: { limit: "60" },
  });
});

test("a call that is limited for a moment is held back, and then made", async (t) => {
  let calls = 0;
  const daemon = await FakeDaemon.start((router) =>
    router.service(AuthService, {
      getMe: () => {
        calls += 1;
        if (calls === 1) {
          const soon = { desc: RetryInfoSchema, value: { retryDelay: { nanos: 1_000_000 } } };
          throw new ConnectError("Too much.", Code.ResourceExhausted, undefined, [soon]);
        }
        return {};
      },
    }),
  );
  t.after(() => daemon.stop());

  await daemon.client().me();

  assert.equal(calls, 2);
});

test("a value that does not fit its field is told at once", async (t) => {
  const daemon = await FakeDaemon.start(() => undefined);
  t.after(() => daemon.stop());

  await assert.rejects(daemon.client().sounds({ pageSize: 1.5 }).pages().next(), /page_size.*1\.5/);
});

test("an aborted signal ends a call with its reason, and the call is not made again", async (t) => {
  let calls = 0;
  const stop = new AbortController();
  const daemon = await FakeDaemon.start((router) =>
    router.service(AuthService, {
      getMe: async (_, { signal }) => {
        calls += 1;
        stop.abort(new Error("enough"));
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        return {};
      },
    }),
  );
  t.after(() => daemon.stop());

  await assert.rejects(daemon.client().me({ signal: stop.signal }), { message: "enough" });

  assert.equal(calls, 1);
});

test("events go on after the last one seen when the connection breaks", async (t) => {
  const cursors: string[] = [];
  const daemon = await FakeDaemon.start((router) =>
    router.service(EventService, {
      async *subscribe({ cursor }) {
        cursors.push(cursor);
        const next = Number(cursor) + 1;
        yield { cursor: String(next), event: { cursor: String(next), kind: "audio.added" } };
        yield { cursor: String(next + 1) }; // a heartbeat
        if (cursors.length === 2) {
          return; // a stream that ends has broken off, too
        }
        throw new ConnectError("the daemon goes away", Code.Unavailable);
      },
    }),
  );
  t.after(() => daemon.stop());
  const seen: string[] = [];

  for await (const event of daemon.client().events("0")) {
    seen.push(event.cursor);
    if (seen.length === 3) {
      break;
    }
  }

  assert.deepEqual(seen, ["1", "3", "5"]);
  assert.deepEqual(cursors, ["0", "2", "4"]);
});

test("a list is fetched page by page, each when it is come to", async (t) => {
  const asked: string[] = [];
  const daemon = await FakeDaemon.start((router) =>
    router.service(AudioService, {
      list: ({ pageToken }) => {
        asked.push(pageToken);
        return { audios: [{ id: `of page '${pageToken}'` }], nextPageToken: pageToken === "" ? "b" : "" };
      },
    }),
  );
  t.after(() => daemon.stop());
  const askedBefore: number[] = [];

  for await (const _ of daemon.client().sounds({ pageSize: 1 })) {
    askedBefore.push(asked.length);
  }

  assert.deepEqual(askedBefore, [1, 2]);
  assert.deepEqual(asked, ["", "b"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { Session } from "../src/line/credential.js";
import { AuthService } from "../src/v1.js";
import { FakeDaemon, tokens } from "./daemon.js";

const ACCOUNT = { email: "ada@example.org", password: "secret" };

/** A daemon that takes only the latest access token, and each refresh token once. */
function accounts(seen: { refreshed: string[]; shown: string[] }) {
  let latest = 1;
  return (router: ConnectRouter) =>
    router.service(AuthService, {
      login: () => ({ tokens: tokens(latest) }),
      refresh: ({ refreshToken }) => {
        seen.refreshed.push(refreshToken);
        latest += 1;
        return { tokens: tokens(latest) };
      },
      getMe: (_, { requestHeader }) => {
        const shown = requestHeader.get("authorization") ?? "";
        seen.shown.push(shown);
        if (shown !== `Bearer access-${latest}` || seen.refreshed.length === 0) {
          throw new ConnectError("this token has ended", Code.Unauthenticated);
        }
        return { user: { email: ACCOUNT.email } };
      },
    });
}

test("a token that the daemon refuses is renewed once for all who need it", async (t) => {
  const seen = { refreshed: [] as string[], shown: [] as string[] };
  const daemon = await FakeDaemon.start(accounts(seen));
  t.after(() => daemon.stop());
  const client = daemon.client();
  await client.login(ACCOUNT);

  const answers = await Promise.all(Array.from({ length: 50 }, () => client.me()));

  assert.deepEqual(new Set(answers.map((one) => one.user?.email)), new Set([ACCOUNT.email]));
  assert.deepEqual(seen.refreshed, ["refresh-1"]);
  assert.equal(client.session?.renewals, 1);
});

test("a token is renewed at four fifths of its life, and once for all who need it", async () => {
  const now = Date.now();
  const aged = (share: number) => ({
    access: "old",
    refresh: "once",
    obtainedAt: new Date(now - share * 1e6),
    expiresAt: new Date(now + (1 - share) * 1e6),
  });
  const spent: string[] = [];
  const refresh = async (token: string) => {
    spent.push(token);
    await new Promise(setImmediate);
    return { ...aged(0), access: "new" };
  };
  const [young, old] = [new Session(aged(0.79)), new Session(aged(0.81))];

  const shown = await Promise.all(Array.from({ length: 50 }, () => old.show(refresh)));

  assert.deepEqual(await young.show(refresh), { authorization: "Bearer old" });
  assert.deepEqual(new Set(shown.map((one) => one.authorization)), new Set(["Bearer new"]));
  assert.deepEqual(spent, ["once"]);
});

test("whoever has no credential is refused at once", async (t) => {
  const seen = { refreshed: [] as string[], shown: [] as string[] };
  const daemon = await FakeDaemon.start(accounts(seen));
  t.after(() => daemon.stop());

  await assert.rejects(daemon.client().me(), { code: "UNAUTHENTICATED" });

  assert.deepEqual([seen.shown.length, seen.refreshed.length], [1, 0]);
});

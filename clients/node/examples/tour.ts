/** All that a client does, in turn, one JSON object a line: node tour.js SERVER EMAIL PASSWORD FILE.wav */
import { setTimeout as sleep } from "node:timers/promises";
import { Client, findingOf, plainValue, SampleMindError } from "@samplemind/client";
import { AudioStateSchema, SampleFormat, ScopeSchema, type Audio } from "@samplemind/client/v1";
import { pieces, readWav } from "./wav.js";

const [server, email, password, file] = process.argv.slice(2);
if (!server || !email || !password || !file) {
  console.error("usage: tour SERVER EMAIL PASSWORD FILE.wav");
  process.exit(2);
}

const PIECE_FRAMES = 1024;
const client = new Client(server);
try {
  await signIn(email, password);
  const audio = await send(file);
  const bpm = await analyze(audio);
  await followEvents(audio);
  await list();
  await search(audio, bpm);
  await playLive(file);
  say("missing", await refusal(client.sound("00000000-0000-4000-8000-000000000000")));
  await askWrongly();
  await outliveToken();
  await signOut();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  client.close();
}

async function signIn(email: string, password: string): Promise<void> {
  say("refused", await refusal(client.login({ email, password: `${password}x` })));
  await client.login({ email, password });
  const me = await client.me();
  say("login", { email: me.user?.email, scope: ScopeSchema.value[me.scope]?.name });
}

async function send(path: string): Promise<Audio> {
  const { audio, sentBytes } = await client.upload(path);
  const { id, name, sha256 } = audio;
  say("upload", { id, name, size_bytes: Number(audio.sizeBytes), sha256, sent_bytes: sentBytes });
  const again = await client.upload(path);
  say("again", { id: again.audio.id, sent_bytes: again.sentBytes });
  return audio;
}

async function analyze(audio: Audio): Promise<number> {
  const updates = new Set<string>();
  for await (const update of client.analyze(audio.id)) {
    updates.add(update.case);
    if (update.case === "result") {
      const tempo = findingOf(update.value, "tempo.bpm");
      const bpm = plainValue(tempo);
      say("analyze", {
        updates: [...updates],
        state: AudioStateSchema.value[update.value.audio?.state ?? 0]?.name,
        bpm,
        unit: tempo?.unit,
        confidence: tempo?.confidence,
        key: plainValue(findingOf(update.value, "key.key")),
      });
      return typeof bpm === "number" ? bpm : NaN;
    }
  }
  throw new Error("the analysis ended without a result");
}

async function followEvents(audio: Audio): Promise<void> {
  const kinds: string[] = [];
  for await (const event of client.events("0")) {
    if (event.audioId === audio.id) {
      kinds.push(event.kind);
      if (event.kind === "audio.completed") {
        say("events", { kinds, cursor: event.cursor });
        return;
      }
    }
  }
}

async function list(): Promise<void> {
  const ids: string[] = [];
  let pages = 0;
  for await (const page of client.sounds({ pageSize: 1 }).pages()) {
    pages += 1;
    ids.push(...page.audios.map((one) => one.id));
  }
  say("list", { ids, pages });
}

async function search(audio: Audio, bpm: number): Promise<void> {
  const [text = ""] = audio.name.match(/[\p{L}\p{N}]+/u) ?? [];
  const ids: string[] = [];
  let total = 0;
  for await (const page of client.search({ text, bpm: { low: bpm - 1, high: bpm + 1 } }).pages()) {
    total = Number(page.total);
    ids.push(...page.found.map((one) => one.audio?.id ?? ""));
  }
  say("search", { ids, total });
}

async function playLive(path: string): Promise<void> {
  const wav = await readWav(path);
  const heard = { frames: wav.frames, estimates: 0, gaps: 0, finals: {} as Record<string, number | string> };
  const sound = { format: SampleFormat.S16LE, sampleRateHz: wav.rateHz, channels: wav.channels };
  const options = { ...sound, updateSeconds: 0.1 }; // as often as can be: a file is heard much faster than it is played
  for await (const update of client.live(pieces(wav, PIECE_FRAMES), options)) {
    if (update.case === "estimate") {
      heard.estimates += 1;
    } else if (update.case === "gap") {
      heard.gaps += 1;
    } else if (update.case === "final") {
      const value = plainValue(update.value);
      if (typeof value === "number" || typeof value === "string") {
        heard.finals[update.value.name] = value;
      }
    }
  }
  say("live", heard);
}

async function askWrongly(): Promise<void> {
  const pages = client.sounds({ pageSize: -1 }).pages();
  const { code, reason, fields } = await refused(pages.next());
  say("wrong", { code, reason, fields: Object.keys(fields) });
}

async function outliveToken(): Promise<void> {
  const milliseconds = Math.max((client.session?.tokens.expiresAt.getTime() ?? 0) - Date.now(), 0);
  say("wait", { seconds: milliseconds / 1000 });
  await sleep(milliseconds);
  const me = await client.me();
  say("renewed", { email: me.user?.email, renewals: client.session?.renewals });
}

async function signOut(): Promise<void> {
  const accessToken = client.session?.tokens.access ?? "";
  await client.logout();
  say("logout", {});
  const late = new Client(server ?? "", { accessToken });
  try {
    say("ended", await refusal(late.me()));
  } finally {
    late.close();
  }
}

/** What the daemon refused a call with; a call that goes through is a mistake. */
async function refused(call: Promise<unknown>): Promise<SampleMindError> {
  const answer = await call.catch((error: unknown) => error);
  if (answer instanceof SampleMindError) {
    return answer;
  }
  throw answer instanceof Error ? answer : new Error("the daemon should have refused this");
}

async function refusal(call: Promise<unknown>): Promise<{ code: string; reason: string }> {
  const { code, reason } = await refused(call);
  return { code, reason };
}

function say(step: string, facts: object): void {
  process.stdout.write(`${JSON.stringify({ step, ...facts })}\n`);
}

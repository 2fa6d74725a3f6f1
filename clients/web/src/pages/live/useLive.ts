import { useCallback, useEffect, useRef, useState } from "react";

import { session } from "../../api/client";
import { LiveStream } from "../../api/live";
import { joined, NOTHING } from "./heard";
import { openSource, type Choice, type Source } from "./source";

const LOOK_EVERY_MS = 500;

export type LiveState = "idle" | "opening" | "hearing" | "finishing";

/** One hearing, from the first press to the end. */
interface Run {
  keepAs: string | undefined;
  source?: Source;
  stream?: LiveStream;
  /** When the last piece came, in milliseconds of the page. */
  came: number;
}

/** Hears sound through the daemon. */
export function useLive() {
  const [state, setState] = useState<LiveState>("idle");
  const [heard, setHeard] = useState(NOTHING);
  const [problem, setProblem] = useState("");
  const [waiting, setWaiting] = useState(0); // whole seconds that are played and did not come to the daemon yet
  const running = useRef<Run>(undefined);

  const finish = useCallback(() => {
    const run = running.current;
    if (!run?.stream) return;
    run.source?.close();
    setState("finishing");
    run.stream.finish();
  }, []);
  const leave = useCallback(() => {
    const run = running.current;
    running.current = undefined;
    run?.source?.close();
    run?.stream?.leave();
  }, []);
  useEffect(() => leave, [leave]);
  useEffect(() => {
    if (state === "idle") return;
    const look = () => setWaiting(Math.floor(running.current?.stream?.waitingSeconds ?? 0));
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => (clearInterval(timer), setWaiting(0));
  }, [state]);

  useEffect(() => {
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    if (state === "idle" || running.current?.keepAs === undefined) return;
    window.addEventListener("beforeunload", stay); // what is to be kept would be lost
    return () => window.removeEventListener("beforeunload", stay);
  }, [state]);

  const start = async (choice: Choice, keepAs: string | undefined) => {
    const run: Run = { keepAs, came: 0 };
    running.current = run;
    const end = (why = "") => {
      if (running.current !== run) return;
      leave();
      setState("idle");
      setProblem(why);
    };
    setState("opening");
    setHeard(NOTHING);
    setProblem("");
    try {
      const source = await openSource(choice, {
        onPiece: (samples) => {
          run.came = performance.now();
          run.stream?.push(samples);
        },
        onEnd: () => running.current === run && finish(),
      });
      await session.resume().catch(() => undefined); // a socket cannot renew what has ended
      if (running.current !== run) return source.close(); // the page was left meanwhile
      run.source = source;
      const { rate, channels } = source;
      run.stream = new LiveStream({
        rate,
        channels,
        keepAs,
        onUpdate: (update) => setHeard((last) => joined(last, update, rate)),
        onBreak: () => setHeard((last) => ({ ...last, broken: true })),
        onEnd: (refusal) => end(refusal?.message),
      });
      setState("hearing");
    } catch (thrown) {
      end(thrown instanceof Error ? thrown.message : String(thrown));
    }
  };

  /** Seconds of the stream that are played now. */
  const now = useCallback(() => {
    const { stream, came } = running.current ?? {};
    return stream ? stream.seconds + (performance.now() - (came ?? 0)) / 1000 : 0;
  }, []);
  return { state, heard, problem, waiting, now, start, finish };
}

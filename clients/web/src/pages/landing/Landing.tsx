import { ArrowRight, Upload } from "lucide-react";
import { Link } from "wouter";

import { useAuth } from "../../api/useAuth";
import { buttonLook } from "../../blocks/Button";
import { Card } from "../../blocks/Card";
import { LOOP } from "../../sound/loop";
import { Mark } from "../../shell/Mark";
import { formatNumber } from "../../text/number";
import { HeroStage } from "./HeroStage";
import { Heard } from "./Heard";

/** What SampleMind is: a loop that was really analysed, what it says when it does not know, and how to begin. */
export default function Landing() {
  const { who } = useAuth();
  const inside = who.name === "somebody";
  return (
    <main className="overflow-hidden">
      <nav aria-label="Site" className="flex h-18 items-center gap-8 px-16 max-desk:h-14 max-desk:px-4">
        <span className="flex items-center gap-2.5 text-lead font-semibold tracking-tight"><Mark />SampleMind</span>
        <Link href={inside ? "/dashboard" : "/sign-in"} className={`ml-auto ${buttonLook("quiet")}`}>{inside ? "Dashboard" : "Sign in"}</Link>
      </nav>
      <section className="grid items-end gap-16 px-16 py-8 max-desk:grid-cols-1 max-desk:gap-4 max-desk:px-4 max-desk:py-4 desk:grid-cols-[minmax(0,1fr)_400px]">
        <h1 className="text-hero font-semibold tracking-[-.045em] max-desk:text-[40px] max-desk:leading-11">
          {formatNumber(LOOP.seconds, 1)} s of audio.<br />
          {LOOP.findings.size} descriptors.<br />
          <span className="font-normal text-dim">0 bytes leave your machine.</span>
        </h1>
        <div className="flex flex-col gap-4">
          <p className="text-lead text-[hsl(220_10%_76%)]">
            SampleMind listens to every loop, one-shot and track in your folders and writes down what it hears, with how sure it is.
          </p>
          <div className="flex flex-wrap gap-2">
            <Link href="/library" className={buttonLook("primary", "large")}>Open your library</Link>
            <Link href="/upload" className={buttonLook("plain", "large")}><Upload className="size-4" aria-hidden />Analyse a file</Link>
          </div>
        </div>
      </section>
      <HeroStage />
      <Heard />
      <Honesty />
      <Begin />
    </main>
  );
}

const ROWS: [what: string, tempo: string, key: string, why: string][] = [
  ["a snare, 0.35 s", "not applicable", "not applicable", "a one-shot has no tempo; a single hit has no key"],
  ["tape hiss, 12 s", "unmeasurable", "not applicable", "what begins in the sound keeps no steady pulse"],
  ["silence, 10 s", "not applicable", "not applicable", "no tone is heard: the sound is silent or noise"],
];
const SECTION = "grid gap-16 px-16 pt-24 max-desk:grid-cols-[minmax(0,1fr)] max-desk:gap-6 max-desk:px-4 max-desk:pt-12 desk:grid-cols-[400px_minmax(0,1fr)]";

function Honesty() {
  return (
    <section className={SECTION}>
      <div>
        <h2 className="text-figure tracking-tight">It says when it does not know.</h2>
        <p className="pt-3 text-lead text-[hsl(220_10%_72%)]">
          A snare has no tempo. Silence has no key. Where a number would be invented, you read the reason instead, and your own corrections always win.
        </p>
      </div>
      <Card className="overflow-x-auto">
        <table className="w-full text-left text-cell">
          <thead className="text-label text-dim">
            <tr className="border-b border-line-2">{["Sound", "Tempo", "Key"].map((head) => <th key={head} className="h-8 px-4 font-medium">{head}</th>)}<th className="px-4 font-medium max-desk:hidden">Why</th></tr>
          </thead>
          <tbody>
            {ROWS.map(([what, tempo, key, why]) => (
              <tr key={what} className="border-b border-line last:border-0">
                <td className="h-9 px-4 whitespace-nowrap">{what}</td>
                <td className="px-4 text-label text-dim">{tempo}</td>
                <td className="px-4 text-label text-dim">{key}</td>
                <td className="px-4 text-label text-dim max-desk:hidden">{why}</td>
              </tr>
            ))}
            <tr>
              <td className="h-9 px-4 whitespace-nowrap">a break, heard at 87.0</td>
              <td className="px-4 whitespace-nowrap">174.0 <span className="text-label text-purple-text">yours</span></td>
              <td className="px-4 text-label text-dim">not applicable</td>
              <td className="px-4 text-label text-dim max-desk:hidden">you doubled it, and so it stays whatever is heard later</td>
            </tr>
          </tbody>
        </table>
      </Card>
    </section>
  );
}

function Begin() {
  return (
    <section className={`${SECTION} pb-24 max-desk:pb-12`}>
      <div>
        <h2 className="text-figure tracking-tight">One command, then point it at a folder.</h2>
        <p className="pt-3 text-lead text-[hsl(220_10%_72%)]">The same daemon answers the browser, the command line, your DAW and anything that speaks gRPC.</p>
        <Link href="/register" className="mt-4 inline-flex items-center gap-1 text-blue-text hover:underline">Make an account <ArrowRight className="size-4" aria-hidden /></Link>
      </div>
      <pre className="overflow-x-auto rounded-card border border-line bg-well px-5 py-4 font-mono text-[13px] leading-[22px] text-[hsl(220_14%_80%)] max-desk:text-[11px] max-desk:leading-[18px]">
        <span className="text-dim">$</span> make run{"\n"}
        <span className="text-dim">$</span> cp loops/*.wav ~/.local/share/samplemind/inbox/{"\n"}
        <span className="text-dim">$</span> samplemind search --bpm 120-128 --key 8A --key-rule camelot{"\n"}
        <span className="text-dim">$</span> samplemind similar four_bars_128_Am.wav
      </pre>
    </section>
  );
}

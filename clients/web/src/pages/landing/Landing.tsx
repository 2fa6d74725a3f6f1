import { ArrowRight, Upload } from "lucide-react";
import { Link, Redirect } from "wouter";

import { useAuth } from "../../api/useAuth";
import { missingIn, textIn } from "../../api/value";
import { buttonLook } from "../../blocks/Button";
import { Card } from "../../blocks/Card";
import { sharp } from "../../sound/keys";
import { DOUBTS, LOOP, type Recording } from "../../sound/loop";
import { Mark } from "../../shell/Mark";
import { formatNumber } from "../../text/number";
import { HeroStage } from "./HeroStage";
import { AllHeard, Heard } from "./Heard";

/** What SampleMind is, for who is not signed in: a loop to play, what it says when it does not know, and how to begin. */
export default function Landing() {
  const { who } = useAuth();
  if (who.name === "asking") return <main aria-busy />;
  if (who.name === "somebody") return <Redirect to="/dashboard" replace />;
  return (
    <main className="overflow-hidden">
      <nav aria-label="Site" className="flex h-18 items-center gap-8 px-16 max-desk:h-14 max-desk:px-4">
        <span className="flex items-center gap-2.5 text-lead font-semibold tracking-tight"><Mark />SampleMind</span>
        <Link href="/sign-in" className={`ml-auto ${buttonLook("quiet")}`}>Sign in</Link>
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
      <AllHeard />
      <Honesty />
      <Begin />
    </main>
  );
}

const SECTION = "grid gap-16 px-16 pt-24 max-desk:grid-cols-[minmax(0,1fr)] max-desk:gap-6 max-desk:px-4 max-desk:pt-12 desk:grid-cols-[400px_minmax(0,1fr)]";

function Honesty() {
  return (
    <section className={SECTION}>
      <div>
        <h2 className="text-figure tracking-tight">It says when it does not know.</h2>
        <p className="pt-3 text-lead text-[hsl(220_10%_72%)]">
          A snare has no tempo. Silence has no key. Where a number would be invented, you read the reason instead, and your own corrections always win. These four were recorded, too, from sounds that a script computes.
        </p>
      </div>
      <Card className="overflow-x-auto">
        <table className="w-full text-left text-cell">
          <thead className="text-label text-dim">
            <tr className="border-b border-line-2">{["Sound", "Tempo", "Key"].map((head) => <th key={head} className="h-8 px-4 font-medium">{head}</th>)}<th className="px-4 font-medium max-desk:hidden">Why</th></tr>
          </thead>
          <tbody>
            {DOUBTS.map((sound) => <Doubt key={sound.name} sound={sound} />)}
          </tbody>
        </table>
      </Card>
    </section>
  );
}

function Doubt({ sound: { name, seconds, findings } }: { sound: Recording }) {
  const [tempo, key, root] = [findings.get("tempo.bpm"), findings.get("key.key"), textIn(findings.get("key.root_note")?.value)];
  const why = [tempo?.reason, !root && key?.reason].filter(Boolean).join("; ");
  return (
    <tr className="border-b border-line last:border-0">
      <td className="h-9 px-4 whitespace-nowrap">{name}<span className="text-label text-dim max-desk:hidden">, {formatNumber(seconds, seconds < 1 ? 2 : 1)} s</span></td>
      <td className="px-4 text-label whitespace-nowrap text-dim">{missingIn(tempo)}</td>
      <td className="px-4 text-label whitespace-nowrap text-dim">{root ? <span className="text-cell text-text">root {sharp(root)}</span> : missingIn(key)}</td>
      <td className="px-4 text-label text-dim max-desk:hidden">{why}</td>
    </tr>
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
      <pre tabIndex={0} className="overflow-x-auto rounded-card border border-line bg-well px-5 py-4 font-mono text-[13px] leading-[22px] text-[hsl(220_14%_80%)] max-desk:text-[11px] max-desk:leading-[18px]">
        <span className="text-dim">$</span> make run{"\n"}
        <span className="text-dim">$</span> cp loops/* ~/.local/share/samplemind/inbox/{"\n"}
        <span className="text-dim">$</span> samplemind search --bpm 120-128 --key 8A --key-rule camelot{"\n"}
        <span className="text-dim">$</span> samplemind similar {LOOP.name}
      </pre>
    </section>
  );
}

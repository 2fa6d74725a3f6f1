import { numberIn, textIn } from "../../api/value";
import { LOOP } from "../../sound/loop";
import { camelotOf, sharp } from "../../sound/keys";
import { quantity } from "../../text/descriptors";
import { formatNumber } from "../../text/number";
import { Groups } from "../detail/Groups";
import { Result } from "../detail/Results";

const of = (name: string) => LOOP.findings.get(name);

/** All that was heard in the loop of the landing page. */
export function AllHeard() {
  return (
    <details className="mx-16 max-desk:mx-4">
      <summary className="w-fit py-2 text-cell text-blue-text hover:underline">All {LOOP.findings.size} descriptors, with their units and who made them</summary>
      <h2 className="sr-only">All that was found in the loop</h2>
      <Groups descriptors={[...LOOP.findings.values()]} />
    </details>
  );
}

/** What was heard in the loop of the landing page, with what else it may have been. */
export function Heard() {
  const [tempo, key] = [of("tempo.bpm"), of("key.key")];
  const [other, otherKey] = [tempo?.candidates[0], textIn(key?.candidates[0]?.value) ?? ""];
  const peak = numberIn(of("loudness.true_peak")?.value) ?? 0;
  const { beats, downbeats } = LOOP.picture.grid;
  const cell = "border-line py-5 max-desk:border-b max-desk:py-3 desk:border-l desk:px-6 desk:first:border-0 desk:first:pl-0";
  const at = (confidence: number | undefined) => (confidence === undefined ? "" : ` at ${formatNumber(confidence, 3)}`);
  return (
    <section aria-label="What was heard" className="mx-16 grid grid-cols-2 max-desk:mx-4 desk:grid-cols-[1.25fr_1.25fr_1.1fr_1fr_1.5fr]">
      <div className={cell}><Result label="Tempo" found={tempo} below={other && `or ${formatNumber(numberIn(other.value) ?? 0, 1)}${at(other.confidence)}`} /></div>
      <div className={cell}>
        <Result label="Key" found={key} figure={textIn(of("key.camelot")?.value)} unit={sharp(textIn(key?.value) ?? "")} below={`or ${camelotOf(otherKey)}, ${otherKey}${at(key?.candidates[0]?.confidence)}`} />
      </div>
      <div className={cell}><Result label="Loudness" found={of("loudness.integrated")} below={`true peak ${quantity(peak, "dBTP").join(" ")}`} /></div>
      <div className={cell}><Result label="Meter" found={of("meter.signature")} below={`${downbeats.length} bars, ${beats.length} beats`} /></div>
      <div className={`${cell} max-desk:col-span-2`}>
        <div className="text-label text-dim">Description</div>
        <p className="pt-1 text-body leading-[22px] text-[hsl(220_10%_84%)]">{textIn(of("description.text")?.value)}</p>
      </div>
    </section>
  );
}

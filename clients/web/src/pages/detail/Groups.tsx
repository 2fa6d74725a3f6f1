import { labelsIn, missingIn, isYours, textIn, wordsIn } from "../../api/value";
import { Badge, Missing } from "../../blocks/Badge";
import { classes } from "../../blocks/classes";
import { Confidence } from "../../blocks/Confidence";
import { ProgressBar } from "../../blocks/ProgressBar";
import type { Descriptor } from "../../generated/samplemind/v1/analysis_pb";
import { grouped, shown, type Group } from "../../text/descriptors";
import { formatNumber } from "../../text/number";

/** Every descriptor with its unit, its confidence and who made it. */
export function Groups({ descriptors }: { descriptors: readonly Descriptor[] }) {
  const find = (name: string) => descriptors.find((one) => one.name === name);
  const [tags, text] = [find("tags.words"), find("description.text")];
  return (
    <div className="gap-6 pt-4 desk:columns-2 wide:columns-3">
      {grouped(descriptors).map((group) => <DescriptorGroup key={group.title} group={group} />)}
      {tags && (
        <Section title="Tags" makers={[tags]}>
          <div className="flex flex-wrap gap-1 pt-2">
            {wordsIn(tags.value).map((word) => <Badge key={word} yours={isYours(tags)}>{word}</Badge>)}
            {missingIn(tags) && <Missing>{missingIn(tags)}</Missing>}
          </div>
        </Section>
      )}
      {text && (
        <Section title="Description" makers={[text]}>
          <p className="pt-2 text-cell text-[hsl(220_10%_84%)]">{textIn(text.value) ?? <Missing>{missingIn(text)}</Missing>}</p>
          {text.reason && <p className="pt-1 text-label text-dim">{text.reason}</p>}
        </Section>
      )}
    </div>
  );
}

function DescriptorGroup({ group }: { group: Group & { found: Descriptor[] } }) {
  return (
    <Section title={group.title} makers={group.found}>
      {group.found.map((found) => {
        const label = group.rows.find(([name]) => name === found.name)?.[1] ?? found.name;
        const labels = labelsIn(found.value);
        return labels.length ? <Labels key={found.name} labels={labels} unsure={found.reason} /> : <Row key={found.name} label={label} found={found} />;
      })}
    </Section>
  );
}

function Section({ title, makers, children }: { title: string; makers: readonly Descriptor[]; children: React.ReactNode }) {
  const made = [...new Set(makers.map((one) => (isYours(one) ? "yours" : one.version ? `${one.madeBy} ${one.version}` : one.madeBy)))];
  return (
    <section className="break-inside-avoid pb-4">
      <h3 className="flex gap-2 border-b border-line-2 py-1">
        <span className="whitespace-nowrap">{title}</span>
        <span className="ml-auto truncate text-label leading-5 font-normal text-dim" title={`made by ${made.join(", ")}`}>{made.join(", ")}</span>
      </h3>
      {children}
    </section>
  );
}

function Row({ label, found }: { label: string; found: Descriptor }) {
  const missing = missingIn(found);
  const [text, unit] = shown(found, found.value);
  return (
    <div className={classes("grid min-h-7 items-center gap-2 border-b border-line text-cell", found.confidence === undefined ? "grid-cols-[auto_minmax(0,1fr)]" : "grid-cols-[minmax(0,1fr)_auto_78px]")}>
      <span className="text-[hsl(220_10%_72%)]">{label}</span>
      {missing ? (
        <span className="truncate text-right" title={found.reason}><Missing>{missing}{found.reason && found.value === undefined ? `: ${found.reason}` : ""}</Missing></span>
      ) : (
        <b className={classes("truncate text-right font-medium", isYours(found) && "text-purple-text")} title={found.reason || undefined}>
          {text} {unit && <span className="font-normal text-dim">{unit}</span>}
        </b>
      )}
      {found.confidence !== undefined && <Confidence value={found.confidence} />}
    </div>
  );
}

const SHOWN = 6;

function Labels({ labels, unsure }: { labels: readonly { name: string; probability: number }[]; unsure: string }) {
  return (
    <>
      {labels.slice(0, SHOWN).map(({ name, probability }) => (
        <div key={name} className="grid min-h-7 grid-cols-[112px_minmax(0,1fr)_32px] items-center gap-3 text-cell">
          <span className="truncate">{name.replaceAll("_", " ")}</span>
          <ProgressBar label={`Probability of ${name}`} tone="plain" value={probability} className="h-1.5!" />
          <span className="text-right text-label text-dim">{formatNumber(probability, 2)}</span>
        </div>
      ))}
      {unsure && <p className="pb-1 text-label text-warn">{unsure}</p>}
    </>
  );
}

import { useCallback, useEffect, useRef, useState } from "react";
import { Link } from "wouter";

import { library } from "../../api/client";
import { TABLE, usePicture } from "../../api/useAudio";
import { useAsked } from "../../api/useAsked";
import { Empty, Skeleton } from "../../blocks/Card";
import { Cover } from "../../blocks/Cover";
import { Tabs } from "../../blocks/Tabs";
import type { Found } from "../../generated/samplemind/v1/library_pb";
import { formatNumber } from "../../text/number";
import { inBrief, read } from "../library/sounds";

const MOST = 6;
type Way = "similar" | "fits";

interface Near {
  found: Found;
  note: string;
  figure: string;
}

/** The sounds that are most like this one, or that go with it. */
export function Similar({ id }: { id: string }) {
  const [way, setWay] = useState<Way>("similar");
  const { answer, refusal } = useAsked(useCallback((signal: AbortSignal) => near(id, way, signal), [id, way]));
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (location.hash === "#similar" && answer) section.current?.scrollIntoView();
  }, [answer]);
  return (
    <section ref={section}>
      <div className="flex items-center pb-1">
        <h2>Sounds like this</h2>
        <Tabs segments label="How they are alike" className="ml-auto" value={way} onChoose={setWay} tabs={[{ value: "similar", label: "Similar" }, { value: "fits", label: "Fits" }]} />
      </div>
      {refusal && <Empty>{refusal.message}</Empty>}
      {!answer && !refusal && <div aria-busy className="flex flex-col gap-2 pt-2">{[1, 2, 3].map((one) => <Skeleton key={one} className="h-9" />)}</div>}
      {answer?.length === 0 && <Empty>{way === "similar" ? "Nothing similar yet: no other sound could be compared." : "Nothing fits yet: no other sound could be compared."}</Empty>}
      <ul>{answer?.map((one) => <Row key={one.found.audio?.id} {...one} />)}</ul>
    </section>
  );
}

function Row({ found, note, figure }: Near) {
  const picture = usePicture(found.audio?.id);
  return (
    <li className="border-b border-line">
      <Link href={`/sounds/${found.audio?.id}`} className="flex min-h-12 items-center gap-3 py-1.5 transition-colors hover:bg-line">
        <Cover picture={picture} className="size-9 rounded-tiny" />
        <span className="min-w-0 flex-1">
          <span className="block truncate text-cell font-medium">{found.audio?.name}</span>
          <span className="block truncate text-label text-dim" title={note}>{note}</span>
        </span>
        <span className="text-label">{figure}</span>
      </Link>
    </li>
  );
}

async function near(id: string, way: Way, signal: AbortSignal): Promise<Near[]> {
  const question = { sample: { sound: { case: "audioId" as const, value: id } }, limit: MOST, descriptors: [...TABLE] };
  if (way === "similar") {
    const { neighbours } = await library.similar(question, { signal });
    return neighbours.flatMap(({ found, distance }) => (found ? { found, note: inBrief(read(found)), figure: `${formatNumber(distance, 2)} apart` } : []));
  }
  const { matches } = await library.compatible({ ...question, keepPitch: true }, { signal });
  return matches.flatMap(({ found, score, reasons }) => {
    const note = reasons.filter((reason) => ["tempo", "key"].includes(reason.aspect)).map((reason) => reason.sentence).join(" ");
    return found ? { found, note, figure: `${formatNumber(score, 2)} of 1` } : [];
  });
}

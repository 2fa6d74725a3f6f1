import { useState } from "react";
import { Link } from "wouter";

import { Card, CardHead } from "../../blocks/Card";
import { fits, keyColour, keyOf, sharp, shortKey } from "../../sound/keys";
import { formatNumber } from "../../text/number";

const RINGS = [
  { mode: "B", inner: 106, outer: 146 },
  { mode: "A", inner: 62, outer: 103 },
] as const;
const GAP = 0.9; // degrees between keys

/** The Camelot wheel: how many sounds are in which key, and what fits the one that is chosen. */
export function KeyWheel({ counts }: { counts: ReadonlyMap<string, number> | undefined }) {
  const of = (hour: string) => counts?.get(keyOf(hour)) ?? 0;
  const hours = Array.from({ length: 24 }, (_, index) => `${(index % 12) + 1}${index < 12 ? "A" : "B"}`);
  const most = Math.max(1, ...hours.map(of));
  const [chosen, choose] = useState<string>();
  const at = chosen ?? hours.reduce((best, hour) => (of(hour) > of(best) ? hour : best));
  const near = fits(at);
  const fitting = near.reduce((sum, hour) => sum + of(hour), 0);
  return (
    <Card>
      <CardHead title="Key">
        <Link href={`/library?q=key~${at}`} className="text-label text-dim hover:underline">fits {at}: <span className="text-text">{formatNumber(fitting)}</span></Link>
      </CardHead>
      <svg viewBox="-150 -150 300 300" role="listbox" aria-label="Keys on the Camelot wheel" className="mx-auto block size-72 max-w-full pb-4">
        {RINGS.flatMap(({ mode, inner, outer }) =>
          Array.from({ length: 12 }, (_, index) => {
            const hour = `${index + 1}${mode}`;
            return <Hour key={hour} hour={hour} inner={inner} outer={outer} share={of(hour) / most} count={of(hour)} chosen={hour === at} near={near.includes(hour)} onChoose={() => choose(hour)} />;
          }),
        )}
        <text y={-10} textAnchor="middle" className="fill-text text-figure font-semibold">{at}</text>
        <text y={10} textAnchor="middle" className="fill-text text-label">{sharp(keyOf(at))}</text>
        <text y={29} textAnchor="middle" className="fill-dim text-label">{formatNumber(of(at))}</text>
      </svg>
    </Card>
  );
}

interface HourProps {
  hour: string;
  inner: number;
  outer: number;
  /** Of the fullest key, 0 to 1. */
  share: number;
  count: number;
  chosen: boolean;
  near: boolean;
  onChoose: () => void;
}

function Hour({ hour, inner, outer, share, count, chosen, near, onChoose }: HourProps) {
  const number = Number.parseInt(hour);
  const angle = ((number * 30 - 90) * Math.PI) / 180;
  const middle = (inner + outer) / 2;
  const [x, y] = [middle * Math.cos(angle), middle * Math.sin(angle)];
  const colour = keyColour(hour);
  return (
    <g
      role="option"
      aria-selected={chosen}
      tabIndex={chosen ? 0 : -1}
      onClick={onChoose}
      onKeyDown={(event) => event.key === "Enter" && onChoose()}
      className="cursor-pointer outline-none [&:focus-visible>path]:stroke-blue-text [&:hover>path]:opacity-85"
    >
      <title>{`${hour}, ${keyOf(hour)}: ${count}`}</title>
      <path d={arc(number, inner, outer)} fill={colour} fillOpacity={chosen ? 1 : 0.07 + 0.42 * share ** 0.7} stroke={near && !chosen ? colour : "none"} strokeWidth={1.6} />
      <text aria-hidden x={x} y={y - 1} textAnchor="middle" className={chosen ? "fill-ground text-label font-bold" : "fill-text text-label font-medium"}>{hour}</text>
      <text aria-hidden x={x} y={y + 11} textAnchor="middle" className={chosen ? "fill-ground text-[9.5px]" : "fill-[hsl(220_12%_78%)] text-[9.5px]"}>{shortKey(keyOf(hour))}</text>
    </g>
  );
}

/** The outline of an hour of the wheel, twelve at the top. */
function arc(hour: number, inner: number, outer: number): string {
  const at = (radius: number, degrees: number) => {
    const angle = ((degrees - 90) * Math.PI) / 180;
    return `${(radius * Math.cos(angle)).toFixed(2)} ${(radius * Math.sin(angle)).toFixed(2)}`;
  };
  const [from, to] = [hour * 30 - 15 + GAP, hour * 30 + 15 - GAP];
  return `M${at(inner, from)}L${at(outer, from)}A${outer} ${outer} 0 0 1 ${at(outer, to)}L${at(inner, to)}A${inner} ${inner} 0 0 0 ${at(inner, from)}Z`;
}

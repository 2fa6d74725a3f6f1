import { keyColour, shortKey } from "../sound/keys";

/** A key: its hue, its Camelot hour and its name. */
export function KeyName({ camelot, name, long }: { camelot: string; name: string; long?: boolean }) {
  return (
    <span className="inline-flex items-baseline gap-1.5 whitespace-nowrap">
      <i aria-hidden className="h-3 w-[3px] self-center rounded-full" style={{ background: keyColour(camelot) }} />
      <b className="font-semibold">{camelot}</b>
      <span className="text-label text-dim">{long ? name : shortKey(name)}</span>
    </span>
  );
}

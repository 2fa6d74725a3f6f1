import { Cover } from "../../blocks/Cover";
import { LOOP } from "../../sound/loop";
import type { Picture } from "../../sound/picture";

const FORMS: [kind: string, camelot: string, name: string, text: string][] = [
  ["loop", "8A", "Ring: a loop", "One turn is one pass, from the top, clockwise. Low notes inside."],
  ["one-shot", "1A", "Burst: a one-shot", "Time runs outward from the centre."],
  ["song", "4A", "Strata: a song", "One line for each stretch, top to bottom."],
];
const EXAMPLES = FORMS.map(([kind, camelot]): Picture => ({ ...LOOP.picture, kind, camelot }));

/** How to read a cover. */
export function Legend() {
  return (
    <section className="max-desk:hidden">
      <h2 className="pb-3">How to read a cover</h2>
      <ul className="flex flex-col gap-3">
        {FORMS.map(([kind, , name, text], index) => (
          <li key={kind} className="flex items-center gap-3">
            <Cover picture={EXAMPLES[index]} className="size-14 rounded-tiny" />
            <div><div className="text-cell">{name}</div><p className="text-label text-dim">{text}</p></div>
          </li>
        ))}
      </ul>
      <p className="pt-4 text-label text-dim">Colour is the Camelot key, neighbours on the wheel are neighbours in hue. Grey: no key.</p>
    </section>
  );
}

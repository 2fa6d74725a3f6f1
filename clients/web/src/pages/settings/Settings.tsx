import { useEffect, useRef, useState } from "react";

import { Shell } from "../../shell/Shell";
import { Account } from "./Account";
import { ApiKeys } from "./ApiKeys";
import { Daemon } from "./Daemon";
import { Flags } from "./Flags";
import { Folders } from "./Folders";
import { Plugins } from "./Plugins";
import { Sessions } from "./Sessions";

const SECTIONS = [
  { id: "account", name: "Account", Part: Account },
  { id: "sessions", name: "Sessions", Part: Sessions },
  { id: "keys", name: "API keys", Part: ApiKeys },
  { id: "folders", name: "Watch folders", Part: Folders },
  { id: "plugins", name: "Plugins", Part: Plugins },
  { id: "flags", name: "Feature flags", Part: Flags },
  { id: "daemon", name: "Daemon", Part: Daemon },
] as const;
const IDS = SECTIONS.map((section) => section.id);

/** All that can be set, in one scroll with an index at its side. */
export default function Settings() {
  const at = useSectionInView(IDS);
  const parts = useStayAtHash();
  return (
    <Shell title="Settings">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-8 desk:grid-cols-[176px_minmax(0,1fr)]">
        <nav aria-label="Settings" className="sticky top-0 self-start max-desk:-mx-4 max-desk:-mt-4 max-desk:flex max-desk:overflow-x-auto max-desk:border-b max-desk:border-line max-desk:bg-ground max-desk:px-2 max-desk:py-1 max-desk:z-10 max-desk:top-[-16px] max-desk:[scrollbar-width:none]">
          {SECTIONS.map(({ id, name }) => (
            <a key={id} href={`#${id}`} aria-current={id === at ? "true" : undefined} className="flex h-8 items-center rounded-control px-3 text-cell whitespace-nowrap text-quiet transition-colors hover:text-text aria-[current]:bg-soft aria-[current]:text-text">{name}</a>
          ))}
        </nav>
        <div ref={parts} className="grid min-w-0 grid-cols-[minmax(0,1fr)] items-start gap-8 wide:grid-cols-[repeat(2,minmax(0,1fr))]">{SECTIONS.map(({ id, Part }) => <Part key={id} />)}</div>
      </div>
    </Shell>
  );
}

const SETTLED_MS = 3000;

/** Stays at the section that the address names while those above it still grow, unless its reader moves on. */
function useStayAtHash() {
  const parts = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target || !parts.current) return;
    const watch = new ResizeObserver(() => target.scrollIntoView());
    const stop = () => watch.disconnect();
    watch.observe(parts.current);
    const timer = setTimeout(stop, SETTLED_MS);
    const moves = ["wheel", "pointerdown", "keydown"] as const;
    moves.forEach((move) => addEventListener(move, stop, { once: true }));
    return () => (stop(), clearTimeout(timer), moves.forEach((move) => removeEventListener(move, stop)));
  }, []);
  return parts;
}

/** The section that is seen first. */
function useSectionInView(ids: readonly string[]): string | undefined {
  const [at, setAt] = useState(ids[0]);
  useEffect(() => {
    const seen = new Set<string>();
    const watch = new IntersectionObserver((changes) => {
      changes.forEach((change) => (change.isIntersecting ? seen.add(change.target.id) : seen.delete(change.target.id)));
      setAt(ids.find((id) => seen.has(id)));
    });
    ids.forEach((id) => {
      const section = document.getElementById(id);
      if (section) watch.observe(section);
    });
    return () => watch.disconnect();
  }, [ids]);
  return at;
}

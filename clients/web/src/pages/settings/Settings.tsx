import { useEffect, useState } from "react";

import { useAuth } from "../../api/useAuth";
import { Shell } from "../../shell/Shell";
import { Account } from "./Account";
import { ApiKeys } from "./ApiKeys";
import { Daemon } from "./Daemon";
import { Flags } from "./Flags";
import { Folders } from "./Folders";
import { Plugins } from "./Plugins";

const SECTIONS = [
  { id: "account", name: "Account", Part: Account, owners: false },
  { id: "keys", name: "API keys", Part: ApiKeys, owners: false },
  { id: "folders", name: "Watch folders", Part: Folders, owners: false },
  { id: "plugins", name: "Plugins", Part: Plugins, owners: false },
  { id: "flags", name: "Feature flags", Part: Flags, owners: true },
  { id: "daemon", name: "Daemon", Part: Daemon, owners: false },
] as const;

/** All that can be set, in one scroll with an index at its side. */
export default function Settings() {
  const { isOwner } = useAuth();
  const shown = SECTIONS.filter((section) => isOwner || !section.owners);
  const at = useSectionInView(shown.map((section) => section.id));
  useEffect(() => document.getElementById(location.hash.slice(1))?.scrollIntoView(), []);
  return (
    <Shell title="Settings">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-8 desk:grid-cols-[176px_minmax(0,1fr)]">
        <nav aria-label="Settings" className="sticky top-0 self-start max-desk:hidden">
          {shown.map(({ id, name }) => (
            <a key={id} href={`#${id}`} aria-current={id === at ? "true" : undefined} className="flex h-8 items-center rounded-control px-3 text-cell text-[hsl(220_10%_72%)] transition-colors hover:text-text aria-[current]:bg-soft aria-[current]:text-text">{name}</a>
          ))}
        </nav>
        <div className="flex min-w-0 flex-col gap-8">{shown.map(({ id, Part }) => <Part key={id} />)}</div>
      </div>
    </Shell>
  );
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
  }, [ids.join(" ")]);
  return at;
}

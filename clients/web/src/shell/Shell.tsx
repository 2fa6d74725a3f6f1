import { Upload } from "lucide-react";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";

import { buttonLook } from "../blocks/Button";
import { classes } from "../blocks/classes";
import { PlayerBar } from "./PlayerBar";
import { PLACES } from "./places";
import { Rail } from "./Rail";
import { SearchBox } from "./SearchBox";

interface ShellProps {
  /** What stands at the top: a name, or where one is. */
  title: ReactNode;
  /** The rail shows pictures alone, to give a table room. */
  compact?: boolean;
  children: ReactNode;
}

const PLAN = [
  "grid h-dvh overflow-hidden grid-rows-[56px_minmax(0,1fr)_56px_56px] grid-cols-[minmax(0,1fr)]",
  "[grid-template-areas:'top'_'main'_'play'_'tabs']",
  "desk:grid-rows-[56px_minmax(0,1fr)_64px] desk:[grid-template-areas:'rail_top'_'rail_main'_'play_play']",
].join(" ");

/** What stands around every page: navigation, search, and the player that is always there. */
export function Shell({ title, compact = false, children }: ShellProps) {
  return (
    <div className={classes(PLAN, compact ? "desk:grid-cols-[56px_minmax(0,1fr)]" : "desk:grid-cols-[208px_minmax(0,1fr)]")}>
      <a href="#main" className="sr-only focus:not-sr-only">To the content</a>
      <Rail compact={compact} />
      <header className="flex min-w-0 items-center gap-4 border-b border-line px-6 [grid-area:top] max-desk:gap-2 max-desk:px-4">
        {typeof title === "string" ? <h1 className="truncate">{title}</h1> : title}
        <SearchBox />
        <Link href="/upload" className={buttonLook()} aria-label="Upload">
          <Upload className="size-4" aria-hidden />
          <span className="max-desk:hidden">Upload</span>
        </Link>
      </header>
      <main id="main" tabIndex={-1} className="relative overflow-auto p-6 outline-none [grid-area:main] [scrollbar-width:thin] max-desk:p-4">
        {children}
      </main>
      <PlayerBar />
      <TabBar />
    </div>
  );
}

function TabBar() {
  const [at] = useLocation();
  return (
    <nav aria-label="Main" className="grid grid-cols-5 border-t border-line bg-rail [grid-area:tabs] desk:hidden">
      {PLACES.filter((place) => place.phone).map(({ path, name, Icon }) => (
        <Link
          key={path}
          href={path}
          aria-current={at.startsWith(path) ? "page" : undefined}
          className="group flex flex-col items-center justify-center gap-1 text-axis text-dim aria-[current]:text-text"
        >
          <Icon className="size-5 group-aria-[current]:text-blue-text" aria-hidden />
          {name}
        </Link>
      ))}
    </nav>
  );
}

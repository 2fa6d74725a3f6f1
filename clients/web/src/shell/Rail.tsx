import { Link, useLocation } from "wouter";

import { useAuth } from "../api/useAuth";
import { soundsIn, useStatus } from "../api/useStatus";
import { useUploads } from "../api/useUploads";
import type { Tone } from "../blocks/Badge";
import { classes } from "../blocks/classes";
import { FolderState, WatchMode, type Folder } from "../generated/samplemind/v1/watch_pb";
import { formatNumber } from "../text/number";
import { Mark } from "./Mark";
import { PLACES } from "./places";

/** The navigation at the left, with the watch folders and who is signed in. */
export function Rail({ compact }: { compact: boolean }) {
  const [at] = useLocation();
  const { status, folders } = useStatus();
  const { open } = useUploads();
  const counts: Record<string, number> = { "/library": soundsIn(status.answer), "/upload": open };
  const here = (path: string) => at.startsWith(path) || (path === "/library" && at.startsWith("/sounds"));
  return (
    <nav aria-label="Main" className="flex min-h-0 flex-col gap-0.5 overflow-hidden border-r border-line bg-rail px-2 py-3 [grid-area:rail] max-desk:hidden">
      <Link href="/" className="mb-4 flex h-8 items-center gap-2.5 px-2 text-[15px] font-semibold tracking-tight" aria-label="SampleMind">
        <Mark className="size-6 shrink-0" />
        {!compact && "SampleMind"}
      </Link>
      {PLACES.map(({ path, name, Icon }) => (
        <Link
          key={path}
          href={path}
          title={compact ? name : undefined}
          aria-current={here(path) ? "page" : undefined}
          className="flex h-9 items-center gap-3 rounded-control px-3 text-cell font-medium text-quiet transition-colors hover:text-text aria-[current]:bg-soft aria-[current]:text-text"
        >
          <Icon className="size-4 shrink-0" strokeWidth={1.75} aria-hidden />
          <span className={classes(compact && "sr-only")}>{name}</span>
          {!compact && !!counts[path] && <span className="ml-auto text-label font-normal text-dim">{formatNumber(counts[path])}</span>}
        </Link>
      ))}
      {!compact && <Folders folders={folders.answer ?? []} />}
      <Foot compact={compact} />
    </nav>
  );
}

function Folders({ folders }: { folders: readonly Folder[] }) {
  if (!folders.length) return null;
  return (
    <>
      <h2 className="px-3 pt-4 pb-1 text-label font-normal text-dim">Watch folders</h2>
      <ul className="min-h-0 overflow-auto [scrollbar-width:thin]">
        {folders.map((folder) => {
          const [tone, word] = folderTone(folder);
          return (
            <li key={folder.id}>
              <Link href={`/library?q=folder:${folder.id}`} title={`${folder.path}: ${word}`} className="flex h-7 items-center gap-3 rounded-control px-3 text-cell text-quiet transition-colors hover:text-text">
                <i aria-hidden className={classes("size-1.5 shrink-0 rounded-full", DOTS[tone])} />
                <span className="truncate">{folderName(folder)}</span>
                <span className="sr-only">{word}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </>
  );
}

const DOTS: Partial<Record<Tone, string>> = { ok: "bg-ok", warn: "bg-warn", bad: "bg-bad", dim: "bg-dim" };

/** The last part of a folder's path. */
export const folderName = (folder: Folder): string => folder.path.split(/[\\/]/).filter(Boolean).at(-1) ?? folder.path;

/** How a folder is, as a colour and a word. */
export function folderTone({ state, health }: Folder): [Tone, string] {
  if (state === FolderState.OFFLINE) return ["bad", "not mounted"];
  if (state === FolderState.PAUSED) return ["dim", "paused"];
  if (health && health.backlog > 0n) return ["warn", "behind"];
  return health?.mode === WatchMode.POLLED ? ["ok", "polling"] : ["ok", "watching"];
}

function Foot({ compact }: { compact: boolean }) {
  const { who } = useAuth();
  const { status } = useStatus();
  if (who.name !== "somebody") return null;
  const { email } = who.user;
  return (
    <div className="mt-auto flex items-center gap-3 px-3 py-2">
      <span aria-hidden title={email} className={classes("grid size-6 shrink-0 place-items-center rounded-full bg-[hsl(220_20%_30%)] text-axis font-semibold uppercase", compact && "-ml-1")}>
        {email.slice(0, 2)}
      </span>
      {!compact && (
        <div className="min-w-0 text-label">
          <div className="truncate">{email}</div>
          {status.answer && <div className="text-dim">{status.answer.workers} workers, {status.answer.busy} busy</div>}
        </div>
      )}
    </div>
  );
}

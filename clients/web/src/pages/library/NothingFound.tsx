import { useCallback } from "react";
import { Link } from "wouter";

import { library } from "../../api/client";
import { useAsked } from "../../api/useAsked";
import { Button, buttonLook } from "../../blocks/Button";
import { Empty } from "../../blocks/Card";
import { formatNumber } from "../../text/number";
import { queryOf, wordsOf, type Search } from "../../text/search";

const MOST = 6; // clauses that are tried without

/** Says why there is nothing, and offers the smallest change. */
export function NothingFound({ search, onChange }: { search: Search; onChange: (search: Search) => void }) {
  const best = useAsked(useCallback((signal: AbortSignal) => smallestChange(search, signal), [search]));
  if (!search.words && !search.clauses.length) {
    return (
      <Empty className="m-6 p-12">
        <p className="pb-4">There is no sound yet. Upload some, or drop them into a watch folder.</p>
        <Link href="/upload" className={buttonLook("primary")}>Upload sounds</Link>
      </Empty>
    );
  }
  const change = best.answer;
  return (
    <Empty className="m-6">
      <b className="font-medium text-text">No sound fits these filters.</b>{" "}
      {change && change.total > 0 && (
        <>
          {formatNumber(change.total)} would, without {change.without}.{" "}
          <button type="button" onClick={() => onChange(change.search)} className="text-blue-text hover:underline">Remove it</button>
        </>
      )}
      {change?.total === 0 && <Button size="small" onClick={() => onChange({ words: "", clauses: [] })}>Clear all</Button>}
    </Empty>
  );
}

interface Change {
  without: string;
  total: number;
  search: Search;
}

/** The search without the one part that keeps most sounds out. */
async function smallestChange(search: Search, signal: AbortSignal): Promise<Change> {
  const parts: Omit<Change, "total">[] = search.clauses.slice(0, MOST).map((clause) => ({
    without: wordsOf(clause).join(" "),
    search: { ...search, clauses: search.clauses.filter((one) => one !== clause) },
  }));
  if (search.words) parts.push({ without: `“${search.words}”`, search: { ...search, words: "" } });
  const changes = await Promise.all(
    parts.map(async (part) => ({ ...part, total: Number((await library.query({ query: queryOf(part.search), pageSize: 1 }, { signal })).total) })),
  );
  return changes.reduce((best, one) => (one.total > best.total ? one : best));
}

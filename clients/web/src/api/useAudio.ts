import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";

import type { Analysis } from "../generated/samplemind/v1/analysis_pb";
import type { Found } from "../generated/samplemind/v1/library_pb";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { CorrectionSchema, QueryRequestSchema } from "../generated/samplemind/v1/library_pb";
import { pictureOf, type Picture } from "../sound/picture";
import { analysis, audio, library, requestId } from "./client";
import { Pages, type PagesState } from "./pages";
import { useAsked, useRefresh, type Asked } from "./useAsked";
import { useEvents } from "./useEvents";
import { findingsOf } from "./value";

/** What a table of sounds shows. */
export const TABLE: readonly string[] = [
  "kind.label", "tempo.bpm", "meter.signature", "key.key", "key.camelot", "key.root_note", "loudness.integrated",
  "loudness.true_peak", "dynamics.duration", "energy.level", "genre.labels", "mood.labels", "tags.words", "oneshot.label",
];
const PAGE = 500; // the daemon sends fewer where they would be too many bytes

export type Question = MessageInitShape<typeof QueryRequestSchema>;

/** The sounds that match, page by page as far as they are looked at, and kept up to date. */
export function useLibrary(question: Question): PagesState<Found> & { want: (first: number, last: number) => void; again: () => void } {
  const asked = JSON.stringify(question, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
  const pages = useMemo(
    () =>
      new Pages<Found>(async (pageToken, signal) => {
        const answer = await library.query({ ...question, descriptors: [...TABLE], pageSize: PAGE, pageToken }, { signal });
        return { rows: answer.found, next: answer.nextPageToken, total: Number(answer.total) };
      }),
    [asked],
  );
  useEffect(() => {
    pages.want(0);
    return () => pages.stop();
  }, [pages]);
  const [seen, see] = useState(0);
  const want = useCallback((_first: number, last: number) => (see(last), pages.want(last)), [pages]);
  const again = useCallback(() => void pages.renew(seen), [pages, seen]);
  useRefresh(["audio."], again, settled(seen));
  return { ...useSyncExternalStore(pages.listen, pages.current), want, again };
}

/** The more rows are asked for anew, the longer it may take until they are: 0.7 s at the top, 10 s far down. */
const settled = (seen: number): number => Math.min(10_000, 700 + 2 * Math.floor(seen / PAGE) * PAGE);

/** How many sounds match, and how many of them have what. */
export function useFacets(query: Question["query"], facets: readonly string[]): Asked<Facets> {
  const asked = JSON.stringify([query, facets]);
  const ask = useCallback(async (signal: AbortSignal): Promise<Facets> => {
    const answer = await library.query({ ...(query && { query }), facets: [...facets], pageSize: 1, descriptors: ["kind.label"] }, { signal });
    const counts = answer.facets.map((facet) => [facet.name, new Map(facet.counts.map((one) => [one.value, Number(one.count)]))] as const);
    return { total: Number(answer.total), of: new Map(counts) };
  }, [asked]);
  const found = useAsked(ask, true);
  useRefresh(["audio.completed", "audio.corrected", "audio.deleted", "audio.added"], found.again);
  return found;
}

export interface Facets {
  total: number;
  /** Counts by value, by facet. */
  of: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** All that is known of a sound, kept up to date. */
export function useAudio(id: string): Asked<Analysis> {
  const asked = useAsked(useCallback((signal: AbortSignal) => analysisOf(id, signal), [id]));
  useEvents(["audio."], (event) => event.audioId === id && asked.again(), asked.again);
  return asked;
}

async function analysisOf(id: string, signal?: AbortSignal): Promise<Analysis> {
  const { analysis: found } = await analysis.getAnalysis({ audioId: id }, signal && { signal });
  if (!found) throw new Error("the daemon answered without an analysis");
  return found;
}

const KEPT = 400;
const AT_A_TIME = 3;
const pictures = new Map<string, Picture>();
const waiting: (() => Promise<void>)[] = [];
let busy = 0;

/** The picture of a sound, once it is here; the latest 400 are kept. `version` changes when the sound is heard anew. */
export function usePicture(id: string | undefined, version = ""): Picture | undefined {
  const key = `${id} ${version}`;
  const [picture, setPicture] = useState(pictures.get(key));
  useEffect(() => {
    const known = pictures.get(key);
    setPicture(known);
    if (known || !id) return;
    const leave = new AbortController();
    const fetch = async () => {
      if (leave.signal.aborted) return;
      const found = pictureOf(findingsOf(await analysisOf(id, leave.signal)));
      keep(key, found);
      if (!leave.signal.aborted) setPicture(found);
    };
    waiting.push(fetch);
    void work();
    return () => leave.abort();
  }, [id, key]);
  return picture;
}

function keep(key: string, picture: Picture): void {
  pictures.set(key, picture);
  const oldest = pictures.keys().next().value;
  if (pictures.size > KEPT && oldest !== undefined) pictures.delete(oldest);
}

/** Fetches pictures, the one that was asked for last first: it is what is seen now. */
async function work(): Promise<void> {
  if (busy >= AT_A_TIME) return;
  busy++;
  for (let fetch = waiting.pop(); fetch; fetch = waiting.pop()) await fetch().catch(() => undefined); // it stays without a picture
  busy--;
}

type Change = MessageInitShape<typeof CorrectionSchema>;

/** Puts the user's values in place of what was heard, all or nothing. */
export async function correct(...corrections: Change[]): Promise<Found[]> {
  return (await library.correct({ requestId: requestId(), corrections })).found;
}

/** Deletes sounds, one after the other; answers how many could not be, and why the first could not. */
export async function remove(ids: readonly string[]): Promise<{ failed: number; why: unknown }> {
  let [failed, why]: [number, unknown] = [0, undefined];
  for (const audioId of ids) {
    await audio.delete({ requestId: requestId(), audioId }).catch((thrown: unknown) => ([failed, why] = [failed + 1, why ?? thrown]));
  }
  return { failed, why };
}


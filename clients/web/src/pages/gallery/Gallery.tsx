import { useEffect, useState } from "react";
import { Link } from "wouter";

import { useLibrary } from "../../api/useAudio";
import { usePlayer } from "../../api/usePlayer";
import { Button } from "../../blocks/Button";
import { Empty, Skeleton } from "../../blocks/Card";
import { classes } from "../../blocks/classes";
import { Switch } from "../../blocks/Switch";
import type { Found } from "../../generated/samplemind/v1/library_pb";
import { Fault } from "../../shell/Fault";
import { Shell } from "../../shell/Shell";
import { useNarrow } from "../../shell/useNarrow";
import { formatNumber } from "../../text/number";
import { Filters } from "../library/Filters";
import { NothingFound } from "../library/NothingFound";
import { Chosen } from "./Chosen";
import { Legend } from "./Legend";
import { Tile } from "./Tile";
import { isLarge, PAGE, pageOf, pagesOf, spanOf } from "./tiles";
import { useGallery, type Gallery as Place } from "./useGallery";
import { useHearing } from "./useHearing";
import { useTileKeys } from "./useTileKeys";
import { WordsBox } from "./WordsBox";

/** The sounds as pictures that are drawn from themselves; what is pointed at is heard. */
export default function Gallery() {
  const place = useGallery();
  const { rows, total, known, refusal, want, again } = useLibrary(place.question);
  const page = known ? pageOf(place.page, total) : 1;
  const [from, to] = spanOf(page, total);
  useEffect(() => {
    if (to) want(from, to - 1);
  }, [want, from, to]);
  const shown = rows.slice(from, to);
  const [chosen, choose] = useState<string>();
  const current = shown.find((row) => row.audio?.id === chosen) ?? shown[0];
  const filtered = place.search.words !== "" || place.search.clauses.length > 0;
  return (
    <Shell title="Gallery">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6 wide:grid-cols-[minmax(0,1fr)_304px]">
        <div className="flex min-w-0 flex-col gap-4">
          <div className="flex flex-wrap items-center gap-2">
            <Filters typed search={place.search} onChange={place.change} />
            <WordsBox words={place.search.words} onChange={(words) => place.change({ ...place.search, words }, true)} />
            <span className="ml-auto text-label text-dim max-desk:hidden">newest first</span>
          </div>
          {refusal && <Fault refusal={refusal} again={again} />}
          {known && !total && (filtered ? <NothingFound search={place.search} onChange={place.change} /> : <Empty>Nothing is analysed yet. <Link href="/upload" className="text-blue-text underline">Upload some</Link></Empty>)}
          <Tiles rows={shown} waiting={!refusal && (!known || shown.length < to - from)} current={current} onChoose={choose} />
          {total > PAGE && <Pager place={place} page={page} total={total} />}
        </div>
        <aside className="flex min-w-0 flex-col gap-6 max-wide:-order-1">{current && <Chosen row={current} />}<Legend /></aside>
      </div>
    </Shell>
  );
}

interface TilesProps {
  rows: readonly Found[];
  /** More are on their way. */
  waiting: boolean;
  current: Found | undefined;
  onChoose: (id: string | undefined) => void;
}

function Tiles({ rows, waiting, current, onChoose }: TilesProps) {
  const { hovers, setHovers, point, leave, press } = useHearing(rows, onChoose);
  const player = usePlayer();
  const keys = useTileKeys(rows, current, onChoose, press);
  const narrow = useNarrow();
  return (
    <>
      <ul ref={keys.list} onKeyDown={keys.press} aria-label="Sounds" className="grid grid-flow-dense grid-cols-4 gap-2 desk:grid-cols-6">
        {rows.map((row, index) => (
          <Tile
            key={row.audio?.id}
            row={row}
            large={isLarge(index)}
            chosen={row === current}
            playing={player.playing && player.sound?.id === row.audio?.id}
            onPress={() => press(row)}
            onPoint={() => point(row)}
            onLeave={leave}
          />
        ))}
        {waiting && !rows.length && Array.from({ length: 18 }, (_, index) => <li key={index} className={classes("aspect-square", isLarge(index) && "col-span-2 row-span-2")}><Skeleton className="size-full" /></li>)}
      </ul>
      {!narrow && (
        <div className="flex items-center gap-4 text-label text-dim">
          {KEYS.map(([key, what]) => <span key={what} className="flex items-center gap-1"><kbd>{key}</kbd> {what}</span>)}
          <span className="ml-auto">Hear what is pointed at</span>
          <Switch label="Hear what is pointed at" on={hovers} onSwitch={setHovers} />
        </div>
      )}
    </>
  );
}

const KEYS = [["Arrows", "move"], ["Space", "play"], ["Enter", "open"]] as const;

function Pager({ place, page, total }: { place: Place; page: number; total: number }) {
  const [from, to] = spanOf(page, total);
  return (
    <nav aria-label="Pages" className="flex items-center justify-center gap-3">
      <Button disabled={page === 1} onClick={() => place.turn(page - 1)}>Newer</Button>
      <span role="status" className="text-label text-dim">{formatNumber(from + 1)} to {formatNumber(to)} of {formatNumber(total)}</span>
      <Button disabled={page === pagesOf(total)} onClick={() => place.turn(page + 1)}>Older</Button>
    </nav>
  );
}

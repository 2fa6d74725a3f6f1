"""Finding one's way in the library: what is like a sound, and what fits it."""

import os
from collections.abc import AsyncGenerator, Iterable, Iterator
from typing import Unpack

from samplemind_client import comparing, correcting, exporting, filing, searching
from samplemind_client.comparing import Sample
from samplemind_client.exporting import ExportPiece
from samplemind_client.line.line import Line
from samplemind_client.uploads import Progress
from samplemind_client.values.analysis import Analysis
from samplemind_client.values.correction import Corrected, Correction
from samplemind_client.values.duplicate import DuplicateGroup
from samplemind_client.values.likeness import Compatible, Similar, Weights
from samplemind_client.values.query import Clauses, Counted, write_query
from samplemind_client.values.stale import Requeued, Stale
from samplemind_client.values.write import Undone, WritePlan, WritePreview, Written
from samplemind_client.waiting import Waiting

AS_THEY_COME = Weights()


class AsyncLibrary:
    """The caller's sounds, by what was heard in them."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def query(
        self,
        text: str = "",
        *,
        order_by: str = "",
        descriptors: Iterable[str] = (),
        **clauses: Unpack[Clauses],
    ) -> AsyncGenerator[Analysis, None]:
        """The sounds that match, newest first, fetched page by page: query("kick", bpm=(120, 130), key="Am").

        `order_by` is such as 'name' or 'bpm desc'; `descriptors` are those to bring, those of a table if empty.
        """
        return searching.search(self._line, write_query(text, **clauses), order_by, descriptors)

    async def count(
        self, text: str = "", *, facets: Iterable[str] = (), **clauses: Unpack[Clauses]
    ) -> Counted:
        """How many sounds match as in `query`, and how many of them have what: count(facets=["kind", "key"])."""
        return await searching.count(self._line, write_query(text, **clauses), facets)

    async def similar(
        self,
        sample: Sample,
        weights: Weights = AS_THEY_COME,
        *,
        text: str = "",
        limit: int = 0,
        descriptors: Iterable[str] = (),
        progress: Progress | None = None,
        **clauses: Unpack[Clauses],
    ) -> Similar:
        """The sounds most like one: of a string, the sound with this id; of a Path, a file that is heard and not kept.

        Of those that match as in `query`, the `limit` nearest, 20 if 0. `progress` hears bytes sent and bytes in all.
        """
        query = write_query(text, **clauses)
        return await comparing.similar(self._line, sample, weights, query, limit, descriptors, progress)

    async def compatible(
        self,
        sample: Sample,
        *,
        stretch_limit: float = 0.0,
        keep_pitch: bool = False,
        text: str = "",
        limit: int = 0,
        descriptors: Iterable[str] = (),
        progress: Progress | None = None,
        **clauses: Unpack[Clauses],
    ) -> Compatible:
        """The sounds that fit one, as in `similar`, stretched by a share of 0.08 at most if no limit is said."""
        query = write_query(text, **clauses)
        return await comparing.compatible(
            self._line, sample, stretch_limit, keep_pitch, query, limit, descriptors, progress
        )

    async def correct(self, *corrections: Correction, only_look: bool = False) -> Corrected:
        """Do up to 1,000 corrections in their order, all or none; or only look whether they could be done."""
        return await correcting.correct(self._line, corrections, only_look)

    async def stale(self, text: str = "", **clauses: Unpack[Clauses]) -> Stale:
        """What a new analysis of the sounds that match, as in `query`, would change, without starting it."""
        return await correcting.stale(self._line, write_query(text, **clauses))

    async def reanalyze_stale(self, text: str = "", **clauses: Unpack[Clauses]) -> Requeued:
        """Queue those of them whose results are stale, as far as there is room for jobs."""
        return await correcting.reanalyze_stale(self._line, write_query(text, **clauses))

    async def export(
        self,
        path: str | os.PathLike[str],
        format: str,
        text: str = "",
        *,
        order_by: str = "",
        descriptors: Iterable[str] = (),
        progress: Progress | None = None,
        **clauses: Unpack[Clauses],
    ) -> int:
        """Write what `query` would find as "csv", "jsonl", "m3u8" or "rekordbox"; how many sounds that is.

        The file is there once it is whole. `progress` hears sounds written and sounds in all.
        """
        query = write_query(text, **clauses)
        return await exporting.export(self._line, path, format, query, order_by, descriptors, progress)

    def export_pieces(
        self,
        format: str,
        text: str = "",
        *,
        order_by: str = "",
        descriptors: Iterable[str] = (),
        **clauses: Unpack[Clauses],
    ) -> AsyncGenerator[ExportPiece, None]:
        """The same, piece by piece."""
        return exporting.pieces(self._line, format, write_query(text, **clauses), order_by, descriptors)

    async def preview_write(
        self, plan: WritePlan, text: str = "", *, audio_ids: Iterable[str] = (), **clauses: Unpack[Clauses]
    ) -> WritePreview:
        """What a plan would write into the files of the sounds that match as in `query`, without doing it.

        `audio_ids` are those of them that are meant, if not all. It can be applied within an hour.
        """
        return await filing.preview(self._line, plan, write_query(text, **clauses), audio_ids)

    async def apply_write(self, write_id: str) -> Written:
        """Do what was previewed; a file that changed since then is left alone."""
        return await filing.apply(self._line, write_id)

    async def undo_write(self, write_id: str) -> Undone:
        """Put the files of a plan back as they were, byte for byte; one that changed since then is left alone."""
        return await filing.undo(self._line, write_id)

    def duplicates(self, sameness: str = "recording") -> AsyncGenerator[DuplicateGroup, None]:
        """Sounds that are there more than once by "bytes", "audio" or "recording", the largest groups first."""
        return filing.duplicates(self._line, sameness)


class Library:
    """As AsyncLibrary, for code that waits."""

    def __init__(self, library: AsyncLibrary, waiting: Waiting) -> None:
        self._library, self._waiting = library, waiting

    def query(
        self,
        text: str = "",
        *,
        order_by: str = "",
        descriptors: Iterable[str] = (),
        **clauses: Unpack[Clauses],
    ) -> Iterator[Analysis]:
        """The sounds that match, newest first, fetched page by page: query("kick", bpm=(120, 130), key="Am").

        `order_by` is such as 'name' or 'bpm desc'; `descriptors` are those to bring, those of a table if empty.
        """
        found = self._library.query(text, order_by=order_by, descriptors=descriptors, **clauses)
        return self._waiting.each(found)

    def count(self, text: str = "", *, facets: Iterable[str] = (), **clauses: Unpack[Clauses]) -> Counted:
        """How many sounds match as in `query`, and how many of them have what: count(facets=["kind", "key"])."""
        return self._waiting.run(self._library.count(text, facets=facets, **clauses))

    def similar(
        self,
        sample: Sample,
        weights: Weights = AS_THEY_COME,
        *,
        text: str = "",
        limit: int = 0,
        descriptors: Iterable[str] = (),
        progress: Progress | None = None,
        **clauses: Unpack[Clauses],
    ) -> Similar:
        """The sounds most like one: of a string, the sound with this id; of a Path, a file that is heard and not kept.

        Of those that match as in `query`, the `limit` nearest, 20 if 0. `progress` hears bytes sent and bytes in all.
        """
        return self._waiting.run(
            self._library.similar(
                sample, weights, text=text, limit=limit, descriptors=descriptors, progress=progress, **clauses
            )
        )

    def compatible(
        self,
        sample: Sample,
        *,
        stretch_limit: float = 0.0,
        keep_pitch: bool = False,
        text: str = "",
        limit: int = 0,
        descriptors: Iterable[str] = (),
        progress: Progress | None = None,
        **clauses: Unpack[Clauses],
    ) -> Compatible:
        """The sounds that fit one, as in `similar`, stretched by a share of 0.08 at most if no limit is said."""
        return self._waiting.run(
            self._library.compatible(
                sample,
                stretch_limit=stretch_limit,
                keep_pitch=keep_pitch,
                text=text,
                limit=limit,
                descriptors=descriptors,
                progress=progress,
                **clauses,
            )
        )

    def correct(self, *corrections: Correction, only_look: bool = False) -> Corrected:
        """Do up to 1,000 corrections in their order, all or none; or only look whether they could be done."""
        return self._waiting.run(self._library.correct(*corrections, only_look=only_look))

    def stale(self, text: str = "", **clauses: Unpack[Clauses]) -> Stale:
        """What a new analysis of the sounds that match, as in `query`, would change, without starting it."""
        return self._waiting.run(self._library.stale(text, **clauses))

    def reanalyze_stale(self, text: str = "", **clauses: Unpack[Clauses]) -> Requeued:
        """Queue those of them whose results are stale, as far as there is room for jobs."""
        return self._waiting.run(self._library.reanalyze_stale(text, **clauses))

    def export(
        self,
        path: str | os.PathLike[str],
        format: str,
        text: str = "",
        *,
        order_by: str = "",
        descriptors: Iterable[str] = (),
        progress: Progress | None = None,
        **clauses: Unpack[Clauses],
    ) -> int:
        """Write what `query` would find as "csv", "jsonl", "m3u8" or "rekordbox"; how many sounds that is.

        The file is there once it is whole. `progress` hears sounds written and sounds in all.
        """
        return self._waiting.run(
            self._library.export(
                path, format, text, order_by=order_by, descriptors=descriptors, progress=progress, **clauses
            )
        )

    def export_pieces(
        self,
        format: str,
        text: str = "",
        *,
        order_by: str = "",
        descriptors: Iterable[str] = (),
        **clauses: Unpack[Clauses],
    ) -> Iterator[ExportPiece]:
        """The same, piece by piece."""
        return self._waiting.each(
            self._library.export_pieces(format, text, order_by=order_by, descriptors=descriptors, **clauses)
        )

    def preview_write(
        self, plan: WritePlan, text: str = "", *, audio_ids: Iterable[str] = (), **clauses: Unpack[Clauses]
    ) -> WritePreview:
        """What a plan would write into the files of the sounds that match as in `query`, without doing it.

        `audio_ids` are those of them that are meant, if not all. It can be applied within an hour.
        """
        return self._waiting.run(self._library.preview_write(plan, text, audio_ids=audio_ids, **clauses))

    def apply_write(self, write_id: str) -> Written:
        """Do what was previewed; a file that changed since then is left alone."""
        return self._waiting.run(self._library.apply_write(write_id))

    def undo_write(self, write_id: str) -> Undone:
        """Put the files of a plan back as they were, byte for byte; one that changed since then is left alone."""
        return self._waiting.run(self._library.undo_write(write_id))

    def duplicates(self, sameness: str = "recording") -> Iterator[DuplicateGroup]:
        """Sounds that are there more than once by "bytes", "audio" or "recording", the largest groups first."""
        return self._waiting.each(self._library.duplicates(sameness))

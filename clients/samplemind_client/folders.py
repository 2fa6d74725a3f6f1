"""The folders that the daemon watches for the caller."""

from collections.abc import AsyncGenerator, Iterable, Iterator

from samplemind.v1 import watch_pb2 as pb
from samplemind_client.line.line import Line
from samplemind_client.pages import pages, request_id
from samplemind_client.values.folder import Folder, Scan, read_folder, read_scan, write_folder_plan
from samplemind_client.values.write import WritePlan
from samplemind_client.waiting import Waiting

SCAN_DEADLINE = 600.0  # seconds: a sweep looks at every file


class AsyncFolders:
    """The caller's watch folders."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def add(
        self,
        path: str,
        *,
        flat: bool = False,
        include: Iterable[str] = (),
        ignore: Iterable[str] = (),
        write: WritePlan | None = None,
    ) -> Folder:
        """Watch a folder of the daemon's machine; `flat` leaves out the folders below it.

        `write` is what is written into its files by itself, whenever one was analysed.
        """
        request = pb.WatchServiceCreateRequest(
            request_id=request_id(),
            path=path,
            flat=flat,
            include=include,
            ignore=ignore,
            write=write_folder_plan(write),
        )
        answer = await self._line.call("WatchService/Create", request, pb.WatchServiceCreateResponse)
        return read_folder(answer.folder)

    async def get(self, folder_id: str) -> Folder:
        """One folder."""
        request = pb.WatchServiceGetRequest(folder_id=folder_id)
        answer = await self._line.call("WatchService/Get", request, pb.WatchServiceGetResponse)
        return read_folder(answer.folder)

    def list(self) -> AsyncGenerator[Folder, None]:
        """The folders, fetched page by page."""
        return pages(self._page)

    async def change(
        self,
        folder_id: str,
        *,
        flat: bool = False,
        include: Iterable[str] = (),
        ignore: Iterable[str] = (),
        write: WritePlan | None = None,
    ) -> Folder:
        """Take from a folder, and write into its files, from now on, just what is said here."""
        request = pb.WatchServiceUpdateRequest(
            request_id=request_id(),
            folder_id=folder_id,
            flat=flat,
            include=include,
            ignore=ignore,
            write=write_folder_plan(write),
        )
        answer = await self._line.call("WatchService/Update", request, pb.WatchServiceUpdateResponse)
        return read_folder(answer.folder)

    async def pause(self, folder_id: str) -> Folder:
        """Stop looking until resume()."""
        request = pb.WatchServicePauseRequest(request_id=request_id(), folder_id=folder_id)
        answer = await self._line.call("WatchService/Pause", request, pb.WatchServicePauseResponse)
        return read_folder(answer.folder)

    async def resume(self, folder_id: str) -> Folder:
        """Look again, and take in what came meanwhile."""
        request = pb.WatchServiceResumeRequest(request_id=request_id(), folder_id=folder_id)
        answer = await self._line.call("WatchService/Resume", request, pb.WatchServiceResumeResponse)
        return read_folder(answer.folder)

    async def remove(self, folder_id: str) -> None:
        """Stop watching a folder; its sounds stay known and its files are not touched."""
        request = pb.WatchServiceDeleteRequest(request_id=request_id(), folder_id=folder_id)
        await self._line.call("WatchService/Delete", request, pb.WatchServiceDeleteResponse)

    async def scan(self, folder_id: str) -> Scan:
        """Sweep a folder now, and say what was seen."""
        request = pb.WatchServiceScanRequest(request_id=request_id(), folder_id=folder_id)
        return read_scan(
            await self._line.call(
                "WatchService/Scan", request, pb.WatchServiceScanResponse, deadline=SCAN_DEADLINE
            )
        )

    async def _page(self, token: str) -> tuple[Iterator[Folder], str]:
        request = pb.WatchServiceListRequest(page_token=token)
        answer = await self._line.call("WatchService/List", request, pb.WatchServiceListResponse)
        return map(read_folder, answer.folders), answer.next_page_token


class Folders:
    """AsyncFolders for code that waits."""

    def __init__(self, folders: AsyncFolders, waiting: Waiting) -> None:
        self._folders, self._waiting = folders, waiting

    def add(
        self,
        path: str,
        *,
        flat: bool = False,
        include: Iterable[str] = (),
        ignore: Iterable[str] = (),
        write: WritePlan | None = None,
    ) -> Folder:
        """Watch a folder of the daemon's machine; `flat` leaves out the folders below it.

        `write` is what is written into its files by itself, whenever one was analysed.
        """
        return self._waiting.run(
            self._folders.add(path, flat=flat, include=include, ignore=ignore, write=write)
        )

    def get(self, folder_id: str) -> Folder:
        """One folder."""
        return self._waiting.run(self._folders.get(folder_id))

    def list(self) -> Iterator[Folder]:
        """The folders, fetched page by page."""
        return self._waiting.each(self._folders.list())

    def change(
        self,
        folder_id: str,
        *,
        flat: bool = False,
        include: Iterable[str] = (),
        ignore: Iterable[str] = (),
        write: WritePlan | None = None,
    ) -> Folder:
        """Take from a folder, and write into its files, from now on, just what is said here."""
        return self._waiting.run(
            self._folders.change(folder_id, flat=flat, include=include, ignore=ignore, write=write)
        )

    def pause(self, folder_id: str) -> Folder:
        """Stop looking until resume()."""
        return self._waiting.run(self._folders.pause(folder_id))

    def resume(self, folder_id: str) -> Folder:
        """Look again, and take in what came meanwhile."""
        return self._waiting.run(self._folders.resume(folder_id))

    def remove(self, folder_id: str) -> None:
        """Stop watching a folder; its sounds stay known and its files are not touched."""
        self._waiting.run(self._folders.remove(folder_id))

    def scan(self, folder_id: str) -> Scan:
        """Sweep a folder now, and say what was seen."""
        return self._waiting.run(self._folders.scan(folder_id))

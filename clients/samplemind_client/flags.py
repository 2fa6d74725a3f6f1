"""The feature flags of the daemon."""

from collections.abc import Iterable, Iterator

from samplemind.v1 import flag_pb2 as pb
from samplemind_client.line.line import Line
from samplemind_client.pages import pages, request_id
from samplemind_client.values.flag import Flag, FlagHistory, read_flag, read_history
from samplemind_client.waiting import Waiting


class AsyncFlags:
    """What is switched on, and for whom. All but evaluate() is for owners."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def list(self) -> tuple[Flag, ...]:
        """Every flag there is, by name."""
        return tuple([flag async for flag in pages(self._page)])

    async def _page(self, token: str) -> tuple[Iterator[Flag], str]:
        request = pb.FlagServiceListRequest(page_token=token)
        answer = await self._line.call("FlagService/List", request, pb.FlagServiceListResponse)
        return map(read_flag, answer.flags), answer.next_page_token

    async def get(self, name: str) -> FlagHistory:
        """One flag, with the users it is set for by name, and its latest changes."""
        request = pb.FlagServiceGetRequest(name=name)
        return read_history(await self._line.call("FlagService/Get", request, pb.FlagServiceGetResponse))

    async def set(self, name: str, audience: str, percent: int = 0) -> Flag:
        """Have a flag be on for "nobody", "all", "beta", "premium", or a "share" of so many percent of users."""
        request = pb.FlagServiceSetRequest(
            request_id=request_id(),
            name=name,
            audience=pb.Audience.Value(f"AUDIENCE_{audience.upper()}"),
            percent=percent,
        )
        answer = await self._line.call("FlagService/Set", request, pb.FlagServiceSetResponse)
        return read_flag(answer.flag)

    async def override(self, name: str, user: str, enabled: bool) -> Flag:
        """Set a flag for one user, named by id or e-mail address, whatever it is for all."""
        request = pb.SetOverrideRequest(request_id=request_id(), name=name, user=user, enabled=enabled)
        answer = await self._line.call("FlagService/SetOverride", request, pb.SetOverrideResponse)
        return read_flag(answer.flag)

    async def clear(self, name: str, user: str) -> Flag:
        """Have a flag be for one user what it is for all."""
        request = pb.ClearOverrideRequest(request_id=request_id(), name=name, user=user)
        answer = await self._line.call("FlagService/ClearOverride", request, pb.ClearOverrideResponse)
        return read_flag(answer.flag)

    async def evaluate(self, names: Iterable[str] = ()) -> dict[str, bool]:
        """Whether these flags, or all, are on for the caller."""
        request = pb.EvaluateRequest(names=names)
        return dict((await self._line.call("FlagService/Evaluate", request, pb.EvaluateResponse)).enabled)


class Flags:
    """AsyncFlags for code that waits."""

    def __init__(self, flags: AsyncFlags, waiting: Waiting) -> None:
        self._flags, self._run = flags, waiting.run

    def list(self) -> tuple[Flag, ...]:
        """Every flag there is, by name."""
        return self._run(self._flags.list())

    def get(self, name: str) -> FlagHistory:
        """One flag, with the users it is set for by name, and its latest changes."""
        return self._run(self._flags.get(name))

    def set(self, name: str, audience: str, percent: int = 0) -> Flag:
        """Have a flag be on for "nobody", "all", "beta", "premium", or a "share" of so many percent of users."""
        return self._run(self._flags.set(name, audience, percent))

    def override(self, name: str, user: str, enabled: bool) -> Flag:
        """Set a flag for one user, named by id or e-mail address, whatever it is for all."""
        return self._run(self._flags.override(name, user, enabled))

    def clear(self, name: str, user: str) -> Flag:
        """Have a flag be for one user what it is for all."""
        return self._run(self._flags.clear(name, user))

    def evaluate(self, names: Iterable[str] = ()) -> dict[str, bool]:
        """Whether these flags, or all, are on for the caller."""
        return self._run(self._flags.evaluate(names))

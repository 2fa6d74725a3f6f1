"""How every call ended, and how long it took."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import grpc

from samplemind_daemon.tally import NOBODY, Tally

Handler = Callable[[Any, Any], Any]

# As a context has it: a number, or after an abort the status itself.
NAMES: dict[Any, str] = {0: "OK", None: "OK"} | {
    key: code.name for code in grpc.StatusCode for key in (code, code.value[0])
}


def timed(method: str, handle: Handler, tally: Tally) -> Handler:
    """The same handler; the tally is told of each of its calls, however it ends."""
    if tally is NOBODY:
        return handle

    async def answer(request: Any, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
        began, gone = time.perf_counter(), False
        try:
            return await handle(request, context)
        except asyncio.CancelledError:
            gone = True
            raise
        finally:
            code = "CANCELLED" if gone else NAMES.get(context.code(), "UNKNOWN")
            tally.called(method, code, time.perf_counter() - began)

    return answer

"""What servers of tests stumble over: tokens that end, and refusals with details."""

from datetime import UTC, datetime, timedelta

import grpc
from google.protobuf.any_pb2 import Any as Packed
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2 as details
from google.rpc import status_pb2
from grpc_status import rpc_status

from samplemind.v1 import auth_pb2, auth_pb2_grpc
from samplemind_client.line.tokens import Tokens


def tokens(number, life=1800.0, age=0.0):
    """The pair of tokens with this number: the access token is "access 1", say."""
    obtained = datetime.now(UTC) - timedelta(seconds=age)
    return Tokens(f"access-{number}", f"refresh-{number}", obtained, obtained + timedelta(seconds=life))


class Turnstile(auth_pb2_grpc.AuthServiceServicer):
    """Trades each refresh token once, and knows which access token is good."""

    def __init__(self, good=1):
        self.good, self.refreshes = good, 0

    async def Refresh(self, request, context):
        self.refreshes += 1
        if request.refresh_token != f"refresh-{self.refreshes}":
            await context.abort(grpc.StatusCode.UNAUTHENTICATED, "this refresh token is spent")
        number, ends = self.refreshes + 1, datetime.now(UTC) + timedelta(minutes=30)
        pair = auth_pb2.Tokens(access_token=f"access-{number}", refresh_token=f"refresh-{number}")
        pair.access_expires_at.FromDatetime(ends)
        return auth_pb2.RefreshResponse(tokens=pair)

    async def check(self, context):
        """End the call unless it shows the good access token."""
        shown = dict(context.invocation_metadata()).get("authorization")
        if shown != f"Bearer access-{self.good}":
            await context.abort(grpc.StatusCode.UNAUTHENTICATED, "this token has ended")


async def refuse(context, code, message, *parts):
    """End a call with details, as the daemon does."""
    packed = []
    for part in parts:
        packed.append(Packed())
        packed[-1].Pack(part)
    rich = rpc_status.to_status(status_pb2.Status(code=code.value[0], message=message, details=packed))
    await context.abort(rich.code, rich.details, rich.trailing_metadata)


def retry_after(seconds):
    delay = Duration()
    delay.FromNanoseconds(int(seconds * 1e9))
    return details.RetryInfo(retry_delay=delay)

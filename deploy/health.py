"""The health check of a container: whether the daemon of this home says that it serves. Ends with 0 or 1."""

import asyncio
import sys

from grpc_health.v1 import health_pb2, health_pb2_grpc

from samplemind_client.line.channel import open_channel
from samplemind_client.whereabouts import find, own_server

SECONDS = 8.0  # that the answer may take


async def serves() -> bool:
    """Whether the daemon says that it serves; raises where it says nothing."""
    if not (server := own_server()):
        return False  # it does not run, or not yet
    async with open_channel(server, find(server).trust) as channel:
        check = health_pb2_grpc.HealthStub(channel).Check
        answer = await check(health_pb2.HealthCheckRequest(), timeout=SECONDS)
    return answer.status == health_pb2.HealthCheckResponse.SERVING


if __name__ == "__main__":
    try:
        well = asyncio.run(serves())
    except Exception as trouble:
        sys.exit(f"the daemon does not answer: {str(trouble)[:300]}")
    sys.exit(0 if well else "the daemon does not serve")

"""How a failed call becomes a SampleMindError."""

import grpc
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2 as details
from google.rpc import status_pb2

from samplemind_client.errors import SampleMindError

DETAILS = "grpc-status-details-bin"


def read_refusal(error: grpc.aio.AioRpcError) -> SampleMindError:
    """The daemon's no, with its reason, fields, delay and facts where it gave them."""
    info, wrong, retry = details.ErrorInfo(), details.BadRequest(), details.RetryInfo()
    for packed in _status(error).details:
        for part in (info, wrong, retry):
            packed.Unpack(part)
    return SampleMindError(
        code=error.code().name,
        reason=info.reason or error.code().name,
        message=error.details() or f"The daemon answered {error.code().name}.",
        fields={one.field: one.description for one in wrong.field_violations},
        retry_seconds=retry.retry_delay.ToTimedelta().total_seconds(),
        facts=dict(info.metadata),
    )


def _status(error: grpc.aio.AioRpcError) -> status_pb2.Status:
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS and isinstance(value, bytes):
            try:
                return status_pb2.Status.FromString(value)
            except DecodeError:
                break  # a proxy's own idea of details: the code still stands
    return status_pb2.Status()

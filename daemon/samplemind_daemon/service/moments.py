"""Points in time, between the model and the wire."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp


def timestamp(moment: datetime | None) -> Timestamp | None:
    """A moment as the wire has it; None, which leaves a field absent, for none."""
    if moment is None:
        return None
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp


def moment(stamp: Timestamp) -> datetime:
    """A moment from the wire, in UTC; ValueError if it lies outside the years 1 to 9999."""
    try:
        return stamp.ToDatetime(UTC)
    except OverflowError as wrong:
        raise ValueError(str(wrong)) from None

"""A daemon among those on one database."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Instance:
    """A daemon, by its home, and what all on one database must have alike."""

    id: str
    host: str
    signing: str  # the name of the key that it signs with
    engine: str  # "local" or "nats"
    blobs: str  # s3://…, or empty for a folder in its home
    started_at: datetime

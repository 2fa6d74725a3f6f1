"""Changes of a job's row that every job goes through, as queries that are made once."""

from samplemind_daemon.model import State
from samplemind_daemon.store.prepared import Given, Prepared
from samplemind_daemon.store.tables import Jobs

_THIS = Jobs.id == Given("id")

TAKE = Prepared(
    Jobs.update(
        state=State.PROCESSING,
        attempts=Jobs.attempts + 1,
        started_at=Given("moment"),
        lease=Given("token"),
        lease_expires_at=Given("until"),
    ).where(_THIS)
)
END = Prepared(
    Jobs.update(
        state=Given("state"),
        open_audio=None,
        lease=None,
        lease_expires_at=None,
        finished_at=Given("moment"),
        reason=Given("reason"),
        message=Given("message"),
    ).where(_THIS)
)

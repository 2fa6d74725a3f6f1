"""Feature flags, between the model and the wire."""

from samplemind.v1 import flag_pb2 as pb
from samplemind_daemon.model import Audience, Flag, FlagChange, Override, Switch
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.service.moments import timestamp

AUDIENCES = {
    Audience.NOBODY: pb.AUDIENCE_NOBODY,
    Audience.ALL: pb.AUDIENCE_ALL,
    Audience.BETA: pb.AUDIENCE_BETA,
    Audience.PREMIUM: pb.AUDIENCE_PREMIUM,
    Audience.SHARE: pb.AUDIENCE_SHARE,
}


def flag(known: Flag) -> pb.Flag:
    """A flag and how it is set."""
    return pb.Flag(
        name=known.name,
        purpose=known.purpose,
        audience=AUDIENCES[known.switch.audience],
        percent=known.switch.percent if known.switch.audience is Audience.SHARE else 0,
        overrides=known.overrides,
    )


def override(known: Override) -> pb.FlagOverride:
    """An exception for one user."""
    return pb.FlagOverride(user_id=known.user, email=known.email, enabled=known.enabled)


def change(known: FlagChange) -> pb.FlagChange:
    """A change, and whose it was."""
    return pb.FlagChange(
        at=timestamp(known.at),
        author_id=known.author,
        user_id=known.user,
        before=known.before,
        after=known.after,
    )


def switch(request: pb.FlagServiceSetRequest) -> Switch:
    """How a flag shall be set; Invalid if it was not said for whom."""
    for ours, theirs in AUDIENCES.items():
        if request.audience == theirs:
            return Switch(ours, request.percent if ours is Audience.SHARE else 100)
    why = {"audience": f"say nobody, all, beta, premium or a share; {request.audience} is none of them"}
    raise Invalid("INVALID_FLAG", "The flag cannot be set: it was not said for whom.", why)

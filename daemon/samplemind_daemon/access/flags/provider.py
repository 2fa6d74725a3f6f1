"""What a flag is for whom, as an OpenFeature provider over what the store knows."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import FlagNotFoundError, TypeMismatchError
from openfeature.flag_evaluation import FlagResolutionDetails, FlagValueType, Reason
from openfeature.provider import AbstractProvider, Metadata

from samplemind_daemon.access.flags.names import PURPOSES
from samplemind_daemon.model import Audience, Switch
from samplemind_daemon.store.flags import FlagStates

MARKS = "marks"  # the context's attribute that names the user's marks


class StoreProvider(AbstractProvider):
    """Answers from the states that `states` gives; the context's targeting key is the user's id."""

    def __init__(self, states: Callable[[], FlagStates]) -> None:
        super().__init__()
        self._states = states

    def get_metadata(self) -> Metadata:
        return Metadata(name="samplemind store")

    def resolve_boolean_details(
        self, flag_key: str, default_value: bool, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[bool]:
        if flag_key not in PURPOSES:
            raise FlagNotFoundError(f"there is no flag {flag_key!r}")
        context = evaluation_context or EvaluationContext()
        states, user = self._states(), context.targeting_key or ""
        override = states.overrides.get((flag_key, user))
        if override is not None:
            return _resolved(override, Reason.TARGETING_MATCH)
        return _by_audience(states.switches.get(flag_key, Switch()), flag_key, user, context)

    def resolve_string_details(
        self, flag_key: str, default_value: str, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[str]:
        raise TypeMismatchError("flags are on or off")

    def resolve_integer_details(
        self, flag_key: str, default_value: int, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[int]:
        raise TypeMismatchError("flags are on or off")

    def resolve_float_details(
        self, flag_key: str, default_value: float, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[float]:
        raise TypeMismatchError("flags are on or off")

    def resolve_object_details(
        self,
        flag_key: str,
        default_value: Sequence[FlagValueType] | Mapping[str, FlagValueType],
        evaluation_context: EvaluationContext | None = None,
    ) -> FlagResolutionDetails[Sequence[FlagValueType] | Mapping[str, FlagValueType]]:
        raise TypeMismatchError("flags are on or off")


def share(flag: str, user: str) -> float:
    """Where a user stands among all for this flag, from 0 to 100: evenly spread, and for ever the same."""
    return int.from_bytes(sha256(f"{flag}/{user}".encode()).digest()[:8], "big") / 2**64 * 100


def _by_audience(
    switch: Switch, flag: str, user: str, context: EvaluationContext
) -> FlagResolutionDetails[bool]:
    match switch.audience:
        case Audience.ALL:
            return _resolved(True, Reason.STATIC)
        case Audience.NOBODY:
            return _resolved(False, Reason.DISABLED)
        case Audience.SHARE:
            return _resolved(share(flag, user) < switch.percent, Reason.SPLIT)
        case mark:
            marks = context.attributes.get(MARKS, ())
            return _resolved(isinstance(marks, Sequence) and str(mark) in marks, Reason.TARGETING_MATCH)


def _resolved(value: bool, reason: Reason) -> FlagResolutionDetails[bool]:
    return FlagResolutionDetails(value, reason=reason, variant="on" if value else "off")

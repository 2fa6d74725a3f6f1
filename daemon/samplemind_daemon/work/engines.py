"""Which engine has the jobs done."""

from samplemind_daemon.refusals import CannotServe
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store
from samplemind_daemon.store.blobs import Blobs
from samplemind_daemon.tally import Tally
from samplemind_daemon.work.crew import Crew
from samplemind_daemon.work.engine import Engine
from samplemind_daemon.work.local_engine import LocalEngine
from samplemind_daemon.work.recipes import Recipes


def choose(
    settings: Settings, instance: str, store: Store, crew: Crew, blobs: Blobs, recipes: Recipes, tally: Tally
) -> Engine:
    """The engine that the settings name; what NATS needs is imported for those only who name one.

    Raises CannotServe where it is not installed.
    """
    if settings.engine == "local":
        return LocalEngine(store, crew, blobs, recipes, settings, tally)
    try:
        from samplemind_daemon.work.nats.engine import NatsEngine
    except ImportError:
        raise CannotServe("engine: it takes nats-py: pip install 'samplemind[nats]'") from None
    return NatsEngine(store, crew, blobs, recipes, settings, instance, tally)

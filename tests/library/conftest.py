"""Engine rooms, and what the library makes of them."""

import pytest
from engine_room import engine_rooms

from samplemind_daemon.library.analyses import Analyses
from samplemind_daemon.library.batches import Batches
from samplemind_daemon.library.plugins import Plugins


@pytest.fixture
async def room(tmp_path):
    """Opens engine rooms with the deeds of the library, and closes them when the test is over."""
    async with engine_rooms(tmp_path) as open_room:

        async def open(most=1_000, **how):
            one = await open_room(**how)
            settings = one.settings.model_copy(update={"max_open_jobs": most})
            one.analyses = Analyses(one.store, one.engine, one.recipes, settings)
            one.batches = Batches(one.store, one.engine, one.recipes, settings)
            one.plugins = Plugins(one.store, one.recipes)
            return one

        yield open

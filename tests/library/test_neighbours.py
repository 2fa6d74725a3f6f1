"""Several daemons on one database: those that go together, and what each sees of the others."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from samplemind_daemon.library.folders import Folders
from samplemind_daemon.library.neighbours import Neighbours
from samplemind_daemon.model import Instance, Role
from samplemind_daemon.refusals import CannotServe, Untimely
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store, folders, instances, users
from samplemind_daemon.store.moments import now

HERE = Instance("here", "ada.example", "key", "nats", "s3://bucket", datetime(2026, 3, 1, tzinfo=UTC))
THERE = replace(HERE, id="there", host="bob.example")


@pytest.fixture
async def stores(cluster):
    """Two daemons' doors to one database."""
    url = cluster.fresh()
    opened = [Store(url), Store(url)]
    for store, one in zip(opened, (HERE, THERE), strict=True):
        store.be(one.id)
    yield opened
    for store in opened:
        store.close()


async def test_daemons_that_have_all_alike_are_let_in(stores):
    here, there = (Neighbours(store, one) for store, one in zip(stores, (HERE, THERE), strict=True))
    await here.arrive()
    await there.arrive()
    assert here.is_new and there.is_new
    assert await stores[0].read(instances.others, "here", now()) == [THERE]
    await there.leave()
    assert await stores[0].read(instances.others, "here", now()) == []
    await there.arrive()
    assert not there.is_new


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        (
            {},
            {"signing": "another"},
            "ada.example, .* signs with another key: give both the same file as signing_key",
        ),
        ({}, {"engine": "local"}, "has another engine"),
        ({}, {"blobs": ""}, "keeps bytes elsewhere"),
        ({"engine": "local"}, {"engine": "local"}, "more than one take --engine nats://"),
        ({"blobs": ""}, {"blobs": ""}, "more than one take --blobs s3://"),
    ],
)
async def test_a_daemon_that_would_do_harm_to_others_is_refused_in_a_sentence(
    stores, first, second, sentence
):
    await Neighbours(stores[0], replace(HERE, **first)).arrive()
    with pytest.raises(CannotServe, match=sentence):
        await Neighbours(stores[1], replace(THERE, **second)).arrive()
    assert await stores[0].read(instances.others, "here", now()) == []


async def test_the_same_home_comes_back_at_once_after_a_crash_whatever_was_changed(stores):
    await Neighbours(stores[0], HERE).arrive()
    await Neighbours(stores[0], replace(HERE, engine="local", blobs="")).arrive()


async def test_each_daemon_watches_its_own_folders_and_all_show_them(stores, tmp_path):
    ada, sounds = str(uuid4()), tmp_path / "sounds"
    sounds.mkdir()
    await stores[0].write(users.add, ada, "ada@example.org", None, Role.MEMBER, now())
    here, there = (Folders(store, Settings(home=tmp_path / "home"), lambda: None) for store in stores)
    mine, theirs = [await one.create(ada, str(uuid4()), str(sounds), True, (), ()) for one in (here, there)]
    assert await here.everyone() == [mine] and await there.everyone() == [theirs]
    assert await here.page(ada, "", 10) == sorted((mine, theirs), key=lambda one: one.id)
    assert await here.here(ada, mine.id) == mine
    with pytest.raises(Untimely, match="Another daemon watches this folder"):
        await here.here(ada, theirs.id)


async def test_what_is_done_to_a_folder_at_another_daemon_is_noticed_where_it_is_watched(stores, tmp_path):
    ada, changed = str(uuid4()), []
    await stores[0].write(users.add, ada, "ada@example.org", None, Role.MEMBER, now())
    here, there = (Folders(store, Settings(home=tmp_path / "home"), lambda: None) for store in stores)
    folder = await here.create(ada, str(uuid4()), str(tmp_path), True, (), ())
    here.on_change = lambda: changed.append(None)
    await here.look()
    await here.look()
    assert len(changed) == 1
    await there.pause(ada, folder.id)
    await here.look()
    assert len(changed) == 2


async def test_folders_from_before_there_were_others_go_to_the_first_daemon_that_comes(stores, tmp_path):
    ada = str(uuid4())
    await stores[0].write(users.add, ada, "ada@example.org", None, Role.MEMBER, now())
    stores[0].be("")
    alone = Folders(stores[0], Settings(home=tmp_path / "home"), lambda: None)
    folder = await alone.create(ada, str(uuid4()), str(tmp_path), True, (), ())
    stores[0].be("here")
    for store, one in zip(stores, (HERE, THERE), strict=True):
        await Neighbours(store, one).arrive()
    assert await alone.everyone() == [replace(folder, instance="here")]
    assert await stores[1].read(folders.everyone) == []

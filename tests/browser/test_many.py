"""A library of ten thousand sounds is gone through to its end, and the page stays small."""

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from daemon_process import DaemonProcess
from raw_calls import PASSWORD, Channel, Person

from samplemind_daemon.model import Role, State
from samplemind_daemon.store import Store, catalogue, users
from samplemind_daemon.store.opening import opened
from samplemind_daemon.store.tables import Audios, Contents, Vectors

MANY, STEP = 10_000, 1_000
MOST_ROWS = 200  # that a page may hold at any moment
OWNER, EMAIL = "ada", "ada@example.org"
COUNT_ROWS = """() => {
  const count = () => { window.most = Math.max(window.most ?? 0, document.querySelectorAll("[role=row]").length); };
  new MutationObserver(count).observe(document.body, {childList: true, subtree: true});
  count();
}"""


@pytest.fixture(scope="module")
def store_house(app, tmp_path_factory):
    """A daemon whose owner has ten thousand sounds."""
    home = tmp_path_factory.mktemp("many") / "home"
    home.mkdir()
    fill(home / "samplemind.db")
    process = DaemonProcess(home, {"SAMPLEMIND_WEB": "127.0.0.1:0"}).start()
    yield process
    process.stop()


@pytest.fixture
def owner(store_house):
    """Their owner, with a password."""
    channel, key = Channel(store_house.address), [("x-api-key", store_house.owner_key)]
    assert channel.call("AuthService/ChangePassword", key, new_password=PASSWORD).code == "OK"
    yield Person(channel, EMAIL)
    channel.close()


def fill(path):
    """Sounds that nothing was heard in, in a new database."""
    with closing(Store(path)) as store:
        store.migrate()
    db, moment = opened(path), datetime(2026, 1, 1, tzinfo=UTC)
    with db.connection_context(), db.atomic():
        users.add(db, OWNER, EMAIL, None, Role.OWNER, moment)
        for start in range(0, MANY, STEP):
            put(db, range(start + 1, start + STEP + 1), moment)


def put(db, numbers, moment):
    shas = [f"{number:064x}" for number in numbers]
    Contents.insert_many(
        [{"sha256": sha, "size": 9, "media": None, "created_at": moment} for sha in shas]
    ).execute(db)
    sounds = [
        {"id": f"{number:032x}", "user": OWNER, "name": f"sound {number:05}.wav", "state": State.COMPLETED, "size": 9,
         "sha256": sha, "state_at": moment, "created_at": moment + timedelta(seconds=number)}
        for number, sha in zip(numbers, shas, strict=True)
    ]  # fmt: skip
    Audios.insert_many(sounds).execute(db)
    Vectors.insert_many([{"sha256": sha} for sha in shas]).execute(db)  # or they would be made
    catalogue.refresh(db, [sound["id"] for sound in sounds])


def test_end_leads_to_the_last_of_ten_thousand_sounds_and_the_page_never_holds_two_hundred_rows(
    look, store_house, watch, owner, expect
):
    watch.webs.append(store_house.web)
    page = look("/library?order=name", owner, web=store_house.web)
    grid, last = (
        page.get_by_role("grid", name="Sounds"),
        page.get_by_role("row", name=re.compile("sound 10000.wav")),
    )
    expect(grid).to_have_attribute("aria-rowcount", f"{MANY + 1}")
    expect(page.get_by_role("row", name=re.compile("sound 00001.wav"))).to_be_visible()
    page.evaluate(COUNT_ROWS)
    grid.focus()
    page.keyboard.press("End")
    expect(last).to_be_in_viewport()
    expect(last).to_have_attribute("aria-rowindex", f"{MANY + 1}")
    page.keyboard.press("Home")
    expect(page.get_by_role("row", name=re.compile("sound 00001.wav"))).to_be_in_viewport()
    assert 10 < page.evaluate("window.most") < MOST_ROWS

"""An answer to a request is kept a day, for the user who asked, and the first one stands."""

from samplemind_daemon.store import answers
from samplemind_daemon.store.answers import LIFE
from samplemind_daemon.store.tables import Answers


async def test_the_first_answer_to_a_request_stands(store):
    await store.write(answers.keep, "ada", "r1", "Upload", b"\x00first\xff")
    await store.write(answers.keep, "ada", "r1", "Upload", b"second")
    assert await store.read(answers.find, "ada", "r1") == ("Upload", b"\x00first\xff")


async def test_the_same_id_of_another_user_is_another_request(store):
    await store.write(answers.keep, "ada", "r1", "Upload", b"hers")
    assert await store.read(answers.find, "bob", "r1") is None
    await store.write(answers.keep, "bob", "r1", "Delete", b"his")
    assert await store.read(answers.find, "ada", "r1") == ("Upload", b"hers")


async def test_answers_are_forgotten_after_a_day_and_no_sooner(store):
    for request in ("r1", "r2", "r3"):
        await store.write(answers.keep, "ada", request, "Upload", b"")
    assert await store.write(answers.forget) == 0
    [moment] = {one.at for one in await store.read(lambda db: list(Answers.select().limit(1).execute(db)))}
    older = Answers.update(at=moment - LIFE).where(Answers.request != "r3")
    await store.write(lambda db: older.execute(db))
    assert await store.write(answers.forget) == 2
    assert await store.read(answers.find, "ada", "r1") is None
    assert await store.read(answers.find, "ada", "r3") == ("Upload", b"")

"""A plugin that harms the worker that imports it is found out."""

import asyncio
import textwrap
from contextlib import suppress

from samplemind_daemon.work import hiring
from samplemind_daemon.work.crew import Crew
from samplemind_daemon.work.failures import TaskFailed
from samplemind_daemon.work.hiring import Hiring


def problems(crew):
    return {one.name: one.problem for one in crew.catalogue.plugins}


async def test_a_plugin_that_crashes_at_import_is_left_out_and_all_else_works(hire, ask, folder):
    (folder / "bomb.py").write_text("import ctypes\nctypes.string_at(0)\n")
    (folder / "broken.py").write_text("import no_such_module\n")
    crew = await hire(workers=2)
    assert "SIGSEGV" in problems(crew)["bomb"] and "no_such_module" in problems(crew)["broken"]
    assert problems(crew)["trouble"] == ""
    heard = await asyncio.gather(*(crew.run(ask()) for _ in range(4)))
    assert all(one.found["length"][0].value == 44_100 for one in heard)


async def test_a_plugin_that_hangs_at_import_is_left_out(folder):
    (folder / "sleepy.py").write_text("import time\ntime.sleep(3600)\n")
    hires = Hiring(folder, load_seconds=3.0)
    worker = await hires.hire(nice=10)
    await worker.close()
    [sleepy] = [one for one in hires.catalogue.plugins if one.name == "sleepy"]
    assert "took over 3 s" in sleepy.problem


async def test_a_worker_that_dies_once_while_a_plugin_loads_does_not_condemn_the_plugin(folder, tmp_path):
    once = tmp_path / "once"
    (folder / "unlucky.py").write_text(
        textwrap.dedent(f"""
        import os
        if not os.path.exists({str(once)!r}):
            open({str(once)!r}, "w").close()
            os.kill(os.getpid(), 9)
        from samplemind_sdk import hookimpl
        @hookimpl
        def analyzers(): return []
        """)
    )
    crew = Crew(1, folder, interactive=0)
    try:
        await crew.start()
        assert problems(crew)["unlucky"] == ""
    finally:
        await crew.stop()


async def test_a_plugin_that_appears_later_is_used_once_workers_are_fresh(hire, ask, folder):
    crew = await hire(tasks=1)
    await crew.run(ask())
    (folder / "late.py").write_text((folder / "trouble.py").read_text().replace('"length"', '"late"'))
    (folder / "trouble.py").unlink()
    async with asyncio.timeout(10):
        while "late" not in problems(crew):
            await asyncio.sleep(0.05)
            with suppress(TaskFailed):  # a fresh worker knows no analyzer that was taken away
                await crew.run(ask())
    assert {one.name for one in crew.catalogue.analyzers} >= {"late", "trouble"}
    assert hiring.STRIKES == 2


async def test_a_plugin_whose_problem_has_other_words_each_time_wears_out_no_worker(hire, ask, folder):
    (folder / "babble.py").write_text("import os\nraise OSError(f'no licence for process {os.getpid()}')\n")
    crew = await hire(workers=2)
    heard = [await crew.run(ask()) for _ in range(6)]
    assert crew.status().recycled == 0 and "no licence" in problems(crew)["babble"]
    assert len({one.found["trouble"][0].value for one in heard}) <= 2


async def test_a_plugin_that_changes_with_each_import_is_left_out_and_the_others_are_not(hire, ask, folder):
    text = (folder / "trouble.py").read_text().replace('"trouble"', '"fickle"').replace('"length"', '"odd"')
    (folder / "fickle.py").write_text(text.replace("parameter(0.0)", "parameter(float(os.getpid()))"))
    crew = await hire(workers=2)
    async with asyncio.timeout(20):
        while not problems(crew)["fickle"]:
            await crew.run(ask())
    assert "not the same at each import" in problems(crew)["fickle"]
    for _ in range(4):
        await crew.run(ask())
    settled = crew.status().recycled
    heard = [await crew.run(ask()) for _ in range(6)]
    assert crew.status().recycled == settled
    assert all(one.found["length"][0].value == 44_100 for one in heard)


async def test_a_plugin_that_was_left_out_is_used_once_its_file_is_mended(hire, ask, folder):
    (folder / "late.py").write_text("import ctypes\nctypes.string_at(0)\n")
    crew = await hire()
    assert "SIGSEGV" in problems(crew)["late"]
    text = (folder / "trouble.py").read_text()
    (folder / "late.py").write_text(text.replace('"length"', '"late"').replace('"trouble"', '"latest"'))
    await crew.look_for_plugins()
    async with asyncio.timeout(10):
        while problems(crew)["late"]:
            await crew.run(ask())

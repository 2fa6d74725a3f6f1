"""`samplemindd migrate`: the database brought to today's shape without a daemon."""

import sqlite3
from contextlib import closing

import pytest
import typer
from listings import CHECKOUT

from samplemind_daemon.commands.migrate import migrate
from samplemind_daemon.library.check import violations
from samplemind_daemon.settings import Settings
from samplemind_daemon.store.schema import applied, known

SCHEMAS = CHECKOUT / "tests" / "store" / "schemas"


def test_an_old_home_is_brought_up_to_date_once_and_what_it_was_stays_beside_it(tmp_path, capsys):
    settings = Settings(home=tmp_path / "home")
    settings.home.mkdir()
    with closing(sqlite3.connect(settings.database_file)) as db:
        db.executescript((SCHEMAS / "0001_first.sql").read_text("utf-8"))
    migrate(settings.home)
    assert capsys.readouterr().out.split() == known()[1:]
    assert applied(settings.home / "samplemind.db.0001_first") == ["0001_first"]
    assert [one.problem for one in violations(settings)] == ["its bytes are not there"]  # the dump has none
    migrate(settings.home)
    assert capsys.readouterr().out == "It is up to date.\n"
    with pytest.raises(typer.Exit) as end:
        migrate(tmp_path / "nowhere")
    assert end.value.exit_code == 2 and "no database" in capsys.readouterr().err

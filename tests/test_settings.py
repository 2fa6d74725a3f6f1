"""Where a setting comes from, and what is refused."""

import pytest

from samplemind_daemon.settings import CannotConfigure, load


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    """Nothing set but what a test sets."""
    monkeypatch.delenv("SAMPLEMIND_HOME", raising=False)
    monkeypatch.delenv("SAMPLEMIND_CONFIG", raising=False)


def test_the_command_line_beats_the_environment_which_beats_the_file(tmp_path, monkeypatch):
    file = tmp_path / "samplemind.toml"
    file.write_text('workers = 3\nquiet_seconds = 7\nlisten = "127.0.0.1:1"\n')
    monkeypatch.setenv("SAMPLEMIND_WORKERS", "4")
    monkeypatch.setenv("SAMPLEMIND_LISTEN", "127.0.0.1:2")
    settings = load(file, listen="127.0.0.1:3")
    assert (settings.quiet_seconds, settings.workers, settings.listen) == (7, 4, "127.0.0.1:3")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CannotConfigure, match="no configuration file .*nowhere.toml"):
        load(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("workers", 0, "workers cannot be 0"),
        ("registration", "maybe", "registration cannot be 'maybe'"),
        ("listen", "here", "listen: an address is .* not 'here'"),
        ("no_such_thing", 1, "no_such_thing cannot be 1"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value(name, value, sentence):
    with pytest.raises(CannotConfigure, match=sentence):
        load(**{name: value})


@pytest.mark.parametrize(
    ("listen", "registration"),
    [
        ("127.0.0.1:50051", "open"),
        ("[::1]:50051", "open"),
        ("localhost:0", "open"),
        ("0.0.0.0:50051", "closed"),
        ("studio.example:50051", "closed"),
    ],
)
def test_registration_is_open_by_itself_only_where_nobody_else_can_call(listen, registration):
    assert load(listen=listen).registration == registration
    assert load(listen=listen, registration="open").registration == "open"

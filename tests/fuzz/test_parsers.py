"""Whatever is written where a filter, an order, a cursor, a page token or a setting stands, it is taken or refused."""

import os
import tomllib

import pytest
import strange_input
from hypothesis import example, given
from hypothesis import strategies as st

from samplemind_daemon.address import parse
from samplemind_daemon.library import cursors, filters
from samplemind_daemon.library.filters import LONGEST, MOST
from samplemind_daemon.model import State
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.service import pages
from samplemind_daemon.settings import CannotConfigure, Settings, load
from samplemind_daemon.store.sounds import Clause

anything = st.text(st.characters(exclude_categories=["Cs"]))  # the wire has no half characters
ids = st.text(min_size=1, max_size=40)
clauses = st.lists(
    st.one_of(
        st.builds(Clause, st.sampled_from(["name", "folder_id", "sha256"]), anything, st.just(False)),
        st.builds(Clause, st.just("name"), anything, st.just(True)),
        st.builds(Clause, st.just("state"), st.sampled_from([str(state) for state in State]), st.just(False)),
    ),
    max_size=MOST,
)
pieces = st.sampled_from(
    [
        "name",
        "state",
        "=",
        ":",
        " AND ",
        '"',
        "\\",
        " ",
        "failed",
        "sha256",
        "x",
        "\0",
        "é",
        "AND",
        "=" * 90,
        "a" * 400,
    ]
)


@given(clauses)
def test_a_filter_that_is_written_is_read_as_it_was_meant(meant):
    written = " AND ".join(map(strange_input.written, meant))
    if len(written) <= LONGEST:
        assert filters.clauses(written) == tuple(meant)


@pytest.mark.parametrize("kind", strange_input.TEXTS)
@given(text=st.one_of(anything, st.lists(pieces, max_size=30).map("".join)))
@example(text="state = " + "\0" * 900)  # the sentence that refuses it was of 4,000 characters
def test_of_any_text_something_is_made_or_it_is_refused_in_a_short_sentence(kind, text):
    strange_input.TEXTS[kind](text)


@given(st.text(max_size=20), st.integers(0, 10**18 - 1), st.text(max_size=20))
def test_a_cursor_is_good_for_the_user_that_got_it_alone(user, sequence, other):
    cursor = cursors.write(user, sequence)
    assert cursors.read(user, cursor) == sequence
    if other != user:
        with pytest.raises(Invalid, match="cursor"):
            cursors.read(other, cursor)


@given(
    st.lists(anything, min_size=1, max_size=4),
    st.one_of(st.integers(0, 2**53 - 1), anything),
    anything,
    anything,
)
def test_a_page_token_is_good_for_the_question_it_was_given_to_alone(query, value, id, more):
    token = pages.page_token(query, value, id)
    if len(token) > pages.LONGEST_TOKEN:
        return
    assert pages.page_start(query, token, type(value)) == (value, id)
    for other, kind in ([*query, more], type(value)), (query, str if isinstance(value, int) else int):
        with pytest.raises(Invalid, match="page_token"):
            pages.page_start(other, token, kind)


@given(st.integers(), st.integers(1, pages.LONGEST_PAGE))
def test_a_page_has_a_size_whatever_is_asked_for(asked, fewer):
    if asked < 0:
        with pytest.raises(Invalid, match="page_size"):
            pages.page_size(asked)
    else:
        assert 1 <= pages.page_size(asked) <= pages.LONGEST_PAGE
    assert pages.page_size(fewer) == fewer


@given(st.one_of(anything, st.from_regex(r"[\[\]:.0-9a-z]*:[0-9٣²]{1,6}", fullmatch=True)))
@example("a:" + "9" * 5_000)
def test_an_address_is_a_host_and_a_port_or_none(text):
    try:
        address = parse(text)
    except ValueError as wrong:
        says(wrong, ["host:port"])
        return
    assert address.host and 0 <= address.port <= 65_535 and parse(str(address)) == address
    assert address.is_loopback in (True, False) and address.here.port == address.port


plain = st.one_of(
    st.booleans(), st.integers(-(2**70), 2**70), st.floats(), anything, st.lists(st.integers(), max_size=2)
)
settings_names = st.sampled_from([*Settings.model_fields, "color", "Home", "tls"])


@given(st.dictionaries(settings_names, plain, max_size=4))
def test_whatever_stands_in_the_configuration_it_holds_or_each_wrong_value_is_named(given_values):
    try:
        found = load(**given_values)
    except CannotConfigure as wrong:
        says(wrong, given_values)
        return
    assert found.workers >= 1 and found.home.is_absolute() and found.max_stored_bytes > 0
    assert found.address.port >= 0 and found.access_life.total_seconds() > 0


@given(
    st.one_of(
        st.binary(max_size=200), anything.map(str.encode), st.sampled_from([b"listen = 3", b"[a]\nb = 1"])
    )
)
def test_a_file_that_is_no_configuration_is_refused_in_a_sentence(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "samplemind.toml"
    path.write_bytes(content)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "environ", {"SAMPLEMIND_CONFIG": str(path)})
        try:
            load(path)
        except CannotConfigure as wrong:
            says(wrong, ["samplemind.toml", " cannot be "])
        else:
            assert tomllib.loads(content.decode()).keys() <= Settings.model_fields.keys()


def says(error, words):
    """A sentence that holds one of these words."""
    assert any(word.lower() in str(error).lower() for word in words), error

"""Filters and orders are read as they are written, or refused with what is wrong and where."""

import pytest

from samplemind_daemon.library import filters
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.store.sounds import Clause


@pytest.mark.parametrize(
    ("filter", "clauses"),
    [
        ("", ()),
        ("  ", ()),
        ("state = failed", [Clause("state", "failed")]),
        ("state=failed", [Clause("state", "failed")]),
        ("name : kick", [Clause("name", "kick", True)]),
        ("name = kick.wav", [Clause("name", "kick.wav")]),
        ('name : "kick drum"', [Clause("name", "kick drum", True)]),
        ('name = "a \\"b\\" \\\\ c"', [Clause("name", 'a "b" \\ c')]),
        ('name : " AND "', [Clause("name", " AND ", True)]),
        ("name : AND", [Clause("name", "AND", True)]),
        ("name : a=b:c", [Clause("name", "a=b:c", True)]),
        ('name : ""', [Clause("name", "", True)]),
        ("state = queued AND name : kick", [Clause("state", "queued"), Clause("name", "kick", True)]),
        ("  folder_id = x   AND   sha256 = y ", [Clause("folder_id", "x"), Clause("sha256", "y")]),
        ("name : Trommel-Ö🥁", [Clause("name", "Trommel-Ö🥁", True)]),
    ],
)
def test_a_filter_is_read_as_it_is_written(filter, clauses):
    assert filters.clauses(filter) == tuple(clauses)


@pytest.mark.parametrize(
    ("filter", "why"),
    [
        ("kick", "a clause such as state = failed was expected at 'kick'"),
        ("name", "expected at 'name'"),
        ("name :", "expected at 'name :'"),
        ("name : kick drum", "AND was expected at 'drum'"),
        ("name : a OR name : b", "AND was expected at 'OR name : b'"),
        ("name : a and name : b", "AND was expected"),
        ("name : a AND", "expected at the end"),
        ("AND", "expected at 'AND'"),
        ('name : "kick', "expected at"),
        ('name : "a\\n"', "expected at"),
        ("size = 3", "there is no field 'size', only state, name, folder_id, sha256"),
        ("state : fail", "state takes = only"),
        ("state = broken", "there is no state 'broken'"),
        ("name != a", "expected at 'name != a'"),
        ("name : " + "x" * 1_000, "more than 1000 characters"),
        (" AND ".join(["name : a"] * 17), "more than 16 clauses"),
        ("name : a'; DROP TABLE audios; --", "AND was expected"),
    ],
)
def test_what_is_no_filter_is_refused_with_what_is_wrong(filter, why):
    with pytest.raises(Invalid) as refused:
        filters.clauses(filter)
    assert refused.value.reason == "INVALID_FILTER" and why in refused.value.fields["filter"]


@pytest.mark.parametrize(
    ("order_by", "order"),
    [
        ("", ("created_at", True)),
        ("name", ("name", False)),
        ("name asc", ("name", False)),
        ("size_bytes desc", ("size_bytes", True)),
        (" state_at  desc ", ("state_at", True)),
        ("created_at", ("created_at", False)),
    ],
)
def test_an_order_is_read_as_it_is_written(order_by, order):
    assert filters.order(order_by) == order


@pytest.mark.parametrize(
    "order_by", ["size", "name down", "name desc desc", "name, size_bytes", "desc", "id"]
)
def test_what_is_no_order_is_refused(order_by):
    with pytest.raises(Invalid) as refused:
        filters.order(order_by)
    assert refused.value.reason == "INVALID_ORDER" and order_by in refused.value.fields["order_by"]

"""Sounds corrected, exported and read back from a command line, as people and spreadsheets do it."""

import csv
import io
import json

import pytest
import typer
from commanding import objects

from samplemind_client.commands import sheet


@pytest.fixture
def heard(run, loop):
    """Files that were analysed, by name."""

    def heard(*names):
        done = run("analyze", "--json", "--only", "tempo", *[loop(name) for name in names])
        assert done.returncode == 0, done.stderr
        return objects(done)

    return heard


def bpm(run, name):
    [shown] = objects(run("show", "--json", "--only", "tempo.bpm", name))
    return shown["descriptors"]["tempo.bpm"]


def test_a_tempo_is_doubled_halved_set_and_taken_back(run, heard, tmp_path):
    name = f"{tmp_path.name}.wav"
    before = heard(name)[0]["descriptors"]["tempo.bpm"]["value"]
    [done] = objects(run("correct", "--json", name, "--double"))
    assert done["file"] == name and done["descriptors"]["tempo.bpm"]["value"] == 2 * before
    assert bpm(run, name)["made_by"] == "user"
    assert bpm(run, name)["candidates"][0]["value"] == before
    run("correct", name, "--half")
    assert bpm(run, name)["value"] == before
    shown = run("correct", name, "--bpm", "100", "--key", "8A", "--tags", "dusty, vinyl", "--kind", "loop")
    assert shown.returncode == 0, shown.stderr
    assert (
        b"100.00 BPM  (user)\n" in shown.stdout
        and b"A minor" in shown.stdout
        and b"dusty, vinyl" in shown.stdout
    )
    assert run("correct", name, "--undo", "all").returncode == 0
    assert bpm(run, name)["made_by"] == "tempo"


def test_what_cannot_be_corrected_is_said(run, heard, tmp_path):
    name = f"{tmp_path.name}.wav"
    heard(name)
    for words, status, said in (
        (["--bpm", "128", "--double"], 2, b"different tempi"),
        ([], 2, b"say what is to be corrected"),
        (["--key", "X"], 1, b"'X' is no key"),
    ):
        done = run("correct", name, *words)
        assert done.returncode == status and said in done.stderr


def rewrite(path, change, separator=",", encoding="utf-8", point="."):
    """The table as a spreadsheet would write it after `change` has edited its rows."""
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))
    change(rows)
    written = io.StringIO(newline="")
    table = csv.DictWriter(written, rows[0].keys(), delimiter=separator)
    table.writeheader()
    table.writerows(
        [
            {name: cell.replace(".", point) if name == "tempo.bpm" else cell for name, cell in row.items()}
            for row in rows
        ]
    )
    path.write_bytes(written.getvalue().encode(encoding))


def test_a_table_that_was_not_edited_changes_nothing_and_an_edited_one_just_what_was_edited(
    run, heard, tmp_path
):
    names = [f"{tmp_path.name}-{number}.wav" for number in range(4)]
    heard(*names)
    table = tmp_path / "table.csv"
    done = run("export", "--format", "csv", "-o", table, "--sort", "name")
    assert done.returncode == 0 and b"sounds" in done.stdout, done.stderr
    untouched = run("import", table)
    assert untouched.returncode == 0 and untouched.stdout == b"" and b"0 of " in untouched.stderr

    def edit(rows):
        mine = {row["name"]: row for row in rows if row["name"] in names}
        mine[names[0]].update({"tempo.bpm": "100.5", "key.key": "Am"})
        mine[names[1]]["tags.words"] = "dusty; vinyl"
        mine[names[2]].update({"tempo.bpm": "fast", "kind.label": "one shot"})
        mine[names[3]]["tempo.bpm"] = "900"

    rewrite(table, edit, separator=";", encoding="utf-8-sig", point=",")
    before = bpm(run, names[0])
    looked = {one["file"]: one for one in objects(run("import", "--json", "--dry-run", table))}
    assert looked[names[0]]["status"] == "looked at" and bpm(run, names[0]) == before
    done = run("import", "--json", table)
    assert done.returncode == 1
    found = {one["file"]: one for one in objects(done)}
    assert {name: found[name]["status"] for name in names} == {
        names[0]: "corrected", names[1]: "corrected", names[2]: "refused", names[3]: "refused",
    }  # fmt: skip
    assert found[names[0]]["changes"]["tempo.bpm"] == {"before": before["value"], "after": 100.5}
    assert "'fast' is no number" in found[names[2]]["error"]["message"]
    assert found[names[2]]["changes"]["kind.label"]["after"] == "one shot"
    assert "more than 300" in found[names[3]]["error"]["message"] and found[names[3]]["changes"] == {}
    assert bpm(run, names[0])["value"] == 100.5 and bpm(run, names[3])["made_by"] == "tempo"
    [shown] = objects(run("show", "--json", "--only", "kind.label,tags.words", names[2]))
    assert shown["descriptors"]["kind.label"]["value"] == "one-shot"


def test_a_row_goes_by_name_where_it_has_no_id_and_a_sound_that_is_gone_is_said(run, heard, tmp_path):
    name = f"{tmp_path.name}.wav"
    heard(name)
    table = tmp_path / "table.tsv"
    table.write_text(f"name\ttempo.bpm\n{name}\t99\nnobody.wav\t99\n", "utf-16")
    done = run("import", table)
    assert done.returncode == 1 and b"There is no sound called 'nobody.wav'" in done.stdout
    assert bpm(run, name)["value"] == 99.0


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"colour\nred\n", "no column id or name"),
        ("name,tempo.bpm\nä,1\n".encode("latin-1"), "not in UTF-8"),
        (b'id,tempo.bpm\n"1,2\n', "is no CSV"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, written, said):
    table = tmp_path / "table.csv"
    table.write_bytes(written)
    with pytest.raises(typer.BadParameter, match=said):
        list(sheet.rows(table))


def test_a_table_without_anything_to_correct_is_refused(run, tmp_path):
    table = tmp_path / "table.csv"
    table.write_bytes(b"id,colour\n1,red\n")
    done = run("import", table)
    assert done.returncode == 2 and b"has none of the columns" in done.stderr


@pytest.mark.parametrize(
    ("cell", "meant"), [("128", 128), ("128.5", 128.5), ("128,5", 128.5), ("0,125", 0.125), ("-3", -3)]
)
def test_a_number_has_a_point_or_a_comma(cell, meant):
    assert sheet.number(cell) == meant


@pytest.mark.parametrize("cell", ["1,285", "128,000", "fast", "1.2.3", "1e3", "", "NaN"])
def test_a_number_that_is_none_or_may_be_two_is_refused(cell):
    with pytest.raises(ValueError, match=r"is no number|may be"):
        sheet.number(cell)


def test_lines_are_what_show_prints(run, heard, tmp_path):
    name = f"{tmp_path.name}.wav"
    heard(name)
    run("correct", name, "--double")
    lines = [
        json.loads(line)
        for line in run("export", "--format", "jsonl", "--only", "tempo,key").stdout.splitlines()
    ]
    [line] = [one for one in lines if one["file"] == name]
    [shown] = objects(run("show", "--json", "--only", "tempo,key", name))
    assert list(line) == list(shown)
    assert line == shown | {"descriptors": {one: shown["descriptors"][one] for one in line["descriptors"]}}
    assert set(line["descriptors"]) == set(shown["descriptors"])


def test_a_file_that_cannot_be_written_is_said_and_none_is_left_half(run, tmp_path):
    done = run("export", "-o", tmp_path / "no" / "table.csv")
    assert done.returncode == 2 and b"cannot be written" in done.stderr
    assert list(tmp_path.glob("**/*.part")) == []


def test_what_is_sought_is_exported_and_what_is_stale_is_said(run, heard, tmp_path):
    names = [f"{tmp_path.name}{letter}.wav" for letter in "ab"]
    heard(*names)
    run("correct", names[0], "--bpm", "61")
    done = run("export", tmp_path.name, "--bpm", "61", "--format", "m3u8")
    assert done.stdout.decode().splitlines()[2:] == [names[0]]
    refused = run("export", "--key", "X")
    assert refused.returncode == 2 and b"--key" in refused.stderr
    [stale] = objects(run("reanalyze", "--stale", "--preview", "--json", tmp_path.name))
    assert stale == {"sounds": 0, "total": 2, "seconds": 0.0, "analyzers": []}
    assert run("reanalyze", "--stale", tmp_path.name).stdout == b"0 sounds queued\n"
    for words in ([], ["--preview", "x"], ["--bpm", "61", "x"], ["--stale", "--everything"]):
        assert run("reanalyze", *words).returncode == 2

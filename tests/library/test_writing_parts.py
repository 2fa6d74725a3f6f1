"""Names that are made safe, bytes that are made again, and names that nobody has."""

import hashlib
import io
import random

import pytest

from samplemind_daemon.library.writing.ground import Ground
from samplemind_daemon.library.writing.names import Names
from samplemind_daemon.library.writing.patch import CannotRestore, make_patch, restore
from samplemind_daemon.library.writing.template import check_template, fill, name_in
from samplemind_daemon.model import Folder, FolderState
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.store.moments import now
from samplemind_daemon.watcher.names import Names as WatchedNames

ALL = "{kind}/{bpm} {key} {name}"
NASTY = [
    "../../etc/passwd", "..", ".", "...", "．．", "/etc", "a/b", "a\\b", "C:\\x", "\\\\server\\share", "nul\0l",
    "new\nline", "CON", "com1.txt", "aux", ".hidden", "~tilde", "dot.", "space ", "e\u0301", "\u202eright",
    "x" * 4_096, "é" * 300, "", " ", "%2e%2e%2f", '<>:"|?*', "\ud800", "a\u2024\u2024b", "-rf",
]  # fmt: skip


@pytest.mark.parametrize("nasty", NASTY)
def test_whatever_was_heard_or_named_no_path_leads_out_and_every_system_takes_it(nasty):
    for values in ({"name": nasty}, {"name": "kick", "kind": nasty, "bpm": nasty, "key": nasty}):
        path = fill(ALL, values, ".wav").decode()
        assert not path.startswith("/") and path.endswith(".wav")
        for name in path.split("/"):
            assert name not in ("", ".", "..") and not name.startswith((".", "~"))
            assert len(name.encode()) <= 239 and not set(name) & set('\\:*?"<>|\0\n\x7f')
            assert name == name.rstrip(". ") and name.partition(".")[0].lower() not in (
                "con",
                "aux",
                "nul",
                "com1",
            )


@pytest.mark.parametrize(
    "wrong",
    [
        "../x",
        "a/../b",
        "/etc/x",
        "a//b",
        "",
        "~/x",
        "C:/x",
        "a\\b",
        "{x}",
        "{name!r}",
        "{name:9}",
        "{name.a}",
        "{name",
        "．．/x",
    ],
)
def test_a_template_that_is_no_path_below_the_folder_is_refused(wrong):
    if wrong:
        with pytest.raises(Invalid):
            check_template(wrong)


@pytest.mark.parametrize(
    ("template", "values", "path"),
    [
        (ALL, {"kind": "loop", "bpm": "128", "key": "F#m", "name": "Kick"}, "loop/128 F#m Kick.wav"),
        (ALL, {"bpm": "128", "name": "Kick"}, "128 Kick.wav"),
        ("{bpm} - {key} - {name}", {"bpm": "128", "name": "Kick"}, "128 - Kick.wav"),
        ("{name} ({key}) [{bpm}]", {"name": "Kick", "bpm": "90"}, "Kick [90].wav"),
        ("{name}_{bpm}", {"name": "Kick"}, "Kick.wav"),
        ("{kind}/{bpm}", {"name": "Kick", "kind": "loop"}, "loop/Kick.wav"),
    ],
)
def test_what_is_not_known_is_left_out_with_what_holds_it(template, values, path):
    assert fill(template, values, ".wav").decode() == path


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("Kick.wav", "Kick"),
        ("loop/128 Am Kick 12.wav", "Kick 12"),
        ("loop/90.5 Kick.wav", "Kick"),
        ("a/b.wav", ""),
    ],
)
def test_a_name_is_found_in_the_path_that_was_made_of_it(path, name):
    assert name_in(ALL, path.encode(), ".wav") == name
    assert name_in("{genre}/{name}", path.encode(), ".wav") == ""


def test_old_bytes_are_made_again_of_new_ones_and_what_is_kept_is_small():
    made = random.Random(7)
    sound = made.randbytes(500_000)
    for old, new, most in (
        (b"a" * 200 + sound, b"b" * 5_000 + sound, 10_000),  # a tag before the sound that grows
        (b"b" * 5_000 + sound, b"a" * 200 + sound, 20_000),
        (b"RIFF0000" + sound, b"RIFF1111" + sound + b"id3 " * 300, 10_000),  # a chunk after it
        (sound, sound, 100),
        (sound, made.randbytes(400_000), 510_000),
        (b"", sound, 100),
    ):
        patch, back = io.BytesIO(), io.BytesIO()
        make_patch(io.BytesIO(old), io.BytesIO(new), patch)
        restore(io.BytesIO(new), patch, back.write, hashlib.sha256(old).hexdigest())
        assert back.getvalue() == old and len(patch.getvalue()) <= most
        with pytest.raises(CannotRestore):
            restore(io.BytesIO(new + b"!"), patch, len, hashlib.sha256(old).hexdigest())
        with pytest.raises(CannotRestore):
            restore(io.BytesIO(new), patch, len, hashlib.sha256(b"other").hexdigest())


def test_a_name_is_given_once_whatever_its_case_or_composition(tmp_path):
    (tmp_path / "Drums").mkdir()
    (tmp_path / "Drums" / "Café.wav").touch()
    names = Names(Ground(str(tmp_path).encode()))
    given = [
        names.give(one.encode(), b"x.wav").decode()
        for one in ("drums/cafe\u0301.wav", "DRUMS/CAFÉ.wav", "new/a.wav", "New/A.wav")
    ]
    assert given == ["Drums/cafe\u0301 (2).wav", "Drums/CAFÉ (3).wav", "new/a.wav", "new/A (2).wav"]
    assert names.give(b"Drums/Caf\xc3\xa9.wav", b"Drums/Caf\xc3\xa9.wav") == b"Drums/Caf\xc3\xa9.wav"


def test_our_own_files_are_no_sounds_whatever_a_folder_takes():
    folder = Folder("f", "ada", b"/f", FolderState.ACTIVE, True, ("*",), (), now())
    wants = WatchedNames(folder).wants
    assert wants(b"a/kick.wav") and wants(b"notes.json")
    assert not wants(b"a/kick.wav.samplemind.json") and not wants(b"a/.samplemind-x-0.part")


def test_no_link_is_followed_on_the_way(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "in" / "link").symlink_to(tmp_path / "out")
    ground = Ground(str(tmp_path / "in").encode())
    with pytest.raises(OSError), ground.making(b"link/file"):
        pass
    with pytest.raises(OSError):
        ground.claim(b"link/file")
    with pytest.raises(OSError):
        ground.make_folders(b"link/deeper")
    assert list((tmp_path / "out").iterdir()) == []

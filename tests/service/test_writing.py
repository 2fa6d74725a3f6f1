"""What was heard is written into files: previewed, applied with the sound proved the same, and undone byte for byte."""

import json
import os

import mutagen
import pytest
import soundfile
from daemon_process import DaemonProcess
from writing_room import ENDINGS, Room, eventually, make_sound, tree

from samplemind.v1.audio_pb2 import AUDIO_STATE_FAILED

DECODED = ("wav", "aiff", "flac", "mp3", "ogg", "opus")  # by soundfile, which is none of ours


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A room that the tests of this file share, each with sounds of its own."""
    daemon = DaemonProcess(tmp_path_factory.mktemp("writing") / "home").start()
    yield Room(daemon)
    daemon.stop()


def placed(room, *names):
    """These sounds, heard, and what their user says of them."""
    for place, name in enumerate(names):
        make_sound(room.inbox / name, seed=hash(name) % 1_000 + place)
    known = room.heard(*names)
    room.correct([known[name] for name in names])
    return [known[name] for name in names]


def events_of(room, names):
    """What happened to these, in order."""
    return [(kind, name) for kind, name in room.events() if name in names]


def tags_of(path):
    """Tempo and key as other programs read them."""
    found = mutagen.File(path).tags
    if path.suffix == ".m4a":
        return found["tmpo"][0], found["----:com.apple.iTunes:initialkey"][0].decode()
    if path.suffix in (".wav", ".aiff", ".mp3"):
        return found["TBPM"].text[0], found["TKEY"].text[0]
    return found["bpm"][0], found["initialkey"][0]


def test_tags_are_written_by_container_and_taken_out_again_byte_for_byte(room):
    names = [f"all.{ending}" for ending in ENDINGS]
    audios, before = placed(room, *names), tree(room.inbox)
    paths = [room.inbox / name for name in names]
    stats = [path.stat() for path in paths]
    sounds = {path: soundfile.read(path)[0] for path in paths if path.suffix[1:] in DECODED}
    happened = len(events_of(room, names))

    preview = room.preview(audios, tags=["bpm", "key"])
    assert (preview.total, preview.refused, len(preview.changes)) == (7, 0, 7)
    assert {tag.field for change in preview.changes for tag in change.tags} == {
        "TBPM", "TKEY", "BPM", "INITIALKEY", "tmpo", "----:com.apple.iTunes:initialkey",
    }  # fmt: skip
    assert tree(room.inbox) == before

    applied = room.apply(preview)
    assert (applied.done, list(applied.failed)) == (7, [])
    assert {path.name: tags_of(path) for path in paths} == {
        path.name: (128 if path.suffix == ".m4a" else "128", "Am") for path in paths
    }
    for path, stat in zip(paths, stats, strict=True):
        now = path.stat()
        assert (now.st_mode, now.st_uid, now.st_mtime_ns) == (stat.st_mode, stat.st_uid, stat.st_mtime_ns)
    for path, sound in sounds.items():
        assert (soundfile.read(path)[0] == sound).all()
    assert set(tree(room.inbox)) == set(before)

    room.answer("WatchService/Scan", folder_id=audios[0].folder_id)
    known = {one.id: one for one in room.heard(*names).values()}
    after = tree(room.inbox)
    for audio in audios:
        assert known[audio.id].sha256 == after[audio.name] != audio.sha256
        assert known[audio.id].media.tags["bpm"] in ("128", "128.0")
        analysis = room.answer("AnalysisService/GetAnalysis", audio_id=audio.id).analysis
        said = {one.name: one.value for one in analysis.descriptors}
        assert said["tempo.bpm"].number == 128 and "loudness.integrated" in said
    assert events_of(room, names)[happened:] == [("audio.written", name) for name in names]

    undone = room.undo(preview)
    assert (undone.done, list(undone.failed)) == (7, [])
    assert tree(room.inbox) == before
    assert [path.stat().st_mtime_ns for path in paths] == [stat.st_mtime_ns for stat in stats]
    room.answer("WatchService/Scan", folder_id=audios[0].folder_id)
    assert {one.sha256 for one in room.heard(*names).values()} >= {audio.sha256 for audio in audios}
    assert events_of(room, names)[happened + 7 :] == [("audio.written", name) for name in reversed(names)]
    for name in names:
        (room.inbox / name).unlink()


def test_files_are_renamed_by_a_template_with_their_sidecars_and_go_back(room):
    (one,) = placed(room, "Kick: loud?.wav".replace(":", "-").replace("?", ""))
    before = tree(room.inbox)
    preview = room.preview([one], sidecar=True, template="{kind}/{bpm} {key} {name}")
    (change,) = preview.changes
    assert change.new_path == "loop/128 Am Kick- loud.wav"
    assert change.sidecar == "loop/128 Am Kick- loud.wav.samplemind.json"
    assert room.apply(preview).done == 1
    assert set(tree(room.inbox)) - set(before) == {change.new_path, change.sidecar}
    beside = json.loads((room.inbox / change.sidecar).read_text())
    assert beside["file"] == "128 Am Kick- loud.wav" and beside["descriptors"]["tempo.bpm"]["value"] == 128
    room.answer("WatchService/Scan", folder_id=one.folder_id)
    moved = room.answer("AudioService/Get", audio_id=one.id).audio
    assert (moved.path, moved.sha256, moved.HasField("missing_at")) == (change.new_path, one.sha256, False)
    assert [kind for kind, name in room.events() if name == "128 Am Kick- loud.wav"] == ["audio.written"]
    again = room.preview([one], template="{kind}/{bpm} {key} {name}")
    assert (again.total, list(again.changes)) == (0, [])  # it has that shape

    assert room.undo(preview).done == 1
    assert tree(room.inbox) == before and not (room.inbox / "loop").exists()
    assert room.answer("AudioService/Get", audio_id=one.id).audio.path == one.path


def test_names_that_are_taken_get_a_number_whatever_their_case(room):
    first, second = placed(room, "collide a.wav", "collide b.wav")
    (room.inbox / "Same").mkdir()
    (room.inbox / "Same" / "LOOP 128.WAV").write_bytes(b"somebody else's")
    preview = room.preview([first, second], template="same/{kind} {bpm}")
    assert [one.new_path for one in preview.changes] == ["Same/loop 128 (2).wav", "Same/loop 128 (3).wav"]
    assert room.apply(preview).done == 2
    assert (room.inbox / "Same" / "LOOP 128.WAV").read_bytes() == b"somebody else's"
    assert room.undo(preview).done == 2


def test_a_file_that_changed_since_the_preview_is_left_alone(room):
    changed, same = placed(room, "changed.wav", "same.wav")
    preview = room.preview([changed, same], tags=["bpm"])
    path = room.inbox / "changed.wav"
    stat, data = path.stat(), bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)  # in place: size, time and inode are as they were
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    applied = room.apply(preview)
    assert (applied.done, [one.problem.reason for one in applied.failed]) == (1, ["SOURCE_CHANGED"])
    assert path.read_bytes() == data
    assert mutagen.File(room.inbox / "same.wav").tags["TBPM"].text == ["128"]


def test_what_was_changed_since_it_was_written_is_not_undone(room):
    (one,) = placed(room, "edited.flac")
    preview = room.preview([one], tags=["key"])
    assert room.apply(preview).done == 1
    edited = mutagen.File(room.inbox / "edited.flac")
    edited["title"] = "mine"
    edited.save()
    mine = (room.inbox / "edited.flac").read_bytes()
    undone = room.undo(preview)
    assert (undone.done, [change.problem.reason for change in undone.failed]) == (0, ["SOURCE_CHANGED"])
    assert (room.inbox / "edited.flac").read_bytes() == mine


def test_what_cannot_be_written_says_why(room):
    (room.inbox / "no sound.wav").write_bytes(b"RIFF nothing")

    def failed():
        known = {one.name: one for one in room.answer("AudioService/List").audios}
        found = known.get("no sound.wav")
        return found if found is not None and found.state == AUDIO_STATE_FAILED else None

    preview = room.preview([eventually(failed)], tags=["bpm"])
    assert (preview.total, preview.refused, preview.changes[0].problem.reason) == (0, 1, "NOT_ANALYZED")
    assert room.apply(preview).done == 0


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        ({}, "EMPTY_PLAN"),
        ({"tags": ["title"]}, "UNKNOWN_TAG"),
        ({"template": "../{name}"}, "INVALID_TEMPLATE"),
        ({"template": "/etc/{name}"}, "INVALID_TEMPLATE"),
        ({"template": "{name.__class__}"}, "INVALID_TEMPLATE"),
        ({"template": "a\\{name}"}, "INVALID_TEMPLATE"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(room, plan, reason):
    refused = room("LibraryService/PreviewWrite", plan=plan)
    assert (refused.code, refused.reason) == ("INVALID_ARGUMENT", reason)


def test_a_plan_is_its_users_own_and_only_an_applied_one_is_undone(room, ada):
    (one,) = placed(room, "own.wav")
    preview = room.preview([one], tags=["bpm"])
    for rpc in ("LibraryService/ApplyWrite", "LibraryService/UndoWrite"):
        assert ada(rpc, write_id=preview.write_id).reason == "WRITE_NOT_FOUND"
    assert room("LibraryService/UndoWrite", write_id=preview.write_id).reason == "NOT_APPLIED"


def test_a_folder_that_is_told_to_writes_by_itself_once_its_files_were_heard(room, tmp_path):
    quiet, told = tmp_path / "quiet", tmp_path / "told"
    quiet.mkdir()
    told.mkdir()
    for folder in (quiet, told):
        make_sound(folder / f"{folder.name}.wav", seed=77)
    room.answer("WatchService/Create", path=str(quiet))
    made = room.answer(
        "WatchService/Create", path=str(told), write={"sidecar": True, "tags": ["comment"]}
    ).folder
    assert (made.write.sidecar, list(made.write.tags)) == (True, ["comment"])
    eventually(lambda: (told / "told.wav.samplemind.json").exists())
    sound = room.heard("told.wav", "quiet.wav")["told.wav"]
    eventually(lambda: ("audio.written", "told.wav") in room.events())
    beside = json.loads((told / "told.wav.samplemind.json").read_text())
    assert beside["file"] == "told.wav" and beside["descriptors"]["loudness.integrated"]["status"] == "ok"
    assert [path.name for path in quiet.iterdir()] == ["quiet.wav"]
    events = room.answer("EventService/List", page_size=1_000, kinds=["audio.written"]).events
    [event] = [one for one in events if one.name == "told.wav"]
    assert room.answer("LibraryService/UndoWrite", write_id=event.job_id).done == 1
    assert [path.name for path in told.iterdir()] == ["told.wav"]
    changed = room.answer("WatchService/Update", folder_id=made.id).folder
    assert not changed.HasField("write")
    refused = room("WatchService/Update", folder_id=made.id, write={"template": "../{name}"})
    assert refused.reason == "INVALID_TEMPLATE"
    assert room.answer("AudioService/Get", audio_id=sound.id).audio.state == sound.state

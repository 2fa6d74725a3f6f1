"""`samplemind` with sounds, events, folders and plugins: each command a process, the daemon as it is."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

from commanding import COMMAND, FIELDS, FOUND, objects, wait_for, write


def test_a_file_is_one_json_object_as_promised(run, loop):
    file = loop()
    done = run("analyze", "--json", file)
    assert (done.returncode, done.stderr) == (0, b"")
    [one] = objects(done)
    assert list(one) == FIELDS
    assert (one["file"], one["status"], one["seconds"], one["error"]) == (str(file), "completed", 4.0, None)
    assert {"key.key", "loudness.integrated", "tempo.bpm"} <= set(one["descriptors"])
    assert all(list(found) == FOUND for found in one["descriptors"].values())
    loudness = one["descriptors"]["loudness.integrated"]
    assert loudness["unit"] == "LUFS" and -40 < loudness["value"] < 0 and loudness["made_by"] == "loudness"


def test_the_same_is_said_as_without_a_daemon(run, loop, here):
    file = loop()
    [ours] = objects(run("analyze", "--json", file))
    alone = [sys.executable, "-m", "samplemind_daemon", "analyze", "--json", str(file)]
    [theirs] = objects(subprocess.run(alone, env=here, capture_output=True, timeout=60, check=True))
    assert ours == theirs


def test_a_folder_is_one_line_a_file_and_failures_leave_the_others_done(run, loop, tmp_path):
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    for name in ("deep/a.wav", "deep/deeper/b.odd", "deep/.hidden.wav", "deep/notes.txt"):
        loop(name)
    (tmp_path / "deep" / "broken.wav").write_text("no sound at all")
    os.mkfifo(tmp_path / "pipe.wav")
    done = run(
        "analyze", "--json", "--jobs", "2", tmp_path / "deep", tmp_path / "gone.wav", tmp_path / "pipe.wav"
    )
    assert done.returncode == 1
    found = {os.path.basename(one["file"]): one for one in objects(done)}
    assert {name for name, one in found.items() if one["status"] == "completed"} == {"a.wav", "b.odd"}
    reasons = {name: one["error"]["reason"] for name, one in found.items() if one["error"]}
    assert reasons == {"broken.wav": "UNDECODABLE", "gone.wav": "NOT_FOUND", "pipe.wav": "NOT_A_FILE"}
    assert all(list(one) == FIELDS for one in found.values())


def test_the_files_of_a_folder_are_those_that_the_daemons_own_command_hears(tmp_path):
    from samplemind_client.commands.files import files as ours
    from samplemind_daemon.commands.files import files as theirs

    for name in (
        "b/c.wav",
        "a.WAV",
        "x.odd",
        "no_ending",
        ".hidden",
        "notes.TXT",
        "p.part",
        ".d/e.wav",
        "b/d/z.mp3",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "round").symlink_to(tmp_path / "round")
    (tmp_path / "elsewhere").symlink_to(tmp_path / "b")
    assert [one.path for one in ours([str(tmp_path)])] == [one.path for one in theirs([str(tmp_path)])]


def test_descriptors_are_chosen_by_name_or_by_analyzer(run, loop):
    file = loop("chosen.wav")
    name = os.path.basename(file)
    wanted = ("--only", "loudness.integrated, spectrum")
    several = {"loudness.integrated", "spectrum.mel", "spectrum.bands", "spectrum.frequencies"}
    for words in (("analyze", file), ("show", name), ("ls", "--filter", f'name = "{name}"')):
        [one] = objects(run(*words, "--json", *wanted))
        assert several < set(one["descriptors"]) <= several | {
            "spectrum.columns", "spectrum.seconds_per_column",
        }, words  # fmt: skip
        people = run(*words, "--only", "loudness.range").stdout.decode()
        assert "loudness.range" in people and "loudness.true_peak" not in people
    [listed] = objects(run("ls", "--json", "--filter", f'name = "{name}"'))
    assert {"loudness.integrated", "spectrum.bands"} < set(listed["descriptors"])
    assert not any(isinstance(one["value"], list) for one in listed["descriptors"].values())


def test_names_that_are_no_text_are_printable(run, loop, tmp_path):
    write(os.path.join(os.fsencode(tmp_path), b"\xff\x1b[31m\n.wav"))
    loop("caf\u00e9.wav")
    done = run("analyze", "--json", tmp_path)
    names = {os.path.basename(one["file"]) for one in objects(done)}
    assert done.returncode == 0 and names == {"caf\u00e9.wav", "\ufffd\x1b[31m\n.wav"}
    for words in (("analyze", tmp_path), ("ls",), ("show", os.fsdecode(b"\xff\x1b[31m\n.wav"))):
        human = run(*words)
        assert human.returncode == 0 and b"\x1b" not in human.stdout and b"\n.wav" not in human.stdout


def test_people_get_a_line_for_each_descriptor(run, loop, tmp_path):
    text = run("analyze", loop(), tmp_path / "gone.wav").stdout.decode()
    assert "loop.wav  4.00 s\n" in text and " LUFS\n" in text and "% sure)" in text
    assert "gone.wav\n  failed: there is no file" in text and "(NOT_FOUND)" in text


def test_an_upload_sends_its_bytes_once_and_is_listed_shown_and_deleted(run, loop, daemon):
    name = f"upload {time.time_ns()}.wav"
    file = loop(name)
    [first] = objects(run("upload", "--json", file))
    [again] = objects(run("upload", "--json", file))
    assert first["id"] == again["id"] and first["size"] == file.stat().st_size
    assert run("analyze", file).returncode == 0

    [listed] = objects(run("ls", "--json", "--filter", f'name = "{name}"'))
    assert list(listed)[:5] == FIELDS and listed["status"] == "completed" and listed["id"] == first["id"]
    table = run("ls", "--filter", f'name = "{name}"').stdout.decode().splitlines()
    assert table[0].split() == ["NAME", "SECONDS", "BPM", "KEY", "LUFS", "STATE"] and len(table) == 2
    assert name[:30] in table[1] and "4.00" in table[1] and table[1].endswith("completed")

    shown = run("show", name).stdout.decode()
    assert first["id"] in shown and "tempo.bpm" in shown and "44100 Hz" in shown
    [whole] = objects(run("show", "--json", first["id"]))
    assert whole["media"]["rate"] == 44_100 and "tempo.beats" in whole["descriptors"]

    assert run("rm", name).returncode == 0
    gone = run("rm", "--json", name)
    assert gone.returncode == 1 and objects(gone)[0]["error"]["reason"] == "AUDIO_NOT_FOUND"
    assert run("ls", "--filter", f'name = "{name}"').stdout == b""


def test_a_name_that_two_sounds_have_is_not_guessed(run, loop, tmp_path):
    (tmp_path / "other").mkdir()
    name = f"twin {time.time_ns()}.wav"
    ids = [one["id"] for one in objects(run("upload", "--json", loop(name), loop(f"other/{name}")))]
    done = run("rm", name)
    assert done.returncode == 1 and all(one.encode() in done.stderr for one in ids)
    assert run("rm", *ids).returncode == 0


def test_a_sound_is_analysed_again_and_an_analysis_is_cancelled(run, loop):
    [one] = objects(run("upload", "--json", loop()))
    assert run("analyze", loop()).returncode == 0
    [again] = objects(run("reanalyze", "--json", "--everything", one["id"]))
    assert again["id"] == one["id"] and again["job_id"] and again["status"] in ("queued", "processing")
    [ended] = objects(run("cancel", "--json", one["id"]))
    assert ended["status"] in ("cancelled", "completed")
    assert run("reanalyze", "no such sound").returncode == 1


def test_what_happened_is_told_from_a_cursor_on(run, loop):
    *_, last = objects(run("events", "--once", "--json")) or [{"cursor": "0"}]
    [one] = objects(run("analyze", "--json", loop("told.wav")))
    assert one["status"] == "completed"
    told = objects(run("events", "--once", "--json", "--since", last["cursor"]))
    mine = [event["kind"] for event in told if event["name"] == "told.wav"]
    assert mine == ["audio.added", "audio.queued", "audio.processing", "audio.completed"]
    only = objects(run("events", "--once", "--json", "--since", last["cursor"], "--kind", "audio.completed"))
    assert {event["kind"] for event in only} == {"audio.completed"}
    assert run("events", "--once", "--since", "nonsense").returncode == 2


def test_events_are_followed_over_the_death_of_the_daemon(own_daemon, loop, tmp_path):
    daemon = own_daemon()
    env = daemon.environment | {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    command = [*COMMAND, "--server", daemon.address, "--key", daemon.owner_key]
    with subprocess.Popen(
        [*command, "events", "--since", "0", "--json"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as following:
        lines = []
        reader = threading.Thread(target=lambda: lines.extend(iter(following.stdout.readline, b"")))
        reader.start()
        analyze = [*command, "analyze", "--json"]
        try:
            for name in ("before.wav", "after.wav"):
                subprocess.run([*analyze, loop(name)], env=env, check=True, capture_output=True, timeout=60)
                wait_for(
                    lambda name=name: any(name.encode() in one and b"completed" in one for one in list(lines))
                )
                if name == "before.wav":
                    daemon.kill()
                    daemon.start()
        finally:
            following.send_signal(signal.SIGINT)
            status = following.wait(10)
            reader.join(10)
        errors = following.stderr.read()
    told = [json.loads(line) for line in lines]
    cursors = [int(event["cursor"].partition(".")[0]) for event in told]
    assert cursors == sorted(set(cursors))
    for name in ("before.wav", "after.wav"):
        assert [event["kind"] for event in told if event["name"] == name].count("audio.completed") == 1
    assert status == 130 and b"Traceback" not in errors and b"asking again" in errors


def test_the_status_says_how_things_are(run, daemon):
    [one] = objects(run("status", "--json"))
    assert one["server"] == daemon.address and one["inbox"] == str(daemon.inbox)
    assert {"key", "loudness", "tempo"} <= set(one["analyzers"]) and one["workers"] >= 1
    assert daemon.address.encode() in run("status").stdout


def test_folders_are_watched_paused_scanned_and_left(run, tmp_path):
    place = tmp_path / "watched"
    place.mkdir()
    [added] = objects(run("watch", "add", "--json", place, "--ignore", "*.tmp"))
    assert added["folder"] == str(place) and added["state"] == "active" and added["ignore"] == ["*.tmp"]
    assert str(place).encode() in run("watch").stdout
    assert objects(run("watch", "pause", "--json", place))[0]["state"] == "paused"
    assert objects(run("watch", "resume", "--json", added["id"]))[0]["state"] == "active"
    write(place / "one.wav")
    [scanned] = objects(run("watch", "scan", "--json", place))
    assert scanned["seen"] >= 1
    assert any(
        one["folder"] == str(place) and "backlog" in one["health"] for one in objects(run("watch", "--json"))
    )
    assert objects(run("watch", "remove", "--json", place))[0]["state"] == "removed"
    gone = run("watch", "scan", "--json", place)
    assert gone.returncode == 1 and objects(gone)[0]["error"]["reason"] == "FOLDER_NOT_FOUND"


def test_plugins_are_listed_shown_set_and_left_out(own_daemon, tmp_path):
    daemon = own_daemon()
    env = daemon.environment | {"XDG_CONFIG_HOME": str(tmp_path / "config")}

    def run(*words):
        return subprocess.run([*COMMAND, *words], env=env, capture_output=True, timeout=60, check=False)

    assert {"key", "loudness", "tempo"} <= {one["name"] for one in objects(run("plugins", "--json"))}
    assert b"tempo.bpm" in run("plugins", "show", "tempo").stdout
    [tempo] = objects(run("plugins", "configure", "--json", "tempo", "slowest=70"))
    [value] = [one["value"] for one in tempo["analyzers"][0]["parameters"] if one["name"] == "slowest"]
    assert value == 70
    assert run("plugins", "configure", "tempo", "slowest=-1").returncode == 2
    assert run("plugins", "configure", "tempo", "slowest").returncode == 2
    assert objects(run("plugins", "disable", "--json", "tempo"))[0]["enabled"] is False
    assert objects(run("plugins", "enable", "--json", "tempo"))[0]["enabled"] is True
    assert run("plugins", "enable", "no such plugin").returncode == 1

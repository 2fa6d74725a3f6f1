"""`samplemind` as FACE has it: every command, as a process, against a daemon as it is."""

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import soundfile
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from samplemind_client import Client

COMMAND = [sys.executable, "-m", "samplemind_client"]
FIELDS = ["file", "status", "seconds", "error", "descriptors"]
FOUND = ["value", "unit", "confidence", "status", "candidates", "reason", "made_by", "version"]


@pytest.fixture
def here(tmp_path, daemon):
    """The environment of a user who has never used SampleMind on this machine."""
    gone = ("SAMPLEMIND_SERVER", "SAMPLEMIND_KEY")
    kept = {name: value for name, value in daemon.environment.items() if name not in gone}
    return kept | {"XDG_CONFIG_HOME": str(tmp_path / "config")}


@pytest.fixture
def run(here):
    """Run `samplemind`, as its user."""

    def run(*words, input=None, **environment):
        command = [*COMMAND, *map(os.fspath, words)]
        env = here | environment
        return subprocess.run(command, env=env, input=input, capture_output=True, timeout=60, check=False)

    return run


@pytest.fixture
def loop(tmp_path):
    """A maker of sounds that no other test has: each with its own level."""
    return lambda name="loop.wav", seconds=4.0: write(tmp_path / name, seconds)


def write(path, seconds=4.0):
    """Clicks and a chord, with a trace of noise that makes it one of a kind."""
    time = np.arange(int(seconds * 44_100)) / 44_100
    chord = sum(np.sin(2 * np.pi * hertz * time) for hertz in (220.0, 277.18, 329.63)) / 6
    noise = np.random.default_rng().standard_normal(len(time)) * 1e-4
    soundfile.write(path, chord * np.exp(-6 * (time % 0.5)) + noise, 44_100, format="WAV")
    return path


def objects(done):
    def refuse(constant):
        raise ValueError(constant)

    return [json.loads(line, parse_constant=refuse) for line in done.stdout.splitlines()]


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


def test_keys_are_made_used_listed_and_revoked(run, daemon):
    name = f"companion {time.time_ns()}"
    [made] = objects(run("keys", "create", "--json", name, "--scope", "read"))
    assert made["scope"] == "read" and made["secret"].startswith(made["prefix"])
    assert run("ls", "--limit", "1", SAMPLEMIND_KEY=made["secret"]).returncode == 0
    small = run("--key", made["secret"], "keys")
    assert small.returncode == 3 and b"scope" in small.stderr
    listed = [one for one in objects(run("keys", "--json")) if one["name"] == name]
    assert len(listed) == 1 and "secret" not in listed[0] and listed[0]["last_used_at"]
    assert run("keys", "revoke", name).returncode == 0
    assert run("ls", "--key", made["secret"]).returncode == 3
    assert run("keys", "revoke", name).returncode == 1
    assert run("keys", "create", name, "--scope", "everything").returncode == 2


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


def test_signing_in_by_the_first_code_lasts_until_signing_out(own_daemon, tmp_path):
    daemon = own_daemon()
    [code] = [line.split()[2] for line in daemon.welcome.splitlines() if "sign-in code" in line]
    env = os.environ | {
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "SAMPLEMIND_HOME": str(tmp_path / "none"),
    }

    def run(*words, input=None):
        return subprocess.run(
            [*COMMAND, *words], env=env, input=input, capture_output=True, timeout=60, check=False
        )

    stranger = run("keys", "--server", daemon.address)
    assert stranger.returncode == 3 and b"samplemind login" in stranger.stderr
    assert run("login", "--server", daemon.address, "--code", code).returncode == 0
    assert run("keys").returncode == 0, "the server of the last login is asked"
    [kept] = (tmp_path / "config" / "samplemind").glob("*.json")
    assert kept.stat().st_mode & 0o077 == 0
    assert run("login", "--server", daemon.address, "--code", code).returncode == 3, "a code is good once"
    assert run("logout").returncode == 0 and not kept.exists()
    assert run("keys", "--server", daemon.address).returncode == 3

    assert run("login", "--server", daemon.address, "--key", daemon.owner_key).returncode == 0
    assert run("keys").returncode == 0
    assert run("login", "--server", daemon.address, "--key", "sm_wrong").returncode == 3
    assert run("keys").returncode == 0, "a failed login leaves the last one"
    assert run("logout").returncode == 0 and run("keys", "--server", daemon.address).returncode == 3


def test_signing_in_by_password_asks_for_it(own_daemon, tmp_path):
    daemon = own_daemon()
    with Client(daemon.address, key="unused") as client:
        client.auth.register("ada@example.org", "seven purple geese")
    env = daemon.environment | {"XDG_CONFIG_HOME": str(tmp_path / "config")}

    def run(*words, input=None):
        return subprocess.run(
            [*COMMAND, *words], env=env, input=input, capture_output=True, timeout=60, check=False
        )

    assert run("login", "ada@example.org", input=b"wrong geese\n").returncode == 3
    done = run("login", "--json", input=b"ada@example.org\nseven purple geese\n")
    assert done.returncode == 0 and objects(done)[0]["user"]["role"] == "member"
    assert run("plugins", "disable", "tempo").returncode == 3, "a member is no owner"
    assert run("login", "--own").returncode == 0
    assert run("plugins").returncode == 0 and b"owner.key" in run("keys").stdout
    assert b"geese" not in done.stdout + done.stderr


def test_a_password_is_not_seen_on_the_terminal(daemon, here):
    ours, theirs = pty.openpty()
    command = [*COMMAND, "login", "nobody@example.org"]
    with subprocess.Popen(
        command, env=here, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as done:
        shown = read_until(ours, b"Password: ")
        os.write(ours, b"a secret goose\n")
        os.close(theirs)
        shown += read_until(ours, None)
        assert done.wait(20) == 3
    os.close(ours)
    assert b"goose" not in shown and b"No valid credentials" in shown


def test_two_commands_at_once_do_not_burn_the_session(own_daemon, tmp_path):
    daemon = own_daemon(settings={"SAMPLEMIND_ACCESS_MINUTES": "0.02"})  # each command has to refresh
    [code] = [line.split()[2] for line in daemon.welcome.splitlines() if "sign-in code" in line]
    env = os.environ | {
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "SAMPLEMIND_HOME": str(tmp_path / "none"),
    }
    login = [*COMMAND, "login", "--server", daemon.address, "--code", code]
    subprocess.run(login, env=env, check=True, capture_output=True, timeout=60)
    for _ in range(2):
        time.sleep(1.3)
        both = [subprocess.Popen([*COMMAND, "keys"], env=env, stdout=subprocess.DEVNULL) for _ in range(3)]
        assert [one.wait(60) for one in both] == [0] * 3


def test_a_daemon_is_asked_over_tls(own_daemon, tmp_path):
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    certify(certificate, key)
    pem = {"SAMPLEMIND_TLS_CERTIFICATE": str(certificate), "SAMPLEMIND_TLS_KEY": str(key)}
    daemon = own_daemon(settings=pem)
    env = os.environ | {
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "SAMPLEMIND_KEY": daemon.owner_key,
        "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(certificate),
    }
    server = f"https://localhost:{daemon.address.rpartition(':')[2]}"
    command = [*COMMAND, "status", "--json", "--server", server]
    done = subprocess.run(command, env=env, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0 and objects(done)[0]["server"] == server
    with Client(server, key=daemon.owner_key, root_certificates=certificate.read_bytes()) as client:
        assert client.auth.me().user.role == "owner"


def test_nobody_at_the_address_is_status_3_with_what_to_try(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = run("ls", "--server", address, "--key", "sm_unused")
    assert done.returncode == 3 and done.stdout == b"" and b"Traceback" not in done.stderr
    assert b"is it running?" in done.stderr and address.encode() in done.stderr


def test_no_daemon_on_this_machine_is_status_3_at_once_with_what_to_try(run, tmp_path):
    began = time.monotonic()
    done = run("ls", SAMPLEMIND_HOME=str(tmp_path / "none"))
    assert done.returncode == 3 and b"make run" in done.stderr and time.monotonic() - began < 10


@pytest.mark.parametrize(
    "words",
    [
        ("analyze",), ("ls", "--limit", "x"), ("ls", "--filter", "size"), ("ls", "--order", "size"),
        ("no-such-command",), ("login", "--own", "--code", "x"), ("rm",),
    ],
)  # fmt: skip
def test_bad_usage_is_status_2_with_a_sentence(run, words):
    done = run(*words)
    assert done.returncode == 2 and done.stderr and done.stdout == b"" and b"Traceback" not in done.stderr


def test_the_shared_options_stand_before_or_after_the_command(run, daemon):
    given = ("--server", daemon.address, "--key", daemon.owner_key, "--json")
    before, after = (
        run(*given, "status", SAMPLEMIND_HOME="/nowhere"),
        run("status", *given, SAMPLEMIND_HOME="/nowhere"),
    )
    assert objects(before)[0]["server"] == objects(after)[0]["server"] == daemon.address
    assert run(*given, "watch").returncode == run("watch", *given).returncode == 0


def test_a_reader_that_leaves_early_is_no_disaster(here, loop, tmp_path):
    for number in range(5):
        loop(f"{number}.wav", seconds=0.5)
    pipe = ["bash", "-c", '"$@" | head -1', "-", *COMMAND, "analyze", "--json", str(tmp_path)]
    done = subprocess.run(pipe, env=here, capture_output=True, check=False, timeout=60)
    assert done.stdout.count(b"\n") == 1 and b"Traceback" not in done.stderr


def test_ctrl_c_ends_it_at_once_and_politely(here):
    running = subprocess.Popen([*COMMAND, "events"], env=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(1)
    began = time.monotonic()
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=10)
    assert running.returncode == 130 and errors == b"" and time.monotonic() - began < 5


def test_progress_is_shown_on_a_terminal_and_results_stay_clean(here, loop):
    ours, theirs = pty.openpty()
    command = [*COMMAND, "analyze", "--json", str(loop())]
    with subprocess.Popen(command, env=here, stdout=subprocess.PIPE, stderr=theirs) as done:
        os.close(theirs)
        shown = read_until(ours, None)
        [line] = done.stdout.read().splitlines()
        assert done.wait(60) == 0 and json.loads(line)["status"] == "completed"
    os.close(ours)
    assert b"of 1" in shown and b"loop.wav" in shown


def test_help_comes_without_waiting_for_grpc():
    """So that a shell's completion and a curious user do not wait; the time itself is measured elsewhere."""
    asked = "import sys, samplemind_client.__main__; print('grpc' in sys.modules, 'google' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True)
    assert done.stdout == b"False False\n"


def certify(certificate, key):
    """Write a certificate for localhost that is its own authority, and its key, as PEM."""
    secret, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, secret.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=True)
        .sign(secret, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    key.write_bytes(secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def read_until(terminal, sign):
    """What is written to a terminal up to a sign, or to its end."""
    shown = b""
    while sign is None or sign not in shown:
        try:
            shown += (piece := os.read(terminal, 65_536))
        except OSError:  # the other end is closed
            return shown
        if not piece:
            return shown
    return shown


def wait_for(question, seconds=30.0):
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.05)

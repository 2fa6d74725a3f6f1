"""`samplemind` with keys, passwords and sessions: how a user comes in and stays in."""

import os
import pty
import subprocess
import time

from commanding import COMMAND, certify, objects, read_until

from samplemind_client import Client


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

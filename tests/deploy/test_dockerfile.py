"""The Dockerfile, as deploy/root reads it: strictly, so that what is built by hand is what an engine builds."""

import os
import re
import shutil
import subprocess

import pytest
from dockerfile import CannotRead, copied, left_out, read

from build import Builder, CannotBuild, Root, enter

SMALL = """
FROM nothing AS first
WORKDIR /made
COPY here/ there/
FROM nothing
ENV ONE=1 TWO="two words"
ENV ONE=3
WORKDIR /a
WORKDIR b
COPY --from=first /made/there/deep /kept
COPY file named/
USER 7:7
ENTRYPOINT ["x"]
"""


@pytest.fixture
def stages(checkout):
    return read((checkout / "deploy" / "Dockerfile").read_text("utf-8"))


def test_what_runs_is_no_root_has_a_fixed_number_and_says_how_it_is_checked_and_stopped(stages):
    last = stages[-1]
    assert last.last("USER").said == "10001:10001"
    assert last.last("VOLUME").listed == ["/var/lib/samplemind"]
    assert last.last("ENTRYPOINT").listed == ["samplemindd"] and last.last("CMD").listed == ["serve"]
    assert last.last("STOPSIGNAL").said == "SIGTERM" and "health.py" in last.last("HEALTHCHECK").said
    assert not any("pip" in step.said or "gcc" in step.said for step in last.steps)


def test_all_that_pip_installs_is_locked_by_hash(stages):
    installing = [step.said for stage in stages for step in stage.steps if "pip install" in step.said]
    assert installing
    assert all("--require-hashes" in said or "--no-index" in said for said in installing)


def test_an_image_has_what_takes_more_machines_than_one_and_nothing_that_builds(checkout):
    locked = (checkout / "deploy" / "lock" / "image.txt").read_text("utf-8")
    names = {line.split("==")[0] for line in locked.splitlines() if "==" in line}
    assert {"psycopg", "psycopg-binary", "nats-py", "obstore", "grpcio", "numpy"} <= names
    assert not {"hatchling", "grpcio-tools", "mypy-protobuf", "pytest", "moto"} & names
    assert "://" not in locked and "://" not in (checkout / "deploy" / "lock" / "build.txt").read_text(
        "utf-8"
    )


def test_an_image_is_built_of_the_versions_that_are_tested(checkout):
    tested, built = (_pins(checkout / "deploy" / "lock" / f"{name}.txt") for name in ("test", "image"))
    assert not {name: pin for name, pin in built.items() if tested.get(name) != pin}


def _pins(file):
    """Each package's versions, by whatever condition."""
    pins = {}
    for line in file.read_text("utf-8").splitlines():
        if "==" in line and not line.startswith(" "):
            name, _, version = line.split(";")[0].strip(" \\").partition("==")
            pins.setdefault(name, set()).add(version)
    return pins


def test_the_context_holds_every_source_and_nothing_that_was_made_or_is_private(checkout, stages):
    patterns = (checkout / ".dockerignore").read_text("utf-8")
    listed = subprocess.run(["git", "ls-files"], cwd=checkout, capture_output=True, text=True, check=True)
    kept = {file for file in listed.stdout.splitlines() if not left_out(patterns, file)}
    for step in (step for stage in stages for step in stage.steps if step.word == "COPY"):
        copy = copied(step)
        for source in copy.sources if not copy.stage else ():
            assert any(f"{file}/".startswith(f"{source}/") for file in kept), f"{source} is kept out"
    for file in (
        ".git/config",
        "tests/conftest.py",
        "deploy/samplemind.env",
        ".venv/bin/python",
        "docs/web.md",
    ):
        assert left_out(patterns, file), file
    for made in (
        "clients/web/node_modules/x/y.js",
        "proto/samplemind/v1/audio_pb2.py",
        "daemon/x/__pycache__/y.pyc",
    ):
        assert left_out(patterns, made), made
    assert not left_out(patterns, "daemon/samplemind_daemon/settings.py")


def test_stages_and_steps_are_done_as_an_engine_does_them(tmp_path):
    context, place = tmp_path / "context", tmp_path / "place"
    (context / "here" / "deep").mkdir(parents=True)
    (context / "here" / "deep" / "found").write_text("found")
    (context / "here" / "secret").write_text("secret")
    (context / "file").write_text("file")
    (context / ".dockerignore").write_text("*\n!file\n!here\nhere/secret\n")
    (tmp_path / "Dockerfile").write_text(SMALL)
    root, image = Builder(context, place, lambda _, folder: folder.mkdir(parents=True)).build(
        tmp_path / "Dockerfile"
    )
    assert {str(one.relative_to(place)) for one in place.rglob("*") if one.is_file()} == {
        "first/made/there/deep/found", "stage1/kept/found", "stage1/a/b/named/file",
    }  # fmt: skip
    assert root.environment["ONE"] == "3" and root.environment["TWO"] == "two words"
    assert (root.user, root.workdir) == ("7:7", "/a/b") and image.last("ENTRYPOINT").listed == ["x"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can change its root")
def test_a_step_runs_in_the_root_and_one_that_fails_ends_the_build(tmp_path):
    (tmp_path / ".dockerignore").touch()
    (tmp_path / "lent").write_text("lent")
    (tmp_path / "Dockerfile").write_text(
        "FROM sh\nENV A=b\nWORKDIR /w\nUSER 7:7\nRUN echo $A $PWD $C\nRUN false"
    )
    builder = Builder(tmp_path, tmp_path / "place", _shell, {"/lent": tmp_path / "lent"}, {"C": "d"})
    with pytest.raises(CannotBuild, match="line 6: RUN false"):
        builder.build(tmp_path / "Dockerfile")
    root = Root(tmp_path / "place" / "stage0", {"PATH": "/bin", "A": "b"}, "7:7", "/w")
    told = enter(
        root, ["sh", "-c", "echo $A $PWD $C $$; read x < /lent; echo $x; : > /w/x"], capture_output=True
    )
    assert told.stdout.splitlines() == ["b /w 1", ""], (
        told.stderr
    )  # alone, and of what was lent nothing is kept
    assert "Permission denied" in told.stderr


def _shell(_, folder):
    """A root with a shell, and what that needs."""
    for name in ("sh", "env"):
        found = shutil.which(name)
        told = subprocess.run(["ldd", found], capture_output=True, text=True, check=True).stdout
        for file in (found, *re.findall(r"(/\S+) \(0x", told)):
            target = folder / "bin" / name if file == found else folder / file.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(os.path.realpath(file), target)
    for name in ("proc", "dev/shm"):
        (folder / name).mkdir(parents=True)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no FROM"),
        ("RUN true", "before the first FROM"),
        ("FROM a\nADD x y", "line 2: ADD is not known"),
        ("FROM a\nARG x", "ARG is not known"),
        ("FROM $a", "no variables|FROM takes"),
        ("FROM a\nRUN --mount=type=cache true", "no flags"),
        ('FROM a\nRUN ["true"]', "no flags, list"),
        ("FROM a\nRUN <<END", "no flags"),
        ("FROM a\nENV PATH=$PATH:/x", "no variables"),
        ("FROM a\nRUN true \\", "does not end"),
    ],
)
def test_what_is_not_known_is_refused(text, complaint):
    with pytest.raises(CannotRead, match=complaint):
        read(text)


@pytest.mark.parametrize("said", ["--chown=1 a b", "a", "*.py b/"])
def test_a_copy_that_would_be_done_otherwise_is_refused(said):
    with pytest.raises(CannotRead, match="COPY takes"):
        copied(read(f"FROM a\nCOPY {said}")[0].steps[0])


def test_a_dockerfile_is_as_hadolint_wants_it(checkout, program, says):
    # Versions of Debian's packages are not pinned (DL3008): its mirrors keep the newest alone.
    status, said = says(program("hadolint"), "--ignore", "DL3008", str(checkout / "deploy" / "Dockerfile"))
    assert status == 0, said

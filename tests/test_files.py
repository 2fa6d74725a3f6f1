"""Files stay small, say by their names what is in them, and know no machine but their own."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]

NAMELESS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "managers",
    "base",
    "core",
    "common",
    "misc",
    "lib",
}
LONGEST = 300  # lines of a file
LISTS = {"guessable.py"}  # lists of words, which may be longer
ASKED_FOR = {"lib.rs"}  # names that a language asks for
CODE = {".py", ".cc", ".cpp", ".h", ".hpp", ".go", ".java", ".rs", ".ts", ".tsx", ".css"}
TEXTS = {
    ".proto",
    ".md",
    ".toml",
    ".yaml",
    ".yml",
    ".json",
    ".txt",
    ".sh",
    ".service",
    ".xml",
    ".mod",
    "",
    *CODE,
}
LOCKS = ("package-lock.json", "go.sum", "deploy/lock/*.txt")
BUILT = {"node_modules", "build", "dist", "target", "generated"}  # nobody wrote what is in these
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|Users|home/(?!ada/)[a-z]\w*)/")  # ada lives in examples
ADDRESS = re.compile(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w.-])")
# Loopback, everywhere, and what RFC 5737 keeps for examples.
NEARBY = ("127.", "0.0.0.0", "192.0.2.", "198.51.100.")


def wrong_names(root: Path) -> Iterator[str]:
    for path in sources(root):
        if NAMELESS & {path.stem, *path.relative_to(root).parts} and path.name not in ASKED_FOR:
            yield f"{path.relative_to(root)} says nothing by its name"


def long_files(root: Path) -> Iterator[str]:
    for path in sources(root):
        lines = path.read_text("utf-8").count("\n")
        if lines > LONGEST and path.name not in LISTS:
            yield f"{path.relative_to(root)} has {lines} lines"


def sources(root: Path) -> Iterator[Path]:
    """The files of code that people wrote."""
    for folder in ("proto", "plugins", "daemon", "clients", "tests", "docs"):
        files = (path for path in (root / folder).rglob("*") if path.suffix in CODE)
        yield from (path for path in sorted(files) if not hidden(path, root) and not generated(path))


def generated(path: Path) -> bool:
    return "_pb2" in path.name or "generated" in path.read_text("utf-8").partition("\n")[0]


def hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") or part in BUILT for part in path.relative_to(root).parts)


def places(root: Path) -> Iterator[str]:
    """Paths of one machine and addresses of other machines, wherever in the project they stand."""
    folders = ("proto", "plugins", "daemon", "clients", "tests", "docs", "deploy")
    below = (path for folder in folders for path in (root / folder).rglob("*"))
    for path in sorted([*below, *root.glob("*")]):
        if path.suffix not in TEXTS or not path.is_file() or hidden(path, root):
            continue
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            far = [one for one in ADDRESS.findall(line) if not one.startswith(NEARBY)]
            for found in MACHINE.findall(line) + far:
                yield f"{path.relative_to(root)}:{number} names {found}"


def addresses(root: Path) -> Iterator[str]:
    """Lock files that say where something comes from, or whom to pay for it: what is locked is what it is."""
    for name in LOCKS:
        for path in sorted(root.rglob(name)):
            if not hidden(path, root) and "://" in path.read_text("utf-8"):
                yield f"{path.relative_to(root)} holds an address"


def complaints(root: Path) -> list[str]:
    return [*wrong_names(root), *long_files(root), *places(root), *addresses(root)]


def test_every_file_keeps_the_rules():
    assert complaints(CHECKOUT) == []


def test_every_file_was_looked_at():
    names = {str(path.relative_to(CHECKOUT)) for path in sources(CHECKOUT)}
    assert {"proto/build.py", "tests/test_files.py", "daemon/samplemind_daemon/store/jobs.py"} <= names
    assert not any("_pb2" in name for name in names)


PLANTED = {
    "no name": ("daemon/samplemind_daemon/store/utils.py", "", "says nothing by its name"),
    "a nameless folder": ("daemon/samplemind_daemon/core/x.py", "", "says nothing by its name"),
    "too long": ("tests/test_x.py", "x = 1\n" * 301, "has 301 lines"),
    "a path": ("docs/x.md", "See /ho" + "me/carl/sounds.", "x.md:1 names /ho" + "me/carl/"),
    "a locked address": ("clients/x/package-lock.json", '{"url": "https://x"}', "holds an address"),
    "an address": ("Makefile", "x:\n\tping 10.1.2" + ".3", "Makefile:2 names 10.1.2" + ".3"),
}
KEPT = {
    "docs/x.md": "1.2.3 listens on 127.0.0.1:50051, 0.0.0.0 or 192.0.2.7; see $HOME/.local and /home/ada/inbox.",
    "daemon/samplemind_daemon/access/guessable.py": "x = 1\n" * 999,
    "tests/test_x.py": "x = 1\n" * 300,
}


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_files_that_keep_the_rules_give_no_complaint(tmp_path):
    for name, text in KEPT.items():
        put(tmp_path / name, text)
    assert complaints(tmp_path) == []


@pytest.mark.parametrize("kind", PLANTED)
def test_a_file_that_breaks_a_rule_is_named(tmp_path, kind):
    file, text, complaint = PLANTED[kind]
    put(tmp_path / file, text)
    [found] = complaints(tmp_path)
    assert complaint in found

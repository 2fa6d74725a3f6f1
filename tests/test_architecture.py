"""The house stands as it was planned: arrows point down, every outside library has one door."""

import ast
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]

PACKAGES = {  # where each lies, and which of the others it may import
    "samplemind_sdk": ("plugins", set()),
    "samplemind_plugins": ("plugins", {"samplemind_sdk"}),
    "samplemind_daemon": ("daemon", {"samplemind_sdk", "samplemind"}),
    "samplemind_client": ("clients", {"samplemind"}),
}
FLOORS = (  # of the daemon, from the ground up; on one floor, no two may need each other
    {"model", "settings", "refusals", "address", "logs", "house", "failpoint", "tally", "origin", "spoken"},
    {"store", "analysis"},
    {"library", "work", "access"},
    {"service", "watcher"},
    {"web"},
    {"metrics", "telemetry"},
    {"onlookers"},
    {"threshold"},
    {"doctor"},
    {"foundation"},
    {"daemon", "workshop"},
    {"commands"},
    {"__main__"},
)
WIRE = {"service", "web", "daemon"}  # what in the daemon may see the messages
DOORS = {  # each outside library, and the modules that it may be imported in, with those below them
    "aubio": {"samplemind_plugins.tempo"},
    "argon2": {"samplemind_daemon.access"},
    "av": {"samplemind_daemon.analysis.sound"},
    "cryptography": {"samplemind_daemon.access"},
    "nats": {"samplemind_daemon.work.nats"},
    "google": {"samplemind_daemon.service", "samplemind_daemon.web", "samplemind_client"},
    "grpc": {"samplemind_daemon.service", "samplemind_daemon.web", "samplemind_client"},
    "grpc_health": {"samplemind_daemon.service"},
    "grpc_reflection": {"samplemind_daemon.service"},
    "grpc_status": {"samplemind_daemon.service"},
    "jwt": {"samplemind_daemon.access"},
    "mcp": {"samplemind_client.assistant"},
    "mcp_types": {"samplemind_client.assistant"},
    "mutagen": {"samplemind_daemon.analysis.sound"},
    "numpy": {
        "samplemind_sdk",
        "samplemind_plugins",
        "samplemind_daemon.analysis",
        "samplemind_daemon.library.likeness",
        "samplemind_daemon.library.fitting",
    },
    "onnxruntime": {"samplemind_plugins.own"},
    "obstore": {"samplemind_daemon.store.blobs"},
    "opentelemetry": {"samplemind_daemon.telemetry"},
    "openfeature": {"samplemind_daemon.access"},
    "peewee": {"samplemind_daemon.store"},
    "playhouse": {"samplemind_daemon.store"},
    "pluggy": {"samplemind_sdk.hooks", "samplemind_daemon.analysis.plugins"},
    "prometheus_client": {"samplemind_daemon.metrics"},
    "psycopg": {"samplemind_daemon.store.postgresql"},
    "psutil": {"samplemind_daemon.work"},
    "pydantic": {"samplemind_daemon.settings", "samplemind_client.assistant"},
    "pydantic_settings": {"samplemind_daemon.settings"},
    "rich": {"samplemind_daemon.commands", "samplemind_client"},
    "scipy": {"samplemind_sdk", "samplemind_plugins"},
    "sentry_sdk": {"samplemind_daemon.telemetry"},
    "sounddevice": {"samplemind_client.commands"},
    "soundfile": {"samplemind_daemon.analysis.sound"},
    "soxr": {"samplemind_daemon.analysis.sound"},
    "starlette": {"samplemind_daemon.web", "samplemind_daemon.metrics"},
    "structlog": {"samplemind_daemon"},
    "typer": {"samplemind_daemon.commands", "samplemind_daemon.__main__", "samplemind_client"},
    "uvicorn": {"samplemind_daemon.web", "samplemind_daemon.metrics"},
    "watchdog": {"samplemind_daemon.watcher"},
}


@dataclass(frozen=True)
class Module:
    """A module of the house, and the modules and names that it imports, in full."""

    name: str
    imports: frozenset[str]
    at_once: frozenset[str]  # those that are imported with it; the others wait until they are needed

    @property
    def package(self) -> str:
        return self.name.partition(".")[0]


def modules(root: Path) -> dict[str, Module]:
    found = {}
    for package, (folder, _) in PACKAGES.items():
        for path in sorted((root / folder / package).rglob("*.py")):
            parts = path.relative_to(root / folder).with_suffix("").parts
            inside, tree = parts[:-1], ast.parse(path.read_text("utf-8"))
            name = ".".join(inside if parts[-1] == "__init__" else parts)
            every, first = imported(ast.walk(tree), inside), imported(tree.body, inside)
            found[name] = Module(name, frozenset(every), frozenset(first))
    return found


def imported(nodes: Iterable[ast.AST], inside: tuple[str, ...]) -> Iterator[str]:
    """All that these nodes import, by full name; `inside` is the package that holds them."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = inside[: len(inside) - node.level + 1] if node.level else ()
            source = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{source}.{alias.name}" for alias in node.names)


def below(name: str, parts: set[str]) -> bool:
    return any(name == part or name.startswith(f"{part}.") for part in parts)


def floor(unit: str) -> int:
    """On which floor a part of the daemon lives; -1 if the plan does not know it."""
    return next((number for number, units in enumerate(FLOORS) if unit in units), -1)


def wrong_arrows(house: Mapping[str, Module]) -> Iterator[str]:
    """Imports from one package into another, or up the floors of the daemon, that the plan does not have."""
    for module in house.values():
        allowed = {module.package, *PACKAGES[module.package][1]}
        others = {*PACKAGES, "samplemind"} - allowed
        yield from (
            f"{module.name} imports {one}" for one in module.imports if one.partition(".")[0] in others
        )
        if module.name.startswith("samplemind_daemon."):
            yield from arrows_up(module)


def arrows_up(module: Module) -> Iterator[str]:
    """What a module of the daemon imports from above, or of the wire if that is not its business."""
    unit = module.name.split(".")[1]
    if floor(unit) < 0:
        yield f"{module.name} lives on no floor"
    for target in module.imports:
        top, _, rest = target.partition(".")
        if top == "samplemind" and unit not in WIRE:
            yield f"{module.name} imports {target}"
        if top == "samplemind_daemon" and floor(rest.partition(".")[0]) > floor(unit):
            yield f"{module.name} imports {target}, from above"


def circles(house: Mapping[str, Module]) -> Iterator[str]:
    """Modules, or parts of the daemon, that need each other."""
    parts: dict[str, set[str]] = {}
    for name, module in house.items():
        parts.setdefault(part(name), set()).update(part(found) for found in homes(module.imports, house))
    for graph in ({name: homes(module.at_once, house) for name, module in house.items()}, parts):
        try:
            TopologicalSorter({name: targets - {name} for name, targets in graph.items()}).prepare()
        except CycleError as error:
            yield " -> ".join(error.args[1])


def homes(targets: Iterable[str], house: Mapping[str, Module]) -> set[str]:
    """The modules that these names are, or are in."""
    return {one if one in house else one.rpartition(".")[0] for one in targets} & set(house)


def part(name: str) -> str:
    return ".".join(name.split(".")[:2])


def wrong_doors(house: Mapping[str, Module]) -> Iterator[str]:
    """Outside libraries that are imported where they have no door."""
    own = {*PACKAGES, "samplemind", *sys.stdlib_module_names}
    for module in house.values():
        for top in {target.partition(".")[0] for target in module.imports} - own:
            if not below(module.name, DOORS.get(top, set())):
                yield f"{module.name} imports {top}"


def complaints(root: Path) -> list[str]:
    house = modules(root)
    return [*wrong_arrows(house), *circles(house), *wrong_doors(house)]


def test_the_house_stands_as_it_was_planned():
    assert complaints(CHECKOUT) == []


def test_every_package_was_walked():
    house = modules(CHECKOUT)
    assert {module.package for module in house.values()} == set(PACKAGES)
    assert {"samplemind_daemon.store.jobs", "samplemind_client.line", "samplemind_sdk"} <= set(house)
    assert "samplemind_daemon.store.jobs.claim" not in house


GOOD = {
    "daemon/samplemind_daemon/store/sounds.py": "import peewee\nfrom samplemind_daemon.model import Audio\n",
    "daemon/samplemind_daemon/model.py": "import enum\n",
    "daemon/samplemind_daemon/service/audio.py": "import grpc\nfrom samplemind.v1 import audio_pb2\n",
    "plugins/samplemind_plugins/tempo/__init__.py": "import aubio\nfrom samplemind_sdk import mel\n",
    "clients/samplemind_client/line.py": "import grpc\nfrom samplemind.v1 import audio_pb2_grpc\n",
}
PLANTED = {
    "a plugin sees the daemon": (
        "plugins/samplemind_plugins/key.py",
        "import samplemind_daemon.model",
        "imports",
    ),
    "the SDK sees a plugin": ("plugins/samplemind_sdk/x.py", "from samplemind_plugins import key", "imports"),
    "a client sees the SDK": (
        "clients/samplemind_client/x.py",
        "import samplemind_sdk",
        "imports samplemind_sdk",
    ),
    "a plugin sees the wire": (
        "plugins/samplemind_plugins/x.py",
        "import samplemind.v1",
        "imports samplemind.v1",
    ),
    "the daemon sees a plugin": (
        "daemon/samplemind_daemon/work/x.py",
        "import samplemind_plugins",
        "imports",
    ),
    "the store sees the wire": ("daemon/samplemind_daemon/store/x.py", "import samplemind.v1", "imports"),
    "the store looks up": (
        "daemon/samplemind_daemon/store/x.py",
        "from samplemind_daemon import work",
        "from above",
    ),
    "a dotted look up": ("daemon/samplemind_daemon/store/x.py", "from ..work.crew import Crew", "from above"),
    "a late look up": (
        "daemon/samplemind_daemon/store/x.py",
        "def f():\n    from samplemind_daemon.service import audio",
        "from above",
    ),
    "no floor": ("daemon/samplemind_daemon/attic.py", "import enum", "lives on no floor"),
    "another door": ("daemon/samplemind_daemon/library/x.py", "import peewee", "imports peewee"),
    "a new library": ("daemon/samplemind_daemon/store/x.py", "import sqlalchemy", "imports sqlalchemy"),
    "a circle": (
        "daemon/samplemind_daemon/model.py",
        "from samplemind_daemon.settings import x\n",
        "samplemind_daemon.model -> samplemind_daemon.settings",
    ),
}


@pytest.fixture
def tree(tmp_path):
    """A small house that stands as it was planned."""
    for name, text in {**GOOD, "daemon/samplemind_daemon/settings.py": "from .model import Audio\n"}.items():
        put(tmp_path / name, text)
    return tmp_path


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text))


def test_a_house_that_stands_as_planned_gives_no_complaint(tree):
    assert complaints(tree) == []


@pytest.mark.parametrize("kind", PLANTED)
def test_every_departure_from_the_plan_is_seen(tree, kind):
    file, text, complaint = PLANTED[kind]
    put(tree / file, text)
    assert any(complaint in one for one in complaints(tree)), complaints(tree)

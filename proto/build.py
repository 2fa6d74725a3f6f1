"""Makes samplemind.v1 out of the .proto files.

hatchling calls it for every wheel and editable install, `make proto` by hand.
"""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PROTO = Path(__file__).resolve().parent


class GenerateMessages(BuildHookInterface):  # type: ignore[type-arg]
    """Generates messages and stubs, with types, beside their sources."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it packs."""
        generate()


def generate() -> None:
    """Run protoc over all of samplemind/v1; RuntimeError if it refuses."""
    import grpc_tools
    from grpc_tools import protoc

    google = Path(grpc_tools.__file__).parent / "_proto"
    sources = [str(found) for found in sorted(PROTO.glob("samplemind/v1/*.proto"))]
    outputs = [f"--{kind}_out={PROTO}" for kind in ("python", "grpc_python", "mypy", "mypy_grpc")]
    typing = [
        f"--plugin={name}={_beside_python(name)}" for name in ("protoc-gen-mypy", "protoc-gen-mypy_grpc")
    ]
    if protoc.main(["protoc", f"-I{PROTO}", f"-I{google}", *typing, *outputs, *sources]):
        raise RuntimeError("protoc refused the .proto files")


def _beside_python(command: str) -> Path:
    """A command of this environment, which need not be the one that PATH names."""
    here = Path(sys.executable).parent / command
    if not here.is_file():
        raise RuntimeError(f"{command} is missing beside {sys.executable}: install mypy-protobuf")
    return here


if __name__ == "__main__":
    generate()

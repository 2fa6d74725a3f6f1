"""Builds what a Dockerfile says where no container engine is: each stage is a root of its own, in a folder."""

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from dockerfile import CannotRead, Copy, Stage, Step, copied, left_out, read

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
Base = Callable[[str, Path], None]  # makes the root of an image in a folder


class CannotBuild(Exception):
    """A step could not be done; the message says which."""


@dataclass
class Root:
    """A root that is being built, and what the steps after have from those before."""

    folder: Path
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": PATH})
    user: str = "0:0"
    workdir: str = "/"

    def path(self, inside: str) -> Path:
        """A path of the root as it is out here; one that is not whole is looked for in the working directory."""
        return self.folder / os.path.normpath(os.path.join(self.workdir, inside)).lstrip("/")


@dataclass(frozen=True)
class Builder:
    """Builds stages, from the `context` and over roots that `base` makes, in folders below `place`."""

    context: Path
    place: Path
    base: Base
    lent: dict[str, Path] = field(default_factory=dict)  # files of this machine, by where RUN steps see them
    said: dict[str, str] = field(default_factory=dict)  # to the environment of RUN steps, and not kept

    def build(self, dockerfile: Path) -> tuple[Root, Stage]:
        """The root of the last stage, and what is said of its image."""
        stages, roots = read(dockerfile.read_text("utf-8")), dict[str, Root]()
        for number, stage in enumerate(stages):
            name = stage.name or f"stage{number}"
            roots[name] = self._stage(name, stage, roots)
        return roots[name], stage

    def _stage(self, name: str, stage: Stage, roots: dict[str, Root]) -> Root:
        root = Root(self.place / name)
        self.base(stage.image, root.folder)
        for step in stage.steps:
            since = time.monotonic()
            self._do(step, root, roots)
            if (seconds := time.monotonic() - since) > 1:
                print(
                    f"{name}: {step.word} of line {step.line} took {seconds:.1f} s",
                    file=sys.stderr,
                    flush=True,
                )
        return root

    def _do(self, step: Step, root: Root, roots: dict[str, Root]) -> None:
        match step.word:
            case "ENV":
                root.environment |= step.pairs
            case "USER":
                root.user = step.said
            case "WORKDIR":
                root.workdir = os.path.join(root.workdir, step.said)
                root.path(".").mkdir(parents=True, exist_ok=True)
            case "COPY":
                self._copy(copied(step), root, roots)
            case "RUN":
                self._run(step, root)

    def _run(self, step: Step, root: Root) -> None:
        strange = [root.path(seen) for seen in self.lent if not root.path(seen).exists()]
        if enter(root, ["/bin/sh", "-c", step.said], lent=self.lent, said=self.said).returncode:
            raise CannotBuild(f"line {step.line}: RUN {step.said[:200]}")
        for one in strange:  # what they were seen at is not the image's
            one.unlink(missing_ok=True)

    def _copy(self, copy: Copy, root: Root, roots: dict[str, Root]) -> None:
        if copy.stage and copy.stage not in roots:
            raise CannotRead(f"COPY --from={copy.stage}: there is no such stage before")
        source = roots[copy.stage].folder if copy.stage else self.context
        into = copy.target.endswith("/") or len(copy.sources) > 1
        for one in copy.sources:
            found = source / one.lstrip("/")
            target = root.path(copy.target) / (found.name if into and found.is_file() else "")
            if found.is_file():
                self._copy_file(found, target, copy)
            elif found.is_dir():
                self._copy_folder(found, target, copy)
            else:
                raise CannotBuild(f"COPY {one}: there is none")

    def _copy_file(self, found: Path, target: Path, copy: Copy) -> None:
        if not copy.stage and self._out(found):
            raise CannotBuild(f"COPY {found.relative_to(self.context)}: .dockerignore keeps it out")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(found, target, follow_symlinks=False)

    def _copy_folder(self, found: Path, target: Path, copy: Copy) -> None:
        def ignored(folder: str, names: list[str]) -> list[str]:
            return [] if copy.stage else [name for name in names if self._out(Path(folder, name))]

        shutil.copytree(found, target, symlinks=True, dirs_exist_ok=True, ignore=ignored)

    def _out(self, path: Path) -> bool:
        patterns = (self.context / ".dockerignore").read_text("utf-8")
        return left_out(patterns, str(path.relative_to(self.context))) and not path.is_dir()


def enter(
    root: Root,
    command: list[str],
    lent: dict[str, Path] | None = None,
    said: dict[str, str] | None = None,
    volumes: dict[str, Path] | None = None,
    **how: object,
) -> subprocess.CompletedProcess[str]:
    """Run a command in a root, as its user and in its working directory, until it ends."""
    return subprocess.run(entering(root, command, lent, said, volumes), text=True, check=False, **how)  # type: ignore[call-overload,no-any-return]


def entering(
    root: Root,
    command: list[str],
    lent: dict[str, Path] | None = None,
    said: dict[str, str] | None = None,
    volumes: dict[str, Path] | None = None,
) -> list[str]:
    """The command line that runs a command in a root, with process ids and mounts of its own.

    Where `volumes` are given (where they are seen, and what is there), all else is read only.
    """
    inside = shlex.quote(str(root.folder))
    lines = [f"mount --bind {inside} {inside}", f"cd {inside}"]
    for seen, lying in (lent or {}).items():
        lines += [f"touch .{seen}", f"mount --bind {shlex.quote(str(lying))} .{seen}"]
    for seen, lying in (volumes or {}).items():
        lines += [f"mkdir -p .{seen}", f"mount --bind {shlex.quote(str(lying))} .{seen}"]
    lines += ["mount -t proc proc proc", "mount -t tmpfs -o mode=1777 tmpfs dev/shm"]
    if volumes is not None:
        lines.append(f"mount -o remount,ro,bind {inside}")
    environment = [f"{name}={value}" for name, value in {**root.environment, **(said or {})}.items()]
    going = f"cd {shlex.quote(root.workdir)} && exec " + shlex.join(["env", "-i", *environment, *command])
    lines.append(f"exec chroot --userspec={root.user} --groups= . /bin/sh -c {shlex.quote(going)}")
    return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "/bin/sh", "-euc", "\n".join(lines)]

"""This machine's way to Debian's packages and to registries, for roots that are built on it; nothing of it is kept."""

import os
import shutil
import subprocess
from pathlib import Path

from build import CannotBuild

DEBIAN, NODE = "debian:trixie-slim", "node:22-trixie-slim"  # what stands for the images of the Dockerfile
FILES = ("/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf")
NPM, SEEN_BY_NPM = Path("~/.npmrc").expanduser(), "/run/machine.npmrc"
CERTIFICATES, SEEN = Path("/etc/ssl/certs/ca-certificates.crt"), "/run/machine.crt"
VARIABLES = (
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "pip_index_url",
    "pip_extra_index_url",
    "npm_config_registry",
)


def lent() -> dict[str, Path]:
    """Files of this machine that say how registries are reached, as far as there are any, by where a root sees them."""
    found = {**{file: Path(file) for file in FILES}, SEEN: CERTIFICATES, SEEN_BY_NPM: NPM}
    return {seen: file for seen, file in found.items() if file.exists()}


def said() -> dict[str, str]:
    """Variables of this machine that say how registries are reached, and whom it trusts there."""
    own = {name: value for name, value in os.environ.items() if name.lower() in VARIABLES}
    trusted = dict.fromkeys(("PIP_CERT", "NODE_EXTRA_CA_CERTS"), SEEN)
    named = {"NPM_CONFIG_USERCONFIG": SEEN_BY_NPM} if NPM.exists() else {}
    return {**own, **named, **(trusted if CERTIFICATES.exists() else {})}


def mirror() -> str:
    """Where this machine's apt has Debian from. Raises CannotBuild where it is no Debian."""
    asked = ["apt-get", "indextargets", "--format", "$(LABEL)|$(REPO_URI)", "Created-By: Packages"]
    lines = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()
    for line in lines:
        label, _, address = line.partition("|")
        if label == "Debian":
            return address
    raise CannotBuild(
        "apt has Debian from nowhere here: a root is built on Debian alone, after apt-get update"
    )


class Bases:
    """Makes roots that stand for the images that a Dockerfile begins with, from one that is kept in `place`."""

    def __init__(self, place: Path) -> None:
        self._debian = place / "debian"

    def __call__(self, image: str, folder: Path) -> None:
        """Make the root of an image; CannotBuild where nothing stands for it."""
        if image not in (DEBIAN, NODE):
            raise CannotBuild(f"nothing stands for the image {image} here")
        if not self._debian.exists():
            self._bootstrap()
        subprocess.run(["cp", "-a", "--reflink=auto", str(self._debian), str(folder)], check=True)
        if image == NODE:
            _lend_node(folder)

    def _bootstrap(self) -> None:
        fresh = self._debian.with_name("debian.fresh")
        shutil.rmtree(fresh, ignore_errors=True)
        made = ["debootstrap", "--variant=minbase", "trixie", str(fresh), mirror()]
        done = subprocess.run(made, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotBuild(f"debootstrap could not: {done.stdout[-2_000:]}")
        configured = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True).stdout
        proxies = [line for line in configured.splitlines() if "::Proxy" in line or "::CaInfo" in line]
        (fresh / "etc/apt/apt.conf.d/00machine").write_text("\n".join(proxies) + "\n")
        fresh.rename(self._debian)


def _lend_node(folder: Path) -> None:
    """Put this machine's own Node.js and npm there: of an image of them they stand for what builds the web app."""
    node, npm = (shutil.which(name) for name in ("node", "npm"))
    if node is None or npm is None:
        raise CannotBuild("there is no Node.js with npm here, which the web app is built by")
    shutil.copy2(os.path.realpath(node), folder / "usr/local/bin/node")
    package = Path(os.path.realpath(npm)).parents[1]
    shutil.copytree(package, folder / "usr/local/lib/node_modules/npm", symlinks=True)
    (folder / "usr/local/bin/npm").symlink_to("../lib/node_modules/npm/bin/npm-cli.js")

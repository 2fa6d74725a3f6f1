"""The app's files, as a build has left them."""

import os
from importlib.util import find_spec
from pathlib import Path
from stat import S_ISREG

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

INDEX, HASHED = "index.html", "assets/"  # names of what lies in the latter hold a hash of what it is
FOREVER, ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"
SHORTER = (("br", ".br"), ("gzip", ".gz"))
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".txt": "text/plain; charset=utf-8",
}
UNBUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>SampleMind</title>
<h1>SampleMind is listening</h1>
<p>The web app is not built here. With node, <code>make web</code> in the checkout builds it; then start the
daemon again.</p>
<p>Until then the <code>samplemind</code> command does all that the app does.</p>
</html>
"""


def app_folder(given: Path | None) -> Path | None:
    """Where the built app lies: the folder that was given, or else the one in the package samplemind_web."""
    if given is not None:
        return given
    package = find_spec("samplemind_web")
    folders = [Path(found) / "app" for found in (package and package.submodule_search_locations) or ()]
    return next((folder for folder in folders if (folder / INDEX).is_file()), None)


class Pages(StaticFiles):
    """Answers with files of one folder, and with its index.html for what the app itself shows there."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405)
        try:
            return await super().get_response(path, scope)
        except HTTPException as missing:
            if missing.status_code != 404 or (path != "." and "." in path.rpartition("/")[2] + path[:1]):
                raise
        return await super().get_response(INDEX, scope)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """The file, or what was made shorter of it, if the browser takes that."""
        plain, headers = Path(full_path), Headers(scope=scope)
        path, told, about = plain, {"vary": "accept-encoding"}, stat_result
        takes = {one.strip().partition(";")[0] for one in headers.get("accept-encoding", "").split(",")}
        for encoding, ending in SHORTER:
            if encoding in takes and (found := _file(f"{plain}{ending}")):
                path, about = Path(f"{plain}{ending}"), found
                told["content-encoding"] = encoding
                break
        response = super().file_response(path, about, scope, status_code)
        kind = KINDS.get(plain.suffix.lower(), "application/octet-stream")
        is_hashed = plain.is_relative_to(Path(self.directory or "", HASHED))
        response.headers.update(told | {"cache-control": FOREVER if is_hashed else ASK_AGAIN})
        if response.status_code == 200:
            response.headers["content-type"] = kind
        return response


def unbuilt() -> Response:
    """A page that says that there is no app yet, and how it comes."""
    return HTMLResponse(UNBUILT, headers={"cache-control": "no-store"})


def _file(path: str) -> os.stat_result | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found if S_ISREG(found.st_mode) else None

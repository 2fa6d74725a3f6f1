"""A real browser keeps the tokens from scripts, and other sites' pages out, because of what the door tells it."""

import base64
import json
import shutil
import subprocess
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread
from urllib.parse import unquote

import pytest
from raw_calls import PASSWORD, Channel, Person, message_of

HERE = Path(__file__).parent
PAGE = '<!doctype html><html><head><script type="module" src="/{script}"></script></head><body></body></html>'
FLAGS = "--headless --no-sandbox --disable-gpu --mute-audio --remote-debugging-port=0".split()

if CHROMIUM := shutil.which("chromium"):  # it is heavy: asked where it is at hand

    @pytest.fixture
    def stranger(tmp_path):
        """Another site, at another port of this machine, so that a browser sends it the same cookies."""
        put(tmp_path / "stranger", "stranger.mjs")
        site = Site(tmp_path / "stranger")
        yield site
        site.close()

    @pytest.fixture
    def page(stranger, own_daemon, tmp_path, make_sound):
        """The address of a page that signs Ada in and goes on from there."""
        put(tmp_path / "app", "probe.mjs")
        settings = {"SAMPLEMIND_WEB": "127.0.0.1:0", "SAMPLEMIND_WEB_APP": str(tmp_path / "app")}
        daemon = own_daemon(settings=settings)
        channel = Channel(daemon.address)
        ada = Person(channel)
        sound = ada.upload(make_sound(3, 8.0)).id
        channel.close()
        login = message_of("AuthService/Login", password={"email": ada.email, "password": PASSWORD})
        body = base64.b64encode(login.SerializeToString()).decode()
        return f"{daemon.web}/#first#{stranger.address}##{body}#{sound}"

    @pytest.fixture
    def told(stranger, page, tmp_path):
        """What the pages saw, in one browser, one after the other."""
        command = [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", page]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, **quiet) as browser:
            try:
                yield stranger.told.get(timeout=90)
            finally:
                browser.terminate()

    def test_a_browser_keeps_tokens_from_scripts_and_strangers_out(told):
        print(told)
        assert (told["login"], told["me"], told["cookie"]) == (0, 0, "")
        assert (told["loaded"], told["sought"]) == ("loadedmetadata", "seeked")
        assert told["seconds"] == pytest.approx(8, abs=0.1) and told["socket"] == 3
        assert told["slipped"] is None and told["eval"] == "refused" and told["foreign"] == "refused"
        assert told["styled"] != "rgb(255, 0, 0)" and told["set"] == "rgb(1, 2, 3)"
        assert told["violations"] >= 6
        stranger = told["stranger"]
        assert (stranger["call"], stranger["read"]) == ("refused", "refused"), stranger
        assert (stranger["play"], stranger["script"], stranger["socket"]) == ("error", "error", "error")
        assert told["after"] == 0  # she is still signed in, though the stranger has tried to sign her out


class Site:
    """A server of a folder's files, which hears what pages tell at /told."""

    def __init__(self, folder):
        self.told = Queue()
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", 0), partial(Handler, self.told, directory=str(folder))
        )
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class Handler(SimpleHTTPRequestHandler):
    """Answers with files, and says nothing of it."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}

    def __init__(self, told, *about, **how):
        self._told = told
        super().__init__(*about, **how)

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path == "/told":
            self._told.put(json.loads(unquote(query)))
        super().do_GET()

    def log_message(self, *_):
        pass


def put(folder, script):
    """A page in a folder, with its one script."""
    folder.mkdir()
    shutil.copy(HERE / script, folder)
    (folder / "index.html").write_text(PAGE.format(script=script))

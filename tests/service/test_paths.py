"""No name, however it is spelled, is a way to a file: names are text, and what is kept is named by its digest."""

import re

import pytest
from raw_calls import pieces

ROOTS = (
    "../../../../etc/passwd",
    "..\\..\\..\\windows\\win.ini",
    "/etc/passwd",
    "//server/share/x",
    "C:\\x.wav",
)
DOTS = (
    "..", ".", "...", "../", "./a", "a/../../b", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/x", "%252e%252e%252fx",
    "\uff0e\uff0e/x", "\u2024\u2024/x", "\u2025/x", "..\u2215x", "..\u29f8x", "..\uff0fx", "..\uff3cx",
)  # fmt: skip
ODD = (
    "a\0.wav", "\0", "a\n.wav", "a\r\nb.wav", "con", "nul.wav", "aux", "a:b.wav", "a.wav:stream", "~/x", "~root/x",
    "$HOME/x", "`id`", "$(id)", "; rm -rf /", "| id", "-rf", "--help", "a" * 255, "a" * 4_096, "é" * 255, " ", "\t",
    ".hidden", "a.wav/", "file:///etc/passwd", "http://127.0.0.1/x", "concat:/etc/passwd", "\\\\?\\C:\\x",
    "<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "\u202egpj.wav", "\x1b[2J", "'; DROP TABLE audios; --",
    "a.wav\u2028b", "\ufeffa.wav", "sha256/../x", "samplemind.db", "owner.key",
)  # fmt: skip
NAMES = [*ROOTS, *DOTS, *ODD]


def files(folder):
    return {
        path.relative_to(folder) for path in folder.rglob("*") if not path.name.startswith("samplemind.db")
    }


def test_a_name_leads_nowhere_and_comes_back_as_a_name(daemon, ada, make_sound):
    assert len(NAMES) == 60
    around = daemon.home.parent
    data = make_sound(60)
    sound = ada.upload(data)
    before, taken = files(around), 0
    for number, name in enumerate(NAMES):
        opened = ada("AudioService/CreateUpload", name=name, size_bytes=9, sha256=f"{number:064x}")
        assert opened.code == "OK" or opened.reason == "INVALID_UPLOAD", (name, opened)
        renamed = ada("AudioService/Update", audio_id=sound.id, name=name)
        assert (renamed.code == "OK") == (opened.code == "OK"), (name, renamed)
        if renamed.code == "OK":
            taken += 1
            kept = renamed.answer.audio.name
            assert kept and not re.search(r"[/\\\0]", kept) and kept not in (".", "..")
    assert taken > 30
    new = {str(path) for path in files(around) - before}
    assert all(re.fullmatch(r"home/blobs/staging/[0-9a-f-]{36}", path) for path in new), new
    kept = [path.name for path in (daemon.home / "blobs" / "sha256").rglob("*") if path.is_file()]
    assert kept and all(re.fullmatch("[0-9a-f]{64}", name) for name in kept)


def test_an_id_leads_nowhere_either(ada, make_sound):
    for name in NAMES:
        piece = pieces(name, b"x")
        if name.isprintable():
            assert ada("AudioService/UploadChunks", stream=piece).code in ("NOT_FOUND", "INVALID_ARGUMENT")
        for rpc, field in (("AudioService/Get", "audio_id"), ("AudioService/GetUpload", "upload_id")):
            assert ada(rpc, **{field: name}).code == "NOT_FOUND", name
        assert ada("AudioService/Download", audio_id=name).code == "NOT_FOUND"


def test_a_watched_folder_is_where_it_says_and_nowhere_above(channel, owner_headers, daemon, tmp_path):
    for name in NAMES:
        outcome = channel.call("WatchService/Create", owner_headers, path=name)
        assert outcome.code in ("INVALID_ARGUMENT", "NOT_FOUND", "FAILED_PRECONDITION"), (name, outcome)
    for path in ("/", "/etc", "/proc/self", str(daemon.home), f"{tmp_path}/../../..", "/dev/fd"):
        outcome = channel.call("WatchService/Create", owner_headers, path=path)
        assert outcome.code != "OK", path


@pytest.mark.parametrize(
    "method",
    [
        "/samplemind.v1.AuthService/../AudioService/List", "/samplemind.v1.audioservice/list", "//",
        "/samplemind.v1.AudioService%2fList", "/samplemind.v1.AudioService/List/", "/app%2f..%2fgrpc",
        "/samplemind.v1.StatusService/GetInfo/../../AudioService/List", "/samplemind.v1.AudioService/List\u2024",
    ],
)  # fmt: skip
def test_a_call_is_allowed_by_the_very_method_that_answers_it(channel, ada, method):
    call = channel._channel.unary_unary(method)
    for headers in ((), tuple(ada.headers)):
        with pytest.raises(Exception) as refused:
            call(b"", metadata=headers, timeout=10)
        code = getattr(refused.value, "code", lambda: None)()
        assert code is None or code.name in ("UNIMPLEMENTED", "UNAUTHENTICATED", "PERMISSION_DENIED"), code

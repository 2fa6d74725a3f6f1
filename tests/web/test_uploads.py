"""A page brings sounds in: in parts, each with many messages, and goes on after a break."""

import hashlib

from browsing import PROTO, frame
from raw_calls import pieces

SEND = "AudioService/UploadChunks"
PART = 300_000  # bytes


def opened(page, data):
    about = {"name": "loop.wav", "size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    return page.call("AudioService/CreateUpload", **about).answer.upload


def body(upload, data, start=0):
    """The messages of a part, one after the other."""
    return b"".join(frame(one.SerializeToString()) for one in pieces(upload, data, start))


def test_a_file_comes_in_by_parts_of_many_messages(page, make_sound):
    data = make_sound(20, 8.0)
    upload = opened(page, data)
    for at in range(0, len(data), PART):
        sent = page.call(SEND, body=body(upload.id, data[: at + PART], at))
        assert sent.answer.upload.committed_bytes == min(at + PART, len(data))
    audio = page.call("AudioService/FinishUpload", upload_id=upload.id).answer.audio
    assert audio.sha256 == hashlib.sha256(data).hexdigest()
    assert page.ask(f"/audio/{audio.id}").body == data


def test_a_whole_file_may_be_one_part_and_its_messages_cut_anywhere(page, make_sound):
    data = make_sound(21, 20.0)
    upload = opened(page, data)
    whole = body(upload.id, data)
    cut = (whole[at : at + 7_919] for at in range(0, len(whole), 7_919))
    assert page.call(SEND, body=cut).answer.upload.committed_bytes == len(data)
    assert page.call("AudioService/FinishUpload", upload_id=upload.id).code == "OK"


def test_a_part_that_broke_off_is_gone_on_with_where_it_is_stored(page, make_sound):
    data = make_sound(22, 4.0)
    upload = opened(page, data)
    whole = body(upload.id, data)
    connection = page._connect()
    connection.putrequest("POST", "/samplemind.v1.AudioService/UploadChunks")
    cookies = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
    for name, value in (("Content-Type", PROTO), ("Cookie", cookies), ("Content-Length", str(len(whole)))):
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(whole[: len(whole) // 2])
    connection.close()
    while True:  # until the daemon has noticed: it says that a stream still sends
        stored = page.call("AudioService/GetUpload", upload_id=upload.id).answer.upload.committed_bytes
        sent = page.call(SEND, body=body(upload.id, data, stored))
        if sent.reason not in ("STILL_SENDING", "WRONG_OFFSET"):
            break
    assert stored % 65_536 == 0 and sent.answer.upload.committed_bytes == len(data)
    assert page.call("AudioService/FinishUpload", upload_id=upload.id).code == "OK"


def test_what_is_wrong_with_a_part_is_said_though_more_of_it_comes(page, make_sound):
    data = make_sound(23, 60.0)
    upload = opened(page, data)
    wrong = page.call(SEND, body=body(upload.id, data, 65_536))
    assert (wrong.code, wrong.reason) == ("FAILED_PRECONDITION", "WRONG_OFFSET")
    assert page.call(SEND, body=body("nobody", data)).reason == "UPLOAD_NOT_FOUND"
    assert page.call(SEND, body=b"").reason == "EMPTY_STREAM"
    large = pieces(upload.id, data, size=300_000)[0].SerializeToString()
    assert page.call(SEND, body=frame(large)).reason == "PIECE_TOO_LARGE"

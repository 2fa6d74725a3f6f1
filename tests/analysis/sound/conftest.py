"""Files for tests about decoding."""

import pytest
import soundfile

from samplemind_sdk import RATE


@pytest.fixture
def put(tmp_path):
    """Write bytes, or a sound with soundfile, under a name; the path comes back."""

    def write(name, content, rate=RATE, **how):
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            with path.open("wb") as file:
                soundfile.write(file, content, rate, **how)
        return path

    return write

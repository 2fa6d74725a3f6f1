"""What the decoders of this installation can decode."""

import av
import soundfile

BY_LIBSNDFILE = ("WAV", "AIFF", "FLAC", "OGG", "CAF", "AU")
BY_LIBAV = ("mp3float", "aac", "alac", "opus", "vorbis", "flac", "wavpack")


def lacking() -> list[str]:
    """The names of formats and codecs that are not there, though an installation as it should be has them."""
    formats = soundfile.available_formats()
    return [one for one in BY_LIBSNDFILE if one not in formats] + [one for one in BY_LIBAV if not _has(one)]


def _has(codec: str) -> bool:
    try:
        av.Codec(codec, "r")
    except ValueError:
        return False
    return True

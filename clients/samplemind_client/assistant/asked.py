"""What an assistant asks for in a search, as it says it."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from samplemind_client.values.query import Bounds, Clauses

KeyRule = Literal["same", "relative", "fifths", "camelot", "energy-boost"]
Kind = Literal["song", "loop", "one-shot", "speech", "silence"]
MOST_WORDS = 20

Words = Annotated[list[str], Field(default_factory=list, max_length=MOST_WORDS)]


class Wanted(BaseModel):
    """What must hold of a sound, all of it; what is left out holds for every sound."""

    text: str = Field("", max_length=200, description="Words; each begins a word of the name, or is a tag.")
    kinds: list[Kind] = Field(default_factory=list, description="One of these kinds.")
    tags: Words = Field(description="All of these tags.")
    genres: Words = Field(description="One of these genres.")
    moods: Words = Field(description="One of these moods.")
    instruments: Words = Field(description="All of these instruments.")
    bpm_from: float | None = Field(None, description="The slowest tempo, in BPM.")
    bpm_to: float | None = Field(None, description="The fastest tempo, in BPM.")
    half_double: bool = Field(False, description="Half and double of these tempi are as good.")
    key: str = Field("", max_length=20, description="Such as 'A minor', '8A', or a root alone: 'A'.")
    key_rule: KeyRule = Field("same", description="Which keys go with it.")
    seconds_from: float | None = Field(None, description="The shortest length, in seconds.")
    seconds_to: float | None = Field(None, description="The longest length, in seconds.")
    loudness_from: float | None = Field(None, description="The quietest, in LUFS.")
    loudness_to: float | None = Field(None, description="The loudest, in LUFS.")

    def clauses(self) -> Clauses:
        """The same, as the client takes it."""
        found: Clauses = {
            "kinds": list(self.kinds), "tags": self.tags, "genres": self.genres, "moods": self.moods,
            "instruments": self.instruments, "half_double": self.half_double,
            "bpm": _bounds(self.bpm_from, self.bpm_to),
            "duration": _bounds(self.seconds_from, self.seconds_to),
            "loudness": _bounds(self.loudness_from, self.loudness_to),
        }  # fmt: skip
        if self.key:
            found |= {"key": self.key, "key_rule": self.key_rule}
        return found


def _bounds(low: float | None, high: float | None) -> Bounds:
    return low, high

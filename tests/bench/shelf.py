"""A library of 100,000 made-up sounds: names, results and labels as they are spread in real ones, and no audio."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

from samplemind_daemon.model import Role
from samplemind_daemon.store import Database, users
from samplemind_daemon.store.tables import Audios, Contents, Results, Vectors

USER, FOLDERS, STEP = "ada", 5, 1_000
WORDS = (
    "kick snare hat clap bass lead pad vox fx loop drum perc synth guitar piano strings riser impact ambient deep dark "
    "hard soft warm lofi house techno trap garage jungle dub acid"
).split()
RARE = 5_000  # words that few names have
TAGS = (
    "dark,warm,bright,loud,quiet,slow,mid-tempo,uptempo,fast,short,long,mono,stereo,wide,loop,one-shot,song,calm,"
    "energetic,danceable,kick,snare,open hat,closed hat,drums,bass"
).split(",")
GENRES = "blues classical country disco hiphop jazz metal pop reggae rock".split()
MOODS, INSTRUMENTS = ("happy", "tense", "calm", "sad"), ("drums", "bass", "guitar", "keys", "strings")
TONICS = "C C# D D# E F F# G G# A A# B".split()
KINDS, SHARES = ("one-shot", "loop", "song", "speech", "silence"), (50, 35, 13, 1, 1)

Row = dict[str, Any]


def vocabulary(chance: random.Random) -> list[str]:
    """Words by how frequent they are: the n-th is as frequent as 1 / n."""
    made = (
        "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(3, 8))) for _ in range(RARE)
    )
    return [*WORDS, *made]


def fill(db: Database, many: int, seed: int = 1) -> None:
    """Put a user and so many sounds with their results into an empty database; the catalogue is left as it is."""
    chance = random.Random(seed)
    words = vocabulary(chance)
    weights = list(accumulate(1 / (place + 2) for place in range(len(words))))
    with db.atomic():
        users.add(db, USER, "ada@example.org", None, Role.OWNER, datetime(2026, 1, 1, tzinfo=UTC))
    for start in range(0, many, STEP):
        numbers = range(start, min(start + STEP, many))
        sounds = [_sound(chance, number, words, weights) for number in numbers]
        with db.atomic():
            Contents.insert_many([one[0] for one in sounds]).execute(db)
            Audios.insert_many([one[1] for one in sounds]).execute(db)
            Vectors.insert_many([{"sha256": one[0]["sha256"]} for one in sounds]).execute(
                db
            )  # or they would be made
            for place in range(0, len(sounds), 100):
                Results.insert_many([row for one in sounds[place : place + 100] for row in one[2]]).execute(
                    db
                )


def _sound(
    chance: random.Random, number: int, words: list[str], weights: list[float]
) -> tuple[Row, Row, list[Row]]:
    sha256, moment = f"{number:064x}", datetime.fromtimestamp(1_700_000_000 + number, UTC)
    kind = chance.choices(KINDS, SHARES)[0]
    name = " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(2, 4)))
    seconds = {"one-shot": 2 * chance.random(), "loop": 2 + 14 * chance.random()}.get(
        kind, 300 * chance.random()
    )
    media = {"container": "wav", "codec": "pcm_s16", "rate": 44_100, "channels": 2, "seconds": seconds}
    size = int(seconds * 176_400) + 44
    content = {
        "sha256": sha256,
        "size": size,
        "media": json.dumps(media | {"warnings": []}),
        "created_at": moment,
    }
    audio = {
        "id": f"{chance.getrandbits(128):032x}", "user": USER, "name": f"{name.title()} {number % 100:02}.wav",
        "state": chance.choices(("completed", "failed", "cancelled"), (95, 2, 3))[0], "state_at": moment, "size": size,
        "sha256": sha256, "folder": f"folder-{number % FOLDERS}", "path": b"%d" % number, "created_at": moment,
    }  # fmt: skip
    return content, audio, list(_results(chance, sha256, kind, moment))


def _results(chance: random.Random, sha256: str, kind: str, moment: datetime) -> Iterator[Row]:
    said: Row = {
        "kind.label": kind,
        "loudness.integrated": chance.gauss(-14, 5),
        "energy.level": chance.random(),
    }
    tags = {kind, *chance.sample(TAGS, 5)}
    if kind in ("loop", "song") and chance.random() < 0.8:
        said["tempo.bpm"] = round(chance.gauss(122, 22), 2)
        tags.add(f"{said['tempo.bpm']:.0f} bpm")
    if kind in ("loop", "song") and chance.random() < 0.7:
        said["key.key"] = f"{chance.choice(TONICS)} {chance.choice(('minor', 'major'))}"
        tags.add(said["key.key"])
    if kind == "one-shot" and chance.random() < 0.4:
        said["key.root_note"] = f"{chance.choice(TONICS)}{chance.randint(1, 5)}"
    if kind == "song":
        said |= {"genre.labels": [[chance.choice(GENRES), 0.8]], "mood.labels": [[chance.choice(MOODS), 0.6]]}
    if chance.random() < 0.5:
        said["instruments.labels"] = [[chance.choice(INSTRUMENTS), 0.9]]
    said["tags.words"] = sorted(tags)
    for analyzer in sorted({name.partition(".")[0] for name in said}):
        mine = {name: value for name, value in said.items() if name.partition(".")[0] == analyzer}
        lists = {name: value for name, value in mine.items() if isinstance(value, list)}
        about = [_descriptor(name, value, analyzer, name in lists) for name, value in mine.items()]
        yield {
            "sha256": sha256, "analyzer": analyzer, "version": 1, "fingerprint": "f" * 16, "created_at": moment,
            "descriptors": json.dumps(about), "lists": json.dumps(lists),
        }  # fmt: skip


def _descriptor(name: str, value: Any, analyzer: str, is_list: bool) -> Row:
    about = {
        "name": name, "unit": "", "confidence": 0.9, "status": "ok", "candidates": [], "reason": "",
        "made_by": analyzer, "version": 1,
    }  # fmt: skip
    return about if is_list else about | {"value": value}

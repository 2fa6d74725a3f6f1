"""What may be said of a sound in place of what was heard, by what its analyzers declare."""

import math
import re
from collections.abc import Mapping
from typing import Any

from samplemind_daemon.analysis.parameters import objection
from samplemind_daemon.library import keys
from samplemind_daemon.model import Catalogue, Declared

NUMBERS = ("tempo.bpm",)
WORDS = ("key.key", "key.root_note", "meter.signature", "kind.label", "oneshot.label")
LISTS = ("genre.labels", "mood.labels", "instruments.labels", "tags.words")
NAMES = (*NUMBERS, *WORDS, *LISTS)
MOST_WORDS, LONGEST_WORD = 50, 100  # in a list; characters

_KEY = re.compile(r"[A-G]#? (major|minor)")

Declarations = Mapping[str, Declared]  # by descriptor


def declarations(catalogue: Catalogue) -> Declarations:
    """What the analyzers declare, used or not."""
    return {f"{one.name}.{output.name}": output for one in catalogue.analyzers for output in one.outputs}


def check(name: str) -> None:
    """Return if the descriptor can be corrected; ValueError if not."""
    if name not in NAMES:
        raise ValueError(f"{name[:60]!r} cannot be corrected, only {', '.join(NAMES)}")


def read(name: str, value: Any, declared: Declarations) -> Any:
    """The value in the one form in which it is kept; ValueError, saying why, where the descriptor cannot have it."""
    check(name)
    if name not in declared:
        raise ValueError(f"no plugin here knows {name}")
    found = _FORMS.get(name, _choice)(value, declared[name])
    if why := _objection(found, declared[name]):
        raise ValueError(why)
    return found


def _objection(value: Any, declared: Declared) -> str:
    if isinstance(value, tuple):
        names = [one[0] if isinstance(one, tuple) else one for one in value]
        unknown = [name for name in names if declared.choices and name not in declared.choices]
        return f"{unknown[0]!r} is none of {', '.join(declared.choices)}" if unknown else ""
    return objection(declared, value)


def _number(value: Any, declared: Declared) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"{value!r:.40} is no number")
    return round(float(value), 3)


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r:.40} is no word")
    return " ".join(value.split())


def _choice(value: Any, declared: Declared) -> str:
    """The choice that is meant, whatever stands between its words."""
    meant = _bare(_word(value))
    return next((one for one in declared.choices if _bare(one) == meant), _word(value))


def _bare(text: str) -> str:
    return re.sub(r"[\s_-]", "", text).lower()


def _labels(value: Any, declared: Declared) -> tuple[tuple[str, float], ...]:
    """Names with the probability that they hold: 1 where nothing is said of it."""
    pairs = [one if isinstance(one, tuple) else (one, 1.0) for one in _several(value)]
    for _, sure in pairs:
        if not 0 <= sure <= 1:
            raise ValueError(f"a probability is 0 to 1, not {sure}")
    named: dict[str, float] = {}
    for name, sure in pairs:
        named.setdefault(_clean(name), float(sure))
    return tuple(sorted(named.items(), key=lambda one: -one[1]))


def _tags(value: Any, declared: Declared) -> tuple[str, ...]:
    """Words in lower case but for keys, as `tags` has them."""
    words = [_clean(one[0] if isinstance(one, tuple) else one, keep=_KEY) for one in _several(value)]
    return tuple(dict.fromkeys(words))


def _several(value: Any) -> tuple[Any, ...]:
    many = value if isinstance(value, tuple) else (value,)
    if len(many) > MOST_WORDS:
        raise ValueError(f"at most {MOST_WORDS} words, not {len(many)}")
    return many


def _clean(value: Any, keep: re.Pattern[str] | None = None) -> str:
    word = _word(value)
    if not 0 < len(word) <= LONGEST_WORD or not word.isprintable() or ";" in word:
        raise ValueError(f"{word[:40]!r} is no word of 1 to {LONGEST_WORD} characters without a semicolon")
    return word if keep and keep.fullmatch(word) else word.lower()


_FORMS: Mapping[str, Any] = {
    "tempo.bpm": _number,
    "key.key": lambda value, declared: keys.key(_word(value)),
    "key.root_note": lambda value, declared: keys.note(_word(value)),
    "meter.signature": lambda value, declared: _word(value).replace(" ", ""),
    "genre.labels": _labels,
    "mood.labels": _labels,
    "instruments.labels": _labels,
    "tags.words": _tags,
}

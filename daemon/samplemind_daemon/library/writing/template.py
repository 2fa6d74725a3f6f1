"""A path made of what was heard, as "{kind}/{bpm} {key} {name}": safe for every file system, and never outside."""

import re
import unicodedata
from collections.abc import Mapping
from itertools import combinations
from string import Formatter

from samplemind_daemon.refusals import Invalid

FIELDS = ("name", "kind", "bpm", "key", "camelot", "open_key", "note", "genre", "mood", "instrument", "drum")
LONGEST_NAME = 255 - len(".samplemind.json")  # bytes: room for a sidecar's
LONGEST_TEMPLATE, LONGEST_PATH = 500, 1_000  # characters; bytes
_NOTHING = "\0"  # stands for a field that is not known, until what is around it is tidied
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
_EMPTY = re.compile(rf"[(\[{{]\s*{_NOTHING}\s*[)\]}}]")
_AROUND = re.compile(rf"([\s_,.-]*){_NOTHING}[\s_,.-]*")
_FORMS = {  # of what a field holds, where that can be told from other words
    "name": "[^/]+?", "bpm": r"\d{2,3}(?:\.\d)?", "key": "[A-G]#?m?", "camelot": r"\d{1,2}[AB]",
    "open_key": r"\d{1,2}[md]",
    "note": r"[A-G]#?-?\d", "kind": "song|loop|one-shot|speech|silence",
}  # fmt: skip
_PRIVATE = 0xE000  # the first character of private use: in no template
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


def check_template(template: str) -> None:
    """Raise Invalid unless the template is a path below a folder, with fields that there are."""
    problem = _problem(template)
    if problem:
        why = {"template": problem}
        raise Invalid("INVALID_TEMPLATE", f"The template {template[:100]!r} cannot be used: {problem}.", why)


def fill(template: str, values: Mapping[str, str], ending: str) -> bytes:
    """The path below the folder; a field that has no value is left out, with what holds it to its neighbours.

    `ending` is the file's own, such as ".wav". What is left without a name gets the sound's own.
    """
    parts = [_part(part, values) for part in template.split("/")]
    *above, last = [part for part in parts[:-1] if part] + [
        parts[-1] or safe(values.get("name", "")) or "sound"
    ]
    ending = _FORBIDDEN.sub("-", ending).rstrip(". ")
    names = [shorten(one) for one in above] + [shorten(last, ending)]
    return "/".join(names).encode("utf-8")


def name_in(template: str, path: bytes, ending: str) -> str:
    """What the name was of which the template made this path, whatever its tempo, key or kind were then; "" if it did
    not, or may not have: a genre or a mood could be any words.
    """
    fields = {field for _, field, _, _ in Formatter().parse(template) if field}
    if "name" not in fields or not fields <= _FORMS.keys():
        return ""
    others = sorted(fields - {"name"})
    for count in range(len(others), -1, -1):  # what was not known was left out
        for known in combinations(others, count):
            marks = {field: chr(_PRIVATE + number) for number, field in enumerate(("name", *known))}
            shape = re.escape(fill(template, marks, ending).decode())
            for field, mark in marks.items():
                shape = shape.replace(
                    mark, f"({_FORMS[field]})" if field == "name" else f"(?:{_FORMS[field]})"
                )
            if found := re.fullmatch(shape, path.decode("utf-8", "replace")):
                return found.group(1)
    return ""


def safe(text: str) -> str:
    """A name that every file system takes, in NFC; empty if nothing is left of it."""
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    text = "".join(one for one in text if unicodedata.category(one) not in ("Cs", "Cf"))
    text = _FORBIDDEN.sub("-", text).strip().rstrip(". ~").strip()
    if not text or set(unicodedata.normalize("NFKC", text)) <= {"."}:
        return ""
    if text[0] in ".~":
        text = f"_{text[1:]}"  # or it would be hidden, and watched no more
    return f"_{text}" if _DEVICES.fullmatch(text) else text


def shorten(name: str, ending: str = "") -> str:
    """The name with its ending, cut between characters so that its bytes fit."""
    room = LONGEST_NAME - len(ending.encode())
    cut = name.encode()[: max(room, 1)].decode(errors="ignore").rstrip(". ~")
    return (cut or "sound") + ending


def numbered(path: bytes, number: int) -> bytes:
    """The path with a number in its name, for where there is such a one already."""
    above, slash, name = path.decode().rpartition("/")
    stem, dot, ending = name.rpartition(".") if "." in name[1:] else (name, "", "")
    whole = f" ({number}){dot}{ending}"
    return f"{above}{slash}{shorten(stem, whole)}".encode()


def _part(text: str, values: Mapping[str, str]) -> str:
    """One name of the path, filled and tidied."""
    filled = "".join(
        literal + ("" if field is None else safe(values.get(field, "")) or _NOTHING)
        for literal, field, _, _ in Formatter().parse(text)
    )
    tidied = _EMPTY.sub(_NOTHING, filled)
    while _NOTHING in tidied:
        found = _AROUND.search(tidied)
        assert found is not None
        is_edge = found.start() == 0 or found.end() == len(tidied)
        between = "" if is_edge else found.group(1) or " "
        tidied = tidied[: found.start()] + between + tidied[found.end() :]
    return safe(" ".join(tidied.split()))


def _problem(template: str) -> str:
    if len(template) > LONGEST_TEMPLATE:
        return f"it has {len(template)} characters, and {LONGEST_TEMPLATE} are the most"
    if template.startswith(("/", "~")) or "\\" in template or re.match(r"[A-Za-z]:", template):
        return "it is no path below the folder"
    try:
        parts = [list(Formatter().parse(part)) for part in template.split("/")]
    except ValueError as error:
        return str(error)
    if any(_is_out(part) for part in template.split("/")):
        return 'a name in it is empty, "." or ".."'
    for _, field, form, conversion in (one for part in parts for one in part):
        if field is not None and (field not in FIELDS or form or conversion):
            return f"there is no field {{{field}}}: there are {', '.join(FIELDS)}"
    return ""


def _is_out(part: str) -> bool:
    return set(unicodedata.normalize("NFKC", part).strip()) <= {"."}

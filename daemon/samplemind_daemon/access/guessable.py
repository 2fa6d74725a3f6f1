"""Passwords that a guesser tries first, told by rule and a short list of our own; no leaked list is shipped."""

LINES = (
    "1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiopü", "azertyuiop", "yxcvbnm",
    "abcdefghijklmnopqrstuvwxyz", "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "!@#$%^&*()",
)  # fmt: skip
_WORDS = """
    access admin administrator alexander america andrew angel apple arsenal asdf ashley autumn babygirl banana
    barcelona baseball basketball batman beautiful biteme blink bonjour buster butterfly carlos changeme charlie
    chelsea chocolate computer cookie daniel default dragon elephant facebook family flower football freedom
    friend friends george ginger google guest guitar hannah harley hello helloworld hockey house hunter
    iloveu iloveyou internet jackson jasmine jennifer jessica jordan joshua justin killer letmein liverpool
    lovely loveme lover maggie manager marina market master matrix matthew melissa merlin michael michelle
    minecraft monday monkey monster mustang naruto nicole ninja nothing orange owner pass passw passwd password
    passwort motdepasse contrasena patrick peanut pepper phoenix picture please pokemon princess purple qazwsx
    qwerty qwertz azerty ranger robert root samantha samplemind sample secret secure server shadow snoopy soccer
    spiderman spring startrek starwars student summer sunshine superman superstar system taylor tennis test
    testing thomas tigger trustno trustnoone user vanilla victoria welcome whatever william winner winter wizard
    yankees zaq
"""
WORDS = frozenset(_WORDS.split())
LOOKALIKES = str.maketrans(
    {"@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t"}
)
TAIL = 6  # characters that are no letters, at both ends together, that add nothing to a word


def is_guessable(password: str, email: str = "") -> bool:
    """Whether a password is of few characters, repeated, a run on a keyboard, or one well-known word."""
    folded = password.casefold()
    return (
        len(set(folded)) <= 3
        or 0 < _period(folded) < 8
        or _outside_runs(folded) <= 2
        or _is_word(folded, _own_words(email))
    )


def _period(text: str) -> int:
    """The length of the piece that the text is a whole number of repeats of; 0 if it is none."""
    found = (text + text).find(text, 1)
    return found if found < len(text) else 0


def _outside_runs(text: str) -> int:
    """How many characters do not belong to three or more neighbours on one line, either way."""
    at = outside = 0
    while at < len(text):
        length = _run(text[at:])
        outside += length < 3
        at += length if length >= 3 else 1
    return outside


def _run(text: str) -> int:
    """How many characters from the start on are neighbours on one line, either way."""
    both = [way for line in LINES for way in (line, line[::-1])]
    longest = 1
    while longest < len(text) and any(text[: longest + 1] in line for line in both):
        longest += 1
    return longest


def _is_word(text: str, own: frozenset[str]) -> bool:
    for spelled in (text, text.translate(LOOKALIKES)):
        letters = [at for at, letter in enumerate(spelled) if letter.isalpha()]
        for first, last in _cores(text, spelled, letters):
            if len(text) - (last - first) <= TAIL and spelled[first:last] in WORDS | own:
                return True
    return False


def _cores(text: str, spelled: str, letters: list[int]) -> list[tuple[int, int]]:
    """Where the word may lie: between the outermost letters as spelled, or as typed (a tail of digits spells too)."""
    typed = [at for at, letter in enumerate(text) if letter.isalpha()]
    starts = {ends[0] for ends in (letters, typed) if ends}
    ends = {ends[-1] + 1 for ends in (letters, typed) if ends}
    return [(first, last) for first in starts for last in ends if first < last]


def _own_words(email: str) -> frozenset[str]:
    name, _, host = email.casefold().partition("@")
    return frozenset(word for word in (name, host, host.split(".")[0], f"{name}@{host}") if len(word) >= 3)

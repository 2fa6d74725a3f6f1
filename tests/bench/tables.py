"""Tables in Markdown."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; the first column to the left, all others to the right."""
    lines = [list(head), [":--", *(["--:"] * (len(head) - 1))], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def share(part: float, whole: float) -> str:
    """How large a part is of the whole, in percent; a dash if there is no whole."""
    return f"{100 * part / whole:.0f} %" if whole else "–"

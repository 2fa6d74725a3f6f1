"""Names of files, as people know them."""

import re

LONGEST = 255  # characters


def clean(name: str) -> str:
    """A file name without any folder, or "" if nothing usable is left."""
    last = re.split(r"[/\\]", name)[-1].replace("\0", "").strip()
    return last if 0 < len(last) <= LONGEST and last not in (".", "..") else ""

"""Long lists apart from the rest of a result, at the end of its row, so that they are not read unless asked for.

Results from before keep theirs among the descriptors until they are made again.
"""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql("ALTER TABLE results ADD COLUMN lists TEXT NOT NULL DEFAULT '{}'")

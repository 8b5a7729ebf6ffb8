"""Many keys at once: one statement for hundreds of them costs a quarter of one for each."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

_AT_ONCE = 500  # every SQLite allows 999 variables in a statement


def rows_with(
    connection: sqlite3.Connection, statement: str, keys: Iterable[str | int], *first: str
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows that a statement finds for any of the keys.

    Args:
        connection: an open shard.
        statement: SQL with `{}` where the placeholders of the keys go.
        keys: what to look for.
        first: values of the placeholders before them.
    """
    remaining = iter(keys)
    while some := tuple(islice(remaining, _AT_ONCE)):
        marks = ",".join("?" * len(some))
        yield from connection.execute(statement.format(marks), (*first, *some))

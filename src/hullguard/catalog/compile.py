"""Turns the files of the catalogue into one msgpack file: YAML is parsed here and nowhere else."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import yaml

from hullguard.catalog.entry import Entry, rule
from hullguard.model import Malformed


def entries(folder: Path) -> Iterator[Entry]:
    """Yield every check below `folder`, sorted by its path.

    Raises:
        Malformed: a file is no YAML, lacks something, has something unknown, or is called
            otherwise than its check.
    """
    for path in sorted(folder.rglob("*.yaml")):
        try:
            content = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
            entry = msgspec.convert(content, Entry)
        except (yaml.YAMLError, msgspec.ValidationError) as fault:
            raise Malformed(str(path), f"is no check: {fault}") from None
        if entry.id != path.stem:
            raise Malformed(str(path), f"holds {entry.id}, but is called otherwise")
        yield entry


def compiled(folder: Path) -> bytes:
    """Return the rules of every check below `folder`: msgpack of `dict[str, Rule]`, by id.

    Raises:
        Malformed: see `entries`; or two files hold the same check.
    """
    rules = {}
    for entry in entries(folder):
        if entry.id in rules:
            raise Malformed(str(folder), f"holds {entry.id} twice")
        rules[entry.id] = rule(entry)
    return msgspec.msgpack.encode(rules)

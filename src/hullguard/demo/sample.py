"""What ships for the demo: `data/demo.toml` names it and the day for which it holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path

import msgspec


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """A sample image and the advisories to judge it by."""

    image: Path  # an OCI archive
    advisories: Path  # a folder of upstream formats
    date: datetime  # the day for which the advisories hold
    coverage: tuple[str, ...]  # the ecosystems that they speak of: "debian:11", "pypi"


class _Declared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    image: str
    advisories: str
    date: datetime
    coverage: tuple[str, ...]


@contextmanager
def sample() -> Iterator[Sample]:
    """Give the sample as files for the length of a `with` block."""
    with as_file(files(__package__) / "data") as folder:
        declared = msgspec.toml.decode((folder / "demo.toml").read_bytes(), type=_Declared)
        yield Sample(
            image=folder / declared.image,
            advisories=folder / declared.advisories,
            date=declared.date,
            coverage=declared.coverage,
        )

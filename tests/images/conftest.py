"""What several tests of images need."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

AsNobody = Callable[[Path], AbstractContextManager[None]]


@pytest.fixture
def as_nobody() -> AsNobody:
    """Give up the rights of root, to whom nothing is closed, while looking at a path."""
    return _as_nobody


@contextmanager
def _as_nobody(path: Path) -> Iterator[None]:
    for folder in path.parents:
        if not folder.stat().st_mode & 1:
            folder.chmod(0o711)
    user = os.geteuid()
    os.seteuid(user or 65534)
    try:
        yield
    finally:
        os.seteuid(user)

"""Loads the catalogue without parsing YAML.

A wheel brings `compiled.msgpack`. A checkout compiles it at first use and keeps it in the user's
cache under a stamp of the files' content, so that an edit counts at once.
"""

import os
import tempfile
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path

import msgspec

from hullguard.model import Rule

HERE = Path(__file__).parent
CHECKS = HERE / "checks"
SHIPPED = HERE / "compiled.msgpack"


@cache
def rules() -> dict[str, Rule]:
    """Return the rule of every check, by id.

    Raises:
        Malformed: in a checkout only: a file of the catalogue cannot be compiled.
    """
    with suppress(FileNotFoundError):
        return _decoded(SHIPPED.read_bytes())
    cached = _cache_folder() / f"catalogue-{_stamp()}.msgpack"
    with suppress(OSError, msgspec.DecodeError):
        if _is_ours(cached.parent):
            return _decoded(cached.read_bytes())
    data = _compiled()
    with suppress(OSError):
        _keep(cached, data)
    return _decoded(data)


def _decoded(data: bytes) -> dict[str, Rule]:
    return msgspec.msgpack.decode(data, type=dict[str, Rule])


def _compiled() -> bytes:
    from hullguard.catalog.compile import compiled  # noqa: PLC0415 - brings PyYAML along

    return compiled(CHECKS)


def _stamp() -> str:
    """Return a text that changes with the files and with the form they are compiled to."""
    digest = blake2b(repr(Rule.__struct_fields__).encode(), digest_size=16)
    for path in sorted(CHECKS.rglob("*.yaml")):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(CHECKS)}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def _cache_folder() -> Path:
    """Source: XDG Base Directory Specification 0.8; relative values are to be ignored."""
    stated = os.environ.get("XDG_CACHE_HOME", "")
    root = Path(stated) if stated.startswith("/") else Path.home() / ".cache"
    return root / "hullguard" / "catalogue"


def _is_ours(folder: Path) -> bool:
    """Tell whether nobody else may write to the folder."""
    status = folder.stat()
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def _keep(path: Path, data: bytes) -> None:
    """Write a file in one step, and remove those of earlier contents."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_ours(path.parent):
        return
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as scratch:
        scratch.write(data)
    Path(scratch.name).replace(path)
    for other in set(path.parent.iterdir()) - {path}:
        other.unlink(missing_ok=True)

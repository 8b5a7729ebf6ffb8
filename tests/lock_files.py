"""Runs a lock-file analyzer over a text and tells what it pins; shared by its tests."""

import importlib

from hullguard.inventory.analyzer import File, Found, Read
from hullguard.model import Budget, Gap

NAMES = {  # module: what its file is called
    "bundler": "Gemfile.lock",
    "cargo": "Cargo.lock",
    "composer": "composer.lock",
    "gomod": "go.mod",
    "npm": "package-lock.json",
    "pdm": "pdm.lock",
    "pipfile": "Pipfile.lock",
    "pnpm": "pnpm-lock.yaml",
    "poetry": "poetry.lock",
    "pylock": "pylock.toml",
    "requirements": "requirements.txt",
    "uv": "uv.lock",
    "yarn": "yarn.lock",
}


def outcomes(
    module: str, data: bytes | str, *, path: str = "", beside: dict[str, bytes] | None = None
) -> list[Found | Gap]:
    """Return all that the analyzer yields for this content."""
    read: Read = importlib.import_module(f"hullguard.inventory.analyzers.locks.{module}").read
    content = data.encode() if isinstance(data, str) else data
    file = File(path=path or NAMES[module], data=content, beside=beside or {})
    return [each for each in read(file, Budget()) if isinstance(each, (Found, Gap))]


def pins(
    module: str, data: bytes | str, *, path: str = "", beside: dict[str, bytes] | None = None
) -> list[tuple[str, str, str]]:
    """Return name, version and scope of every package, in order; there must be no gaps."""
    found = outcomes(module, data, path=path, beside=beside)
    assert [str(each) for each in found if isinstance(each, Gap)] == []
    return [
        (each.package.name, each.package.version, each.package.scope)
        for each in found
        if isinstance(each, Found)
    ]


def gaps(module: str, data: bytes | str, *, path: str = "") -> list[str]:
    """Return the sentences of the gaps."""
    return [str(each) for each in outcomes(module, data, path=path) if isinstance(each, Gap)]

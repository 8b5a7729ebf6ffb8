"""What was configured: the file, below the environment, below the flags.

The file is TOML at `$XDG_CONFIG_HOME/hullguard/config.toml`; `HULLGUARD_<OPTION>` and flags win.
"""

import os
from pathlib import Path
from typing import Any

import msgspec

from hullguard.model.errors import Misused, Unreachable


class Feed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[feeds.NAME]`: where a feed is fetched from instead of its upstream address."""

    url: str


class Mirror(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[mirrors]]`: where ready-made, signed shards are fetched from."""

    url: str  # https://..., or oci://registry/repository:tag
    key: str = ""  # base64 of the Ed25519 public key; empty: the project's own


class Sections(msgspec.Struct, frozen=True, rename="kebab"):
    """The parts of the file that are no options of commands."""

    feeds: dict[str, Feed] = {}
    mirrors: list[Mirror] = []


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was configured in the file."""

    feeds: dict[str, str] = {}  # feed: address
    mirrors: tuple[Mirror, ...] = ()
    defaults: dict[str, Any] = {}  # click's default_map: the same options for every command


class _Everywhere(dict[str, Any]):
    """Options that mean the same in every command: click asks for the command's name first."""

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - dict's own signature
        return self if key in _GROUPS else super().get(key, default)


_GROUPS = frozenset({"image", "scan", "sbom", "db", "update", "build", "status", "explain", "demo"})


def load(config: str | None) -> Settings:
    """Read the configuration file, if there is one.

    Raises:
        Unreachable: the file that was named cannot be read.
        Misused: it is no TOML, or holds something unknown.
    """
    path = Path(config or os.environ.get("HULLGUARD_CONFIG") or config_home() / "config.toml")
    try:
        data = _tables(path.read_text("utf-8"))
    except FileNotFoundError:
        if config or os.environ.get("HULLGUARD_CONFIG"):
            raise Unreachable(f"{path}: there is no such configuration file") from None
        return Settings()
    except OSError as fault:
        raise Unreachable(f"{path}: {fault.strerror}") from None
    except ValueError as fault:
        raise Misused(f"{path}: is no valid TOML: {fault}") from None
    return _settings(data, path)


def _tables(text: str) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - most people have no such file

    return tomllib.loads(text)


def _settings(data: dict[str, Any], path: Path) -> Settings:
    try:
        sections = msgspec.convert(data, Sections)
    except msgspec.ValidationError as fault:
        raise Misused(f"{path}: {fault}") from None
    options = {
        key.replace("-", "_"): value for key, value in data.items() if not _is_section(value)
    }
    return Settings(
        feeds={name: feed.url for name, feed in sections.feeds.items()},
        mirrors=tuple(sections.mirrors),
        defaults=_Everywhere(options),
    )


def _is_section(value: object) -> bool:
    tables = isinstance(value, list) and any(isinstance(part, dict) for part in value)
    return isinstance(value, dict) or tables


def config_home() -> Path:
    """Return the folder of our configuration."""
    return _xdg("XDG_CONFIG_HOME", ".config")


def cache_home() -> Path:
    """Return the folder of our caches."""
    return _xdg("XDG_CACHE_HOME", ".cache")


def data_home() -> Path:
    """Return the folder of our data."""
    return _xdg("XDG_DATA_HOME", ".local/share")


def _xdg(variable: str, fallback: str) -> Path:
    """Source: XDG Base Directory Specification 0.8; relative values are to be ignored."""
    stated = os.environ.get(variable, "")
    root = Path(stated) if stated.startswith("/") else Path.home() / fallback
    return root / "hullguard"

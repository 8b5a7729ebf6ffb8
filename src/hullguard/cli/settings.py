"""What was configured: the file, below the environment, below the flags.

The file is TOML at `$XDG_CONFIG_HOME/hullguard/config.toml`; `HULLGUARD_<OPTION>` and flags win.
"""

import os
from pathlib import Path
from typing import Any

import click
import msgspec

from hullguard.model.errors import Misused, Unreachable


class Feed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[feeds.NAME]`: where a feed is fetched from instead of its upstream address."""

    url: str


class Mirror(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[mirrors]]`: where ready-made, signed shards are fetched from."""

    url: str  # https://..., or oci://registry/repository:tag
    key: str = ""  # base64 of the Ed25519 public key; without one the mirror is not used


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

OPTIONS = {
    "all": "every",
    "ca-file": "ca_file",
    "cache-dir": "cache_dir",
    "db": "db",
    "exceptions": "exception_files",
    "fail-on": "fail_on",
    "format": "format_",
    "ignore-unfixed": "ignore_unfixed",
    "insecure": "insecure",
    "max-age": "max_age",
    "offline": "offline",
    "output": "output",
    "password-stdin": "password_stdin",
    "platform": "platform",
    "quiet": "quiet",
    "severity": "severities",
    "username": "username",
}
"""What can be a key of the file: the option's name, and what the commands call its value."""


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
        _parameter(key, path): value
        for key, value in data.items()
        if key not in Sections.__struct_fields__
    }
    return Settings(
        feeds={name: feed.url for name, feed in sections.feeds.items()},
        mirrors=tuple(sections.mirrors),
        defaults=_Everywhere(options),
    )


def _parameter(key: str, path: Path) -> str:
    """Refuse what nobody knows: a mistyped `offline` must not go unnoticed."""
    name = OPTIONS.get(key.replace("_", "-"))
    if name is None:
        raise Misused(
            f"{path}: there is no option {key!r}.\n"
            f"Options: {', '.join(OPTIONS)}; sections: {', '.join(Sections.__struct_fields__)}."
        )
    return name


def configured(context: click.Context) -> Settings:
    """Return what was configured, in a command."""
    settings: Settings = context.obj
    return settings


def config_home() -> Path:
    """Return the folder of our configuration."""
    return _xdg("XDG_CONFIG_HOME", ".config")


def cache_home() -> Path:
    """Return the folder of our caches."""
    return _xdg("XDG_CACHE_HOME", ".cache")


def _xdg(variable: str, fallback: str) -> Path:
    """Source: XDG Base Directory Specification 0.8; relative values are to be ignored."""
    stated = os.environ.get(variable, "")
    root = Path(stated) if stated.startswith("/") else Path.home() / fallback
    return root / "hullguard"

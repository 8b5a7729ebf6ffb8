"""Options that mean the same in every command: flag, then `HULLGUARD_<OPTION>`, then the file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from hullguard.cli.settings import cache_home

Command = TypeVar("Command", bound=Callable[..., Any])

SEVERITIES = ("critical", "high", "medium", "low", "info", "unknown")


def option(*names: str, **attributes: Any) -> Callable[[Command], Command]:  # noqa: ANN401 - click's own attributes
    """Declare an option with its environment variable."""
    long = next(name for name in names if name.startswith("--")).split("/")[0]
    variable = "HULLGUARD_" + long.removeprefix("--").replace("-", "_").upper()
    return click.option(*names, envvar=variable, **attributes)


class SeverityList(click.ParamType[frozenset[str]]):
    """`high,critical`: a comma-separated list of severities."""

    name = "list"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's own signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> frozenset[str]:
        """Return the severities named."""
        if isinstance(value, frozenset):
            return value
        parts = value if isinstance(value, list) else str(value).split(",")
        chosen = frozenset(str(part).strip().lower() for part in parts)
        if unknown := chosen - set(SEVERITIES):
            choices = ", ".join(SEVERITIES)
            self.fail(f"{min(unknown)!r} is no severity; choose from {choices}", param, ctx)
        return chosen


def _together(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    def declare(command: Command) -> Command:
        for one in reversed(options):
            command = one(command)
        return command

    return declare


db = option(
    "--db",
    type=click.Path(file_okay=False, path_type=Path),
    default=lambda: cache_home() / "db",
    show_default="$XDG_CACHE_HOME/hullguard/db",
    help="Folder of the advisory database.",
)
"""Where the advisories lie."""

offline = option("--offline", is_flag=True, help="Fetch no advisories; say what is missing.")
"""Do with what is there."""

max_age = option(
    "--max-age",
    type=click.FloatRange(min=0),
    default=24.0,
    show_default=True,
    metavar="HOURS",
    help="Fetch advisories anew when they are older.",
)
"""When advisories have aged."""

database = _together(db, offline, max_age)
"""The database, and how it is kept current."""

ca_file = option(
    "--ca-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Trust these certificate authorities (PEM) too.",
)
"""Whom to trust beside the system's authorities."""

network = _together(
    option("--username", metavar="NAME", help="Sign in to the registry as this user."),
    click.option(
        "--password-stdin", is_flag=True, help="Read the registry password from standard input."
    ),
    ca_file,
    option(
        "--insecure",
        is_flag=True,
        help="Take any certificate of the registry, and plain HTTP where it speaks no TLS.",
    ),
)
"""How registries are reached."""

cache = option(
    "--cache-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=cache_home,
    show_default="$XDG_CACHE_HOME/hullguard",
    help="Folder of the caches.",
)
"""Where layers that were read are remembered."""

platform = option("--platform", metavar="OS/ARCH", default="", help="Platform, as linux/arm64/v8.")
"""Which image of an index; this machine's where nothing is said."""

quiet = option("-q", "--quiet", is_flag=True, help="Print no progress and no notes.")
"""Silence on stderr, except for errors."""

output = option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the report there instead of to the terminal.",
)
"""Where the report goes."""

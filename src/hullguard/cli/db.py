"""`hullguard db`: fetch, build and inspect the advisory database."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from hullguard.cli import options
from hullguard.cli.settings import configured

_format = click.option(  # what is set for reports everywhere does not fit here
    "-f",
    "--format",
    "as_",
    type=click.Choice(("table", "json")),
    default="table",
    show_default=True,
    help="How to write what is there then.",
)


@click.group(short_help="Fetch, build and inspect the advisory database.")
def db() -> None:
    """Fetch, build and inspect the advisory database.

    \b
    hullguard db status
    hullguard db update debian pypi

    A scan fetches by itself what it lacks; these commands do it ahead of time, and where there is
    no network.
    """


@db.command()
@click.argument("families", nargs=-1, metavar="[FAMILY]...")
@options.db
@options.offline
@options.ca_file
@options.quiet
@_format
@click.pass_context
def update(context: click.Context, /, families: Sequence[str], **chosen: Any) -> None:  # noqa: ANN401 - click hands over what was declared
    """Bring advisories up to date: only what has changed is fetched.

    \b
    hullguard db update
    hullguard db update debian pypi alpine:3.19 cve:2024

    FAMILY is a distribution or a language, as `hullguard db status` lists them; a release of
    Alpine or Azure Linux (alpine:3.19); scores of a year (cve:2024). Without any, everything that
    is there is brought up to date.

    Exit codes: 0 done, 2 wrong usage, 3 something could not be fetched; what was there stays.
    """
    from hullguard.cli.db_update import run_update  # noqa: PLC0415 - --help needs none of it

    context.exit(run_update(families, configured(context), chosen))


@db.command()
@click.option(
    "--from",
    "origins",
    multiple=True,
    required=True,
    metavar="DIR|FILE|URL",
    help="Upstream files, whatever their names. Repeatable.",
)
@options.db
@options.offline
@options.ca_file
@options.quiet
@_format
@click.pass_context
def build(context: click.Context, /, origins: Sequence[str], **chosen: Any) -> None:  # noqa: ANN401 - click hands over what was declared
    """Build advisories from files of the upstream sites, for machines without a network.

    \b
    hullguard db build --from ./downloads
    hullguard db build --from https://storage.googleapis.com/osv-vulnerabilities/PyPI/all.zip

    Every family of which there is something is built anew from exactly this; the others stay. The
    same files give the same bytes.

    Exit codes: 0 done, 2 wrong usage, 3 something could not be read.
    """
    from hullguard.cli.db_update import run_build  # noqa: PLC0415 - --help needs none of it

    context.exit(run_build(origins, chosen))


@db.command()
@options.db
@options.max_age
@_format
@click.pass_context
def status(context: click.Context, /, db: Path, max_age: float, as_: str) -> None:
    """Show what the database holds, how old it is, and what it lacks.

    \b
    hullguard db status
    hullguard db status --format json

    Exit codes: 0 done, 3 something in it is damaged.
    """
    from hullguard.cli.db_status import run_status  # noqa: PLC0415 - --help needs none of it

    context.exit(run_status(db, max_age, as_))

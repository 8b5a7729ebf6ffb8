"""`hullguard demo`: a scan to look at, without a network and with nothing to set up."""

import os
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hullguard.cli import options
from hullguard.report.options import Options

if TYPE_CHECKING:
    from hullguard.demo.run import Demo

DONE, INCOMPLETE = 0, 3


@click.command(short_help="See a scan at work: no network, nothing to set up.")
@options.option("--all", "every", is_flag=True, help="Show every row of the table.")
@options.cache
@click.pass_context
def demo(context: click.Context, /, cache_dir: Path, *, every: bool) -> None:
    """See a scan at work: no network, nothing to set up.

    \b
    hullguard demo
    hullguard demo --all

    Scans a sample image that ships with hullguard, by a small set of advisories that ships too,
    as of the day on which these were gathered. Everything else is as in `hullguard image scan`.
    """
    from hullguard.demo.run import demo as scanned  # noqa: PLC0415 - --help needs none of it
    from hullguard.report.formats import write  # noqa: PLC0415
    from hullguard.report.screen import look_at  # noqa: PLC0415

    found = scanned(cache_dir)
    screen = look_at(sys.stdout, os.environ)
    asked = Options(
        generated=datetime.now(UTC).astimezone(),
        every=every,
        screen=screen,
        commands=_next(more=bool(screen.width) and not every),
    )
    click.echo(_told(found, screen.width) + "\n")
    sys.stdout.flush()
    write("table", [found.report], asked, sys.stdout.buffer)
    sys.stdout.buffer.flush()
    context.exit(INCOMPLETE if found.report.gaps else DONE)


def _told(found: "Demo", width: int) -> str:
    """Say what is shown, since it is no verdict on anything of today."""
    covered = ", ".join(found.coverage).replace(":", " ")
    text = (
        f"A sample image, judged as of {found.date:%Y-%m-%d} by the advisories that ship with this "
        f"demo: a small selection for {covered}. Nothing is fetched."
    )
    return textwrap.fill(text, width) if width else text


def _next(*, more: bool) -> dict[str, str]:
    every = {"hullguard demo --all": "to see every one"} if more else {}
    return {
        **every,
        "hullguard image scan debian:12": "an image in a registry",
        "docker save IMAGE | hullguard image scan -": "an image of this machine",
        "hullguard image scan IMAGE --fail-on high": "to stop a pipeline",
        "hullguard image scan IMAGE --format sarif": "for machines; also json, cyclonedx, spdx",
    }

"""`hullguard image`: what is wrong with images, and what they are made of."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from hullguard.cli import options
from hullguard.cli.settings import configured
from hullguard.report.formats import names
from hullguard.report.options import Kind


@click.group(short_help="Find what is wrong with an image, or list its parts.")
def image() -> None:
    """Find what is wrong with an image, or list what it is made of.

    \b
    hullguard image scan debian:12
    hullguard image sbom ./rootfs --format cyclonedx
    """


_TARGETS = """TARGET is an image in a registry (debian:12), a docker or OCI archive, an OCI
    layout, a folder (a root file system, or a source tree with lock files), or - for an archive
    on standard input. An existing path wins over a reference; registry:, docker-archive:, oci:
    and dir: before the target settle a doubt."""

_EXIT_CODES = """Exit codes: 0 done, 1 findings at or above --fail-on, 2 wrong usage, 3 something
    could not be read or was not covered."""


@image.command(
    help=f"""Find what is wrong with images.

    \b
    hullguard image scan debian:12
    docker save shop/cart:1.4 | hullguard image scan - --fail-on high

    {_TARGETS}

    {_EXIT_CODES}"""
)
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@options.platform
@options.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(names(Kind.SCAN)),
    default="table",
    show_default=True,
    help="How to write the report.",
)
@options.output
@options.option(
    "--fail-on",
    type=click.Choice(options.SEVERITIES),
    help="Exit with 1 if there is an open finding as bad as this or worse.",
)
@options.option(
    "--severity",
    "severities",
    type=options.SeverityList(),
    default=frozenset(),
    metavar="LIST",
    help="Report only these, as critical,high.",
)
@options.option("--ignore-unfixed", is_flag=True, help="Leave out what has no fix yet.")
@options.option(
    "--exceptions",
    "exception_files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Signed-off findings: ours, .trivyignore(.yaml), grype rules or OpenVEX. Repeatable.",
)
@options.option("--all", "every", is_flag=True, help="Show every row of the table.")
@options.database
@options.cache
@options.network
@options.quiet
@click.pass_context
def scan(context: click.Context, /, targets: Sequence[str], **chosen: Any) -> None:  # noqa: ANN401 - click hands over what was declared
    """Find what is wrong with images."""
    from hullguard.cli.image_scan import run  # noqa: PLC0415 - --help needs none of it

    context.exit(run(targets, configured(context), chosen))


@image.command(
    help=f"""List what images are made of, as a software bill of materials.

    \b
    hullguard image sbom debian:12 --format spdx
    hullguard image sbom ./rootfs --format cyclonedx --output rootfs.cdx.json

    {_TARGETS}"""
)
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@options.platform
@options.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(names(Kind.SBOM)),
    default="cyclonedx",
    show_default=True,
    help="How to write the bill of materials.",
)
@options.output
@options.cache
@options.network
@options.quiet
@click.pass_context
def sbom(context: click.Context, /, targets: Sequence[str], **chosen: Any) -> None:  # noqa: ANN401 - click hands over what was declared
    """List what images are made of."""
    from hullguard.cli.image_scan import run_sbom  # noqa: PLC0415 - --help needs none of it

    context.exit(run_sbom(targets, configured(context), chosen))

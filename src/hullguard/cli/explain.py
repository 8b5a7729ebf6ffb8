"""`hullguard explain`: what a CVE or a rule means, and what to do about it."""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hullguard.cli import options
from hullguard.model import Misused, Rule, Unreachable
from hullguard.report.options import Options

if TYPE_CHECKING:
    from hullguard.advisories.explain import Explanation


@click.command(short_help="Say what a CVE or a rule means and what to do.")
@click.argument("rule", metavar="CVE|RULE")
@click.option(
    "-f",
    "--format",
    "as_",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How to write it.",
)
@click.option("--all", "every", is_flag=True, help="Show every package and reference.")
@options.db
def explain(rule: str, as_: str, *, every: bool, db: Path) -> None:
    """Say what a CVE, an advisory or a check of ours means, and what to do about it.

    \b
    hullguard explain CVE-2021-44228
    hullguard explain KP-IMG-013
    """
    from hullguard.report.screen import look_at  # noqa: PLC0415 - --help needs none of it

    asked = Options(
        generated=datetime.now(UTC).astimezone(),
        every=every,
        screen=look_at(sys.stdout, os.environ),
    )
    found = _rule(rule) or _flaw(rule, db)
    if as_ == "json":
        from hullguard.report.encode import encode  # noqa: PLC0415

        click.echo(encode(found), nl=False)
    else:
        for line in _text(found, asked):
            click.echo(line, nl=False)


def _rule(name: str) -> Rule | None:
    from hullguard.catalog.load import rules  # noqa: PLC0415

    return rules().get(name.upper())


def _flaw(name: str, db: Path) -> "Explanation":
    from hullguard.advisories.database import Advisories  # noqa: PLC0415

    with Advisories(db, today=datetime.now(UTC)) as advisories:
        if found := advisories.explain(name):
            return found
    if not (db / "match").is_dir():
        raise Unreachable(
            f"{name} is no rule of ours, and there is no advisory database in {db}.\n"
            "Fetch the families you need: hullguard db update debian pypi npm"
        )
    raise Misused(
        f"{name} is no rule of ours, and the advisories here do not speak of it.\n"
        "See what they cover: hullguard db status"
    )


def _text(found: "Rule | Explanation", asked: Options) -> Iterator[str]:
    from hullguard.report.explain import render_flaw, render_rule  # noqa: PLC0415

    return render_rule(found, asked) if isinstance(found, Rule) else render_flaw(found, asked)

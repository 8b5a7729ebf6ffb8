"""The reference pages are what the commands, the catalogue and the feeds are."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from hullguard.advisories.sources import FEEDS
from hullguard.cli.main import cli
from hullguard.cli.settings import OPTIONS, Sections

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs/reference"
CONFIGURATION = (REFERENCE / "configuration.md").read_text("utf-8")
MADE = [
    ("make-command-reference", "command-line.md"),
    ("make-check-reference", "checks.md"),
]
ON_COMMAND_LINES_ONLY = {"config", "version", "from"}


def options(command: click.Command) -> Iterator[click.Option]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from options(below)
    yield from (each for each in command.params if isinstance(each, click.Option))


def key(option: click.Option) -> str:
    return option.opts[-1].removeprefix("--")


OF_ONE_COMMAND = "as_"
"""The format of what is no report: what is configured for reports does not fit there."""

CONFIGURABLE = [
    each
    for each in options(cli)
    if key(each) not in ON_COMMAND_LINES_ONLY and each.name != OF_ONE_COMMAND
]


@pytest.mark.parametrize(("script", "page"), MADE)
def test_a_page_is_what_its_script_makes(tmp_path: Path, script: str, page: str) -> None:
    made = tmp_path / page
    subprocess.run([sys.executable, ROOT / "scripts" / script, made], check=True)
    assert made.read_text("utf-8") == (REFERENCE / page).read_text("utf-8")


@pytest.mark.parametrize("script", [name for name, _ in MADE])
def test_the_scripts_are_linted_though_they_have_no_ending(script: str) -> None:
    lint = [sys.executable, "-m", "ruff", "check", "--show-files", str(ROOT / "scripts")]
    done = subprocess.run(lint, capture_output=True, text=True, check=True, cwd=ROOT)
    assert f"scripts/{script}\n" in done.stdout


def test_the_configuration_file_knows_every_option_of_every_command() -> None:
    assert {key(each): each.name for each in CONFIGURABLE} == OPTIONS


@pytest.mark.parametrize("name", OPTIONS)
def test_the_page_about_the_configuration_has_every_option(name: str) -> None:
    variables = {str(each.envvar) for each in CONFIGURABLE if key(each) == name and each.envvar}
    told = "".join(f"`{variable}`" for variable in variables) or "none"
    assert f"| `{name}` | {told} |" in CONFIGURATION


@pytest.mark.parametrize("feed", [feed.name for feed in FEEDS])
def test_the_page_about_the_configuration_has_every_feed(feed: str) -> None:
    section = CONFIGURATION.partition("## Addresses of feeds")[2].partition("\n## ")[0]
    assert f"`{feed}`" in section


def test_the_page_about_the_configuration_has_every_section() -> None:
    assert all(f"[{name}" in CONFIGURATION for name in Sections.__struct_fields__)

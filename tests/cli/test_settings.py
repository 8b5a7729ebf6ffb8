"""Configuration: file, environment and flags, and what becomes of mistakes."""

from pathlib import Path

import click
import pytest

from hullguard.cli import options
from hullguard.cli.image import scan
from hullguard.cli.settings import cache_home, load
from hullguard.model import Misused, Unreachable


def written(tmp_path: Path, text: str) -> str:
    file = tmp_path / "config.toml"
    file.write_text(text)
    return str(file)


def test_feeds_and_mirrors_come_from_their_sections(tmp_path: Path) -> None:
    text = """
offline = true
[feeds.debian]
url = "http://127.0.0.1/json"
[[mirrors]]
url = "https://mirror.example/db"
"""
    settings = load(written(tmp_path, text))
    assert settings.feeds == {"debian": "http://127.0.0.1/json"}
    assert [mirror.url for mirror in settings.mirrors] == ["https://mirror.example/db"]


def test_no_configuration_is_no_error() -> None:
    assert load(None).feeds == {}


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="there is no such configuration file"):
        load(str(tmp_path / "none.toml"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[feeds.debian]\nurl = 3", r"Expected `str`, got `int`"),
        ("[feeds.debian]\naddress = 'x'", "unknown field `address`"),
        ("a = [", "is no valid TOML"),
        ("offine = true", "there is no option 'offine'"),
        ("[feed.debian]\nurl = 'x'", "there is no option 'feed'"),
    ],
)
def test_a_mistake_is_named_with_its_file(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(Misused, match=sentence) as fault:
        load(written(tmp_path, text))
    assert "config.toml" in str(fault.value)


def chosen(
    monkeypatch: pytest.MonkeyPatch,
    config: str | None,
    arguments: list[str],
    environment: dict[str, str],
) -> str:
    seen: list[str] = []

    @click.command()
    @options.option("--fail-on")
    def command(fail_on: str) -> None:
        seen.append(fail_on)

    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    command.main(arguments, standalone_mode=False, default_map=load(config).defaults)
    return seen[0]


def test_flags_win_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = written(tmp_path, 'fail-on = "low"')
    assert chosen(monkeypatch, config, [], {}) == "low"
    environment = {"HULLGUARD_FAIL_ON": "medium"}
    assert chosen(monkeypatch, config, [], environment) == "medium"
    assert chosen(monkeypatch, config, ["--fail-on", "high"], environment) == "high"


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ('format = "json"', "format_", "json"),
        ('severity = ["high", "critical"]', "severities", frozenset({"high", "critical"})),
        ('severity = "high,critical"', "severities", frozenset({"high", "critical"})),
        ('exceptions = ["config.toml"]', "exception_files", (Path("config.toml"),)),
        ("all = true", "every", True),
        ("ignore_unfixed = true", "ignore_unfixed", True),
        ("max-age = 72", "max_age", 72.0),
    ],
)
def test_an_option_is_called_in_the_file_as_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, name: str, value: object
) -> None:
    settings = load(written(tmp_path, text))
    monkeypatch.chdir(tmp_path)
    context = scan.make_context("scan", ["image"], default_map=settings.defaults)
    assert context.params[name] == value


def test_relative_xdg_folders_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_home() == Path.home() / ".cache" / "hullguard"
    monkeypatch.setenv("XDG_CACHE_HOME", "/elsewhere")
    assert cache_home() == Path("/elsewhere/hullguard")

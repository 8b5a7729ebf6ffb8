"""Every relative link of our pages leads somewhere, and the files they show are valid."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from hullguard.cli.settings import load
from hullguard.triage.exceptions import read_exceptions

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md")])

_CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_EXAMPLE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ELSEWHERE = ("http://", "https://", "mailto:")


def links(page: Path) -> Iterator[str]:
    for link in _LINK.findall(_CODE.sub("code", page.read_text("utf-8"))):
        if not link.startswith(_ELSEWHERE):
            yield link


def anchors(text: str) -> set[str]:
    """Name headings as GitHub does: letters, digits, `_` and `-`; a second one of a name is -1."""
    seen: Counter[str] = Counter()
    names = set()
    for heading in _HEADING.findall(_FENCE.sub("", text)):
        name = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        names.add(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return names


def broken(page: Path) -> Iterator[str]:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            yield link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert list(broken(page)) == []


def test_links_to_nowhere_are_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# A `word`, twice\n```\n# none\n```\n# A word twice\n")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](there.md) [b](there.md#a-word-twice-1) [c](#own) `[x](code)`\n"
        "[d](https://example.com/) [split\nover lines](gone.md) [e](there.md#none)\n"
    )
    assert list(broken(page)) == ["#own", "gone.md", "there.md#none"]


def test_every_page_of_the_documentation_stands_in_its_index() -> None:
    docs = ROOT / "docs"
    listed = {(docs / link.partition("#")[0]).resolve() for link in links(docs / "README.md")}
    assert set(docs.glob("**/*.md")) - {docs / "README.md"} <= listed


def examples(language: str, beginning: str) -> list[str]:
    found = (each for page in PAGES for each in _EXAMPLE.findall(page.read_text("utf-8")))
    return [text for kind, text in found if kind == language and text.startswith(beginning)]


@pytest.mark.parametrize("text", examples("toml", "# "))
def test_configurations_that_we_show_are_valid(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    settings = load(str(file))
    assert settings.feeds or settings.mirrors


@pytest.mark.parametrize("text", examples("yaml", "exceptions:"))
def test_exceptions_that_we_show_are_valid(text: str) -> None:
    listed = read_exceptions(Path("exceptions.yaml"), text.encode(), date(2026, 1, 1))
    assert listed.exceptions


def test_there_are_examples_of_both() -> None:
    assert len(examples("toml", "# ")) == 3
    assert len(examples("yaml", "exceptions:")) == 2

"""The catalogue's files: what is written, and what is refused."""

from pathlib import Path

import msgspec
import pytest

from hullguard.catalog.compile import compiled, entries
from hullguard.catalog.entry import Entry, rule
from hullguard.catalog.load import CHECKS
from hullguard.model import Malformed, Rule, Severity

TEXT = """\
id: KP-X-001
title: Something is wrong
kinds: [image]
severity: low
needs: [image-config]
what: >
  What it
  is.
why: Why it matters.
fix: How to mend it.
references: [https://example.com/]
frameworks: {cis-docker: ["4.1"]}
good: [{a: 1}]
bad: [{a: 2}]
"""


def write(folder: Path, text: str, name: str = "KP-X-001.yaml") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return folder


def test_a_check_becomes_a_rule(tmp_path: Path) -> None:
    write(tmp_path / "images", TEXT)
    assert msgspec.msgpack.decode(compiled(tmp_path), type=dict[str, Rule]) == {
        "KP-X-001": Rule(
            id="KP-X-001",
            title="Something is wrong",
            kind="check",
            severity=Severity.LOW,
            what="What it is.",
            why="Why it matters.",
            fix="How to mend it.",
            references=("https://example.com/",),
            frameworks={"cis-docker": ("4.1",)},
        )
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: [", "is no check"),
        ("", "is no check"),
        (TEXT + "sevrity: high\n", "unknown field `sevrity`"),
        (TEXT.replace("severity: low", "severity: lowish"), "Invalid enum value"),
        (TEXT.replace("why: Why it matters.\n", ""), "missing required field `why`"),
        (TEXT.replace("001", "002"), "holds KP-X-002, but is called otherwise"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, text: str, why: str) -> None:
    write(tmp_path, text)
    with pytest.raises(Malformed, match=why) as caught:
        list(entries(tmp_path))
    assert caught.value.where == str(tmp_path / "KP-X-001.yaml")


def test_an_id_stands_for_one_check(tmp_path: Path) -> None:
    write(tmp_path / "a", TEXT)
    write(tmp_path / "b", TEXT)
    with pytest.raises(Malformed, match="holds KP-X-001 twice"):
        compiled(tmp_path)


@pytest.mark.parametrize("entry", [*entries(CHECKS)], ids=lambda entry: entry.id)
def test_our_texts_say_what_why_and_how_to_mend_on_one_line_each(entry: Entry) -> None:
    told = rule(entry)
    for text in (told.title, told.what, told.why, told.fix):
        assert text
        assert "\n" not in text
    assert len(told.title) <= 60

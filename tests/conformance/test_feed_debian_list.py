"""Debian's lists of DSAs and DLAs: every header and every line with a version is accounted for."""

import re
from collections.abc import Iterator

import pytest

from corpora import corpus, record_agreement
from feed_rows import rows
from hullguard.advisories.feeds import debian_list
from hullguard.advisories.names import debian_ecosystem
from hullguard.model import Advisory, Range

HEADERS = {"DSA": 5406, "DLA": 3534}
VERSIONS = 10_169  # lines of both lists with a tab and a version, as SOURCES.md counts them
OTHERS = 291  # lines indented by blanks, with a blank too many, or with a name for the version

Fix = tuple[str, str, str, str]
"""A flaw (or the DSA's own id), a release, a package, a version."""

_HEADER = re.compile(r"^\[[^]]+\] (D[SL]A-[\d-]+)", re.MULTILINE)
_FLAWS = re.compile(r"^\s+\{.*", re.MULTILINE)
_FLAW = re.compile(r"\b(?:CVE|CAN)-\d+-\d+")
_TABBED = re.compile(r"^\t\[\w+\] - \S+ [0-9]", re.MULTILINE)
_LINE = re.compile(r"^\s+\[(\w+)\] - (\S+)\s+([^<\s]\S*)", re.MULTILINE)


def text_of(name: str) -> str:
    return (corpus("vulnerabilities/debian") / f"{name}-list.txt").read_text()


def advisories(name: str) -> list[Advisory]:
    found = rows(debian_list, text_of(name).encode())
    assert all(isinstance(row, Advisory) for row in found)
    return [row for row in found if isinstance(row, Advisory)]


def fixes(text: str) -> Iterator[Fix]:
    """Yield what the list's own words say, newest first."""
    starts = [match.start() for match in _HEADER.finditer(text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        entry = text[start:end]
        flaws = _FLAW.findall("".join(_FLAWS.findall(entry)))
        header = _HEADER.match(entry)
        assert header
        for codename, package, version in _LINE.findall(entry):
            for flaw in flaws or [header[1]]:
                yield flaw, codename, package, version


@pytest.mark.parametrize("name", HEADERS)
def test_every_advisory_of_a_list_is_told_or_only_announces(name: str) -> None:
    told = {
        reference.rpartition("/")[2]
        for advisory in advisories(name)
        for reference in advisory.references
    }
    headers = _HEADER.findall(text_of(name))
    fixing = {header for header in headers if header in told}
    announcing = [header for header in headers if header not in told]
    record_agreement(f"Debian, {name} headers", len(headers), HEADERS[name])
    record_agreement(f"Debian, {name} headers, only announcing", len(announcing), len(announcing))
    assert len(headers) == HEADERS[name]
    assert len(announcing) < 40
    assert len(fixing) > HEADERS[name] - 40


def test_every_version_counts_or_gives_way_to_a_newer_one() -> None:
    lines = sum(len(_LINE.findall(text_of(name))) for name in HEADERS)
    assert sum(len(_TABBED.findall(text_of(name))) for name in HEADERS) == VERSIONS
    assert lines == VERSIONS + OTHERS
    agreed = total = 0
    for name in HEADERS:
        newest: dict[tuple[str, str, str], str] = {}
        for flaw, codename, package, version in fixes(text_of(name)):
            newest.setdefault((flaw, debian_ecosystem(codename) or "", package), version)
        found = {
            (advisory.id, row.ecosystem, row.name): row.ranges
            for advisory in advisories(name)
            for row in advisory.affected
        }
        total += len(newest)
        agreed += sum(found[key] == (Range(fixed=version),) for key, version in newest.items())
    record_agreement("Debian, fixed versions of flaws", agreed, total)
    assert agreed == total

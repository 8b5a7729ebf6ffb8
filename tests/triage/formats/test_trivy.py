"""Trivy's two files of exceptions."""

from datetime import date
from pathlib import Path

import pytest

from hullguard.model import Malformed, State
from hullguard.triage.exception_list import ExceptionList
from hullguard.triage.exceptions import read_exceptions
from hullguard.triage.settle import settle
from triage.findings import OPENSSL, vulnerability

TODAY = date(2026, 6, 15)


def read(name: str, text: str) -> ExceptionList:
    return read_exceptions(Path(name), text.encode(), TODAY)


def test_ids_are_read_one_a_line() -> None:
    text = "\ufeff# Accepted\nCVE-2018-14618\n\n  CVE-2019-14697 exp:2026-12-31 # y\r\nAVD-DS-0002"
    assert [
        (each.match, each.expires, each.origin) for each in read(".trivyignore", text).exceptions
    ] == [
        ({"rule": "CVE-2018-14618"}, "", ".trivyignore, line 2"),
        ({"rule": "CVE-2019-14697"}, "2026-12-30", ".trivyignore, line 4"),
        ({"rule": "AVD-DS-0002"}, "", ".trivyignore, line 5"),
    ]


def test_an_exception_ends_before_the_day_it_names() -> None:
    listed = read(".trivyignore", "CVE-2021-23337 exp:2026-06-15").exceptions
    [finding] = settle([vulnerability()], listed, TODAY).findings
    assert finding.state is State.OPEN


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("CVE-1 exp:tomorrow", "line 1: `tomorrow` is no date"),
        ("CVE-1 exp:2026-13-01", "line 1: `2026-13-01` is no date"),
        ("CVE-1 expires:2026-01-01", "line 1: `expires:2026-01-01` is not known"),
        ("CVE-*", r"line 1: `CVE-\*` is no id"),
    ],
)
def test_a_line_that_is_not_understood_is_refused(line: str, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        read(".trivyignore", line)


YAML = """\
vulnerabilities:
  - id: CVE-2021-23337
    paths:
      - "srv/app/**/package.json"
      - "opt/*"
    purls: []
    statement: Not reachable
    expired_at: 2026-12-31
  - id: CVE-2022-0778
    purls:
      - "pkg:deb/debian/openssl@1.1.1n-0+deb11u3"
misconfigurations:
  - id: AVD-DS-0002
secrets:
licenses:
  - id: GPL-3.0
    paths:
"""


def test_every_section_of_the_yaml_file_is_read() -> None:
    listed = read(".trivyignore.yaml", YAML).exceptions
    assert [(each.match, each.origin) for each in listed] == [
        (
            {"rule": "CVE-2021-23337", "path": "srv/app/**/package.json"},
            ".trivyignore.yaml, line 2",
        ),
        ({"rule": "CVE-2021-23337", "path": "opt/*"}, ".trivyignore.yaml, line 2"),
        (
            {"rule": "CVE-2022-0778", "purl": "pkg:deb/debian/openssl@1.1.1n-0+deb11u3"},
            ".trivyignore.yaml, line 9",
        ),
        ({"rule": "AVD-DS-0002"}, ".trivyignore.yaml, line 13"),
        ({"rule": "GPL-3.0"}, ".trivyignore.yaml, line 16"),
    ]
    assert (listed[0].reason, listed[0].expires) == ("Not reachable", "2026-12-30")


def test_an_entry_covers_its_paths_and_purls_and_counts_once() -> None:
    findings = [vulnerability(), vulnerability("CVE-2022-0778", package=OPENSSL)]
    listed = read(".trivyignore.yaml", YAML).exceptions
    settled = settle(findings, listed, TODAY)
    assert [each.state for each in settled.findings] == [State.EXCEPTED] * 2
    assert len(settled.notes) == 2  # the misconfiguration and the licence


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("{paths: [a]}", "missing required field `id`"),
        ("{id: X, path: [a]}", "unknown field `path`"),
        ("{id: X, paths: ['']}", "is empty"),
        ("{id: X, paths: a}", "Expected `array`"),
        ("{id: X, expired_at: soon}", "`soon` is no date"),
        ("X", "Expected `object`"),
    ],
)
def test_an_entry_that_is_not_understood_is_refused(entry: str, why: str) -> None:
    with pytest.raises(Malformed, match=f"line 2: {why}|line 2: .*{why}"):
        read(".trivyignore.yaml", f"vulnerabilities:\n- {entry}\n")

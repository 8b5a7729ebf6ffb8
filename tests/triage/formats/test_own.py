"""Our own format of exceptions."""

from datetime import date
from pathlib import Path

import pytest

from hullguard.model import FindingException, Malformed
from hullguard.triage.exceptions import read_exceptions

TODAY = date(2026, 6, 15)
GOOD = """\
- match: {rule: CVE-2021-44228, package: log4j-core, environment: test}
  kind: risk_accepted
  reason: replaced by the end of the quarter
  author: ann@example.org
  expires: 2026-09-30
- match:
    purl: pkg:npm/lodash
  kind: false_positive
  reason: never called
"""


def read(text: str, name: str = "e.yaml") -> tuple[FindingException, ...]:
    return read_exceptions(Path(name), text.encode(), TODAY).exceptions


def test_every_field_is_read() -> None:
    accepted, false_positive = read(GOOD)
    assert accepted == FindingException(
        match={"rule": "CVE-2021-44228", "package": "log4j-core", "environment": "test"},
        kind="risk_accepted",
        reason="replaced by the end of the quarter",
        author="ann@example.org",
        expires="2026-09-30",
        origin="e.yaml, line 1",
    )
    assert (false_positive.kind, false_positive.origin) == ("false_positive", "e.yaml, line 6")


def test_json_says_the_same() -> None:
    text = '{"exceptions": [{"match": {"rule": "X"}, "kind": "false_positive", "reason": "r"}]}'
    [exception] = read(text, "e.json")
    assert (exception.match, exception.origin) == ({"rule": "X"}, "e.json, entry 1")


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (
            "match: {rule: X}, kind: risk_accepted, reason: r, author: ann",
            "needs `author`.*expires",
        ),
        ("match: {rule: X}, kind: risk_accepted, reason: r, expires: 2027-01-01", "needs `author`"),
        ("match: {rule: X}, kind: false_positive, reason: ' '", "`reason` is empty"),
        ("match: {rule: X}, kind: false_positive", "missing required field `reason`"),
        ("match: {rule: X}, kind: ignored, reason: r", "kind"),
        ("match: {rule: X}, kind: false_positive, reason: r, note: n", "unknown field `note`"),
        ("match: {}, kind: false_positive, reason: r", "would except every finding"),
        (
            "match: {cve: X}, kind: false_positive, reason: r",
            "`match` knows no cve; it knows asset",
        ),
        ("match: {rule: }, kind: false_positive, reason: r", "nothing for rule"),
        ("match: {rule: [X]}, kind: false_positive, reason: r", "Expected `str`"),
        ("match: {rule: X}, kind: false_positive, reason: r, expires: soon", "`soon` is no date"),
        (
            "match: {rule: X}, kind: false_positive, reason: r, expires: 2026-02-30",
            "`2026-02-30` is no date; write it as YYYY-MM-DD",
        ),
    ],
)
def test_an_incomplete_or_mistaken_entry_is_refused_with_its_line(entry: str, why: str) -> None:
    with pytest.raises(Malformed, match=f"e.yaml, line 2: .*{why}"):
        read(f"# exceptions\n- {{{entry}}}\n")


def test_an_entry_of_json_is_refused_with_its_number() -> None:
    with pytest.raises(Malformed, match=r"e\.json, entry 1: .*`match`"):
        read("[{}]", "e.json")


def test_a_text_is_no_entry() -> None:
    with pytest.raises(Malformed, match=r"line 1: Expected `object`"):
        read("- CVE-2021-44228\n")

"""Files of exceptions: which format they are in, and that no bytes break the reading."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.model import Malformed
from hullguard.triage.exceptions import read_exceptions

TODAY = date(2026, 6, 15)
OWN = b"- {match: {rule: CVE-1}, kind: false_positive, reason: r}\n"
VEX = (
    b'{"@context": "https://openvex.dev/ns/v0.2.0", "author": "a", "statements": [{"vulnerability":'
    b' {"name": "CVE-1"}, "products": [{"@id": "pkg:npm/a"}], "status": "fixed"}]}'
)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("exceptions.yaml", OWN),
        ("exceptions.yaml", b"exceptions:\n" + OWN),
        ("e.json", b'[{"match": {"rule": "CVE-1"}, "kind": "false_positive", "reason": "r"}]'),
        (".trivyignore", b"CVE-1\n"),
        ("image.trivyignore", b"# all: accepted\nCVE-1 # why: not\n"),
        ("accepted.txt", b"# accepted\nCVE-1 exp:2030-01-01\n"),
        (".trivyignore.yaml", b"vulnerabilities:\n- id: CVE-1\n"),
        ("any.yml", b"secrets:\n- id: CVE-1\n"),
        (".grype.yaml", b"fail-on-severity: high\nignore:\n- vulnerability: CVE-1\n"),
        ("vex.json", VEX),
        ("vex.openvex", VEX),
    ],
)
def test_a_format_is_recognised(name: str, data: bytes) -> None:
    [exception] = read_exceptions(Path(name), data, TODAY).exceptions
    assert exception.match["rule"] == "CVE-1"


@pytest.mark.parametrize("name", [".trivyignore", "exceptions.yaml"])
def test_an_empty_file_holds_no_exceptions(name: str) -> None:
    assert read_exceptions(Path(name), b"", TODAY).exceptions == ()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"policies:\n- id: x\n", "e.yaml: is in none of the formats known"),
        (b"{}", "is in none of the formats known"),
        (b"it was a dark: and stormy\nnight\n", "is no YAML"),
        (b"<html> </html>", "line 1: `<html>` is no id"),
        (b"a b c", "line 1: `b` is not known"),
    ],
)
def test_what_is_in_no_format_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        read_exceptions(Path("e.yaml"), data, TODAY)


YAMLS = st.lists(
    st.sampled_from(
        [
            *("exceptions:\n", "ignore:\n", "vulnerabilities:\n", "'@context': x\nstatements:\n"),
            *("- ", "  ", "\n", "match: {rule: x}\n", "kind: risk_accepted\n", "reason: r\n"),
            *("id: x\n", "paths: [a]\n", "expired_at: 2020-01-01\n", "package: {name: x}\n"),
            *("vulnerability: x\n", "status: fixed\n", "products: [{'@id': pkg:oci/x}]\n"),
            *("timestamp: 9999-12-31T23:59:59-01:00\n", "- []\n", "- {}\n", "- x\n", "~\n"),
        ]
    )
).map(lambda pieces: "".join(pieces).encode())


@given(st.sampled_from(["a.yaml", "a.json", ".trivyignore"]), st.binary() | YAMLS)
def test_no_bytes_make_it_raise_anything_else(name: str, data: bytes) -> None:
    with suppress(Malformed):
        read_exceptions(Path(name), data, TODAY)

"""OpenVEX documents: whom a statement acquits, and which later one takes that back."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hullguard.model import Finding, Malformed, State
from hullguard.triage.exception_list import ExceptionList
from hullguard.triage.exceptions import read_exceptions
from hullguard.triage.settle import settle
from triage.findings import OPENSSL, vulnerability

TODAY = date(2026, 6, 15)
LODASH: dict[str, Any] = {"@id": "pkg:npm/lodash@4.17.4"}
CART = "pkg:oci/cart?repository_url=registry.example/shop/cart"


def statement(products: list[Any], status: str = "not_affected", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of JSON
    named = {"vulnerability": {"name": "CVE-2021-23337"}, "products": products, "status": status}
    return named | more


def read(*statements: dict[str, Any]) -> ExceptionList:
    document = {
        "@context": "https://openvex.dev/ns/v0.2.0",
        "author": "Shop",
        "timestamp": "2026-01-01T00:00:00Z",
        "statements": statements,
    }
    return read_exceptions(Path("vex.json"), json.dumps(document).encode(), TODAY)


def covered(*statements: dict[str, Any], finding: Finding | None = None) -> bool:
    finding = finding or vulnerability()
    [settled] = settle([finding], read(*statements).exceptions, TODAY).findings
    return settled.state is State.EXCEPTED


@pytest.mark.parametrize(
    "product",
    [
        {"@id": "pkg:npm/lodash@4.17.4"},
        {"@id": "pkg:npm/lodash"},
        {"@id": "https://shop.example/x", "identifiers": {"purl": "pkg:npm/lodash"}},
        "pkg:npm/lodash",
        {"@id": CART},
        {"@id": CART, "subcomponents": [{"@id": "pkg:npm/lodash"}]},
        {"@id": f"{CART}&tag=1.4", "subcomponents": ["pkg:npm/lodash"]},
        {"@id": "pkg:oci/cart@sha256%3Ac0ffee"},
        {"@id": "pkg:oci/cart"},
        {"@id": "pkg:oci/cart?tag=1.4"},
    ],
)
def test_a_product_is_a_package_or_an_image(product: object) -> None:
    assert covered(statement([product]))


@pytest.mark.parametrize(
    "product",
    [
        {"@id": "pkg:npm/lodash@4.17.5"},
        {"@id": "pkg:npm/lodash.merge"},
        {"@id": f"{CART}&tag=1.5"},
        {"@id": f"{CART}-admin"},
        {"@id": CART, "subcomponents": [{"@id": "pkg:npm/underscore"}]},
        {"@id": "pkg:oci/cart@sha256:beef"},
        {"@id": "pkg:oci/art"},
    ],
)
def test_other_products_are_left_alone(product: object) -> None:
    assert not covered(statement([product]))


def test_a_purl_s_brackets_are_no_pattern() -> None:
    assert not covered(statement([{"@id": "pkg:npm/*"}]))
    assert not covered(statement([{"@id": "pkg:npm/lodas[h]"}]))


@pytest.mark.parametrize(
    "named",
    [
        {"name": "GHSA-35jh-r3h4-6jhm"},
        {"name": "X-1", "aliases": ["CVE-2021-23337"]},
        {"@id": "https://nvd.nist.gov/vuln/detail/CVE-2021-23337"},
        "CVE-2021-23337",
    ],
)
def test_a_flaw_is_known_by_any_of_its_names(named: object) -> None:
    assert covered(statement([LODASH], vulnerability=named))


def test_the_justification_and_the_author_are_the_reason() -> None:
    told = statement(
        [LODASH],
        justification="vulnerable_code_not_in_execute_path",
        impact_statement="never called",
    )
    [exception] = read(told).exceptions
    assert (exception.kind, exception.author, exception.origin) == (
        "false_positive",
        "Shop",
        "vex.json, entry 1",
    )
    assert exception.reason == ("not_affected: vulnerable_code_not_in_execute_path: never called")


@pytest.mark.parametrize(
    ("status", "excepted"),
    [("not_affected", True), ("fixed", True), ("affected", False), ("under_investigation", False)],
)
def test_the_status_decides(status: str, *, excepted: bool) -> None:
    assert covered(statement([LODASH], status)) is excepted


EARLY, LATE = {"timestamp": "2026-02-01T00:00:00Z"}, {"timestamp": "2026-03-01T00:00:00+02:00"}


@pytest.mark.parametrize(
    "later",
    [
        statement([LODASH], "affected", **LATE),
        statement([{"@id": "pkg:npm/lodash"}], "under_investigation", **LATE),
        statement(
            [LODASH], "affected", **LATE, vulnerability={"name": "G", "aliases": ["CVE-2021-23337"]}
        ),
    ],
)
def test_a_later_statement_takes_an_earlier_one_back(later: dict[str, Any]) -> None:
    assert not covered(later, statement([LODASH], **EARLY))
    assert not covered(later, statement([{"@id": "pkg:npm/lodash"}], **EARLY))


def test_a_later_statement_about_something_else_does_not() -> None:
    other = statement([{"@id": "pkg:npm/lodash@4.17.5"}], "affected", **LATE)
    assert covered(other, statement([LODASH], **EARLY))


def test_the_last_word_counts() -> None:
    assert covered(statement([LODASH], **LATE), statement([LODASH], "affected", **EARLY))


def test_a_statement_of_the_future_does_not_hold_yet() -> None:
    listed = read(statement([LODASH], timestamp="2026-06-16T08:00:00Z"))
    assert listed.exceptions == ()
    assert listed.notes == (
        "vex.json, entry 1: the statement is of 2026-06-16 and does not hold yet",
    )


@pytest.mark.parametrize(
    "product",
    [
        {"@id": "https://shop.example/cart"},
        {"identifiers": {"cpe23": "cpe:2.3:a:lodash:lodash:*:*:*:*:*:*:*:*"}},
        {"@id": "pkg:golang/shop.example/cart", "subcomponents": [LODASH]},
        {"@id": CART, "subcomponents": [{"@id": "lodash"}]},
    ],
)
def test_a_product_that_cannot_be_told_is_said(product: object) -> None:
    listed = read(statement([product]))
    assert listed.exceptions == ()
    [note] = listed.notes
    assert note.startswith("vex.json, entry 1: the statement is not applied, since ")


def test_a_statement_without_products_is_said() -> None:
    assert len(read(statement([])).notes) == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"status": "harmless"}, "harmless"),
        ({"vulnerability": {}}, "neither a name nor an @id"),
        ({"timestamp": "yesterday"}, "`yesterday` is no date"),
        ({"products": "pkg:npm/a"}, "Expected `array`"),
    ],
)
def test_a_mistaken_statement_is_refused(change: dict[str, Any], why: str) -> None:
    with pytest.raises(Malformed, match=f"vex.json, entry 1: .*{why}"):
        read(statement([LODASH]) | change)


def test_a_package_of_the_system_is_told_by_its_architecture() -> None:
    finding = vulnerability(package=OPENSSL)
    assert covered(statement([{"@id": "pkg:deb/debian/openssl?arch=amd64"}]), finding=finding)
    assert not covered(statement([{"@id": "pkg:deb/debian/openssl?arch=arm64"}]), finding=finding)

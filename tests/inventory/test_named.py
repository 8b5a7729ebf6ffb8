"""Names and versions that cannot be any end as gaps."""

import pytest

from hullguard.inventory.analyzer import Found
from hullguard.inventory.named import named
from hullguard.model import Gap, Package


def package(name: str, version: str) -> Package:
    return Package(type="npm", name=name, version=version, path="a.json")


@pytest.mark.parametrize(
    ("name", "version"), [("lodash", "4.17.4"), ("@scope/name", ""), ("grün", "1 2")]
)
def test_printable_names_are_found(name: str, version: str) -> None:
    assert named(package(name, version)) == Found(package(name, version))


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("", "1"),
        ("a\0", "1"),
        ("a\n", "1"),
        ("a", "1\x1b[31m"),
        ("a\N{REPLACEMENT CHARACTER}", "1"),
    ],
)
def test_other_names_are_gaps_of_their_file(name: str, version: str) -> None:
    gap = named(package(name, version))
    assert isinstance(gap, Gap)
    assert gap.where == "a.json"
    assert str(gap).isprintable()

"""Match shards: what is known of packages, by ecosystem and name."""

import sqlite3
from collections.abc import Iterator

import pytest

from hullguard.advisories.aliases import Clusters
from hullguard.advisories.packages import fill_packages, read_entries
from hullguard.model import Advisory, Affected, Range, Status


def advisory(id_: str, *rows: tuple[str, str], status: Status = Status.FIXED) -> Advisory:
    affected = tuple(
        Affected(ecosystem=ecosystem, name=name, status=status, ranges=(Range(fixed="1:2.0-1"),))
        for ecosystem, name in rows
    )
    return Advisory(id=id_, source="x", affected=affected)


@pytest.fixture
def shard() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    yield connection
    connection.close()


def test_packages_are_found_by_ecosystem_and_name(shard: sqlite3.Connection) -> None:
    one = advisory("X-1", ("debian:11", "bash"), ("debian:12", "bash"), ("debian:12", "zsh"))
    two = advisory("X-2", ("debian:12", "bash"))
    assert fill_packages(shard, [one, two], Clusters()) == (3, ("debian:11", "debian:12"))
    found = read_entries(shard, "debian:12", ["bash", "zsh", "fish"])
    ids = {name: [entry.id for entry in entries] for name, entries in found.items()}
    assert ids == {"bash": ["X-1", "X-2"], "zsh": ["X-1"]}


def test_names_are_stored_in_the_spelling_they_are_asked_in(shard: sqlite3.Connection) -> None:
    fill_packages(shard, [advisory("X-1", ("pypi", "Zope.Interface"))], Clusters())
    assert list(read_entries(shard, "pypi", ["zope-interface"])) == ["zope-interface"]


def test_bounds_of_distributions_are_byte_keys_and_the_fix_stays_readable(
    shard: sqlite3.Connection,
) -> None:
    fill_packages(shard, [advisory("X-1", ("debian:12", "a"), ("pypi", "a"))], Clusters())
    [[deb]] = read_entries(shard, "debian:12", ["a"]).values()
    [[pypi]] = read_entries(shard, "pypi", ["a"]).values()
    assert deb.spans[0].fixed != b"1:2.0-1"
    assert pypi.spans[0].fixed == b"1:2.0-1"
    assert deb.fixes == pypi.fixes == ("1:2.0-1",)


def test_an_ecosystem_is_covered_even_where_nothing_is_wrong(shard: sqlite3.Connection) -> None:
    fine = advisory("X-1", ("debian:13", "bash"), status=Status.NOT_AFFECTED)
    assert fill_packages(shard, [fine], Clusters()) == (0, ("debian:13",))


def test_a_name_that_is_no_unicode_is_nobodys(shard: sqlite3.Connection) -> None:
    fill_packages(shard, [advisory("X-1", ("debian:12", "a"))], Clusters())
    assert read_entries(shard, "debian:12", ["a\ud800"]) == {}


def test_more_names_than_a_statement_takes_are_all_asked(shard: sqlite3.Connection) -> None:
    names = [f"p{n:05}" for n in range(2_000)]
    fill_packages(shard, [advisory(f"X-{n}", ("pypi", n)) for n in names], Clusters())
    assert len(read_entries(shard, "pypi", names)) == 2_000

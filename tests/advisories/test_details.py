"""Details shards: whole advisories by id and by every other name."""

import sqlite3
from collections.abc import Iterator

import pytest

from hullguard.advisories.details import (
    Text,
    encode_advisory,
    fill_details,
    read_advisories,
    read_texts,
)
from hullguard.model import Advisory, Affected

ERRATUM = Advisory(id="ALSA-1", source="osv-almalinux", affected=(), fixes=("CVE-2020-1000",))
FLAW = Advisory(
    id="GHSA-a",
    source="osv-pypi",
    affected=(Affected(ecosystem="pypi", name="a"),),
    aliases=("CVE-2020-1000",),
    title="A flaw",
    text="Long words.",
    references=("https://example.org/",),
    cwes=("CWE-79",),
    published="2020-01-01T00:00:00Z",
)


@pytest.fixture(params=[0, 600], ids=["few", "enough for a dictionary"])
def shard(request: pytest.FixtureRequest) -> Iterator[sqlite3.Connection]:
    more = [
        Advisory(id=f"X-{n:04}", source="x", affected=(), text=f"Flaw {n} of {n * n} in our code.")
        for n in range(request.param)
    ]
    advisories = [ERRATUM, FLAW, *more]
    connection = sqlite3.connect(":memory:")
    fill_details(connection, advisories, [encode_advisory(each) for each in advisories])
    yield connection
    connection.close()


def test_an_advisory_is_found_by_its_id(shard: sqlite3.Connection) -> None:
    assert read_advisories(shard, "GHSA-a") == [FLAW]


def test_an_alias_and_a_flaw_that_is_fixed_lead_to_the_advisories(
    shard: sqlite3.Connection,
) -> None:
    assert read_advisories(shard, "CVE-2020-1000") == [ERRATUM, FLAW]


def test_texts_are_what_a_report_shows_and_unknown_ids_are_left_out(
    shard: sqlite3.Connection,
) -> None:
    assert read_texts(shard, ["GHSA-a", "GHSA-nobody"]) == {
        "GHSA-a": Text(
            id="GHSA-a",
            title="A flaw",
            text="Long words.",
            references=("https://example.org/",),
            cwes=("CWE-79",),
            published="2020-01-01T00:00:00Z",
        )
    }


@pytest.mark.parametrize("row", ["28b52ffd00", "28b52ffde0ffffffffffffff7f010000", "00", ""])
def test_a_damaged_row_is_an_error_of_value(shard: sqlite3.Connection, row: str) -> None:
    shard.execute("UPDATE record SET blob = ? WHERE id = 'GHSA-a'", (bytes.fromhex(row),))
    with pytest.raises(ValueError, match="size"):
        read_texts(shard, ["GHSA-a"])

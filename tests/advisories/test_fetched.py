"""The note beside the shards of when a family was fetched."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hullguard.advisories.fetched import Answer, Fetched, read_fetched, write_fetched
from hullguard.advisories.shard import writing

NOTE = Fetched(
    family="debian",
    at="2026-11-24T10:00:00Z",
    feeds={"debian": Answer(url="https://example.org/json", etag='"abc"', sha256="00ff")},
)


def test_a_note_is_read_as_it_was_written(tmp_path: Path) -> None:
    with writing(tmp_path):
        write_fetched(tmp_path, NOTE)
    assert read_fetched(tmp_path, "debian") == NOTE


def test_a_family_that_was_never_fetched_has_no_note(tmp_path: Path) -> None:
    assert read_fetched(tmp_path, "debian") is None


@pytest.mark.parametrize("text", [b"", b"{}", b'{"family": "debian", "at": 3}', b"\xff"])
def test_a_damaged_note_is_as_good_as_none(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "fetched").mkdir()
    (tmp_path / "fetched" / "debian.json").write_bytes(text)
    assert read_fetched(tmp_path, "debian") is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.binary())
def test_no_bytes_make_it_raise(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "fetched").mkdir(exist_ok=True)
    (tmp_path / "fetched" / "debian.json").write_bytes(text)
    read_fetched(tmp_path, "debian")

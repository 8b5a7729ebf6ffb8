"""The demo's database: kept under a stamp of what it is made from."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hullguard.demo.database import database
from hullguard.demo.sample import Sample
from hullguard.model import Malformed

KEV = """
{"catalogVersion": "2024.01.02", "dateReleased": "2024-01-02T00:00:00Z", "vulnerabilities": [
  {"cveID": "CVE-2021-44228", "dateAdded": "2021-12-10", "dueDate": "2021-12-24"}
]}
"""


def shipped(folder: Path, text: str) -> Sample:
    folder.mkdir(exist_ok=True)
    (folder / "kev.json").write_text(text)
    day = datetime(2024, 1, 2, tzinfo=UTC)
    return Sample(image=folder / "image.tar", advisories=folder, date=day, coverage=())


def kev_of(sample: Sample, cache: Path) -> bytes:
    with database(sample, cache) as db:
        assert db == cache / "demo/db"
        return (db / "match/kev.db").read_bytes()


def test_a_new_version_of_the_advisories_takes_the_old_one_s_place(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = kev_of(shipped(tmp_path / "data", KEV), cache)
    second = kev_of(shipped(tmp_path / "data", KEV.replace("12-24", "12-25")), cache)
    assert first != second
    assert [path.name for path in (cache / "demo").iterdir()] == ["db"]


def test_what_is_no_database_of_ours_is_replaced(tmp_path: Path) -> None:
    home = tmp_path / "cache/demo/db"
    home.mkdir(parents=True)
    (home / "stamp").write_bytes(b"\xff")
    assert kev_of(shipped(tmp_path / "data", KEV), tmp_path / "cache").startswith(b"SQLite")


def test_damaged_advisories_are_told_and_leave_nothing_behind(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    broken = shipped(tmp_path / "data", KEV.replace('"dateAdded": "2021-12-10",', ""))
    with pytest.raises(Malformed, match="Install hullguard anew"), database(broken, cache):
        pass
    assert list((cache / "demo").iterdir()) == []

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


def test_a_new_version_of_the_advisories_gets_a_database_of_its_own(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with database(shipped(tmp_path / "data", KEV), cache) as first:
        pass
    with database(shipped(tmp_path / "data", KEV.replace("12-24", "12-25")), cache) as second:
        pass
    assert first != second
    assert {path.name for path in first.iterdir()} == {path.name for path in second.iterdir()}
    assert (second / "match" / "kev.db").exists()


def test_damaged_advisories_are_told_and_leave_nothing_behind(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    broken = shipped(tmp_path / "data", KEV.replace('"dateAdded": "2021-12-10",', ""))
    with pytest.raises(Malformed, match="Install hullguard anew"), database(broken, cache):
        pass
    assert list((cache / "demo").iterdir()) == []

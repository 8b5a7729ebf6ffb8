"""The whole way through, from an image to its report, on a small database made by the test."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hullguard.advisories.build import build
from hullguard.advisories.fetched import Fetched, write_fetched
from hullguard.advisories.shard import writing
from hullguard.advisories.supply import Supply
from hullguard.images.cache import LayerCache
from hullguard.images.open import opened
from hullguard.images.opened import OpenedImage
from hullguard.images.scan import scan
from hullguard.model import (
    Budget,
    Distro,
    FindingException,
    Gap,
    GapKind,
    Report,
    Severity,
    State,
)
from hullguard.triage.exception_list import ExceptionList
from image_builder import BuiltImage, Content, tar

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OS = b'ID=debian\nVERSION_ID="12"\n'
STATUS = b"""\
Package: libssl3
Status: install ok installed
Architecture: amd64
Source: openssl
Version: 3.0.9-1

"""
LODASH = b'{"name": "lodash", "version": "4.17.4"}'
TRACKER = {
    "openssl": {
        "CVE-2023-0001": {
            "releases": {
                "bookworm": {
                    "status": "resolved",
                    "fixed_version": "3.0.9-1+deb12u1",
                    "urgency": "high",
                    "repositories": {"bookworm": "3.0.9-1"},
                }
            }
        }
    }
}
RECORD = {
    "id": "GHSA-aaaa-bbbb-cccc",
    "aliases": ["CVE-2021-0002"],
    "modified": "2024-01-01T00:00:00Z",
    "affected": [
        {
            "package": {"ecosystem": "npm", "name": "lodash"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "4.17.21"}]}],
        }
    ],
}
MEMBERS: dict[str, Content] = {
    "etc/os-release": OS,
    "var/lib/dpkg/status": STATUS,
    "app/node_modules/lodash/package.json": LODASH,
}


def feeds(folder: Path, *names: str) -> Path:
    folder.mkdir()
    if "debian" in names:
        (folder / "json").write_text(json.dumps(TRACKER))
    if "npm" in names:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("GHSA-aaaa-bbbb-cccc.json", json.dumps(RECORD))
        (folder / "all.zip").write_bytes(packed.getvalue())
    return folder


def database(folder: Path, *names: str, at: datetime = NOW) -> Path:
    db = folder / "db"
    build([feeds(folder / "feeds", *names)], db)
    with writing(db):
        for family in names:
            write_fetched(db, Fetched(family=family, at=at.isoformat()))
    return db


class Upstream:
    """Fetches nothing, and remembers what it was asked for."""

    def __init__(self, *faults: Gap) -> None:
        self.asked: list[tuple[str, ...]] = []
        self._faults = faults

    def update(self, families: Sequence[str], distro: Distro | None = None) -> Sequence[Gap]:
        """Note the families and the distribution."""
        self.asked.append((*families, distro.id if distro else ""))
        return self._faults

    def update_years(self, years: Sequence[int]) -> Sequence[Gap]:
        """Note the years."""
        self.asked.append(tuple(map(str, years)))
        return self._faults


def report(
    folder: Path,
    db: Path,
    fetcher: Upstream | None = None,
    *exceptions: FindingException,
    members: Mapping[str, Content] = MEMBERS,
) -> Report:
    image = BuiltImage([tar(members)], config={"User": "1000"}).layout(folder / "image")
    supply = Supply(db, now=NOW, max_age=timedelta(days=1), fetcher=fetcher)

    def registry(name: str, platform: str) -> OpenedImage:
        raise AssertionError(f"asked a registry for {name} {platform}")

    with opened(str(image), platform="", budget=Budget(), open_registry=registry) as [one]:
        return scan(
            one,
            supply=supply,
            cache=LayerCache(None),
            exceptions=ExceptionList(exceptions),
            budget=Budget(),
            now=NOW,
        )


def kinds(found: Report) -> set[GapKind]:
    return {gap.kind for gap in found.gaps}


def test_packages_are_judged_by_the_families_that_speak_of_them(tmp_path: Path) -> None:
    found = report(tmp_path, database(tmp_path, "debian", "npm"))
    flaws = {finding.rule.id: finding for finding in found.findings if finding.evidence}
    assert flaws.keys() == {"CVE-2023-0001", "CVE-2021-0002"}
    assert flaws["CVE-2023-0001"].severity is Severity.HIGH
    assert flaws["CVE-2023-0001"].fix == "Update libssl3 to 3.0.9-1+deb12u1."
    assert flaws["CVE-2021-0002"].evidence is not None
    assert flaws["CVE-2021-0002"].evidence.ids == ("CVE-2021-0002", "GHSA-aaaa-bbbb-cccc")


def test_checks_of_the_config_are_findings_or_have_passed(tmp_path: Path) -> None:
    found = report(tmp_path, database(tmp_path, "debian", "npm"))
    assert [finding.rule.id for finding in found.findings if not finding.evidence] == ["KP-IMG-020"]
    assert found.passed == {"KP-IMG-013": 1}


def test_a_family_that_is_not_there_is_a_gap(tmp_path: Path) -> None:
    found = report(tmp_path, database(tmp_path, "debian"))
    [gap] = [gap for gap in found.gaps if gap.kind is GapKind.NOT_COVERED]
    assert "1 npm package was not checked" in gap.why
    assert gap.advice.endswith("hullguard db update npm")


def test_an_empty_database_is_no_all_clear(tmp_path: Path) -> None:
    found = report(tmp_path, tmp_path / "nowhere")
    assert GapKind.NOT_COVERED in kinds(found)
    assert [finding.rule.id for finding in found.findings] == ["KP-IMG-020"]


def test_advisories_that_are_too_old_are_a_gap(tmp_path: Path) -> None:
    old = NOW - timedelta(days=6)
    assert GapKind.OUTDATED in kinds(report(tmp_path, database(tmp_path, "debian", "npm", at=old)))


def test_advisories_of_yesterday_are_none(tmp_path: Path) -> None:
    recent = NOW - timedelta(days=2)
    found = report(tmp_path, database(tmp_path, "debian", "npm", at=recent))
    assert GapKind.OUTDATED not in kinds(found)


def test_only_what_is_missing_or_old_is_fetched(tmp_path: Path) -> None:
    upstream = Upstream()
    report(tmp_path, database(tmp_path, "debian"), upstream)
    assert upstream.asked[0] == ("epss", "kev", "npm", "debian")


class Repair(Upstream):
    """Puts a whole shard in the place of a damaged one."""

    def __init__(self, shard: Path) -> None:
        super().__init__()
        self._shard = shard
        self._whole = shard.read_bytes()
        shard.write_bytes(self._whole[:5000])

    def update(self, families: Sequence[str], distro: Distro | None = None) -> Sequence[Gap]:
        """Put it there."""
        self._shard.write_bytes(self._whole)
        return super().update(families, distro)


def test_a_damaged_shard_that_was_fetched_anew_is_read_and_no_gap(tmp_path: Path) -> None:
    db = database(tmp_path, "debian", "npm")
    found = report(tmp_path, db, Repair(db / "match" / "npm.db"))
    assert "CVE-2021-0002" in {finding.rule.id for finding in found.findings}
    assert kinds(found) == {GapKind.UNRATED}


def test_the_years_of_what_nobody_rated_are_fetched(tmp_path: Path) -> None:
    upstream = Upstream()
    report(tmp_path, database(tmp_path, "debian", "npm"), upstream)
    assert upstream.asked[1:] == [("2021",)]


def test_a_distribution_that_gets_no_more_fixes_is_said(tmp_path: Path) -> None:
    image = {"etc/os-release": b'ID=debian\nVERSION_ID="10"\n'}
    found = report(tmp_path, database(tmp_path, "debian", "npm"), members=MEMBERS | image)
    assert "Debian 10 has had no security fixes since 2024-06-30" in found.notes[0]


def test_that_nothing_can_be_marked_as_exploited_is_said(tmp_path: Path) -> None:
    found = report(tmp_path, database(tmp_path, "debian", "npm"))
    [note] = found.notes
    assert note.endswith("Fetch it: hullguard db update kev")


def test_the_target_is_remembered_as_it_was_typed(tmp_path: Path) -> None:
    found = report(tmp_path, database(tmp_path, "debian", "npm"))
    assert found.asked == str(tmp_path / "image")


def test_scores_that_could_not_be_fetched_are_a_gap(tmp_path: Path) -> None:
    assert GapKind.UNRATED in kinds(report(tmp_path, database(tmp_path, "debian", "npm")))


def test_an_exception_marks_a_finding_and_one_that_matches_nothing_is_said(tmp_path: Path) -> None:
    accepted = FindingException(
        match={"rule": "CVE-2023-0001"}, kind="false_positive", reason="not called", author="ann"
    )
    idle = FindingException(match={"rule": "CVE-1999-1"}, kind="false_positive", reason="old")
    found = report(tmp_path, database(tmp_path, "debian", "npm"), None, accepted, idle)
    states = {finding.rule.id: finding.state for finding in found.findings}
    assert states["CVE-2023-0001"] is State.EXCEPTED
    assert states["CVE-2021-0002"] is State.OPEN
    assert any("CVE-1999-1" in note for note in found.exception_notes)


def test_what_only_ranks_flaws_and_cannot_be_fetched_is_a_note(tmp_path: Path) -> None:
    fault = Gap("epss advisories", "could not be fetched: no network", GapKind.NOT_COVERED)
    found = report(tmp_path, database(tmp_path, "debian", "npm"), Upstream(fault))
    assert "epss advisories: could not be fetched: no network" in found.notes
    assert fault not in found.gaps


@pytest.mark.parametrize("families", [("debian", "npm")])
def test_an_update_that_failed_is_said_and_what_is_there_is_used(
    tmp_path: Path, families: tuple[str, ...]
) -> None:
    old = NOW - timedelta(days=2)
    fault = Gap("debian", "upstream answers 503", GapKind.OUTDATED)
    found = report(tmp_path, database(tmp_path, *families, at=old), Upstream(fault))
    assert len([finding for finding in found.findings if finding.evidence]) == 2

"""Building a database: every family or none of it, the same bytes, and nothing lost by a crash."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from advisory_samples import (
    TODAY,
    built,
    document,
    epss,
    kev,
    nvd,
    nvd_cve,
    osv,
    osv_zip,
    tracker,
)
from hullguard.advisories.build import amend_ratings, build, build_family, build_ratings
from hullguard.advisories.database import Advisories
from hullguard.advisories.shelf import Shelf
from hullguard.model import FamilyState, Malformed, Unreachable

OLD = "2025-01-01T00:00:00.000"
NEW = "2026-06-01T00:00:00.000"


def files(db: Path) -> dict[str, bytes]:
    return {path.relative_to(db).as_posix(): path.read_bytes() for path in db.glob("*/*.db")}


def test_a_build_tells_what_each_family_holds(tmp_path: Path) -> None:
    _, result = built(
        tmp_path,
        all__zip=osv_zip(osv("PYSEC-2020-1"), osv("PYSEC-2020-2", "jinja2")),
        json=tracker(),
        kev__json=kev("CVE-2021-44228"),
        epss__csv=epss(CVE_2021_44228="0.9,0.99", CVE_2021_44229="0.1,0.2"),
        nvdcve_2__json=nvd(nvd_cve("CVE-2021-44228"), nvd_cve("CVE-1999-0001")),
        readme__md=b"hello",
    )
    held = {state.family: (state.advisories, state.packages) for state in result.families}
    assert held == {"cve": (2, 0), "debian": (1, 1), "epss": (2, 0), "kev": (1, 0), "pypi": (2, 2)}
    pypi = result.families[-1]
    assert (pypi.coverage, pypi.sources) == (("pypi",), ("all.zip",))
    assert (pypi.data_date, pypi.fetched) == ("2024-01-02T00:00:00Z", "")
    assert (result.gaps, result.ignored) == ((), ("readme.md",))


def test_the_same_documents_give_the_same_bytes(tmp_path: Path) -> None:
    sources = {"all__zip": osv_zip(osv("PYSEC-1"), osv("PYSEC-2")), "json": tracker()}
    first, _ = built(tmp_path, **sources)
    before = files(first)
    assert sorted(before) == [
        "details/debian.db",
        "details/pypi.db",
        "match/debian.db",
        "match/pypi.db",
    ]
    (tmp_path / "elsewhere").mkdir()
    second, _ = built(tmp_path / "elsewhere", **sources)
    assert files(second) == before
    built(tmp_path, **sources)
    assert files(first) == before


def test_only_the_families_that_were_asked_for_are_built(tmp_path: Path) -> None:
    (tmp_path / "json").write_bytes(tracker())
    (tmp_path / "kev.json").write_bytes(kev())
    result = build([tmp_path], tmp_path / "db", families={"kev"})
    assert [state.family for state in result.families] == ["kev"]


def test_a_broken_record_is_a_gap_that_the_family_remembers(tmp_path: Path) -> None:
    db, result = built(tmp_path, all__zip=osv_zip(osv("PYSEC-1"), {"id": 7, "details": ""}))
    assert [gap.where for gap in result.gaps] == ["all.zip, 7.json"]
    assert result.families[0].gaps == (str(result.gaps[0]),)
    assert result.families[0].advisories == 1
    with Advisories(db, today=TODAY) as advisories:
        assert advisories.states(["pypi"])[0].gaps == (str(result.gaps[0]),)


def test_a_file_that_makes_no_sense_leaves_its_familys_old_shards_and_is_told(
    tmp_path: Path,
) -> None:
    db, _ = built(tmp_path, json=tracker(), kev__json=kev())
    before = files(db)
    _, result = built(tmp_path, json=tracker()[:-5], kev__json=kev("CVE-2021-44228"))
    assert [state.family for state in result.families] == ["kev"]
    assert [gap.where for gap in result.gaps] == ["json"]
    after = files(db)
    assert after.pop("match/kev.db") != before.pop("match/kev.db")
    assert after == before


def test_a_document_in_no_known_format_is_a_gap(tmp_path: Path) -> None:
    _, result = built(tmp_path, other__json=b'{"what": "ever"}')
    assert [gap.where for gap in result.gaps] == ["other.json"]
    assert result.families == ()


def test_an_origin_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="nowhere"):
        build([tmp_path / "nowhere"], tmp_path / "db")


def test_one_family_is_built_from_all_of_its_documents(tmp_path: Path) -> None:
    archives = [osv_zip(osv("PYSEC-1"), osv("GO-1", "a/b", "Go")), osv_zip(osv("PYSEC-2"))]
    documents = [document(f"{n}.zip", archive) for n, archive in enumerate(archives)]
    state = build_family("pypi", documents, tmp_path)
    assert (state.family, state.advisories) == ("pypi", 2)
    assert sorted(files(tmp_path)) == ["details/pypi.db", "match/pypi.db"]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("json", tracker()[:-5], "json: "),
        ("kev.json", kev(), "none of the files that were read hold advisories of this family"),
    ],
)
def test_a_family_whose_documents_make_no_sense_stays_as_it_was(
    tmp_path: Path, name: str, data: bytes, told: str
) -> None:
    build_family("debian", [document("json", tracker())], tmp_path)
    before = files(tmp_path)
    with pytest.raises(Malformed, match=told):
        build_family("debian", [document(name, data)], tmp_path)
    assert files(tmp_path) == before


def rated(db: Path, *cves: int) -> dict[str, tuple[float, ...]]:
    shelf = Shelf(db)
    found = shelf.rated([2021 << 32 | cve for cve in cves])
    shelf.close()
    return {row.cve: tuple(score.score for score in row.scores) for row in found.values()}


def test_a_years_ratings_are_built_whole(tmp_path: Path) -> None:
    feed = nvd(nvd_cve("CVE-2021-1000", 9.8), nvd_cve("CVE-2021-1001"), nvd_cve("CVE-2022-1000"))
    state = build_ratings(2021, [document("2021", feed)], tmp_path)
    assert state == FamilyState(
        family="cve",
        data_date="2026-11-22T00:00:00Z",
        advisories=2,
        sources=("2021",),
        coverage=("2021",),
    )
    assert rated(tmp_path, 1000, 1001, 1002) == {"CVE-2021-1000": (9.8,), "CVE-2021-1001": ()}
    assert sorted(files(tmp_path)) == ["match/cve-2021.db"]


def test_changes_go_into_the_years_that_are_here_and_make_no_others(tmp_path: Path) -> None:
    year = nvd(nvd_cve("CVE-2021-1000", 1.0, OLD), nvd_cve("CVE-2021-1001", 2.0, OLD))
    build_ratings(2021, [document("2021", year)], tmp_path)
    changes = nvd(
        nvd_cve("CVE-2021-1000", 3.0, NEW), nvd_cve("CVE-2021-1002"), nvd_cve("CVE-2023-1000")
    )
    state = amend_ratings([document("modified", changes)], tmp_path)
    assert (state.advisories, state.coverage) == (3, ("2021",))
    assert state.sources == ("2021", "modified")
    assert rated(tmp_path, 1000, 1001, 1002) == {
        "CVE-2021-1000": (3.0,),
        "CVE-2021-1001": (2.0,),
        "CVE-2021-1002": (),
    }
    assert sorted(files(tmp_path)) == ["match/cve-2021.db"]


def test_a_year_is_complete_only_where_its_own_feed_was_read(tmp_path: Path) -> None:
    (tmp_path / "nvdcve-2.0-2021.json").write_bytes(nvd(nvd_cve("CVE-2021-1000")))
    (tmp_path / "nvdcve-2.0-modified.json").write_bytes(nvd(nvd_cve("CVE-2022-1000")))
    [state] = build([tmp_path], tmp_path / "db").families
    assert (state.advisories, state.coverage) == (2, ("2021",))


_BUILDER = """
import sys
from pathlib import Path
from hullguard.advisories.build import build

print("imported", flush=True)
while True:
    for origin in sys.argv[2:]:
        build([Path(origin)], Path(sys.argv[1]))
"""


@pytest.mark.parametrize("milliseconds", [1, 20, 45, 80, 130])
def test_a_build_killed_at_any_moment_leaves_a_database_that_answers(
    tmp_path: Path, milliseconds: int
) -> None:
    origins = []
    for count in (20, 40):
        origin = tmp_path / str(count)
        origin.mkdir()
        records = (osv(f"PYSEC-2020-{n}", f"p{n}") for n in range(count))
        (origin / "all.zip").write_bytes(osv_zip(*records))
        (origin / "json").write_bytes(tracker())
        origins.append(str(origin))
    db = tmp_path / "db"
    build([Path(origins[0])], db)
    command = [sys.executable, "-c", _BUILDER, str(db), *origins]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as builder:
        assert builder.stdout
        builder.stdout.readline()
        time.sleep(milliseconds / 1000)
        builder.kill()
    with Advisories(db, today=TODAY) as advisories:
        counts = {state.family: state.advisories for state in advisories.states(["pypi", "debian"])}
        assert counts["pypi"] in {20, 40}
        assert counts["debian"] == 1
        found = advisories.explain("PYSEC-2020-7")
        assert found is not None
        assert found.records[0].affected[0].name == "p7"
    assert [state.advisories for state in build([Path(origins[1])], db).families] == [1, 40]
    assert not list(db.glob("*/.*"))

"""The database as scans use it: from upstream files to what is said of installed packages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisory_samples import TODAY, built, epss, kev, nvd, nvd_cve, osv, osv_zip, tracker
from hullguard.advisories.database import Advisories
from hullguard.advisories.evidence import Match
from hullguard.advisories.fetched import Fetched, write_fetched
from hullguard.advisories.shard import writing
from hullguard.model import Distro, Gap, GapKind, Package, Severity, Status

BULLSEYE = Distro(id="debian", version="11", codename="bullseye")
LIBSSL = Package(type="deb", name="libssl1.1", version="1.1.1n-0+deb11u3", source="openssl")
OPENSSL = Package(type="deb", name="openssl", version="1.1.1n-0+deb11u3")
DJANGO = Package(type="pypi", name="Django", version="1.11")
WEEK = timedelta(days=7)
TLS, XSS = "CVE-2022-0778", "CVE-2020-1000"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    records = (
        osv("GHSA-a", aliases=[XSS], summary="Cross-site scripting", details="Words."),
        osv("PYSEC-2020-1", aliases=[XSS, "GHSA-a"]),
        osv("PYSEC-2020-2", aliases=["CVE-2021-1000"]),
        osv("PYSEC-2020-3", aliases=["CVE-2021-1001"], withdrawn="2024-01-01T00:00:00Z"),
        osv("PYSEC-2020-4", aliases=["CVE-2021-1002"], withdrawn="2027-01-01T00:00:00Z"),
        osv("GO-2020-1", "golang.org/x/text", "Go"),
    )
    path, _ = built(
        tmp_path_factory.mktemp("database"),
        all__zip=osv_zip(*records),
        json=tracker(),
        kev__json=kev(TLS),
        epss__csv=epss(CVE_2022_0778="0.5,0.98"),
        nvdcve_2022__json=nvd(nvd_cve(TLS, 7.5)),
    )
    return path


@pytest.fixture
def advisories(db: Path) -> Iterator[Advisories]:
    with Advisories(db, today=TODAY) as opened:
        yield opened


def matches(advisories: Advisories, *packages: Package) -> list[Match]:
    found = list(advisories.match(packages, BULLSEYE))
    assert not [each for each in found if isinstance(each, Gap)]
    return [each for each in found if isinstance(each, Match)]


def test_each_binary_package_of_a_source_has_its_flaws(advisories: Advisories) -> None:
    found = matches(advisories, LIBSSL, OPENSSL)
    assert [(each.vulnerability.package, each.rule.id) for each in found] == [
        (LIBSSL, TLS),
        (OPENSSL, TLS),
    ]


def test_a_match_tells_all_that_the_shards_know(advisories: Advisories) -> None:
    [match] = matches(advisories, LIBSSL)
    found = match.vulnerability
    assert (match.rule.title, match.rule.what) == ("A flaw in TLS.", "A flaw in TLS.")
    assert (match.severity, found.severity_source) == (Severity.HIGH, "nvd")
    assert (found.status, found.fixed_in) == (Status.FIXED, ("1.1.1n-0+deb11u4",))
    assert (found.epss, found.epss_percentile) == (0.5, 0.98)
    assert (found.kev, found.kev_due, found.ransomware) == (True, "2021-12-24", True)
    assert (found.ids, found.sources) == ((TLS,), ("debian",))


def test_records_of_one_flaw_are_one_match(advisories: Advisories) -> None:
    first, *others = matches(advisories, DJANGO)
    assert first.vulnerability.ids == (XSS, "GHSA-a", "PYSEC-2020-1")
    assert first.rule.title == "Cross-site scripting"
    assert [each.rule.id for each in others] == ["CVE-2021-1000", "CVE-2021-1002"]


def test_what_is_fixed_is_no_match(advisories: Advisories) -> None:
    fixed = Package(type="deb", name="openssl", version="1.1.1n-0+deb11u4")
    assert matches(advisories, fixed, Package(type="pypi", name="django", version="2.0")) == []


def test_what_was_withdrawn_meanwhile_is_no_match(db: Path) -> None:
    with Advisories(db, today=datetime(2027, 2, 1, tzinfo=UTC)) as later:
        assert "CVE-2021-1002" not in {each.rule.id for each in matches(later, DJANGO)}


def test_a_version_that_nobody_can_tell_is_a_gap(advisories: Advisories) -> None:
    unknown = Package(type="golang", name="golang.org/x/text", version="(devel)", path="bin/app")
    nobodys = Package(type="golang", name="example.org/mine", version="(devel)")
    empty = Package(type="golang", name="golang.org/x/text", version="")
    first, second = advisories.match([unknown, nobodys, empty], None)
    assert first == Gap(
        "bin/app",
        "the version of golang.org/x/text is unknown (it says '(devel)'), "
        "so 1 advisory about it could not be judged",
        GapKind.UNKNOWN_VERSION,
    )
    assert "(it does not tell)" in str(second)


def test_years_whose_scores_are_not_here_are_named_and_the_rest_is_not(
    advisories: Advisories,
) -> None:
    found = matches(advisories, LIBSSL, DJANGO)
    assert advisories.unscored_years(found) == (2021, 2020)
    [gap] = advisories.unrated(found)
    assert gap.kind is GapKind.UNRATED
    assert str(gap) == (
        "3 vulnerabilities without a severity: the scores of 2020, 2021 are not here. "
        "Fetch them: hullguard db update cve:2021 cve:2020"
    )
    rated = [each for each in found if each.severity is not Severity.UNKNOWN]
    assert advisories.unscored_years(rated) == ()
    assert list(advisories.unrated(rated)) == []


def test_what_nobody_has_rated_is_no_gap(tmp_path: Path) -> None:
    archive = osv_zip(
        osv("PYSEC-1", aliases=["CVE-2020-1000"]), osv("PYSEC-2", aliases=["CVE-2020-2000"])
    )
    upstream = tmp_path / "upstream"
    upstream.mkdir()
    (upstream / "nvdcve-2.0-2020.json").write_bytes(nvd(nvd_cve("CVE-2020-1000")))
    path, _ = built(tmp_path, all__zip=archive)
    with Advisories(path, today=TODAY) as advisories:
        found = matches(advisories, DJANGO)
        assert [each.severity for each in found] == [Severity.UNKNOWN, Severity.UNKNOWN]
        assert advisories.unscored_years(found) == ()


def test_states_tell_age_and_contents_and_leave_out_what_is_not_here(
    advisories: Advisories,
) -> None:
    kev_state, debian, cve = advisories.states(["kev", "debian", "npm", "cve"])
    assert (kev_state.data_date, kev_state.advisories) == ("2026-11-20T00:00:00Z", 1)
    assert (debian.coverage, debian.packages) == (("debian:11",), 1)
    assert (cve.family, cve.advisories) == ("cve", 1)


def test_a_scan_is_told_what_is_missing_not_covered_and_old(db: Path, tmp_path: Path) -> None:
    old = copytree(db, tmp_path / "old")
    with writing(old):
        write_fetched(old, Fetched(family="pypi", at=(TODAY - 2 * WEEK).isoformat()))
    npm = Package(type="npm", name="lodash", version="4.17.4")
    packages = [LIBSSL, DJANGO, npm]
    with Advisories(old, today=TODAY) as advisories:
        assert advisories.missing(packages, BULLSEYE) == ("npm",)
        kinds = [gap.kind for gap in advisories.gaps(packages, BULLSEYE, WEEK)]
        assert kinds == [GapKind.NOT_COVERED, GapKind.OUTDATED]
        assert list(advisories.gaps([LIBSSL], BULLSEYE, WEEK)) == []


def test_a_language_package_of_the_distribution_is_not_judged_twice(
    advisories: Advisories,
) -> None:
    owned = Package(type="npm", name="a", version="1", owned_by="pkg:deb/debian/node-a")
    assert matches(advisories, owned) == []
    assert list(advisories.gaps([owned], BULLSEYE, WEEK)) == []


def test_no_database_is_as_if_nothing_were_known(tmp_path: Path) -> None:
    with Advisories(tmp_path / "nowhere", today=TODAY) as nothing:
        assert list(nothing.match([LIBSSL], BULLSEYE)) == []
        assert nothing.missing([LIBSSL], BULLSEYE) == ("debian", "epss", "kev")
        assert nothing.states(["debian"]) == ()
        assert nothing.explain(TLS) is None
        [gap] = nothing.gaps([LIBSSL], BULLSEYE, WEEK)
        assert gap.advice == "Fetch them: hullguard db update debian"


@pytest.mark.parametrize("shard", ["match/debian", "details/debian", "match/kev", "match/epss"])
@pytest.mark.parametrize("end", [100, 9_000])
def test_a_damaged_shard_is_a_gap_and_the_others_answer(
    tmp_path: Path, shard: str, end: int
) -> None:
    path, _ = built(
        tmp_path,
        json=tracker(),
        kev__json=kev(TLS),
        epss__csv=epss(CVE_2022_0778="0.5,0.98"),
        all__zip=osv_zip(osv("PYSEC-2020-1")),
    )
    damaged = path / f"{shard}.db"
    damaged.write_bytes(damaged.read_bytes()[:end])
    with Advisories(path, today=TODAY) as advisories:
        found = list(advisories.match([LIBSSL, DJANGO], BULLSEYE))
        assert [each.rule.id for each in found if isinstance(each, Match)][-1] == "PYSEC-2020-1"
        [gap] = [each for each in found if isinstance(each, Gap)]
        assert gap.where == str(damaged)
        assert gap.why.endswith(f"hullguard db update {damaged.stem}")
        assert advisories.missing([LIBSSL], BULLSEYE) == (
            (damaged.stem,) if shard.startswith("match") else ()
        )


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shard=st.sampled_from(["match/debian", "match/pypi", "details/pypi", "match/kev", "match/cve"]),
    place=st.integers(0, 60_000),
    bytes_=st.binary(min_size=1, max_size=32),
)
def test_no_damage_to_a_shard_makes_a_scan_raise(
    db: Path, tmp_path: Path, shard: str, place: int, bytes_: bytes
) -> None:
    copy = tmp_path / "db"
    if not copy.exists():
        copytree(db, copy)
    [path] = copy.glob(f"{shard}*.db")
    whole = path.read_bytes()
    place %= len(whole)
    path.write_bytes(whole[:place] + bytes_ + whole[place + len(bytes_) :])
    with Advisories(copy, today=TODAY) as advisories:
        found = [m for m in advisories.match([LIBSSL, DJANGO], BULLSEYE) if isinstance(m, Match)]
        list(advisories.unrated(found))
        list(advisories.gaps([LIBSSL, DJANGO], BULLSEYE, WEEK))
        advisories.explain(XSS)
    path.write_bytes(whole)

"""Everything that is stored about one flaw."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from advisory_samples import TODAY, built, epss, kev, nvd, nvd_cve, osv, osv_zip, tracker
from hullguard.advisories.database import Advisories
from hullguard.model import Severity

TLS = "CVE-2022-0778"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    records = (
        osv("GHSA-abcd-ab12-ab34", aliases=["PYSEC-1"], summary="Endless loop"),
        osv("PYSEC-1", "pyopenssl", aliases=[TLS]),
        osv("RUSTSEC-1", "openssl-src", "crates.io", aliases=[TLS]),
        osv("ALSA-2022:1", "openssl", "AlmaLinux:8", related=[TLS, "CVE-2022-9999"]),
        osv("PYSEC-2", "other", aliases=["CVE-2022-9999"]),
    )
    path, _ = built(
        tmp_path_factory.mktemp("database"),
        all__zip=osv_zip(*records),
        json=tracker(),
        kev__json=kev(TLS, "CVE-2022-5555"),
        epss__csv=epss(CVE_2022_0778="0.5,0.98"),
        nvdcve_2022__json=nvd(nvd_cve(TLS, 7.5)),
    )
    return path


@pytest.fixture
def advisories(db: Path) -> Iterator[Advisories]:
    with Advisories(db, today=TODAY) as opened:
        yield opened


@pytest.mark.parametrize(
    "name", [TLS, "cve-2022-0778", "PYSEC-1", "GHSA-abcd-ab12-ab34", "ghsa-ABCD-ab12-ab34"]
)
def test_any_name_of_a_flaw_leads_to_all_that_is_known_of_it(
    advisories: Advisories, name: str
) -> None:
    found = advisories.explain(name)
    assert found is not None
    assert found.rule.id == TLS
    assert found.ids == (TLS, "GHSA-abcd-ab12-ab34", "PYSEC-1", "RUSTSEC-1")
    assert found.rule.title == "Endless loop"
    assert (found.rule.severity, found.severity_source) == (Severity.HIGH, "nvd")
    assert found.exploited is not None
    assert (found.exploited.added, found.exploited.ransomware) == ("2021-12-10", True)
    assert found.likely is not None
    assert found.likely.epss == 0.5
    ids = [record.id for record in found.records]
    assert ids == ["ALSA-2022:1", "RUSTSEC-1", TLS, "GHSA-abcd-ab12-ab34", "PYSEC-1"]


def test_records_tell_packages_ranges_and_fixes(advisories: Advisories) -> None:
    found = advisories.explain(TLS)
    assert found is not None
    [debian] = [
        row for record in found.records for row in record.affected if "deb" in row.ecosystem
    ]
    assert (debian.ecosystem, debian.name) == ("debian:11", "openssl")
    assert debian.ranges[0].fixed == "1.1.1n-0+deb11u4"


def test_an_erratum_is_explained_as_itself(advisories: Advisories) -> None:
    found = advisories.explain("ALSA-2022:1")
    assert found is not None
    assert (found.rule.id, found.ids) == ("ALSA-2022:1", ("ALSA-2022:1",))
    assert found.records[0].fixes == (TLS, "CVE-2022-9999")


def test_a_cve_that_only_ratings_or_catalogues_know_is_explained_by_them(
    advisories: Advisories,
) -> None:
    found = advisories.explain("CVE-2022-5555")
    assert found is not None
    assert found.exploited is not None
    assert (found.rule.title, found.records) == ("CVE-2022-5555", ())


@pytest.mark.parametrize("name", ["CVE-1999-9999", "", "KP-IMG-013", "\ud800"])
def test_what_nobody_heard_of_is_not_explained(advisories: Advisories, name: str) -> None:
    assert advisories.explain(name) is None

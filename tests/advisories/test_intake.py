"""Documents are recognised and their rows sorted into families."""

from advisory_samples import document, epss, kev, nvd, nvd_cve, osv, osv_zip, tracker
from hullguard.advisories.intake import Intake


def test_every_document_finds_its_family() -> None:
    with Intake() as intake:
        intake.take(document("all.zip", osv_zip(osv("PYSEC-1"), osv("GO-1", "a/b", "Go"))))
        intake.take(document("json", tracker()))
        intake.take(document("kev.json", kev("CVE-2021-44228")))
        intake.take(document("epss.csv", epss(CVE_2021_44228="0.9,0.99")))
        intake.take(document("cve.json", nvd(nvd_cve("CVE-2021-44228", 10.0))))
        assert sorted(intake.drafts) == ["cve", "debian", "epss", "golang", "kev", "pypi"]
        assert [each.id for each in intake.drafts["golang"].advisories()] == ["GO-1"]
        assert list(intake.drafts["kev"].exploited) == ["CVE-2021-44228"]
        assert intake.errors == []


def test_only_wanted_families_are_kept() -> None:
    with Intake({"golang"}) as intake:
        intake.take(document("all.zip", osv_zip(osv("PYSEC-1"), osv("GO-1", "a/b", "Go"))))
        intake.take(document("kev.json", kev("CVE-2021-44228")))
        assert list(intake.drafts) == ["golang"]


def test_a_record_about_two_ecosystems_is_kept_in_both_families_in_part() -> None:
    both = osv("GHSA-a")
    both["affected"] = [*osv("x")["affected"], *osv("x", "lodash", "npm")["affected"]]  # type: ignore[misc]
    with Intake() as intake:
        intake.take(document("all.zip", osv_zip(both)))
        parts = {family: [*draft.advisories()] for family, draft in intake.drafts.items()}
    names = {family: [row.name for row in one.affected] for family, [one] in parts.items()}
    assert names == {"npm": ["lodash"], "pypi": ["django"]}


def test_a_broken_record_is_a_gap_of_the_families_in_its_file() -> None:
    with Intake() as intake:
        intake.take(document("all.zip", osv_zip(osv("PYSEC-1"), {"id": 7, "details": ""})))
        [gap] = intake.drafts["pypi"].gaps
    assert gap.where == "all.zip, 7.json"


def test_a_file_that_makes_no_sense_spoils_its_family() -> None:
    with Intake() as intake:
        intake.take(document("json", tracker()[:-5]))
        intake.take(document("readme", b"hello"))
        assert [error.where for error in intake.errors] == ["json", "readme"]
        assert intake.spoiled == {"debian"}


def test_what_a_file_says_of_its_own_age_goes_to_its_family() -> None:
    with Intake() as intake:
        intake.take(document("kev.json", kev()))
        assert intake.drafts["kev"].dates() == ("2026-11-20T00:00:00Z",)


def test_documents_are_noted_by_what_does_not_depend_on_where_they_lie() -> None:
    with Intake() as intake:
        intake.take(document("/home/me/osv/PyPI/all.zip", osv_zip(osv("PYSEC-1"))))
        intake.take(document("https://example.org/a/b/all.zip", osv_zip(osv("PYSEC-2"))))
        names = [each.name for each in intake.drafts["pypi"].documents]
        digests = {len(each.sha256) for each in intake.drafts["pypi"].documents}
    assert names == ["PyPI/all.zip", "https://example.org/a/b/all.zip"]
    assert digests == {64}


def test_progress_is_told_with_the_document_and_the_records_read() -> None:
    told: list[tuple[str, int]] = []
    with Intake(on_progress=lambda *step: told.append(step)) as intake:
        intake.take(document("all.zip", osv_zip(osv("PYSEC-1"), osv("PYSEC-2"))))
    assert told == [("all.zip", 0)]

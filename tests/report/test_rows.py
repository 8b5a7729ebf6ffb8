"""Rows, their order, and the figures."""

from msgspec.structs import replace

from hullguard.report.rows import rows_of
from hullguard.report.summary import summarise
from report_samples import (
    CART,
    EMPTY,
    LIBSSL,
    LODASH,
    LOG4SHELL,
    OFFLINE,
    OPENSSL,
    ROOT,
    VIM,
    excepted,
    flaw,
    report,
)


def test_rows_stand_worst_first_then_exploited_then_likely() -> None:
    findings = (
        flaw(VIM, "CVE-7", "low", kev=True),
        flaw(VIM, "CVE-6", "unknown", epss=0.09),
        flaw(VIM, "CVE-5", "high", epss=0.1),
        flaw(VIM, "CVE-4", "high", epss=0.2),
        flaw(VIM, "CVE-3", "high", kev=True),
        flaw(VIM, "CVE-2", "critical"),
        flaw(VIM, "CVE-1", "high", epss=0.1),
    )
    ids = [row.id for row in rows_of(report(*findings))]
    assert ids == ["CVE-2", "CVE-3", "CVE-4", "CVE-1", "CVE-5", "CVE-7", "CVE-6"]


def test_what_nobody_has_rated_goes_by_likelihood() -> None:
    findings = (
        flaw(VIM, "CVE-1", "medium"),
        flaw(VIM, "CVE-2", "unknown", epss=0.3),
        flaw(VIM, "CVE-3", "unknown", kev=True),
        flaw(VIM, "CVE-4", "unknown"),
        flaw(VIM, "CVE-5", "info"),
    )
    ids = [row.id for row in rows_of(report(*findings))]
    assert ids == ["CVE-3", "CVE-2", "CVE-1", "CVE-5", "CVE-4"]


def test_a_row_is_as_bad_as_its_worst_package() -> None:
    [row] = rows_of(report(flaw(LIBSSL, "CVE-1", "low"), flaw(OPENSSL, "CVE-1", "high", epss=0.5)))
    assert (row.severity, row.epss, row.packages) == ("high", 0.5, (LIBSSL, OPENSSL))


def test_a_cve_in_two_packages_counts_once_at_its_worst() -> None:
    summary = summarise([report(flaw(VIM, "CVE-1", "low"), flaw(LODASH, "CVE-1", "high"))])
    assert summary.vulnerabilities == 1
    assert (summary.severities["high"], summary.severities["low"]) == (1, 0)


def test_a_cve_is_fixable_where_updates_remove_it_from_every_package() -> None:
    both = report(flaw(VIM, "CVE-1", "low", "2"), flaw(LODASH, "CVE-1", "low", "2"))
    one = report(flaw(VIM, "CVE-1", "low", "2"), flaw(LODASH, "CVE-1", "low"))
    assert [summarise([each]).fixable for each in (both, one)] == [1, 0]


def test_excepted_findings_count_as_such_alone() -> None:
    summary = summarise([report(excepted(LOG4SHELL, "no"), excepted(ROOT, "no"))])
    assert (summary.excepted, summary.vulnerabilities, summary.kev, summary.others) == (2, 0, 0, 0)


def test_several_reports_count_as_if_they_were_one() -> None:
    summary = summarise([CART, replace(CART, target="again"), report(gaps=(OFFLINE,)), EMPTY])
    assert (summary.vulnerabilities, summary.kev, summary.packages) == (10, 1, 15)
    assert (summary.others, summary.incomplete) == (4, True)

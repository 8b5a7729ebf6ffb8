"""Which packages to update, and to what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hullguard.advisories import versions
from hullguard.model import Severity
from hullguard.report.rows import rows_of
from hullguard.report.updates import advise, smallest
from report_samples import CART, LIBSSL, LODASH, LOG4J, OPENSSL, VIM, flaw, report


@pytest.mark.parametrize(
    ("scheme", "fixes", "told"),
    [
        ("semver", [("4.17.5",), ("4.17.21",), ("4.17.12",)], "4.17.21"),
        ("semver", [("1.10.0",), ("1.9.0",)], "1.10.0"),
        ("dpkg", [("1.0-1~deb11u1",), ("1.0-1",)], "1.0-1"),
        ("maven", [("2.15.0", "2.12.2", "2.3.1"), ("2.17.1", "2.12.4")], "2.17.1"),
        ("pep440", [("2.2.24", "3.1.12", "3.2.4"), ("2.2.28", "3.2.13", "4.0.4")], "2.2.28"),
        ("semver", [("1.0",), ("1.0",), ()], "1.0"),
    ],
)
def test_the_smallest_version_that_fixes_all(
    scheme: str, fixes: list[tuple[str, ...]], told: str
) -> None:
    assert smallest(scheme, fixes) == told


def test_a_fix_is_raised_where_another_branch_needs_a_later_one() -> None:
    assert smallest("semver", [("1.6.0", "2.1.0"), ("2.0.5",)]) == "2.1.0"
    assert smallest("semver", [("1.4.3", "1.6.0"), ("1.5.0",)]) == "1.6.0"


FIXES = st.lists(
    st.lists(st.sampled_from(("1.0", "1.1", "1.9", "2.0", "2.0.1", "3.0", "x")), max_size=3).map(
        tuple
    ),
    min_size=1,
    max_size=5,
).filter(any)


@given(FIXES)
def test_it_is_a_known_fix_and_none_of_the_nearest_is_above_it(
    fixes: list[tuple[str, ...]],
) -> None:
    best = smallest("semver", fixes)
    assert best in {version for each in fixes for version in each}
    assert all(versions.compare("semver", each[0], best) <= 0 for each in fixes if each)


@given(FIXES)
def test_the_order_of_the_vulnerabilities_does_not_matter(fixes: list[tuple[str, ...]]) -> None:
    forth, back = smallest("semver", fixes), smallest("semver", fixes[::-1])
    assert versions.compare("semver", forth, back) == 0


def test_packages_of_one_source_are_one_update() -> None:
    updates = advise(rows_of(CART))
    told = [
        (each.part.name, each.part.version, each.version, len(each.packages)) for each in updates
    ]
    assert told == [
        ("org.apache.logging.log4j:log4j-core", "2.14.1", "2.17.1", 1),
        ("lodash", "4.17.4", "4.17.21", 1),
        ("openssl", "1.1.1n-0+deb11u3", "1.1.1n-0+deb11u5", 2),
    ]


def test_an_update_tells_what_it_removes_the_worst_first() -> None:
    [update] = advise(
        rows_of(
            report(
                flaw(LODASH, "CVE-1", "low", "2"),
                flaw(LODASH, "CVE-2", "critical", "3", kev=True),
                flaw(LODASH, "CVE-3", "low", "3"),
                flaw(LODASH, "CVE-4", "high"),
            )
        )
    )
    assert update.severities == {Severity.CRITICAL: 1, Severity.LOW: 2}
    assert list(update.severities) == [Severity.CRITICAL, Severity.LOW]
    assert set(update.removes) == {"CVE-1", "CVE-2", "CVE-3"}
    assert update.kev


def test_what_is_exploited_comes_first_then_what_removes_the_most_of_the_worst() -> None:
    updates = advise(
        rows_of(
            report(
                flaw(OPENSSL, "CVE-1", "critical", "2"),
                flaw(VIM, "CVE-2", "medium", "2", kev=True),
                flaw(LODASH, "CVE-3", "critical", "2"),
                flaw(LODASH, "CVE-4", "critical", "2"),
            )
        )
    )
    assert [each.part.name for each in updates] == ["vim", "lodash", "openssl"]


def test_two_installed_versions_are_two_updates() -> None:
    other = replace(LODASH, version="4.17.11", path="b/package.json")
    rows = rows_of(
        report(flaw(LODASH, "CVE-1", "low", "4.17.21"), flaw(other, "CVE-1", "low", "4.17.21"))
    )
    assert [each.part.version for each in advise(rows)] == ["4.17.11", "4.17.4"]


def test_what_a_part_of_the_packages_lacks_a_fix_for_is_not_removed() -> None:
    rows = rows_of(report(flaw(LIBSSL, "CVE-1", "high", "2"), flaw(OPENSSL, "CVE-1", "high")))
    assert advise(rows) == []


def test_versions_are_those_of_the_source_where_advisories_count_in_sources() -> None:
    odd = replace(LIBSSL, source_version="1.1.1n-0+deb11u2")
    [row] = rows_of(report(flaw(odd, "CVE-1", "high", "2")))
    assert row.part.version == "1.1.1n-0+deb11u2"
    [row] = rows_of(report(flaw(LOG4J, "CVE-1", "high", "2")))
    assert (row.part.version, row.part.scheme) == ("2.14.1", "maven")

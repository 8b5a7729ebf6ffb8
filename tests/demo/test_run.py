"""The demo's report: convincing, complete, and of the day that it says."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hullguard.demo.run import Demo, demo
from hullguard.model import Finding, Severity, Vulnerability


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return demo(tmp_path_factory.mktemp("cache"))


def flaws(shown: Demo) -> Iterator[tuple[Finding, Vulnerability]]:
    for finding in shown.report.findings:
        if finding.evidence:
            yield finding, finding.evidence


def test_nothing_is_left_unseen(shown: Demo) -> None:
    assert shown.report.gaps == ()


def test_it_is_judged_as_of_the_day_that_is_declared(shown: Demo) -> None:
    assert shown.report.judged_at == shown.date.isoformat() == "2024-10-24T00:00:00+00:00"
    assert {state.fetched for state in shown.report.database} == {"2024-10-24T00:00:00Z"}


def test_the_database_speaks_of_what_is_declared(shown: Demo) -> None:
    covered = {each for state in shown.report.database for each in state.coverage}
    assert covered == set(shown.coverage) == {"debian:11", "maven", "npm", "pypi"}
    assert [state.gaps for state in shown.report.database if state.gaps] == []


def test_log4shell_is_found_in_the_jar_inside_the_jar_and_known_to_be_exploited(
    shown: Demo,
) -> None:
    [(finding, flaw)] = [pair for pair in flaws(shown) if pair[0].rule.id == "CVE-2021-44228"]
    assert finding.severity is Severity.CRITICAL
    assert flaw.kev
    assert flaw.ransomware
    assert flaw.fixed_in == ("2.15.0", "2.12.2", "2.3.1")
    assert flaw.package.path == "srv/shop/app.jar!/BOOT-INF/lib/log4j-core-2.14.1.jar"
    assert flaw.package.created_by == "COPY app.jar /srv/shop/app.jar # buildkit"


def test_every_kind_of_package_has_flaws(shown: Demo) -> None:
    assert {flaw.package.type for _, flaw in flaws(shown)} == {"deb", "maven", "npm", "pypi"}


def test_debian_flaws_cite_their_security_advisory(shown: Demo) -> None:
    dsa = "https://security-tracker.debian.org/tracker/DSA-"
    system = [finding for finding, flaw in flaws(shown) if flaw.package.type == "deb"]
    assert system
    assert all(finding.rule.references[0].startswith(dsa) for finding in system)


def test_what_debian_has_repaired_is_not_reported(shown: Demo) -> None:
    repaired = {"CVE-2022-2068", "CVE-2022-1271", "CVE-2022-1664", "CVE-2022-34903"}
    assert repaired.isdisjoint({finding.rule.id for finding, _ in flaws(shown)})


def test_only_what_nobody_had_rated_is_unknown(shown: Demo) -> None:
    unknown = {finding.rule.id for finding, _ in flaws(shown) if finding.severity == "unknown"}
    assert unknown == {"CVE-2024-33599", "CVE-2024-33600"}


def test_python_packages_that_debian_brought_are_its_own(shown: Demo) -> None:
    owned = {each.name: each.owned_by for each in shown.report.inventory.packages if each.owned_by}
    assert sorted(owned) == ["pip", "setuptools", "wheel"]
    assert owned["pip"].startswith("pkg:deb/debian/python3-pip@")


def test_it_runs_as_root_and_has_no_health_check(shown: Demo) -> None:
    others = {finding.rule.id for finding in shown.report.findings if not finding.evidence}
    assert others == {"KP-IMG-013", "KP-IMG-020"}


def test_the_second_run_builds_nothing(tmp_path: Path) -> None:
    demo(tmp_path)
    before = (tmp_path / "demo/db").stat()
    demo(tmp_path)
    after = (tmp_path / "demo/db").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_cache_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    taken = tmp_path / "cache"
    taken.write_text("a file where the folder would be")
    assert demo(taken).report.gaps == ()
    assert taken.is_file()

"""OSV records: what their ranges, lists, names and severities mean."""

import json
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed_rows import advisories, damaged, gaps, is_refused_politely, rows
from hullguard.advisories.feeds import osv
from hullguard.model import Advisory, Affected, Malformed, Range, Score, Severity, Status

DJANGO: dict[str, Any] = {
    "schema_version": "1.6.0",
    "id": "PYSEC-2022-1",
    "modified": "2022-02-01T00:00:00Z",
    "published": "2022-01-01T00:00:00Z",
    "aliases": ["CVE-2022-0001", " GHSA-aaaa-bbbb-cccc"],
    "summary": "Templates run code",
    "details": "A template may run code.",
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "Django_Core"},
            "ranges": [
                {
                    "type": "ECOSYSTEM",
                    "events": [
                        {"introduced": "0"},
                        {"fixed": "2.2.28"},
                        {"introduced": "3.0"},
                        {"fixed": "3.2.13"},
                    ],
                },
                {"type": "GIT", "repo": "https://x/y", "events": [{"introduced": "0"}]},
            ],
            "versions": ["1.0", "2.2.27", "3.0rc1", "3.1"],
        }
    ],
    "references": [{"type": "WEB", "url": "https://example.org/1"}],
}


def record(**changes: object) -> bytes:
    return json.dumps(DJANGO | changes).encode()


def one(**changes: object) -> Advisory:
    [advisory] = advisories(osv, record(**changes))
    return advisory


def affected(ecosystem: str, name: str, *events: dict[str, str], **more: object) -> Affected:
    """Read a record about one package; events make one range."""
    ranges = [{"type": "SEMVER", "events": events}] if events else []
    package = {"ecosystem": ecosystem, "name": name}
    [row] = one(affected=[{"package": package, "ranges": ranges, **more}]).affected
    return row


def zipped(**members: bytes) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.json", data)
    return file.getvalue()


def test_a_record_says_who_told_it_and_what_else_the_flaw_is_called() -> None:
    advisory = one()
    assert (advisory.id, advisory.source) == ("PYSEC-2022-1", "osv-pypi")
    assert advisory.aliases == ("CVE-2022-0001", "GHSA-aaaa-bbbb-cccc")
    assert (advisory.title, advisory.text) == ("Templates run code", "A template may run code.")
    assert advisory.references == ("https://example.org/1",)
    assert (advisory.published, advisory.modified) == (
        "2022-01-01T00:00:00Z",
        "2022-02-01T00:00:00Z",
    )


def test_a_range_may_hold_several_introductions_each_with_its_fix() -> None:
    [row] = one().affected
    assert row.ranges == (Range("", "2.2.28"), Range("3.0", "3.2.13"))
    assert row.status is Status.FIXED


def test_only_listed_versions_outside_the_ranges_are_kept() -> None:
    [row] = one().affected
    assert row.versions == ("3.0rc1",)


def test_events_count_in_the_order_of_their_versions() -> None:
    row = affected(
        "npm",
        "left-pad",
        {"fixed": "1.10.0"},
        {"introduced": "1.9.0"},
        {"introduced": "0"},
        {"fixed": "1.2.0"},
    )
    assert row.ranges == (Range("", "1.2.0"), Range("1.9.0", "1.10.0"))


def test_the_first_bound_after_an_introduction_ends_the_range() -> None:
    row = affected(
        "PyPI", "pip", {"introduced": "1.0"}, {"last_affected": "3.0"}, {"last_affected": "2.0"}
    )
    assert row.ranges == (Range("1.0", last_affected="2.0"),)


def test_a_range_that_begins_with_a_bound_begins_with_the_first_version() -> None:
    assert affected("npm", "left-pad", {"fixed": "1.0.0"}).ranges == (Range("", "1.0.0"),)


def test_one_event_may_be_an_introduction_and_its_bound() -> None:
    both = {"introduced": "1.0.0", "fixed": "1.2.0"}
    assert affected("npm", "left-pad", both).ranges == (Range("1.0.0", "1.2.0"),)


def test_a_security_erratum_that_names_no_flaw_is_no_bug_fix() -> None:
    advisory = erratum("ALSA-2022:1", "Important: grafana security update", [], "7-1.el8")
    assert (advisory.severity, advisory.affected[0].note) == (Severity.HIGH, "")


def test_a_range_without_an_end_is_affected_for_ever() -> None:
    row = affected("npm", "left-pad", {"introduced": "1.0.0"})
    assert (row.ranges, row.status) == ((Range("1.0.0"),), Status.AFFECTED)


def test_versions_listed_without_ranges_are_affected_one_by_one() -> None:
    row = affected("npm", "left-pad", versions=["1.0.0", "1.0.1"])
    assert (row.ranges, row.versions, row.status) == ((), ("1.0.0", "1.0.1"), Status.AFFECTED)


def test_a_package_without_any_version_says_nothing_that_could_be_judged() -> None:
    row = affected("npm", "left-pad")
    assert (row.status, row.note) == (Status.UNKNOWN, "no versions given")


@pytest.mark.parametrize(
    ("known", "bound"),
    [
        ("<= 2.8.11", Range("2.0.0", last_affected="2.8.11")),
        ("< 2.8.11", Range("2.0.0", fixed="2.8.11")),
        (">= 2.0.0, <= 2.8", Range("2.0.0", last_affected="2.8")),
        ("nonsense", Range("2.0.0")),
    ],
)
def test_what_github_knows_last_bounds_a_range_without_being_a_fix(
    known: str, bound: Range
) -> None:
    own = {"last_known_affected_version_range": known}
    row = affected("npm", "left-pad", {"introduced": "2.0.0"}, database_specific=own)
    assert (row.ranges, row.status) == ((bound,), Status.AFFECTED)


def test_a_fix_outdoes_what_github_knew_last() -> None:
    own = {"last_known_affected_version_range": "<= 2.0.1"}
    row = affected("npm", "a", {"introduced": "0"}, {"fixed": "2.1.0"}, database_specific=own)
    assert row.ranges == (Range("", "2.1.0"),)


def test_a_fix_along_versions_that_go_does_not_know_is_shown() -> None:
    custom = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "7.5.15"}]}]
    row = affected(
        "Go",
        "github.com/grafana/grafana",
        {"introduced": "0"},
        ecosystem_specific={"custom_ranges": custom},
    )
    assert (row.ranges, row.fixed, row.status) == ((Range(),), "7.5.15", Status.FIXED)


def test_git_commits_are_no_versions() -> None:
    git = {
        "type": "GIT",
        "repo": "https://github.com/python/cpython",
        "events": [{"introduced": "0"}],
    }
    [row] = one(id="PSF-2023-1", affected=[{"ranges": [git]}]).affected
    assert (row.ecosystem, row.name, row.status) == ("psf", "cpython", Status.UNKNOWN)


def test_packages_are_named_as_their_ecosystem_compares_them() -> None:
    [row] = one().affected
    assert (row.ecosystem, row.name) == ("pypi", "django-core")


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("CRITICAL", Severity.CRITICAL),
        ("MODERATE", Severity.MEDIUM),
        ("Unknown", Severity.UNKNOWN),
        (7, Severity.UNKNOWN),
    ],
)
def test_the_database_has_a_word_for_the_severity(word: object, severity: Severity) -> None:
    assert one(database_specific={"severity": word}).severity is severity


def test_github_and_psf_name_weaknesses() -> None:
    assert one(database_specific={"cwe_ids": ["CWE-79", 7]}).cwes == ("CWE-79",)
    assert one(database_specific={"cwe_ids": None}).cwes == ()


def test_a_record_without_a_name_is_refused() -> None:
    with pytest.raises(Malformed, match="length >= 1"):
        rows(osv, record(id=""))


def test_malware_is_critical() -> None:
    assert one(id="MAL-2024-1").severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("kind", "severity"),
    [("unmaintained", Severity.INFO), ("notice", Severity.INFO), ("unsound", Severity.UNKNOWN)],
)
def test_what_rustsec_only_informs_of_is_no_flaw(kind: str, severity: Severity) -> None:
    package = {"ecosystem": "crates.io", "name": "adler"}
    ranges = [{"type": "SEMVER", "events": [{"introduced": "0.0.0-0"}]}]
    own = {"informational": kind}
    advisory = one(affected=[{"package": package, "ranges": ranges, "database_specific": own}])
    assert (advisory.severity, advisory.affected[0].note) == (severity, kind)


def test_vectors_of_the_record_and_of_its_packages_become_scores() -> None:
    vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    julia = {"type": "CVSS_V2", "score": "AV:N/AC:L/Au:N/C:P/I:P/A:P", "source": "NVD"}
    broken = {"type": "CVSS_V3", "score": "CVSS:3.1/AV:X"}
    package = {"ecosystem": "PyPI", "name": "django"}
    advisory = one(affected=[{"package": package, "severity": [julia, broken]}])
    assert advisory.scores == (
        Score(source="pypa", vector=vector, score=9.8, severity=Severity.CRITICAL),
        Score(source="nvd", vector=julia["score"], score=7.5, severity=Severity.HIGH),
    )


def test_ubuntu_rates_in_words() -> None:
    advisory = one(id="UBUNTU-CVE-2020-1", severity=[{"type": "Ubuntu", "score": "medium"}])
    assert advisory.scores == (Score(source="ubuntu", severity=Severity.MEDIUM),)


def test_one_cve_upstream_is_another_name_of_the_same_flaw() -> None:
    advisory = one(id="JLSEC-2025-1", aliases=[], upstream=["CVE-2024-1", "GHSA-a-b-c"])
    assert (advisory.aliases, advisory.fixes) == (("CVE-2024-1", "GHSA-a-b-c"), ())


def test_several_cves_upstream_are_flaws_of_their_own() -> None:
    advisory = one(id="USN-1-1", aliases=[], upstream=["CVE-2024-1", "CVE-2024-2"])
    assert (advisory.aliases, advisory.fixes) == ((), ("CVE-2024-1", "CVE-2024-2"))


def erratum(id_: str, summary: str, related: list[str], *fixed: str) -> Advisory:
    package = {"ecosystem": "AlmaLinux:8", "name": "grafana"}
    rows = [
        {
            "package": package,
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fix}]}],
        }
        for fix in fixed
    ]
    return one(id=id_, aliases=None, severity=None, summary=summary, related=related, affected=rows)


def test_an_erratum_lists_the_flaws_it_fixes_and_its_severity() -> None:
    advisory = erratum(
        "ALSA-2022:1", "Important: grafana security update", ["CVE-2021-1", "CVE-2021-2"], "7-1.el8"
    )
    assert advisory.fixes == ("CVE-2021-1", "CVE-2021-2")
    assert advisory.aliases == ()
    assert advisory.severity is Severity.HIGH
    assert advisory.affected[0].ecosystem == "almalinux:8"


def test_an_erratum_without_flaws_is_a_bug_fix() -> None:
    advisory = erratum("ALBA-2022:1", "grafana bug fix update", [], "7-1.el8")
    assert (advisory.severity, advisory.affected[0].note) == (Severity.INFO, "bugfix")


def test_a_bug_fix_that_names_a_flaw_counts() -> None:
    advisory = erratum("ALBA-2022:1", "Moderate: grafana bug fix update", ["CVE-2021-1"], "7-1.el8")
    assert (advisory.severity, advisory.affected[0].note) == (Severity.MEDIUM, "")


def test_of_several_builds_of_one_erratum_the_lowest_holds_the_fix() -> None:
    advisory = erratum("ALSA-2022:1", "Low: grafana", ["CVE-1"], "7-1.el8.plus", "7-1.el8")
    [row] = advisory.affected
    assert row.ranges == (Range("", "7-1.el8"),)


@pytest.mark.parametrize(
    ("title", "stream"),
    [
        ("Important: nodejs:18 security update", "nodejs:18"),
        ("Low: virt:rhel security, bug fix, and enhancement update", "virt:rhel"),
        ("ALSA-2022:5468: php:8.0 security update (Important)", "php:8.0"),
        ("Important: virt:rhel and virt-devel:rhel security update", "*"),
        ("Important: httpd:2.4/mod_http2 security update", "*"),
        ("Low: grafana", "*"),
    ],
)
def test_modular_builds_are_of_the_stream_that_the_title_names(title: str, stream: str) -> None:
    advisory = erratum("ALSA-2022:1", title, ["CVE-1"], "7-1.module_el8.5.0+1+2")
    assert advisory.affected[0].module == stream


def test_go_writes_no_date_into_its_records() -> None:
    assert one(modified="0001-01-01T00:00:00Z").modified == ""


def test_a_withdrawn_record_is_kept_with_its_date() -> None:
    assert one(withdrawn="2024-01-01T00:00:00Z").withdrawn == "2024-01-01T00:00:00Z"


def test_a_broken_record_in_an_archive_is_a_gap_and_the_next_is_read() -> None:
    archive = zipped(A=b'{"id": 7}', B=record())
    [gap, advisory] = rows(osv, archive)
    assert gap == gaps(osv, archive)[0]
    assert (gap.where, gap.why) == (
        "feed, A.json",
        "cannot be understood: Expected `str`, got `int` - at `$.id`",
    )
    assert isinstance(advisory, Advisory)


def test_go_indexes_are_no_records() -> None:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("index/db.json", '{"modified": "2024-01-01T00:00:00Z"}')
        archive.writestr("ID/GO-1.json", record(id="GO-1"))
    assert [row.id for row in advisories(osv, file.getvalue())] == ["GO-1"]


def test_an_archive_without_records_is_refused() -> None:
    with pytest.raises(Malformed, match="holds no OSV records"):
        rows(osv, zipped())


@pytest.mark.parametrize(
    "head",
    [record()[:4096], record()[:300], zipped(A=record())[:4096], b'{"affected": [{"versions": ["1'],
)
def test_records_are_known_by_their_keys_even_when_cut_off(head: bytes) -> None:
    assert osv.recognises("x", head)


@pytest.mark.parametrize(
    "head",
    [b"", b"[]", b'{"id": "x"}', b'{"id": "x", "details": "", "packages": []}', b"PK\3\4META-INF/"],
)
def test_other_files_are_no_records(head: bytes) -> None:
    assert not osv.recognises("x.json", head)


@given(damaged(record()) | damaged(zipped(A=record(), B=record(id="GO-1"))))
def test_no_bytes_make_it_raise_anything_else(data: bytes) -> None:
    assert is_refused_politely(osv, data)


VERSIONS = st.text(max_size=8)
EVENTS = st.lists(
    st.dictionaries(st.sampled_from(["introduced", "fixed", "last_affected"]), VERSIONS), max_size=5
)


@given(st.sampled_from(["PyPI", "npm", "Maven", "AlmaLinux:8"]), EVENTS, st.lists(VERSIONS))
def test_no_versions_make_it_raise(
    ecosystem: str, events: list[dict[str, str]], listed: list[str]
) -> None:
    affected(ecosystem, "x", *events, versions=listed)

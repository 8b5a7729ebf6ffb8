"""Which flaws an installed version has, and what repairs them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.advisories.aliases import Clusters, names_of
from hullguard.advisories.ecosystems import Query
from hullguard.advisories.match import Hit, hits, is_undecided, is_version
from hullguard.advisories.reduce import reduce
from hullguard.model import Advisory, Affected, Range, Severity, Status

NOW = "2026-11-24T00:00:00Z"
FIXED = Status.FIXED


def affected(
    *ranges: tuple[str, str, str] | tuple[str, str],
    ecosystem: str = "pypi",
    status: Status = FIXED,
    **more: object,
) -> Affected:
    return Affected(
        ecosystem=ecosystem,
        name="a",
        status=status,
        ranges=tuple(Range(*bounds) for bounds in ranges),
        **more,  # type: ignore[arg-type]
    )


def advisory(id_: str, *rows: Affected, aliases: tuple[str, ...] = (), **more: object) -> Advisory:
    return Advisory(id=id_, source="test", affected=rows, aliases=aliases, **more)  # type: ignore[arg-type]


def found(version: str, *advisories: Advisory, ecosystem: str = "pypi", **more: str) -> list[Hit]:
    clusters = Clusters(map(names_of, advisories))
    entries = [placed.entry for each in advisories for placed in reduce(each, clusters)]
    return [*hits(Query(ecosystem, "a", version, **more), entries, NOW)]


def rules(version: str, *advisories: Advisory, **more: str) -> list[str]:
    return [hit.rule for hit in found(version, *advisories, **more)]


def test_a_version_below_the_fix_is_affected_and_the_fix_is_not() -> None:
    one = advisory("X-1", affected(("1.0", "2.0")))
    assert [rules(version, one) for version in ("0.9", "1.0", "1.9.9", "2.0")] == [
        [],
        ["X-1"],
        ["X-1"],
        [],
    ]


def test_the_last_affected_version_is_affected() -> None:
    one = advisory("X-1", affected(("", "", "2.0"), status=Status.AFFECTED))
    [hit] = found("2.0", one)
    assert (hit.status, hit.fixed_in) == (Status.AFFECTED, ())
    assert rules("2.0.1", one) == []


def test_a_range_without_an_end_affects_all_that_follows() -> None:
    one = advisory("X-1", affected(("1.5", ""), status=Status.AFFECTED))
    assert rules("99", one) == ["X-1"]
    assert rules("1.4", one) == []


def test_no_range_and_no_version_means_every_version() -> None:
    assert rules("0.0.1", advisory("X-1", affected(status=Status.WONT_FIX))) == ["X-1"]


def test_listed_versions_are_affected_however_they_are_spelled() -> None:
    one = advisory("X-1", affected(status=Status.AFFECTED, versions=("1.0", "2.0rc1")))
    assert rules("1.0.0", one) == ["X-1"]
    assert rules("2.0-rc.1", one) == ["X-1"]
    assert rules("1.0.1", one) == []


def test_the_fix_of_ones_own_branch_comes_first_then_newer_then_older_ones() -> None:
    log4j = advisory(
        "GHSA-jfh8",
        affected(("2.13.0", "2.15.0"), ecosystem="maven"),
        affected(("2.4", "2.12.2"), ecosystem="maven"),
        affected(("2.0-beta9", "2.3.1"), ecosystem="maven"),
        aliases=("CVE-2021-44228",),
    )
    [hit] = found("2.14.1", log4j, ecosystem="maven")
    assert hit.ids == ("CVE-2021-44228", "GHSA-jfh8")
    assert hit.fixed_in == ("2.15.0", "2.12.2", "2.3.1")
    [hit] = found("2.3", log4j, ecosystem="maven")
    assert hit.fixed_in == ("2.3.1", "2.12.2", "2.15.0")


def test_records_of_one_flaw_are_one_hit_and_the_fix_satisfies_them_all() -> None:
    [hit] = found(
        "1.0",
        advisory("GHSA-a", affected(("", "2.0")), aliases=("CVE-2020-1000",)),
        advisory("PYSEC-1", affected(("", "2.1")), aliases=("CVE-2020-1000",)),
    )
    assert hit.ids == ("CVE-2020-1000", "GHSA-a", "PYSEC-1")
    assert hit.fixed_in == ("2.1",)


def test_a_record_that_was_never_told_of_the_fix_yields_to_one_that_was() -> None:
    stale = advisory("PYSEC-1", affected(("", ""), status=Status.AFFECTED), aliases=("GHSA-a",))
    told = advisory("GHSA-a", affected(("", "2.0")))
    [hit] = found("1.0", stale, told)
    assert (hit.status, hit.fixed_in) == (FIXED, ("2.0",))
    assert rules("2.0", stale, told) == []
    assert rules("2.0", stale) == ["PYSEC-1"]


def test_an_older_branchs_fix_does_not_make_it_fixed() -> None:
    [hit] = found("3.0", advisory("X-1", affected(("", "1.9"), ("2.0", ""))))
    assert (hit.status, hit.fixed_in) == (Status.AFFECTED, ("1.9",))


def test_a_bound_that_is_no_fix_is_not_shown_as_one() -> None:
    [hit] = found("1.0", advisory("X-1", affected(("", "2.0"), status=Status.AFFECTED)))
    assert (hit.status, hit.fixed_in) == (Status.AFFECTED, ())


def test_a_fix_along_other_versions_is_shown_though_it_cannot_be_compared() -> None:
    grafana = advisory("GO-1", affected(("", ""), ecosystem="golang", fixed="9.2.0"))
    [hit] = found("v0.0.0-20220101000000-abcdefabcdef", grafana, ecosystem="golang")
    assert (hit.status, hit.fixed_in) == (FIXED, ("9.2.0",))


@pytest.mark.parametrize("status", [s for s in Status if s not in {"not_affected", "unknown"}])
def test_a_status_that_a_source_gives_is_kept(status: Status) -> None:
    [hit] = found("1.0", advisory("X-1", affected(status=status, fixed="2")))
    assert hit.status is FIXED
    [hit] = found("1.0", advisory("X-1", affected(status=status)))
    assert hit.status is (Status.AFFECTED if status is FIXED else status)


@pytest.mark.parametrize("status", [Status.NOT_AFFECTED, Status.UNKNOWN])
def test_what_is_not_affected_or_not_judged_is_no_hit(status: Status) -> None:
    assert found("1.0", advisory("X-1", affected(status=status))) == []


def test_what_was_withdrawn_is_dropped_and_what_will_be_is_not() -> None:
    row = affected(("", "2.0"))
    assert rules("1.0", advisory("X-1", row, withdrawn="2024-01-01T00:00:00Z")) == []
    assert rules("1.0", advisory("X-1", row, withdrawn="2027-07-09T00:00:00Z")) == ["X-1"]
    assert rules("1.0", advisory("X-1", row, withdrawn="who knows when")) == []


def test_an_architecture_that_is_not_named_is_not_affected() -> None:
    one = advisory("X-1", affected(("", "2"), ecosystem="debian:12", arches=("arm64", "armhf")))
    assert rules("1", one, ecosystem="debian:12", arch="amd64") == []
    assert rules("1", one, ecosystem="debian:12", arch="arm64") == ["X-1"]
    assert rules("1", one, ecosystem="debian:12", arch="all") == ["X-1"]


@pytest.mark.parametrize(
    ("wanted", "module", "expected"),
    [
        ("", "", ["X-1"]),
        ("", "nginx:1.22:9:ctx", []),
        ("*", "", []),
        ("*", "nginx:1.22:9:ctx", ["X-1"]),
        ("nginx:1.22", "nginx:1.22:9:ctx", ["X-1"]),
        ("nginx:1.22", "nginx:1.22", ["X-1"]),
        ("nginx:1.2", "nginx:1.22:9:ctx", []),
        ("nginx:1.22", "*", ["X-1"]),
    ],
)
def test_modular_builds_are_compared_with_their_own_stream_only(
    wanted: str, module: str, expected: list[str]
) -> None:
    one = advisory("X-1", affected(("", "2"), ecosystem="almalinux:9", module=wanted))
    assert rules("1", one, ecosystem="almalinux:9", module=module) == expected


def test_an_erratum_is_one_hit_for_each_flaw_it_fixes() -> None:
    erratum = advisory(
        "ALSA-2023:1",
        affected(("", "2"), ecosystem="almalinux:9"),
        fixes=("CVE-2023-2000", "CVE-2023-1000"),
    )
    found_hits = found("1", erratum, ecosystem="almalinux:9")
    assert [hit.ids for hit in found_hits] == [
        ("CVE-2023-1000", "ALSA-2023:1"),
        ("CVE-2023-2000", "ALSA-2023:1"),
    ]


def test_an_erratum_that_repairs_no_flaw_is_no_hit() -> None:
    row = affected(("", "2"), note="bugfix")
    assert rules("1", advisory("ALBA-2019:1", row, severity=Severity.INFO)) == []
    assert rules("1", advisory("ALBA-2025:20841", row, severity=Severity.MEDIUM)) == []
    assert rules("1", advisory("ALSA-2024:9470", row, severity=Severity.LOW)) == ["ALSA-2024:9470"]


def test_of_two_fixes_for_one_flaw_the_later_version_is_the_safe_one() -> None:
    def erratum(id_: str, fix: str) -> Advisory:
        return advisory(id_, affected(("", fix), ecosystem="debian:11"), fixes=("CVE-2020-1000",))

    for fixes in (("1-1+u1", "1-1+u2"), ("1-1+u2", "1-1+u1")):
        both = [*map(erratum, ("X-1", "X-2"), fixes)]
        [hit] = found("1-1", *both, ecosystem="debian:11")
        assert hit.fixed_in == ("1-1+u2",)


@pytest.mark.parametrize(
    ("scheme", "version"),
    [
        ("semver", "(devel)"),
        ("semver", "latest1"),
        ("pep440", "2.0-custom-build"),
        ("composer", "dev-feature2"),
        ("maven", "${revision}1"),
        ("dpkg", ""),
        ("gem", "unknown"),
    ],
)
def test_what_is_no_version_is_told_apart(scheme: str, version: str) -> None:
    assert not is_version(scheme, version)


@pytest.mark.parametrize(
    ("scheme", "version"),
    [
        ("semver", "v0.0.0-20210101000000-abcdefabcdef"),
        ("semver", "go1.21rc2"),
        ("pep440", "1.0.dev0"),
        ("composer", "1.0-dev"),
        ("maven", "r09"),
        ("rpm", "svn12-1"),
    ],
)
def test_unusual_versions_are_versions(scheme: str, version: str) -> None:
    assert is_version(scheme, version)


def test_an_unknown_version_has_what_every_version_has_and_the_rest_is_undecided() -> None:
    always = advisory("X-1", affected(("", ""), ecosystem="golang", status=Status.AFFECTED))
    some = advisory("X-2", affected(("", "2.0"), ecosystem="golang"))
    assert rules("(devel)", always, some, ecosystem="golang") == ["X-1"]
    query = Query("golang", "a", "(devel)")
    entries = [next(reduce(each, Clusters())).entry for each in (always, some)]
    assert is_undecided(query, entries, NOW)
    assert not is_undecided(query, entries[:1], NOW)
    assert not is_undecided(Query("golang", "a", "1.0"), entries, NOW)


def test_go_orders_pseudo_versions_below_the_tag_they_name() -> None:
    one = advisory("GO-1", affected(("", "0.3.7"), ecosystem="golang"))
    assert rules("v0.3.7-0.20210101000000-abcdefabcdef", one, ecosystem="golang") == ["GO-1"]
    assert rules("v0.3.7", one, ecosystem="golang") == []
    assert rules("v2.0.0+incompatible", one, ecosystem="golang") == []


def test_the_sources_word_on_the_package_counts_before_its_word_on_the_flaw() -> None:
    row = affected(("", "2"), severity=Severity.INFO)
    [hit] = found("1", advisory("X-1", row, severity=Severity.HIGH))
    assert hit.entries[0].severity is Severity.INFO


_VERSIONS = st.sampled_from(["", "0", "1.0", "1.5", "2.0", "1:1-1", "x", "(devel)", "٣"])
_SCHEMES = st.sampled_from(["pypi", "maven", "golang", "debian:12", "almalinux:9", "alpine:3.19"])


@given(_SCHEMES, st.lists(st.tuples(_VERSIONS, _VERSIONS, _VERSIONS)), st.text(max_size=8))
def test_no_version_makes_it_raise_and_no_fix_shown_is_affected(
    ecosystem: str, ranges: list[tuple[str, str, str]], version: str
) -> None:
    one = advisory("X-1", affected(*ranges, ecosystem=ecosystem))
    for hit in found(version, one, ecosystem=ecosystem):
        for fix in hit.fixed_in:
            assert rules(fix, one, ecosystem=ecosystem) == []

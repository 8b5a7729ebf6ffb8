"""Alpine's security database: fixes, "never had it", and names of flaws in all their spellings."""

import json
from typing import Any

import pytest
from hypothesis import given

from feed_rows import advisories, damaged, gaps, is_refused_politely, rows
from hullguard.advisories.feeds import alpine_secdb
from hullguard.model import Advisory, Affected, Malformed, Range, Status

MAIN: dict[str, Any] = {
    "apkurl": "{{urlprefix}}/{{distroversion}}/{{reponame}}/{{arch}}/{{pkg.name}}-{{pkg.ver}}.apk",
    "archs": ["x86_64"],
    "reponame": "main",
    "urlprefix": "https://dl-cdn.alpinelinux.org/alpine",
    "distroversion": "v3.19",
}


def database(secfixes: object = None, name: str = "openssl", **changes: object) -> bytes:
    packages = [{"pkg": {"name": name, "secfixes": secfixes}}]
    return json.dumps(MAIN | {"packages": packages} | changes).encode()


def only(secfixes: object) -> tuple[str, Affected]:
    [advisory] = advisories(alpine_secdb, database(secfixes))
    [affected] = advisory.affected
    return advisory.id, affected


def test_a_fix_is_in_a_version_of_the_origin_package() -> None:
    assert advisories(alpine_secdb, database({"3.1.4-r1": ["CVE-2023-5678"]})) == [
        Advisory(
            id="CVE-2023-5678",
            source="alpine",
            affected=(
                Affected(
                    ecosystem="alpine:3.19",
                    name="openssl",
                    status=Status.FIXED,
                    ranges=(Range(fixed="3.1.4-r1"),),
                ),
            ),
        )
    ]


def test_version_0_means_that_the_package_never_had_the_flaw() -> None:
    flaw, affected = only({"0": ["CVE-2022-1000"]})
    assert (flaw, affected.status, affected.ranges) == ("CVE-2022-1000", Status.NOT_AFFECTED, ())


def test_a_fix_outdoes_version_0() -> None:
    _, affected = only({"0": ["CVE-2022-1000"], "1.0-r1": ["CVE-2022-1000"]})
    assert (affected.status, affected.ranges) == (Status.FIXED, (Range(fixed="1.0-r1"),))


def test_a_flaw_fixed_twice_has_two_ranges() -> None:
    _, affected = only({"2.0-r0": ["CVE-2022-1000"], "1.0-r1": ["CVE-2022-1000"]})
    assert affected.ranges == (Range(fixed="2.0-r0"), Range(fixed="1.0-r1"))


def test_a_flaw_in_several_packages_is_one_advisory() -> None:
    packages = [
        {"pkg": {"name": name, "secfixes": {"1-r0": ["CVE-2022-1000"]}}} for name in ("a", "b")
    ]
    [advisory] = advisories(alpine_secdb, database(packages=packages))
    assert [row.name for row in advisory.affected] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "flaw", "note"),
    [
        ("CVE-2017-2887 TALOS-2017-0394", "CVE-2017-2887", "TALOS-2017-0394"),
        ("CVE-2016-1234 (+ regression)", "CVE-2016-1234", ""),
        ("CVE-2017-8073.patch", "CVE-2017-8073", ""),
        ("CVE-2017-17434-1", "CVE-2017-17434", ""),
        ("CVE_2019-2426", "CVE-2019-2426", ""),
        ("CVE 2018-16859", "CVE-2018-16859", ""),
        ("CVE-????-????? XSA-284", "XSA-284", ""),
        ("GHSA-6c3j-c64m-qhgq", "GHSA-6c3j-c64m-qhgq", ""),
        ("ALPINE-13661", "ALPINE-13661", ""),
    ],
)
def test_flaws_are_spelled_in_many_ways(text: str, flaw: str, note: str) -> None:
    found, affected = only({"1-r0": [text]})
    assert (found, affected.note) == (flaw, note)


def test_two_flaws_in_one_text_are_two() -> None:
    found = advisories(alpine_secdb, database({"1-r0": ["CVE-2018-3620 CVE-2018-3646 XSA-273"]}))
    assert [advisory.id for advisory in found] == ["CVE-2018-3620", "CVE-2018-3646"]


def test_a_text_without_any_flaw_is_a_gap() -> None:
    [gap] = gaps(alpine_secdb, database({"1-r0": ["fixes something"]}))
    assert (gap.where, gap.why) == (
        "feed, openssl",
        "a fix of 'fixes something' names no known kind of flaw",
    )


@pytest.mark.parametrize("nothing", [None, {}, {"1-r0": {}}, {"1-r0": []}, {"1-r0": None}])
def test_lists_may_be_empty_in_lua_fashion(nothing: object) -> None:
    assert rows(alpine_secdb, database(nothing)) == []


@pytest.mark.parametrize("nothing", [None, [], {}])
def test_a_repository_may_have_no_fixes(nothing: object) -> None:
    assert rows(alpine_secdb, database(packages=nothing)) == []


@pytest.mark.parametrize(
    ("changes", "ecosystem"),
    [
        ({"distroversion": "edge"}, "alpine:edge"),
        ({"urlprefix": "https://packages.wolfi.dev/os", "distroversion": ""}, "wolfi"),
    ],
)
def test_the_distribution_is_told_by_where_its_packages_are(
    changes: dict[str, str], ecosystem: str
) -> None:
    [advisory] = advisories(alpine_secdb, database({"1-r0": ["CVE-2022-1000"]}, **changes))
    assert advisory.affected[0].ecosystem == ecosystem


def test_an_unknown_distribution_is_refused() -> None:
    with pytest.raises(Malformed, match=r"unknown here, with packages at https://apk.example"):
        rows(alpine_secdb, database(urlprefix="https://apk.example"))


def test_a_broken_package_is_a_gap_and_the_next_is_read() -> None:
    packages = [{"pkg": {}}, {"pkg": {"name": "a", "secfixes": {"1-r0": ["CVE-2022-1000"]}}}]
    gap, advisory = rows(alpine_secdb, database(packages=packages))
    assert gap == gaps(alpine_secdb, database(packages=packages))[0]
    assert isinstance(advisory, Advisory)


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (database({"1-r0": ["CVE-2022-1000"]}), True),
        (b'{"packages": [{"pkg": {"name": "a"', True),
        (b'{"packages": {}}', False),
        (b"", False),
    ],
)
def test_a_database_is_known_by_its_keys(head: bytes, known: bool) -> None:  # noqa: FBT001 - a column
    assert alpine_secdb.recognises("main.json", head) is known


@given(damaged(database({"1-r0": ["CVE-2022-1000 XSA-1"], "0": ["CVE-2022-1001"]})))
def test_no_bytes_make_it_raise_anything_else(data: bytes) -> None:
    assert is_refused_politely(alpine_secdb, data)

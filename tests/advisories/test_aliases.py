"""Which ids name the same flaw, and that two CVEs never do."""

from hypothesis import given
from hypothesis import strategies as st

from hullguard.advisories.aliases import Clusters, Names, cve_number, id_order, is_cve


def names(id_: str, *aliases: str, fixes: tuple[str, ...] = ()) -> Names:
    return Names(id_, frozenset(aliases), frozenset(fixes))


def test_records_of_one_cve_are_one_flaw_and_the_cve_comes_first() -> None:
    clusters = Clusters([names("PYSEC-1", "CVE-2020-1234"), names("GHSA-a", "CVE-2020-1234")])
    assert clusters.ids("GHSA-a") == ("CVE-2020-1234", "GHSA-a", "PYSEC-1")
    assert clusters.ids("CVE-2020-1234") == clusters.ids("PYSEC-1")


def test_aliases_reach_through_one_another() -> None:
    clusters = Clusters([names("GHSA-a", "PYSEC-1"), names("PYSEC-1", "CVE-2020-1234")])
    assert clusters.ids("GHSA-a")[0] == "CVE-2020-1234"


def test_without_a_cve_the_first_id_that_has_a_record_comes_first() -> None:
    clusters = Clusters([names("RUSTSEC-2", "GHSA-z"), names("MAL-3", "GHSA-z")])
    assert clusters.ids("GHSA-z") == ("MAL-3", "RUSTSEC-2", "GHSA-z")


def test_an_id_that_nobody_joins_stands_alone() -> None:
    assert Clusters().ids("GO-1") == ("GO-1",)


def test_a_record_of_two_cves_speaks_of_two_flaws_and_joins_nothing() -> None:
    both = names("GHSA-a", "CVE-2020-10000", "CVE-2020-2000")
    assert both.flaws == ("CVE-2020-2000", "CVE-2020-10000")
    clusters = Clusters([both, names("PYSEC-1", "CVE-2020-2000")])
    assert clusters.ids("CVE-2020-2000") == ("CVE-2020-2000", "PYSEC-1")
    assert clusters.ids("CVE-2020-10000") == ("CVE-2020-10000",)


def test_an_erratum_is_no_alias_of_what_it_fixes() -> None:
    erratum = names("ALSA-1", fixes=("CVE-2023-1000",))
    assert erratum.flaws == ("CVE-2023-1000",)
    assert Clusters([erratum]).ids("CVE-2023-1000") == ("CVE-2023-1000",)


def test_a_careless_alias_does_not_make_one_flaw_of_two_cves() -> None:
    clusters = Clusters(
        [
            names("GHSA-a", "CVE-2020-1111"),
            names("PYSEC-1", "CVE-2020-2222", "GHSA-a"),
            names("OSV-1", "GHSA-a", "PYSEC-1"),
        ]
    )
    assert clusters.ids("GHSA-a") == ("CVE-2020-1111", "GHSA-a", "OSV-1")
    assert clusters.ids("PYSEC-1") == ("CVE-2020-2222", "PYSEC-1")


def test_cves_sort_by_year_and_number_before_everything_else() -> None:
    ids = ["GHSA-a", "CVE-2021-10000", "CVE-2021-9999", "CVE-1999-0001"]
    assert sorted(ids, key=id_order) == ["CVE-1999-0001", "CVE-2021-9999", "CVE-2021-10000", ids[0]]


def test_what_only_looks_like_a_cve_is_none() -> None:
    assert cve_number("CVE-2021-44228") == 2021 << 32 | 44228
    assert cve_number("CVE-2021-9999999999") is None  # would not fit
    assert not is_cve("CVE-2021-٤٤٢٢٨")
    assert not is_cve("TEMP-0000000-ABCDEF")


_IDS = st.sampled_from([f"CVE-2020-100{n}" for n in range(4)] + [f"X-{n}" for n in range(8)])
_RECORDS = st.lists(st.builds(Names, _IDS, st.frozensets(_IDS, max_size=4)), max_size=12)


@given(_RECORDS)
def test_no_cluster_ever_holds_two_cves(records: list[Names]) -> None:
    clusters = Clusters(records)
    for record in records:
        for name in (record.id, *record.aliases):
            ids = clusters.ids(name)
            assert name in ids
            assert sum(map(is_cve, ids)) <= 1
            assert all(clusters.ids(other) == ids for other in ids)


@given(_RECORDS, st.randoms())
def test_the_order_of_the_records_changes_nothing(records: list[Names], random: object) -> None:
    unique = list({record.id: record for record in records}.values())
    shuffled = sorted(unique, key=lambda _: random.random())  # type: ignore[attr-defined]
    for record in unique:
        assert Clusters(unique).ids(record.id) == Clusters(shuffled).ids(record.id)

"""What of a scan the database cannot answer."""

from datetime import UTC, datetime, timedelta

from hullguard.advisories.coverage import missing, not_covered, outdated
from hullguard.advisories.shard import Contents
from hullguard.model import Distro, FamilyState, GapKind, Package

TODAY = datetime(2026, 11, 24, tzinfo=UTC)
DEBIAN = Distro(id="debian", version="12", name="Debian GNU/Linux 12 (bookworm)")
ALPINE = Distro(id="alpine", version="3.20.1")


def packages(*types: str) -> list[Package]:
    return [Package(type=type_, name=f"p{n}", version="1") for n, type_ in enumerate(types)]


def here(**coverage: str) -> dict[str, Contents]:
    return {
        family: Contents(family=family, coverage=tuple(ecosystems.split()))
        for family, ecosystems in coverage.items()
    }


def told(types: list[str], distro: Distro | None, families: dict[str, Contents]) -> list[str]:
    found = list(not_covered(packages(*types), distro, families.get))
    assert all(gap.kind is GapKind.NOT_COVERED for gap in found)
    return [str(gap) for gap in found]


def test_all_is_well_where_everything_is_covered() -> None:
    families = here(debian="debian:11 debian:12", pypi="pypi")
    assert told(["deb", "pypi", "pypi"], DEBIAN, families) == []


def test_a_family_that_is_not_here_is_told_with_the_command_that_fetches_it() -> None:
    assert told(["npm", "npm", "pypi"], None, here(pypi="pypi")) == [
        (
            "2 npm packages were not checked: no npm advisories are here. "
            "Fetch them: hullguard db update npm"
        )
    ]


def test_a_release_that_the_advisories_do_not_speak_of_is_not_covered() -> None:
    assert told(["deb"], DEBIAN, here(debian="debian:10 debian:11")) == [
        (
            "1 deb package was not checked: "
            "the debian advisories here speak of debian 10, debian 11, not of debian 12"
        )
    ]


def test_a_release_that_comes_in_a_file_of_its_own_can_be_fetched() -> None:
    assert told(["apk"], ALPINE, here(alpine="alpine:3.19")) == [
        (
            "1 apk package was not checked: the alpine advisories here speak of alpine 3.19, "
            "not of alpine 3.20. Fetch them: hullguard db update alpine:3.20"
        )
    ]


def test_advisories_of_every_release_cover_each() -> None:
    assert told(["deb"], DEBIAN, here(debian="debian")) == []


def test_a_distribution_without_advisories_is_told() -> None:
    ubuntu = Distro(id="ubuntu", version="22.04", name="Ubuntu 22.04.4 LTS")
    assert told(["deb", "deb"], ubuntu, {}) == [
        (
            "2 deb packages were not checked: "
            "hullguard has no advisories for deb packages of Ubuntu 22.04.4 LTS"
        )
    ]
    assert told(["rpm"], Distro(id="rhel", version="9.2"), {}) == [
        "1 rpm package was not checked: hullguard has no advisories for rpm packages of rhel 9.2"
    ]


def test_system_packages_without_a_distribution_are_told() -> None:
    assert told(["deb"], None, here(debian="debian:12")) == [
        (
            "1 deb package was not checked: "
            "their distribution is unknown, since no os-release was found"
        )
    ]


def test_an_ecosystem_that_nobody_publishes_advisories_for_here_is_told() -> None:
    assert told(["conda"], DEBIAN, {}) == [
        "1 conda package was not checked: hullguard has no advisories for conda"
    ]


def test_missing_is_what_a_scan_needs_and_lacks_ranking_included() -> None:
    found = packages("deb", "pypi")
    assert missing(found, DEBIAN, here().get) == ("debian", "epss", "kev", "pypi")
    families = here(debian="debian:12", kev="", epss="")
    assert missing(found, DEBIAN, families.get) == ("pypi",)
    assert missing([], DEBIAN, here().get) == ()


def test_a_release_is_missing_only_where_fetching_the_family_again_would_bring_it() -> None:
    families = here(debian="debian:11", alpine="alpine:3.19", kev="", epss="")
    assert missing(packages("apk"), ALPINE, families.get) == ("alpine",)
    assert missing(packages("deb"), DEBIAN, families.get) == ()


def age(state: FamilyState) -> list[str]:
    return [str(gap) for gap in outdated(state, TODAY, timedelta(days=5))]


def test_data_older_than_allowed_is_told_by_the_day_it_was_fetched() -> None:
    state = FamilyState(
        family="npm", fetched="2026-11-14T12:00:00Z", data_date="2026-11-23T00:00:00Z"
    )
    assert age(state) == [
        "the npm advisories are of 2026-11-14, 9 days old. Renew them: hullguard db update npm"
    ]


def test_data_that_was_never_fetched_is_as_old_as_it_says() -> None:
    old = FamilyState(family="npm", data_date="2026-01-01T00:00:00Z", advisories=500)
    assert age(old)[0].startswith("the npm advisories are of 2026-01-01, 327 days old")
    recent = FamilyState(family="npm", data_date="2026-11-20T00:00:00Z", advisories=500)
    assert age(recent) == []
    assert age(FamilyState(family="npm", fetched="2026-11-20T00:00:00+01:00")) == []


def test_a_handful_of_records_tells_nothing_of_their_age() -> None:
    few = FamilyState(family="npm", data_date="2020-01-01T00:00:00Z", advisories=499)
    assert age(few) == []


def test_data_that_tells_no_date_is_not_called_old() -> None:
    assert age(FamilyState(family="alpine")) == []

"""Which files a family is fetched from."""

from datetime import date

import pytest

from hullguard.advisories.plan import (
    FAMILIES,
    check_names,
    label_of,
    releases_of,
    requested,
    sources_of,
    year_source,
    years_of,
)
from hullguard.model import Distro, Misused

TODAY = date(2025, 1, 1)


def urls(family: str, *releases: str, **addresses: str) -> list[str]:
    return [source.url for source in sources_of(family, releases, addresses)]


def test_a_family_has_the_addresses_of_all_its_feeds() -> None:
    assert [source.name for source in sources_of("debian", (), {})] == [
        "debian",
        "debian-dsa",
        "debian-dla",
    ]
    assert urls("pypi") == ["https://storage.googleapis.com/osv-vulnerabilities/PyPI/all.zip"]


def test_alpine_has_two_files_a_release() -> None:
    assert urls("alpine", "alpine:3.19", "alpine:edge") == [
        "https://secdb.alpinelinux.org/v3.19/main.json",
        "https://secdb.alpinelinux.org/v3.19/community.json",
        "https://secdb.alpinelinux.org/edge/main.json",
        "https://secdb.alpinelinux.org/edge/community.json",
    ]


def test_azure_linux_and_its_predecessor_are_one_family() -> None:
    names = [url.rpartition("/")[2] for url in urls("azurelinux", "azurelinux:3.0", "mariner:2.0")]
    assert names == ["azurelinux-3.0-oval.xml", "cbl-mariner-2.0-oval.xml"]


def test_a_configured_address_has_the_same_placeholders_and_may_be_plain_http() -> None:
    here = "http://mirror.example/{release}-{repository}.json"
    main, community = sources_of("alpine", ["alpine:3.19"], {"alpine": here})
    assert main.url == "http://mirror.example/v3.19-main.json"
    assert community.url == "http://mirror.example/v3.19-community.json"
    assert main.is_configured
    assert not sources_of("pypi", (), {"alpine": here})[0].is_configured


def test_a_configured_address_without_placeholders_is_fetched_once() -> None:
    here = "https://mirror.example/alpine.json"
    assert urls("alpine", "alpine:3.19", "alpine:3.20", alpine=here) == [here]


def test_a_scan_wants_its_release_and_those_that_are_here() -> None:
    wanted = requested(["alpine", "kev"], Distro(id="alpine", version="3.19.1"))
    assert wanted == {"alpine": {"alpine:3.19"}, "kev": set()}
    held = ["alpine:3.18", "alpine"]
    assert releases_of("alpine", wanted["alpine"], held, TODAY) == ("alpine:3.18", "alpine:3.19")


def test_another_distribution_changes_nothing() -> None:
    wanted = requested(["alpine", "pypi"], Distro(id="debian", version="12"))
    assert wanted == {"alpine": set(), "pypi": set()}


def test_without_a_release_named_or_here_those_are_fetched_that_get_fixes() -> None:
    assert releases_of("azurelinux", (), (), TODAY) == ("azurelinux:3.0", "mariner:2.0")
    assert "alpine:3.19" in releases_of("alpine", (), (), TODAY)
    assert "alpine:3.17" not in releases_of("alpine", (), (), TODAY)


@pytest.mark.parametrize("version", ["../../etc", "3", "3.19/x", "9" * 5000, "3.١٩", "3.19\n"])
def test_what_an_image_calls_its_release_does_not_get_into_addresses(version: str) -> None:
    assert releases_of("alpine", {f"alpine:{version}"}, (), TODAY) == ()


@pytest.mark.parametrize(
    ("ecosystem", "label"),
    [
        ("alpine:3.19", "alpine:3.19"),
        ("mariner:2.0", "mariner:2.0"),
        ("debian:12", "debian"),
        ("pypi", "pypi"),
        ("alpine:$(reboot)", "alpine"),
    ],
)
def test_what_to_ask_for_is_named_as_update_takes_it(ecosystem: str, label: str) -> None:
    assert label_of(ecosystem) == label
    requested([label])


def test_years_are_named_like_releases() -> None:
    wanted = requested(["cve:2024", "cve:1999"])
    assert years_of(wanted["cve"]) == {2024, 2002}
    assert year_source(2024, {}).url.endswith("/nvdcve-2.0-2024.json.gz")
    assert year_source("modified", {}).name == "cve-modified"


@pytest.mark.parametrize("label", ["cve:", "cve:99", "cve:2024-1", "cve:٢٠٢٤"])
def test_what_is_no_year_is_refused(label: str) -> None:
    with pytest.raises(Misused, match="names no year"):
        years_of(requested([label])["cve"])


def test_an_unknown_family_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(Misused, match=r"Did you mean debian\?\nFamilies: pypi, npm"):
        requested(["debain"])


def test_an_address_for_an_unknown_feed_is_refused() -> None:
    with pytest.raises(Misused, match=r"\[feeds.debian-dsb\]: there is no such feed"):
        check_names({"debian-dsb": "https://mirror.example/"})


def test_every_family_can_be_planned() -> None:
    for family in FAMILIES:
        releases = releases_of(family, (), (), TODAY)
        assert sources_of(family, releases, {}), family

"""Debian's package database: what a stanza says, which states count, and broken ones."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.dpkg import read
from hullguard.model import Budget, BudgetSpent, Gap, Limits, Package

LIBSSL = """\
Package: libssl1.1
Status: install ok installed
Priority: optional
Architecture: amd64
Multi-Arch: same
Source: openssl
Version: 1.1.1n-0+deb11u3
Description: Secure Sockets Layer toolkit - shared libraries
 This package is part of the OpenSSL project's implementation.
 .
 Version: this line belongs to the description
"""
TZDATA = "Package: tzdata\nStatus: install ok installed\nArchitecture: all\nVersion: 2024a-0\n"


def outcomes(text: str, path: str = "var/lib/dpkg/status") -> list[Found | Gap]:
    return list(read(File(path=path, data=text.encode()), Budget()))


def packages(text: str, path: str = "var/lib/dpkg/status") -> list[Package]:
    return [entry.package for entry in outcomes(text, path) if isinstance(entry, Found)]


def test_a_stanza_is_a_package_with_its_source() -> None:
    assert packages(LIBSSL) == [
        Package(
            type="deb",
            name="libssl1.1",
            version="1.1.1n-0+deb11u3",
            arch="amd64",
            source="openssl",
            path="var/lib/dpkg/status",
        )
    ]


def test_a_package_without_a_source_is_its_own() -> None:
    [tzdata] = packages(TZDATA)
    assert (tzdata.source, tzdata.source_version) == ("tzdata", "")


def test_a_source_of_another_version_says_so() -> None:
    [package] = packages(TZDATA + "Source: glibc (2.31-13+deb11u5)\n")
    assert (package.source, package.source_version) == ("glibc", "2.31-13+deb11u5")


def test_a_rebuild_keeps_the_version_of_its_source() -> None:
    text = "Package: less\nStatus: install ok installed\nVersion: 551-2+b1\nSource: less (551-2)\n"
    [package] = packages(text)
    assert (package.version, package.source_version) == ("551-2+b1", "551-2")


def test_an_epoch_is_a_part_of_the_version() -> None:
    [package] = packages("Package: login\nStatus: install ok installed\nVersion: 1:4.8.1-1\n")
    assert package.version == "1:4.8.1-1"


@pytest.mark.parametrize(
    "status",
    [
        "install ok installed",
        "hold ok installed",
        "deinstall ok installed",
        "install reinstreq half-installed",
        "install ok unpacked",
        "install ok half-configured",
        "install ok triggers-awaited",
        "install ok triggers-pending",
    ],
)
def test_a_package_whose_files_are_there_is_listed(status: str) -> None:
    assert len(packages(TZDATA.replace("install ok installed", status))) == 1


@pytest.mark.parametrize("status", ["deinstall ok config-files", "purge ok not-installed"])
def test_a_package_whose_files_are_gone_is_not(status: str) -> None:
    assert outcomes(TZDATA.replace("install ok installed", status)) == []


def test_an_unknown_state_is_a_gap_and_the_package_is_listed() -> None:
    gap, found = outcomes(TZDATA.replace("ok installed", "ok sideways"))
    assert isinstance(gap, Gap)
    assert "unknown state 'sideways'" in gap.why
    assert isinstance(found, Found)


def test_field_names_are_read_in_any_case() -> None:
    assert [package.name for package in packages("PACKAGE: a\nversion: 1\n")] == ["a"]


def test_distroless_keeps_one_stanza_a_file_without_a_status() -> None:
    [package] = packages("Package: tzdata\nVersion: 2024a-0\n", "var/lib/dpkg/status.d/tzdata")
    assert (package.name, package.path) == ("tzdata", "var/lib/dpkg/status.d/tzdata")


def test_distroless_sums_are_no_stanzas() -> None:
    assert outcomes("d41d8cd9  usr/share/zone\n", "var/lib/dpkg/status.d/tzdata.md5sums") == []


def test_a_broken_stanza_is_a_gap_and_the_next_one_is_read() -> None:
    gap, found = outcomes("Package: broken\nStatus: install ok installed\n\n" + TZDATA)
    assert gap == Gap("var/lib/dpkg/status, stanza 1", "broken has no Version field")
    assert isinstance(found, Found)


def test_a_stanza_without_a_name_is_a_gap() -> None:
    assert outcomes("Version: 1\n\n\n\n") == [
        Gap("var/lib/dpkg/status, stanza 1", "has no Package field")
    ]


def test_binary_data_spoils_its_own_stanza_alone() -> None:
    gap, found = outcomes("Package: a\0\nVersion: 1\n\n" + TZDATA)
    assert gap == Gap("var/lib/dpkg/status, stanza 1", "holds binary data")
    assert isinstance(found, Found)


def test_more_packages_than_allowed_end_the_reading() -> None:
    budget = Budget(Limits(entries=2))
    file = File(path="var/lib/dpkg/status", data=f"{TZDATA}\n".encode() * 3)
    with pytest.raises(BudgetSpent):
        list(read(file, budget))


def test_five_hundred_packages_take_a_moment() -> None:
    data = (LIBSSL + "\n").encode() * 500
    started = time.process_time()
    found = list(read(File(path="var/lib/dpkg/status", data=data), Budget()))
    assert len(found) == 500
    assert time.process_time() - started < 0.1  # about 0.005 on an idle machine


@given(st.binary() | st.text(alphabet="Package:Version Status\n1~").map(str.encode))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    list(read(File(path="var/lib/dpkg/status", data=data), Budget()))

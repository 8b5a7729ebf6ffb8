"""rpm's package database: the same packages out of each container, and broken ones."""

import mmap
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.rpm import read, split_source
from hullguard.model import Budget, BudgetSpent, Gap, Limits, Malformed, Package
from rpm_databases import (
    ARCH,
    BASE_NAMES,
    BASH,
    EPOCH,
    FOLDER_OF_FILE,
    FOLDERS,
    NAME,
    RELEASE,
    SOURCE_RPM,
    VERSION,
    Value,
    bdb,
    header,
    ndb,
    sqlite,
)

LIBGCC: dict[int, Value] = {
    NAME: "libgcc",
    VERSION: "11.2.1",
    RELEASE: "1.fc35",
    ARCH: "x86_64",
    SOURCE_RPM: "gcc-11.2.1-1.fc35.src.rpm",
}
KEY: dict[int, Value] = {NAME: "gpg-pubkey", VERSION: "9867c58f", RELEASE: "601c49ca"}


def outcomes(data: bytes, name: str = "Packages.db", **beside: bytes) -> list[Found | Gap]:
    return list(read(File(path=f"var/lib/rpm/{name}", data=data, beside=beside), Budget()))


def one(tags: dict[int, Value]) -> Found:
    [found] = outcomes(ndb([header(tags)]))
    assert isinstance(found, Found)
    return found


def names(found: list[Found | Gap]) -> list[str]:
    return [entry.package.name for entry in found if isinstance(entry, Found)]


def test_a_header_is_a_package_with_its_source_and_files() -> None:
    found = one(LIBGCC | {1014: "GPLv3+", 1011: "Fedora Project"})
    assert found.package == Package(
        type="rpm",
        name="libgcc",
        version="11.2.1-1.fc35",
        arch="x86_64",
        source="gcc",
        licence="GPLv3+",
        vendor="Fedora Project",
        path="var/lib/rpm/Packages.db",
    )
    assert one(BASH).owns == ("usr/bin/bash", "usr/bin/sh", "etc/bashrc")


@pytest.mark.parametrize("order", ["<", ">"], ids=["little-endian", "big-endian"])
def test_berkeley_db_holds_the_same(order: str) -> None:
    data = bdb([header(BASH), header(LIBGCC)], order)
    assert names(outcomes(data, "Packages")) == ["bash", "libgcc"]


def test_the_bytes_tell_the_container_not_the_name() -> None:
    assert names(outcomes(ndb([header(BASH)]), "Packages")) == ["bash"]


def test_sqlite_is_read_with_the_log_beside_it(tmp_path: Path) -> None:
    kept = sqlite([header(BASH)], tmp_path, logged=[header(LIBGCC)]).parent / "kept"
    data, wal = ((kept / f"rpmdb.sqlite{end}").read_bytes() for end in ("", "-wal"))
    found = outcomes(data, "rpmdb.sqlite", **{"rpmdb.sqlite-wal": wal})
    assert names(found) == ["bash", "libgcc"]


def test_a_mapped_file_reads_like_bytes() -> None:
    for data in (ndb([header(BASH)]), bdb([header(BASH)])):
        with mmap.mmap(-1, len(data)) as mapped:
            mapped.write(data)
            found = list(read(File(path="var/lib/rpm/Packages", data=mapped), Budget()))
        assert names(found) == ["bash"]


@pytest.mark.parametrize(("epoch", "version"), [([2], "2:5.1.8-2.fc35"), ([0], "0:5.1.8-2.fc35")])
def test_an_epoch_that_is_stated_goes_before_the_version(epoch: list[int], version: str) -> None:
    assert one(BASH | {EPOCH: epoch}).package.version == version


def test_a_source_of_another_version_says_so() -> None:
    package = one(BASH | {SOURCE_RPM: "shells-1.0-3.fc35.src.rpm"}).package
    assert (package.source, package.source_version) == ("shells", "1.0-3.fc35")


def test_a_modular_package_names_its_stream() -> None:
    label = "nodejs:14:8040020211213111158:522a0ee4"
    assert one(BASH | {5096: label}).package.module == label


def test_trusted_keys_are_no_packages() -> None:
    assert names(outcomes(ndb([header(KEY), header(BASH)]))) == ["bash"]


@pytest.mark.parametrize(
    ("file_name", "expected"),
    [
        ("glibc-2.34-7.fc35.src.rpm", ("glibc", "2.34-7.fc35")),
        ("java-11-openjdk-11.0.13-1.nosrc.rpm", ("java-11-openjdk", "11.0.13-1")),
        ("(none)", ("", "")),
        ("", ("", "")),
        ("odd.src.rpm", ("", "")),
    ],
)
def test_a_source_file_name_is_split_from_its_end(
    file_name: str, expected: tuple[str, str]
) -> None:
    assert split_source(file_name) == expected


@pytest.mark.parametrize(
    ("change", "where", "why"),
    [
        ({NAME: ""}, "package header", "has no name"),
        ({VERSION: ""}, "bash", "has no version"),
        ({NAME: [1]}, "tag 1000", "has type 4 where a string belongs"),
        ({FOLDER_OF_FILE: [0, 0, 2]}, "file list", "names folders that are not there"),
        ({FOLDER_OF_FILE: [0]}, "file list", "names folders that are not there"),
    ],
)
def test_a_broken_package_is_a_gap_and_the_next_one_is_read(
    change: dict[int, Value], where: str, why: str
) -> None:
    gap, found = outcomes(ndb([header(BASH | change), header(LIBGCC)]))
    assert gap == Gap(f"var/lib/rpm/Packages.db, package 1, {where}", why)
    assert isinstance(found, Found)


def test_a_long_folder_named_a_million_times_is_not_written_out() -> None:
    files = 100_000
    bomb = header(
        BASH
        | {FOLDERS: ["/" + "x" * 100_000]}
        | {FOLDER_OF_FILE: [0] * files, BASE_NAMES: ["a"] * files}
    )
    [gap] = outcomes(ndb([bomb]))
    assert isinstance(gap, Gap)
    assert "grows far beyond" in gap.why


@pytest.mark.parametrize("data", [b"", b"SQLite", bytes(5000)])
def test_what_is_no_database_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed, match="no rpm database"):
        outcomes(data)


def test_more_files_than_allowed_end_the_reading() -> None:
    file = File(path="var/lib/rpm/Packages.db", data=ndb([header(BASH)]))
    with pytest.raises(BudgetSpent):
        list(read(file, Budget(Limits(entries=2))))


@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_no_damage_to_a_header_makes_it_raise(at: int, patch: bytes) -> None:
    blob = header(BASH)
    damaged = (blob[:at] + patch + blob[at + len(patch) :])[: len(blob)]
    assert len(outcomes(ndb([damaged, header(LIBGCC)]))) in {1, 2}


@given(st.binary(max_size=300))
def test_no_header_makes_it_raise(data: bytes) -> None:
    blob = struct.pack(">II", 4, max(0, len(data) - 64)) + data.ljust(64, b"\0")
    assert len(outcomes(ndb([blob]))) <= 1
